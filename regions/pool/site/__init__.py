"""What pages show of partner regions."""
