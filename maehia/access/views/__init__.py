"""Pages of access: each reads input, calls one query or one action, and chooses a template."""
