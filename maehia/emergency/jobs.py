"""What runs by itself in an emergency: told to the worker by being imported."""

from maehia.emergency import alerts_jobs, exercise_jobs, readiness_jobs

__all__ = ["alerts_jobs", "exercise_jobs", "readiness_jobs"]
