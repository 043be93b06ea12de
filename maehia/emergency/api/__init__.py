"""Doors of the emergency room for programs, one module per standard."""
