"""The only package that imports Flask and WTForms."""
