"""How often an impact is reached: curves over return periods."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from maehia.impact import checks
from maehia.impact.checks import Floats


def exceedance_curve(values: Floats, frequency: Floats) -> tuple[Floats, Floats]:
    """(return periods, values), both rising, one point an event. Events of frequency 0 have no part."""
    part = frequency > 0
    order = np.argsort(-values[part], kind="stable")
    often = np.cumsum(frequency[part][order])
    return 1.0 / often[::-1], values[part][order][::-1]


def exceedance_at(values: Floats, frequency: Floats, return_periods: npt.ArrayLike) -> Floats:
    """Value at each return period, linear between the points of the curve; NaN outside their range."""
    wanted = np.asarray(return_periods, dtype=np.float64)
    checks.refuse(~(wanted > 0), "return_periods", "is not above 0.")
    periods, rising = exceedance_curve(values, frequency)
    if not periods.size:
        return np.full(wanted.shape, np.nan)
    return np.interp(wanted, periods, rising, left=np.nan, right=np.nan)
