"""Pages of the console about rides."""
