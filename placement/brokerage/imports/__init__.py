"""Referrals from files: read, looked at row by row, and begun once somebody has confirmed."""
