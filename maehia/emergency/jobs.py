"""What runs by itself in an emergency: told to the worker by being imported."""

from maehia.emergency import readiness_jobs

__all__ = ["readiness_jobs"]
