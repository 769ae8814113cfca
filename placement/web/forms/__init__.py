"""Forms check shape; actions check truth."""
