"""Floor 6: adverts, search and matching of rides."""
