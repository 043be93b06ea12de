"""Pages of the intake console: read input, call one query or one action, choose a template."""
