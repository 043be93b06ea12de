"""Water that comes: rain with its losses to the ground, and hydrographs at cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from maehia.hazards.flood.terrain import cell_ids
from maehia.hazards.infiltration import retention
from maehia.impact import ArgumentError
from maehia.impact.checks import Floats, finite, not_negative, refuse

Maps = npt.NDArray[Any] | None


def series_times(values: Any, argument: str, least: int) -> Floats:
    """Strictly increasing finite seconds, (T,)."""
    times = np.asarray(values, dtype=np.float64)
    if times.ndim != 1 or times.size < least:
        raise ArgumentError(argument, f"needs at least {least} times in one dimension.")
    finite(times, argument)
    refuse(np.diff(times, prepend=-np.inf) <= 0, argument, "does not increase.")
    return times


@dataclass(frozen=True, eq=False)
class Rain:
    """A hyetograph in blocks: rate_mm_h[i] falls from times_s[i] to times_s[i + 1]; no rain before and after.

    times_s: (T + 1,) seconds, increasing. rate_mm_h: (T,) mm/h, or (T, Z) with one column a zone.
    factor: (ny, nx) >= 0, multiplies the rate; 1 when left out. zone: (ny, nx) whole numbers 0..Z-1, needed
    when the rate has zones.
    """

    times_s: Floats
    rate_mm_h: Floats
    factor: Maps = None
    zone: Maps = None

    def __post_init__(self) -> None:
        times = series_times(self.times_s, "times_s", 2)
        rate = np.asarray(self.rate_mm_h, dtype=np.float64)
        if rate.ndim not in (1, 2) or rate.shape[0] != times.size - 1 or not rate.size:
            raise ArgumentError("rate_mm_h", f"has shape {rate.shape}, expected ({times.size - 1},) or with zones.")
        finite(rate, "rate_mm_h")
        not_negative(rate, "rate_mm_h")
        if (self.zone is None) != (rate.ndim == 1):
            raise ArgumentError("zone", "is needed when rate_mm_h has one column a zone, and only then.")
        object.__setattr__(self, "times_s", times)
        object.__setattr__(self, "rate_mm_h", rate)

    def fallen_mm(self, time_s: float) -> Floats:
        """Rain fallen from the start to time_s, (Z,) mm; Z is 1 without zones. Exact for blocks."""
        rate = self.rate_mm_h.reshape(self.times_s.size - 1, -1)
        hours = np.clip(time_s - self.times_s[:-1], 0.0, np.diff(self.times_s)) / 3600.0
        return np.asarray(hours @ rate, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Losses:
    """What the ground takes of the rain, by the SCS curve number (see `maehia.hazards.infiltration`).

    curve_number: one number or (ny, nx), 0 < CN <= 100; 100 takes nothing; its values under NaN ground are not
    read. initial_ratio: 0.2, or 0.05 with its own retention. Only rain that falls on a cell is taken, never water
    that stands there or flows by.
    """

    curve_number: float | Floats
    initial_ratio: float = 0.2

    def __post_init__(self) -> None:
        number = np.asarray(self.curve_number, dtype=np.float64)
        with np.errstate(invalid="ignore"):
            refuse(np.atleast_1d((number <= 0) | (number > 100)), "curve_number", "is not above 0 and up to 100.")
        if number.ndim == 0 and not np.isfinite(number):
            raise ArgumentError("curve_number", "is NaN.")
        retention(100.0, initial_ratio=self.initial_ratio)  # refuses a ratio without a known retention


@dataclass(frozen=True, eq=False)
class Inflow:
    """A hydrograph that enters at cells, shared out equally: linear between its points, 0 before and after.

    cells: flat numbers as of Grid.cell_of, or one. times_s: (T,) seconds, increasing. flow_m3_s: (T,) >= 0.
    """

    cells: npt.NDArray[np.int64]
    times_s: Floats
    flow_m3_s: Floats

    def __post_init__(self) -> None:
        cells = cell_ids(self.cells, "cells")
        if not cells.size:
            raise ArgumentError("cells", "is empty: the inflow has no place.")
        times = series_times(self.times_s, "times_s", 2)
        flow = np.asarray(self.flow_m3_s, dtype=np.float64)
        if flow.shape != times.shape:
            raise ArgumentError("flow_m3_s", f"has shape {flow.shape}, expected {times.shape}.")
        finite(flow, "flow_m3_s")
        not_negative(flow, "flow_m3_s")
        for name, value in (("cells", cells), ("times_s", times), ("flow_m3_s", flow)):
            object.__setattr__(self, name, value)

    def volume_m3(self, time_s: float) -> float:
        """Volume that has entered from the start to time_s, exact for the piecewise linear flow."""
        times, flow = self.times_s, self.flow_m3_s
        steps = np.clip(time_s - times[:-1], 0.0, np.diff(times))
        slope = np.diff(flow) / np.diff(times)
        return float(np.sum(steps * (flow[:-1] + 0.5 * slope * steps)))
