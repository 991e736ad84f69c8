"""Pages of the console about carpool places."""
