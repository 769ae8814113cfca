"""Tables in files: read within bounds, whoever sent them, and written so that nothing in them runs."""
