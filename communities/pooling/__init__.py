"""Communities that straddle regions, on the side of one of them."""
