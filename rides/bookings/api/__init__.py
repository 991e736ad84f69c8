"""Bookings as the API shows them."""
