"""How Passerelle is installed, started, tested and run; may import every floor."""
