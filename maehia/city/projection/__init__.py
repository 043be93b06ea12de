"""From evidence and decisions to the register: the same input gives the same rows and keys."""

from maehia.city.projection.build import Rows, project
from maehia.city.projection.write import Written, write

__all__ = ["Rows", "Written", "project", "write"]
