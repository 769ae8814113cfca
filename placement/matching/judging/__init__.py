"""What may be and what it is worth, one pair at a time in plain Python: rules, limits, objectives and the auditor."""
