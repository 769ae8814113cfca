"""Files from outside, read into rows and then into records."""
