"""The demand side: people, referrals, placements and out-of-city decisions."""
