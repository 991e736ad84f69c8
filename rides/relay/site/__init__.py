"""Getting in touch with somebody of a partner region."""
