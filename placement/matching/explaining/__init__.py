"""Why a need has the place it has, or none, and what would open one."""
