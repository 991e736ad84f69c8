"""Carpool places: where people meet to share a car."""
