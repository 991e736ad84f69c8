"""Letters: what a region tells one partner, and no other."""
