"""What browsers ask of ``/fichiers/``."""
