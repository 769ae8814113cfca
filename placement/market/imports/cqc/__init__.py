"""Files of the Care Quality Commission, read into frozen rows. No database: what becomes of them is decided elsewhere.

`files.read_file` recognises a file by its content, `files.read_paths` reads many, and `combine.combine` makes one
record a location of all of them. Names of managers and nominated individuals and telephone numbers are never read: a
column that is not in a column map does not exist here.
"""
