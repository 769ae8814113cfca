"""A fictional but plausible Coventry, seeded through the same actions a person would use.

Every provider, service, person, price and placement is invented. The shape of the market (how many services of which
type, beds, occupancy, ratings, what is in short supply) follows the council's Commissioning Strategy 2025–2030 and the
figures of May 2024 behind it. Postcodes are real, so that points, wards and councils are right; nobody named here lives
or works at any of them.
"""
