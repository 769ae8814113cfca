"""A fictional but plausible Coventry, made by the same actions that people use."""
