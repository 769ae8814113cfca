"""Improving a plan where the exact searches among few columns do not meet the bound: hospitals, and nothing daily.

No day, quarter or snapshot of a city that was measured comes here (docs/decisions/0009), so nothing on their path loads
it: `tier_search` imports it where it is needed.
"""
