"""What regions agree to share, and the acts by which they do."""
