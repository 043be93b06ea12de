"""The verbs of the emergency room: each checks, locks, writes, and writes itself into the incident's log."""
