"""Adverts as the API shows them."""
