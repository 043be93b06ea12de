"""A year of readings: dust with its season, rain, and water that follows the rain; and what sensors get wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from .dice import Dice
from .dirt import Ledger
from .files import NOTICE, write_csv

Floats = NDArray[np.floating[Any]]
STATION_HEADER = ("รหัสสถานี", "ชื่อสถานี", "ประเภทสถานี", "ปริมาณที่วัด", "หน่วย", "ละติจูด", "ลองจิจูด", "ที่มาข้อมูล")
READING_HEADER = ("รหัสสถานี", "ปริมาณ", "เวลา", "ค่า", "ที่มาข้อมูล")
DAYS = 365


@dataclass(frozen=True)
class Station:
    """every: minutes between two readings."""

    code: str
    name: str
    kind: str
    quantity: str
    unit: str
    every: int
    lat: float
    lon: float


STATIONS = (
    Station("PM01", "สถานีฝุ่นจำลอง สำนักงานเทศบาล", "คุณภาพอากาศ", "pm25", "µg/m3", 60, 18.7436, 98.9553),
    Station("PM02", "สถานีฝุ่นจำลอง เชิงดอยตะวัน", "คุณภาพอากาศ", "pm25", "µg/m3", 60, 18.7431, 98.9301),
    Station("PM03", "สถานีฝุ่นจำลอง ทุ่งแสงเดือน", "คุณภาพอากาศ", "pm25", "µg/m3", 60, 18.7428, 98.9601),
    Station("WL01", "เสาวัดน้ำห้วยแม่เฮี้ยะ ตอนบน", "ระดับน้ำ", "water_level", "m", 15, 18.7443, 98.9250),
    Station("WL02", "เสาวัดน้ำห้วยแม่เฮี้ยะ สะพานกลาง", "ระดับน้ำ", "water_level", "m", 15, 18.7429, 98.9498),
    Station("WL03", "เสาวัดน้ำห้วยตองแฮ้ง", "ระดับน้ำ", "water_level", "m", 15, 18.7336, 98.9391),
    Station("RN01", "สถานีฝนจำลอง บนดอย", "น้ำฝน", "rain", "mm", 15, 18.7480, 98.9120),
    Station("RN02", "สถานีฝนจำลอง สำนักงานเทศบาล", "น้ำฝน", "rain", "mm", 15, 18.7436, 98.9553),
    Station("RN03", "สถานีฝนจำลอง ต้นงิ้วงาม", "น้ำฝน", "rain", "mm", 15, 18.7575, 98.9395),
)


class _Chance:
    """Many draws at once; only raw uniform draws are used, their sequence is fixed by NumPy's PCG64."""

    def __init__(self, seed: int, stream: str) -> None:
        words = [seed, *stream.encode()]
        self.generator = np.random.Generator(np.random.PCG64(words))

    def uniform(self, n: int) -> Floats:
        return self.generator.random(n)

    def normal(self, n: int) -> Floats:
        radius = np.sqrt(-2.0 * np.log(1.0 - self.uniform(n)))
        return np.asarray(radius * np.cos(2.0 * np.pi * self.uniform(n)))

    def wandering(self, n: int, memory: float) -> Floats:
        """Noise that remembers: unit variance, each value `memory` times the one before plus something new."""
        return np.asarray(lfilter([(1 - memory**2) ** 0.5], [1.0, -memory], self.normal(n)))


def _year_day(start: date, n: int, every: int) -> Floats:
    """Day of the year (0 to 365, with its part) of each reading."""
    first = (start - date(start.year, 1, 1)).days
    return (first + np.arange(n) * every / 1440.0) % 365.25


def _bump(day: Floats, centre: float, width: float) -> Floats:
    away = np.minimum(np.abs(day - centre), 365.25 - np.abs(day - centre))
    return np.asarray(np.exp(-((away / width) ** 2)))


def _dust(chance: _Chance, day: Floats, shift: float) -> Floats:
    """Hourly PM2.5: low in the rains, 60 to 200 from mid-February to mid-April, worse at night and morning."""
    season = 9.0 + 78.0 * _bump(day, 78.0, 32.0) + 14.0 * _bump(day, 15.0, 40.0)
    hour = (day % 1.0) * 24.0
    daily = 1.0 + 0.22 * np.cos((hour - 6.0) / 24.0 * 6.283)
    n = len(day)
    weather = np.exp(0.32 * chance.wandering(n, 0.985) + 0.12 * chance.wandering(n, 0.6))
    return np.asarray(np.clip(season * daily * weather * shift, 2.0, 480.0).round(1))


def _storms(chance: _Chance, day: Floats) -> Floats:
    """Rain of the whole area in mm a quarter of an hour: storms from May to October, mostly in the evening."""
    wet = 0.0007 + 0.010 * _bump(day, 235.0, 62.0) + 0.004 * _bump(day, 135.0, 25.0)
    evening = 0.6 + 0.9 * np.exp(-((((day % 1.0) * 24.0 - 18.0) / 4.0) ** 2))
    n = len(day)
    starts = chance.uniform(n) < wet * evening
    size = np.where(starts, -7.5 * np.log(1.0 - chance.uniform(n)), 0.0)
    return np.asarray(lfilter([0.45], [1.0, -0.72], size))


