"""The Thai air quality index: dated bands from `data/aqi.yaml`, always with label and number, never colour alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from maehia.thai.data import load_yaml

# Below this share of the hours an average says nothing.
MINIMUM_SHARE = Decimal("0.75")


@dataclass(frozen=True, slots=True)
class Aqi:
    """One index value. value: 0-200, or None above 200, where no official slope exists; band: 1 (best) to 5."""

    value: int | None
    band: int
    label_th: str
    colour: str
    verified: bool = False

    @property
    def text(self) -> str:
        """The number for the screen: 87, or >200."""
        return ">200" if self.value is None else str(self.value)


def _decimal(value: object) -> Decimal | None:
    """An exact, not negative number; None for anything else (air4thai writes -1 for no data)."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() and 0 <= number < 1_000_000 else None


def _half_up(value: Decimal, step: str) -> Decimal:
    return value.quantize(Decimal(step), rounding=ROUND_HALF_UP)


def _index_inside(value: Decimal, low: tuple[Decimal, int], high: tuple[Decimal, int]) -> int:
    """Linear between the ends of a band, rounded half up."""
    (x0, i0), (x1, i1) = low, high
    return int(_half_up(i0 + (value - x0) * (i1 - i0) / (x1 - x0), "1"))


def thai_aqi(pollutant: str, value: float | Decimal | str | None) -> Aqi | None:
    """The sub-index of one pollutant ("pm25", "pm10", "o3", "co", "no2", "so2"), or None without a value.

    value: the mean over the pollutant's hours (PM: 24 h, never one hour), in µg/m³ (PM), ppb or ppm (CO).
    It is first rounded half up to the notice's step, so 15.04 is 15.0 and 15.05 is 15.1.
    """
    data = load_yaml("aqi.yaml")
    row = data["pollutants"][pollutant]
    number = _decimal(value)
    if number is None:
        return None
    rounded, step = _half_up(number, row["step"]), Decimal(row["step"])
    lowest, lowest_index = Decimal(0), 0
    for band, top in zip(data["bands"], map(Decimal, row["tops"]), strict=False):
        if rounded <= top:
            index = _index_inside(rounded, (lowest, lowest_index), (top, band["top"]))
            return _aqi(band, index, row)
        lowest, lowest_index = top + step, band["top"] + 1
    return _aqi(data["bands"][-1], None, row)


def _aqi(band: Mapping[str, Any], index: int | None, row: Mapping[str, Any]) -> Aqi:
    return Aqi(index, band["band"], band["label_th"], band["colour"], row["verified"])


def thai_aqi_pm25(value: float | Decimal | str | None) -> Aqi | None:
    """The index of a 24-hour mean of PM2.5 in µg/m³; None for no data (None, -1, not a number)."""
    return thai_aqi("pm25", value)


def overall_aqi(values: Mapping[str, float | Decimal | str | None]) -> Aqi | None:
    """The worst sub-index of several pollutants; None when none has a value."""
    found = [aqi for aqi in (thai_aqi(name, value) for name, value in values.items()) if aqi]
    return max(found, key=lambda aqi: (aqi.band, aqi.value or 0), default=None)


def mean_of_hours(values: Sequence[float | Decimal | str | None], hours: int = 24) -> Decimal | None:
    """The mean of the last `hours` hourly values; None when fewer than 75 % of them are there."""
    known = [number for number in map(_decimal, values[-hours:]) if number is not None]
    if len(known) < MINIMUM_SHARE * hours:
        return None
    return sum(known, Decimal(0)) / len(known)
