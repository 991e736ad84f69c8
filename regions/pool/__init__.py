"""What regions pool: the read model of their adverts, and their public cards."""