def _rain(chance: _Chance, storms: Floats, share: float) -> Floats:
    local = storms * share * np.exp(0.35 * chance.wandering(len(storms), 0.9))
    return np.asarray((np.floor(local / 0.2) * 0.2).round(1))


def _water(chance: _Chance, day: Floats, storms: Floats, base: float, slow: float) -> Floats:
    """Level in m above the stream's bed: a slow base flow and the answer to the storms."""
    ground = base + 0.25 * _bump(day, 260.0, 60.0)
    answer = lfilter([0.011], [1.0, -slow], storms) + lfilter([0.0008], [1.0, -0.998], storms)
    noise = 0.006 * chance.normal(len(day))
    return np.asarray(np.clip(ground + answer + noise, 0.02, 6.0).round(2))


def make_values(seed: int, last_day: date) -> dict[str, Floats]:
    """Readings of each station from a year before `last_day` up to its first minute."""
    start = last_day - timedelta(days=DAYS)
    quarter = _year_day(start, DAYS * 96, 15)
    hours = _year_day(start, DAYS * 24, 60)
    storms = _storms(_Chance(seed, "storms"), quarter)
    values = {}
    for station, (a, b) in zip(STATIONS, _SHAPES, strict=True):
        chance = _Chance(seed, station.code)
        if station.quantity == "pm25":
            values[station.code] = _dust(chance, hours, a)
        elif station.quantity == "rain":
            values[station.code] = _rain(chance, storms, a)
        else:
            values[station.code] = _water(chance, quarter, storms, a, b)
    return values


_SHAPES = ((1.0, 0), (1.12, 0), (0.93, 0), (0.22, 0.93), (0.31, 0.965), (0.18, 0.95), (1.35, 0), (1.0, 0), (0.9, 0))


def spoil(seed: int, values: dict[str, Floats], ledger: Ledger) -> dict[str, NDArray[np.bool_]]:
    """Write the sensors' faults into `values`; for each station, which readings never arrived."""
    dice = Dice(seed, "sensor faults")
    missing = {code: np.zeros(len(v), dtype=bool) for code, v in values.items()}
    for code in ("PM02", "WL03", "PM03"):
        at, n = _run(dice, values[code], 60, 140)
        values[code][at : at + n] = values[code][at]
        ledger.note("readings", "stuck_run")
    for code in ("PM01", "WL01", "WL02", "RN02", "RN03"):
        at, n = _run(dice, values[code], 30, 260)
        missing[code][at : at + n] = True
        ledger.note("readings", "gap")
    for code in ("PM01", "PM02", "PM03", "WL01", "WL02", "RN01"):
        for wrong in (-1.0, 999.0, 9999.0)[: 2 if code.startswith("PM") else 3]:
            at = dice.below(len(values[code]))
            if not missing[code][at] and values[code][at] >= 0:
                values[code][at] = wrong
                ledger.note("readings", "out_of_range")
    return missing


def _run(dice: Dice, values: Floats, low: int, high: int) -> tuple[int, int]:
    length = dice.between(low, high)
    return dice.between(500, len(values) - length - 500), length


def write_stations(path: Path) -> int:
    rows = [(s.code, s.name, s.kind, s.quantity, s.unit, s.lat, s.lon, NOTICE) for s in STATIONS]
    write_csv(path, [STATION_HEADER, *rows])
    return len(rows)


def _times(start: date, every: int, count: int) -> list[str]:
    moments = np.datetime64(start, "m") + np.arange(count) * np.timedelta64(every, "m")
    return [text.replace("T", " ") for text in np.datetime_as_string(moments, unit="m").tolist()]


def write_readings(path: Path, seed: int, last_day: date, ledger: Ledger) -> int:
    """All readings as CSV, station by station; times are local (Asia/Bangkok), without zone, as loggers write."""
    values = make_values(seed, last_day)
    missing = spoil(seed, values, ledger)
    start = last_day - timedelta(days=DAYS)
    lines = [",".join(READING_HEADER)]
    first = f",{NOTICE}"
    for station in STATIONS:
        times = _times(start, station.every, len(values[station.code]))
        head = f"{station.code},{station.quantity}"
        numbers = values[station.code].tolist()
        gone = missing[station.code].tolist()
        lines.extend(f"{head},{t},{v:g}," for t, v, g in zip(times, numbers, gone, strict=True) if not g)
    lines[1] = lines[1].removesuffix(",") + first
    twice = Dice(seed, "readings twice").sample(range(2, len(lines)), 8)
    lines.extend(lines[n] for n in twice)
    for _ in twice:
        ledger.note("readings", "duplicate_key")
    path.write_text("\ufeff" + "\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return len(lines) - 1
