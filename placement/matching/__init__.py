"""The engine: which person to which place, proved, checked and explained. Knows no web and no database."""
