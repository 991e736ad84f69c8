"""Rides that took place, as both say; and a person's own trips, totals and calendar."""
