"""Pages of adverts."""
