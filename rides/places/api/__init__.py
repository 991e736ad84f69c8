"""Carpool places as the API shows them."""
