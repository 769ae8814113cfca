"""What if: a past period lived through again, day by day, in the market as it was or as it might have been."""
