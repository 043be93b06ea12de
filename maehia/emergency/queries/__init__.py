"""Reads of the emergency room, each inside the context that its caller opened."""
