"""A year of readings: the season of dust, water after rain, and the faults that the truth counts."""

from __future__ import annotations

import json
from datetime import date, timedelta

import numpy as np
import pytest

from maehia.demo.dirt import Ledger
from maehia.demo.readings import DAYS, STATIONS, make_values, spoil

LAST = date(2026, 11, 21)


@pytest.fixture(scope="module")
def values():
    return make_values(2569, LAST)


def month_mean(series, month):
    first = LAST - timedelta(days=DAYS)
    months = np.array([(first + timedelta(days=h // 24)).month for h in range(len(series))])
    return float(series[months == month].mean())


def test_dust_is_worst_in_march_and_low_in_the_rains(values):
    march = month_mean(values["PM01"], 3)
    august = month_mean(values["PM01"], 8)
    assert march > 50
    assert august < 25


def test_water_rises_after_rain(values):
    rain = values["RN02"]
    level = values["WL02"]
    storm = int(np.convolve(rain, np.ones(16), "valid").argmax())
    assert level[storm : storm + 60].max() > level[storm - 40 : storm].min() + 0.15


def test_faults_are_in_the_values_and_counted():
    values, ledger = make_values(3, LAST), Ledger()
    missing = spoil(3, values, ledger)
    counts = ledger.as_dict()["readings"]
    assert sum(int((v == w).sum()) for v in values.values() for w in (-1.0, 999.0, 9999.0)) == counts["out_of_range"]
    assert sum(bool(gone.any()) for gone in missing.values()) == counts["gap"]
    stuck = sum(longest_run(values[code]) >= 60 for code in ("PM02", "WL03", "PM03"))
    assert stuck == counts["stuck_run"] == 3


def longest_run(series):
    same = np.flatnonzero(np.diff(series))
    return int(np.diff(np.concatenate([[-1], same, [len(series) - 1]])).max())


def test_file_holds_every_station_and_double_rows_as_counted(small):
    rows = small.csv("raw/readings.csv")
    counts = json.loads((small.root / "truth/dirt.json").read_text(encoding="utf-8"))["counts"]["readings"]
    keys = [(row["รหัสสถานี"], row["เวลา"]) for row in rows]
    assert len(keys) - len(set(keys)) == counts["duplicate_key"]
    assert {row["รหัสสถานี"] for row in rows} == {station.code for station in STATIONS}
    assert min(row["เวลา"] for row in rows) >= "2025-11-21"
    assert max(row["เวลา"] for row in rows) < "2026-11-21"
