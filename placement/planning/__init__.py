"""Where supply and demand meet: snapshots, match runs, shortlists."""
