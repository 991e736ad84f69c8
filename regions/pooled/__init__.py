"""Communities that regions pool: which there are, which belong together, who reads what of them."""
