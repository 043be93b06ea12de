"""The town's own JSON API at /api/v1/: what is offered, what was reported, reporting, following, the queue."""
