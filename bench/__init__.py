"""Measuring benches: they judge the rooms from outside and share no code with what they judge."""
