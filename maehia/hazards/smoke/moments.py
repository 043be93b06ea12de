"""Times of readings: without a zone, and near enough to each other to be one record."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from maehia.impact import ArgumentError, checks

Moments = npt.NDArray[np.datetime64]
MOST_YEARS = 60
_BUDDHIST = 543


def moments(values: Any, argument: str) -> Moments:
    """Times as datetime64[s], NaT kept; refused when one says its zone.

    NumPy would turn 08:00+07:00 into 01:00 in silence, and the mean of a day would be that of another one.
    """
    array = np.asarray(values)
    if array.dtype.kind in "OUS":
        text = array.astype(str)
        dashes, plus = np.strings.count(text, "-") > 2, np.strings.find(text, "+") >= 0
        checks.refuse(dashes | plus | np.strings.endswith(text, "Z"), argument, "says its zone.",
                      "Bring all times to one zone and leave it off.", "time_with_zone")  # fmt: skip
    try:
        return array.astype("datetime64[s]")
    except (ValueError, TypeError) as error:
        raise ArgumentError(argument, f"is no time: {error}", code="time_unreadable") from error


def refuse_far_apart(times: Moments, place: npt.NDArray[np.int64]) -> None:
    """Raise for a time that makes the record longer than 60 years; place: (N,) position of each in the caller's table.

    One slip of a year, or a Buddhist year among others, would fill the memory with empty hours.
    """
    years = (times - times.min()) / np.timedelta64(365, "D")
    if years.max() <= MOST_YEARS:
        return
    off = np.abs(years - np.median(years))
    at = int(np.argmax(off))
    fix = "Is it a Buddhist year?" if abs(off[at] - _BUDDHIST) < MOST_YEARS else "Look at its year."
    raise ArgumentError("time", f"is {times[at]}, {off[at]:.0f} years from most others.", index=int(place[at]), fix=fix,
                        code="time_far_apart")  # fmt: skip
