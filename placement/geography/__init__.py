"""Postcode to point, council, ward and locality, and distances; everything offline."""
