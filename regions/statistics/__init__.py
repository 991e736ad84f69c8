"""What a region counts of itself, and what of it may be published."""
