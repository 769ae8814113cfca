"""Measures of the commissioning strategy: a module each, and one shape in which a page or a file draws any of them."""
