"""What regions publish of their statistics, for everybody."""
