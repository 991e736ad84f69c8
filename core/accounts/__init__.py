"""People of a region (and the platform's operators): accounts, roles, consents, sign-in."""
