"""Benchmarks of the matcher: instances made from a seed, and what is measured on them."""
