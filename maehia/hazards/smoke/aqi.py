"""The Thai air quality index of a whole field, cell for cell what `maehia.thai.thai_aqi_pm25` says of one value."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from maehia.thai import Aqi, thai_aqi_pm25
from maehia.thai.data import load_yaml

UNKNOWN = 0
ABOVE = 201
IMPLAUSIBLE = 1e6  # as for the scalar function: no number of a sensor
TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Band:
    """A band of the index: its first and last PM2.5 in ug/m3 (last None: open), labels, colour.

    verified: whether someone has read the notice itself; False must be said wherever the band is shown.
    """

    band: int
    first: float
    last: float | None
    label_th: str
    label_en: str
    colour: str
    verified: bool

    @property
    def text(self) -> str:
        return f"≥ {self.first:g}" if self.last is None else f"{self.first:.1f}–{self.last:.1f}"


@dataclass(frozen=True, slots=True, eq=False)
class AqiField:
    """band: 1 (best) to 5, 0 where unknown. index: 0 to 200, 201 above (no official slope: show ">200"), -1 unknown.

    Both int16 and of the shape of the values they were made from.
    """

    band: npt.NDArray[np.int16]
    index: npt.NDArray[np.int16]


@lru_cache(maxsize=1)
def _table() -> tuple[npt.NDArray[np.int16], npt.NDArray[np.int16], tuple[Aqi, ...]]:
    """(band, index, Aqi) of each tenth of a microgram, from 0.0 to the first value of the open band."""
    found: list[Aqi] = []
    while not found or found[-1].value is not None:
        aqi = thai_aqi_pm25(len(found) * TENTH)
        assert aqi is not None  # noqa: S101 - a number always has an index
        found.append(aqi)
    band = np.asarray([aqi.band for aqi in found], dtype=np.int16)
    index = np.asarray([ABOVE if aqi.value is None else aqi.value for aqi in found], dtype=np.int16)
    return band, index, tuple(found)


def aqi_of(pm25: npt.ArrayLike) -> AqiField:
    """Band and index of 24-hour means of PM2.5 in ug/m3, any shape; NaN, negative and values of a
    million or more are unknown.

    Never of an hourly value: the index is defined for the mean of a day (`Readings.running_mean`). Each value is first
    rounded to 0.1, half up, as the scalar function does.
    """
    value = np.asarray(pm25)
    known = (value >= 0) & (value < IMPLAUSIBLE)
    band, index, _ = _table()
    tenth = np.minimum(tenths(np.where(known, value, 0)), len(band) - 1)
    return AqiField(np.where(known, band[tenth], UNKNOWN).astype(np.int16),
                    np.where(known, index[tenth], -1).astype(np.int16))  # fmt: skip


def tenths(value: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Whole tenths of values >= 0, half up by their shortest decimal spelling: 15.05 is 151, 15.04 is 150.

    Beside a tie the spelling decides and not the binary fraction; those few values go through Decimal.
    """
    scaled = np.minimum(value.astype(np.float64), 1e4) * 10
    whole = np.floor(scaled + 0.5).astype(np.int64)
    near = np.abs(scaled - np.floor(scaled) - 0.5) < 2e-7 * scaled + 1e-9  # as wide as a float32 is coarse
    for at in np.flatnonzero(near.ravel()):
        number = Decimal(str(value.ravel()[at]))
        whole.ravel()[at] = int((number * 10).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return whole


@lru_cache(maxsize=1)
def bands() -> tuple[Band, ...]:
    """The five bands of PM2.5, best first, as the scalar function has them."""
    number, _, aqis = _table()
    english = {row["band"]: str(row["label_en"]) for row in load_yaml("aqi.yaml")["bands"]}
    made = []
    for one in np.unique(number):
        at = np.flatnonzero(number == one)
        aqi, top = aqis[at[0]], None if aqis[at[-1]].value is None else at[-1] / 10
        made.append(Band(int(one), at[0] / 10, top, aqi.label_th, english[int(one)], aqi.colour, aqi.verified))
    return tuple(made)
