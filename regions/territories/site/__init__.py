"""Contours for maps."""
