"""Pages of the register, one file per noun."""
