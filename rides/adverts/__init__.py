"""Adverts: rides that members offer or look for."""
