"""What the stations of one moment say: checked, one value a site, doubtful ones marked and none silently lost."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from maehia.hazards.smoke.aqi import IMPLAUSIBLE
from maehia.hazards.smoke.moments import moments
from maehia.impact import ArgumentError, checks
from maehia.impact.checks import Floats

Bools = npt.NDArray[np.bool_]
FEWEST = 3
# A value is suspect when it is further from the median than this many robust standard deviations.
SUSPECT_AT = 5.0
# The robust deviation is taken as at least this share of the median, and at least 1 ug/m3: with a handful of
# stations that agree, MAD is near 0 and every honest difference would look wild.
LEAST_SHARE, LEAST_UG = 0.10, 1.0
# Sites whose width is under this share of their length lie on a line as far as a map is concerned.
LINE_SHARE = 0.05


class SmokeWarning(UserWarning):
    """A field can be made, but its reader should know this."""


@dataclass(frozen=True, slots=True, eq=False)
class Stations:
    """Readings of one moment, one row a site; make it with `Stations.of`.

    x, y: metres. value: ug/m3 (S,). error: standard deviation of the value, ug/m3, 0 where not given.
    suspect: far from the others (a fire beside the sensor, or a broken sensor: a person decides).
    sensors: how many sensors were averaged at the site. left_out: reason -> number of readings not used.
    hours: over how many hours the values are means (24 for the index), None when the caller did not say.
    """

    x: Floats
    y: Floats
    value: Floats
    error: Floats
    name: tuple[str, ...]
    suspect: Bools
    sensors: npt.NDArray[np.int64]
    left_out: dict[str, int] = field(default_factory=dict)
    hours: int | None = None

    @classmethod
    def of(
        cls,
        x: npt.ArrayLike,
        y: npt.ArrayLike,
        value: npt.ArrayLike,
        *,
        error: npt.ArrayLike | None = None,
        quality: Sequence[str] | None = None,
        name: Sequence[str] | None = None,
        time: npt.ArrayLike | None = None,
        now: np.datetime64 | str | None = None,
        max_age_h: float = 3.0,
        missing: Literal["refuse", "skip"] = "refuse",
        merge_m: float = 1.0,
        hours: int | None = None,
    ) -> Stations:
        """Check and gather readings of one moment.

        error: one number or (S,), ug/m3. quality: only "good" is used. time, now: readings older than `max_age_h`
        hours before `now`, or later than it, are left out; the caller gives `now`, this library reads no clock.
        missing="skip" leaves NaN values out and counts them. Sensors within `merge_m` metres are one site: their
        mean, with error max(spread / sqrt(k), propagated error). hours: as in the class.
        Raises ArgumentError: a coordinate or value that is NaN, a negative value or error, a value of a
        million, a time that says its zone, a name twice, fewer than
        3 sites left. Warns (SmokeWarning) of suspect values, sites on one line, and readings that are all equal.
        """
        data = _Columns.of(x, y, value, error, name)
        reasons = {
            "stale": _stale(data.value.size, time, now, max_age_h),
            "quality": _not_good(data.value.size, quality),
        }
        if missing == "skip":
            reasons["missing"] = np.isnan(data.value)
        keep, left_out = _usable(reasons)
        checks.refuse(keep & ~np.isfinite(data.value), "value", "is NaN or infinite.", code="value_not_finite")
        checks.refuse(keep & (data.value < 0), "value", "is negative.", "Many feeds write -1 for no data.",
                      "value_negative")  # fmt: skip
        checks.refuse(
            keep & (data.value >= IMPLAUSIBLE), "value", "is no number of a sensor.", code="value_implausible"
        )
        sites = _merged(data.take(keep), merge_m)
        if sites.value.size < FEWEST:
            what = f"leaves {sites.value.size} sites, a field needs {FEWEST}."
            raise ArgumentError("value", what, fix="Show the stations' own values.", code="too_few_stations")
        found = replace(sites, suspect=suspects(sites.value), left_out=left_out, hours=hours)
        _warn_of(found)
        return found

    @property
    def size(self) -> int:
        return int(self.value.size)

    @property
    def points(self) -> Floats:
        """(S, 2) metres."""
        return np.column_stack([self.x, self.y])

    @property
    def on_a_line(self) -> bool:
        """Whether the sites lie on (nearly) one line: across it the field is an assumption."""
        return on_a_line(self.points)

    def without(self, drop: npt.ArrayLike) -> Stations:
        """The same without the sites marked True, for example `s.without(s.suspect)`."""
        keep = ~np.asarray(drop, dtype=bool)
        if keep.sum() < FEWEST:
            raise ArgumentError("drop", f"leaves {keep.sum()} sites, a field needs {FEWEST}.", code="too_few_stations")
        left_out = {**self.left_out, "dropped": int((~keep).sum())}
        return Stations(self.x[keep], self.y[keep], self.value[keep], self.error[keep],
                        tuple(n for n, k in zip(self.name, keep, strict=True) if k), self.suspect[keep],
                        self.sensors[keep], left_out, self.hours)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Columns:
    x: Floats
    y: Floats
    value: Floats
    error: Floats
    name: tuple[str, ...]

    @classmethod
    def of(cls, x: Any, y: Any, value: Any, error: Any, name: Sequence[str] | None) -> _Columns:
        x = checks.vector(x, "x", (np.float64,))
        y = checks.vector(y, "y", (np.float64,), size=x.size)
        value = checks.vector(value, "value", (np.float64,), size=x.size)
        spread = np.zeros(x.size) if error is None else np.broadcast_to(np.asarray(error, np.float64), x.shape).copy()
        for array, argument in ((x, "x"), (y, "y"), (spread, "error")):
            checks.finite(array, argument)
        checks.not_negative(spread, "error")
        return cls(x, y, value, spread, _names(name, x.size))

    def take(self, keep: Bools) -> _Columns:
        names = tuple(name for name, kept in zip(self.name, keep, strict=True) if kept)
        return _Columns(self.x[keep], self.y[keep], self.value[keep], self.error[keep], names)


def _names(name: Sequence[str] | None, size: int) -> tuple[str, ...]:
    names = tuple(str(n) for n in name) if name is not None else tuple(f"S{n + 1}" for n in range(size))
    if len(names) != size:
        raise ArgumentError("name", f"has length {len(names)}, expected {size}.")
    seen: set[str] = set()
    for at, one in enumerate(names):
        if one in seen:
            raise ArgumentError("name", f"{one!r} is listed twice.", index=at, fix="Give one reading a station.",
                                code="station_duplicate")  # fmt: skip
        seen.add(one)
    return names


def _usable(reasons: dict[str, Bools]) -> tuple[Bools, dict[str, int]]:
    """Which readings to use, and how many were left out for which reason (each counted once)."""
    keep, left_out = np.ones_like(reasons["stale"]), {}
    for reason, bad in reasons.items():
        if (bad & keep).any():
            left_out[reason] = int((bad & keep).sum())
        keep &= ~bad
    return keep, left_out


def _not_good(size: int, quality: Sequence[str] | None) -> Bools:
    if quality is None:
        return np.zeros(size, dtype=bool)
    if len(quality) != size:
        raise ArgumentError("quality", f"has length {len(quality)}, expected {size}.")
    return np.asarray([grade != "good" for grade in quality], dtype=bool)


def _stale(size: int, time: npt.ArrayLike | None, now: np.datetime64 | str | None, max_age_h: float) -> Bools:
    if time is None:
        return np.zeros(size, dtype=bool)
    if now is None:
        raise ArgumentError("now", "is missing although `time` is given.", fix="Say for which moment the field is.")
    when = moments(time, "time")
    if when.shape != (size,):
        raise ArgumentError("time", f"has shape {when.shape}, expected ({size},).")
    age_h = (moments([now], "now")[0] - when) / np.timedelta64(1, "h")
    return np.asarray(~((age_h >= 0) & (age_h <= max_age_h)))


def _merged(data: _Columns, merge_m: float) -> Stations:
    """One row for each group of sensors that stand within `merge_m` metres of each other."""
    size = data.x.size
    pairs = cKDTree(np.column_stack([data.x, data.y])).query_pairs(merge_m, output_type="ndarray") if size else []
    links = coo_array((np.ones(len(pairs)), tuple(np.reshape(pairs, (-1, 2)).T)), shape=(size, size))
    _, label = connected_components(links, directed=False) if size else (0, np.zeros(0, np.int64))
    count = np.bincount(label)
    if count.max(initial=0) <= 1:
        return _sites(data, count)
    mean = {key: np.bincount(label, getattr(data, key)) / count for key in ("x", "y", "value")}
    squares = np.bincount(label, (data.value - mean["value"][label]) ** 2)
    spread = np.sqrt(squares / np.maximum(count - 1, 1) / count)
    carried = np.sqrt(np.bincount(label, data.error**2)) / count
    names = tuple("+".join(n for n, at in zip(data.name, label, strict=True) if at == g) for g in range(count.size))
    return _sites(_Columns(**mean, error=np.maximum(spread, carried), name=names), count)


def _sites(data: _Columns, count: npt.NDArray[np.int64]) -> Stations:
    return Stations(data.x, data.y, data.value, data.error, data.name, np.zeros(data.x.size, dtype=bool), count)


def suspects(value: Floats) -> Bools:
    """Values further than 5 robust deviations (1.4826 MAD, floored) from the median: Hampel's rule."""
    median = float(np.median(value))
    spread = max(1.4826 * float(np.median(np.abs(value - median))), LEAST_SHARE * median, LEAST_UG)
    return np.asarray(np.abs(value - median) > SUSPECT_AT * spread)


def on_a_line(points: Floats) -> bool:
    long, wide = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)[:2]
    return bool(wide <= LINE_SHARE * long)


def _warn_of(stations: Stations) -> None:
    if stations.suspect.any():
        names = ", ".join(n for n, bad in zip(stations.name, stations.suspect, strict=True) if bad)
        warnings.warn(f"Far from the median, kept: {names}.", SmokeWarning, stacklevel=3)
    if stations.on_a_line:
        what = "The stations stand on one line: across it the field rests on the variogram alone."
        warnings.warn(what, SmokeWarning, stacklevel=3)
    if np.ptp(stations.value) == 0:
        warnings.warn("All stations read the same value.", SmokeWarning, stacklevel=3)
