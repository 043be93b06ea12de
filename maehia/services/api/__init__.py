"""Doors for programs: Open311 GeoReport v2, the town's own JSON API, and the keys of both."""
