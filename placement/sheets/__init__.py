"""Tables in files, CSV and workbooks: read within bounds, whoever sent them, and written so that nothing in them runs."""
