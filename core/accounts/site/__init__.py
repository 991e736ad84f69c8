"""The pages of accounts: registration, sign-in, profile."""
