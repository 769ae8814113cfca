"""The same over arrays, for speed: units, screens, columns, the pools they compete for, and what can be left out."""
