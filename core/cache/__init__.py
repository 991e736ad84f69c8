"""The table behind Django's database cache, made by a migration in every schema."""
