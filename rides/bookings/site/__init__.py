"""Bookings as pages show them."""
