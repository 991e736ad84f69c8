"""Load and rebuild the municipalities."""
