"""Pages: parse, ask or do, answer."""
