"""Where a case stands on public maps: the middle of a square of the category's blur, never a random shift.

A random shift could be averaged away by reporting twice; the same square always gives the same point.
"""

from __future__ import annotations

import math

METRES_PER_DEGREE = 111_320.0
DIGITS = 6  # some 0.1 m


def public_point(lon: float, lat: float, metres: int) -> tuple[float, float]:
    """(lon, lat) in degrees to show. metres: side of the square; 0 = as it is."""
    if metres <= 0:
        return round(lon, DIGITS), round(lat, DIGITS)
    step_y = metres / METRES_PER_DEGREE
    row = math.floor(lat / step_y)
    middle = (row + 0.5) * step_y
    # The width of a square is fixed per row, so that two points of one square cannot fall into two.
    step_x = metres / (METRES_PER_DEGREE * max(math.cos(math.radians(middle)), 0.01))
    return round((math.floor(lon / step_x) + 0.5) * step_x, DIGITS), round(middle, DIGITS)
