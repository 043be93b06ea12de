"""The command line, the private database, the supervisor: what composes the rooms into a running town."""
