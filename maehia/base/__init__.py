"""What every room needs: problems that help, an injected clock, number series, units."""

from maehia.base.clock import BANGKOK, Clock, FixedClock, SystemClock
from maehia.base.problem import Problem, ProblemError

__all__ = ["BANGKOK", "Clock", "FixedClock", "Problem", "ProblemError", "SystemClock"]
