"""The road graph: nearest open shelter, who is cut off, walking times, flooded edges."""
