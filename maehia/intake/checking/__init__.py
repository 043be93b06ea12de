"""Checking: rows in bulk against the rules of their kind -> good rows, and problems that say how to put them right."""
