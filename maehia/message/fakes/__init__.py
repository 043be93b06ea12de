"""Local stand-ins for the providers, in their own wire format: for demos without keys, and for tests."""
