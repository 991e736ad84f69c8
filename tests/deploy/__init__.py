"""How Passerelle is installed, started, tested and run."""
