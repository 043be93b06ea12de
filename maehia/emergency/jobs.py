"""What runs by itself in an emergency: told to the worker by being imported."""

from maehia.emergency import exercise_jobs, readiness_jobs

__all__ = ["exercise_jobs", "readiness_jobs"]
