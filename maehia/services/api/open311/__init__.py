"""Open311 GeoReport v2 at /open311/v2/: what a reporting app of anybody's may ask of this town."""
