"""Adverts, search and matching."""
