"""Traffy Fondue, the national reporting app, as a peer: cases go both ways, each change once."""
