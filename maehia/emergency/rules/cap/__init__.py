"""CAP 1.2 without a database."""
