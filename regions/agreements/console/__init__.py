"""« Conventions » of a region's console: its own agreements."""
