"""Journeys as the API shows them."""
