"""Rides that people agree to share: asked for, accepted, cancelled; seats never oversold."""
