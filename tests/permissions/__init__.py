"""Who may do what, on every address: tables written by hand, and the tests that read them."""
