"""Figures of journeys in templates."""
