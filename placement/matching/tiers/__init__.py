"""From an instance to a plan: the objectives one by one, each proven before the next."""
