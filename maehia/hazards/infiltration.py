"""How much of the rain runs off: the curve number method of the US Soil Conservation Service.

Q = (P - Ia)^2 / (P - Ia + S) for P > Ia, else 0; Ia = lambda S; S = 25400 / CN - 254 (mm).
Source: USDA NRCS, National Engineering Handbook part 630, chapter 10 (2004).
lambda = 0.2 is the handbook's. With lambda = 0.05 the retention is another one: S(0.05) = 1.33 S(0.2)^1.15 in inches
(Hawkins, Jiang, Woodward, Hjelmfelt, Van Mullem 2002), so the same table of curve numbers serves both.

The method was made for the total of a storm on a small catchment. Taking it cumulatively in time, cell by cell, is
usual in flood models and is what is done here; it knows no drying between two bursts of rain.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from maehia.hazards.data import load
from maehia.impact.checks import Floats, finite, not_negative, refuse
from maehia.impact.errors import ArgumentError

MM_PER_INCH = 25.4
S_AT_ZERO = 10.0 * MM_PER_INCH  # the 254 mm of CN = 25400 / (S + 254)
HANDBOOK, REVISED = 0.2, 0.05  # ratios of initial abstraction to retention
SOIL_GROUPS = "ABCD"
Moisture = Literal["I", "II", "III"]


def retention(cn: npt.ArrayLike, *, initial_ratio: float = HANDBOOK) -> Floats:
    """Largest loss after the rain has begun to run off, S, mm; same shape as `cn` (0 < CN <= 100, of AMC II and 0.2).

    initial_ratio: 0.2, or 0.05 with its own S. Raises ArgumentError for another ratio or a CN out of range.
    """
    numbers = _numbers(cn)
    handbook: Floats = 100.0 * S_AT_ZERO / numbers - S_AT_ZERO
    if initial_ratio == HANDBOOK:
        return handbook
    if initial_ratio != REVISED:
        raise ArgumentError("initial_ratio", f"is {initial_ratio}.", fix="Use 0.2 or 0.05: only these have a known S.")
    return MM_PER_INCH * 1.33 * (handbook / MM_PER_INCH) ** 1.15


def initial_abstraction(cn: npt.ArrayLike, *, initial_ratio: float = HANDBOOK) -> Floats:
    """Rain that is caught before any runs off, Ia, mm."""
    return initial_ratio * retention(cn, initial_ratio=initial_ratio)


def excess(rain_mm: npt.ArrayLike, cn: npt.ArrayLike, *, initial_ratio: float = HANDBOOK) -> Floats:
    """Rain that runs off, Q, mm, for rain P in mm fallen since the storm began. Shapes broadcast.

    Q rises with P and with CN, and 0 <= Q <= P. Raises ArgumentError for rain that is negative or not finite.
    """
    rain = np.asarray(rain_mm, dtype=np.float64)
    finite(rain, "rain_mm")
    not_negative(rain, "rain_mm")
    held = retention(cn, initial_ratio=initial_ratio)
    over: Floats = np.maximum(rain - initial_ratio * held, 0.0)
    return np.divide(
        over * over, over + held, out=np.zeros(np.broadcast_shapes(rain.shape, held.shape)), where=over > 0
    )


def excess_steps(depth_mm: npt.ArrayLike, cn: float, *, initial_ratio: float = HANDBOOK) -> Floats:
    """What runs off in each time step, (K,) mm, of rain steps (K,) mm: differences of Q(P)."""
    depths = np.asarray(depth_mm, dtype=np.float64)
    finite(depths, "depth_mm")
    not_negative(depths, "depth_mm")
    # Rounding must not make water run uphill: Q never falls while it rains.
    runoff = np.maximum.accumulate(excess(np.cumsum(depths), cn, initial_ratio=initial_ratio))
    return np.diff(runoff, prepend=0.0)


def for_moisture(cn: npt.ArrayLike, condition: Moisture) -> Floats:
    """Curve number for dry ("I"), average ("II") or wet ("III") soil from that of average soil.

    Linear between the rows of NEH-630 table 10-1 (every fifth CN); 0 and 100 stay what they are.
    """
    numbers = np.asarray(cn, dtype=np.float64)
    refuse(~((numbers >= 0) & (numbers <= 100)), "cn", "is not between 0 and 100.", code="cn_out_of_range")
    table = load("curve_numbers.yaml")["moisture"]
    column = {"I": "i", "II": "ii", "III": "iii"}.get(condition)
    if column is None:
        raise ArgumentError("condition", f"is {condition!r}.", fix='Use "I" (dry), "II" (average) or "III" (wet).')
    return np.asarray(np.interp(numbers, table["ii"], table[column]))


def curve_number(cover: str, soil: str) -> int:
    """CN of a cover (a key of data/curve_numbers.yaml) on hydrologic soil group A, B, C or D, AMC II."""
    row = {row["key"]: row["cn"] for row in load("curve_numbers.yaml")["covers"]}.get(cover)
    if row is None:
        raise ArgumentError("cover", f"{cover!r} is not in the table.", fix="See data/curve_numbers.yaml.")
    return int(row[_group(soil)])


def weighted(cn: npt.ArrayLike, area: npt.ArrayLike) -> float:
    """One curve number for patches of given areas (any one unit): their mean by area, as in TR-55 chapter 2."""
    numbers, areas = _numbers(cn), np.asarray(area, dtype=np.float64)
    not_negative(areas, "area")
    if numbers.shape != areas.shape or not areas.sum() > 0:
        raise ArgumentError("area", "does not fit the curve numbers, or sums to 0.")
    return float((numbers * areas).sum() / areas.sum())


def curve_number_map(
    land_use: npt.NDArray[Any], soil: str | npt.NDArray[np.str_], covers: Mapping[Any, str] | str = "worldcover"
) -> Floats:
    """Curve number of each cell, same shape as `land_use`.

    land_use: class of each cell, numbers or words. soil: one group for all, or an array of "A".."D" of the same
    shape. covers: class -> cover key, or the name of a mapping of the data file ("worldcover", "thai").
    Raises ArgumentError for a class without a cover, with the first cell that has it.
    """
    named = by_class(land_use, covers, "curve_numbers.yaml")
    if np.ndim(soil) and np.shape(soil) != land_use.shape:
        raise ArgumentError("soil", f"has shape {np.shape(soil)}, expected {land_use.shape} or one letter.")
    groups = np.broadcast_to(np.asarray(soil), land_use.shape)
    result = np.zeros(land_use.shape)
    for key in np.unique(named):
        for group in np.unique(groups):
            result[(named == key) & (groups == group)] = curve_number(str(key), str(group))
    return result


def by_class(
    classes: npt.NDArray[Any], names: Mapping[Any, str] | str, file: str, argument: str = "covers"
) -> npt.NDArray[np.str_]:
    """The name of each cell's class by a mapping, or by the mapping of that name in a data file."""
    mapping = load(file)["land_use"].get(names) if isinstance(names, str) else names
    if mapping is None:
        raise ArgumentError(
            argument, f"{names!r} is no mapping of {file}.", fix='Use "worldcover", "thai" or your own.'
        )
    found, place = np.unique(classes, return_inverse=True)
    known = np.array([one in mapping for one in found.tolist()], dtype=bool)
    refuse(~known[place.reshape(classes.shape)], "land_use", "is a class without a name in the mapping.",
           fix="Add it to the mapping.", code="land_use_unknown")  # fmt: skip
    return np.array([mapping[one] for one in found.tolist()], dtype=str)[place.reshape(classes.shape)]


def _numbers(cn: npt.ArrayLike) -> Floats:
    numbers = np.asarray(cn, dtype=np.float64)
    refuse(~((numbers > 0) & (numbers <= 100)), "cn", "is not above 0 and up to 100.", code="cn_out_of_range")
    return numbers


def _group(soil: str) -> int:
    place = SOIL_GROUPS.find(soil.upper()) if len(soil) == 1 else -1
    if place < 0:
        raise ArgumentError("soil", f"{soil!r} is no hydrologic soil group.", fix="Use A, B, C or D.")
    return place
