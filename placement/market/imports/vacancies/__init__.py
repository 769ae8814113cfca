"""Vacancy numbers from files: read, looked at row by row against what is known, and stored once somebody confirmed."""
