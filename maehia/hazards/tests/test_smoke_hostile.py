"""What a feed at night sends: zones, Buddhist years, fill values. None of it may become clean air or another day."""

import numpy as np
import pandas as pd
import pytest

from maehia.hazards import smoke
from maehia.impact import ArgumentError, Grid

X, Y = [1000, 5000, 9000, 3000], [1000, 9000, 2000, 6000]
GRID = Grid(0, 0, 500, 500, 20, 20)
ZONED = [
    ["2026-01-01T08:00+07:00"] * 4,
    ["2026-01-01T08:00", "2026-01-01T08:00-0300", "2026-01-01T09:00", "2026-01-01T10:00"],
    ["2026-01-01T08:00Z"] * 4,
    pd.Series(pd.to_datetime(["2026-01-01T08:00+07:00"] * 4)),
]


def table(time, value=(1, 2, 3, 4), **more):
    names = ["S0", "S1", "S2", "S3"]
    return smoke.Readings.from_table(names, X, Y, station=names, time=time, value=value, **more)


def stations(value=(20, 40, 60, 30), **more):
    return smoke.Stations.of(X, Y, value, **more)


@pytest.mark.parametrize(("time", "index"), list(zip(ZONED, (0, 1, 0, 0), strict=True)))
def test_a_time_with_a_zone_is_refused_and_not_shifted_by_seven_hours(time, index):
    for make in (lambda: table(time), lambda: stations(time=time, now="2026-01-01T08")):
        with pytest.raises(ArgumentError, match="says its zone") as caught:
            make()
        assert (caught.value.argument, caught.value.index) == ("time", index)
    with pytest.raises(ArgumentError, match=r"now.*says its zone"):
        stations(time=["2026-01-01T08:00"] * 4, now="2026-01-01T08:00+07:00")
    with pytest.raises(ArgumentError, match=r"hour.*says its zone"):
        table(["2026-01-01T08"] * 4).at("2026-01-01T08:00+07:00")


@pytest.mark.parametrize(
    "time",
    [
        ["2026-01-01 08:00:00"] * 4,
        pd.Series(pd.to_datetime(["2026-01-01T08"] * 4)),
        [np.datetime64("2026-01-01T08")] * 4,
    ],
)
def test_times_without_a_zone_are_taken_as_they_are(time):
    assert table(time).hour.tolist() == np.array(["2026-01-01T08"], "datetime64[h]").tolist()


def test_a_time_that_is_none_is_refused_by_name():
    with pytest.raises(ArgumentError, match="time: is no time"):
        table(["yesterday"] * 4)


def test_a_buddhist_year_among_others_is_named_and_does_not_fill_the_memory():
    with pytest.raises(ArgumentError, match=r"time\[2\].*2569.*543 years.*Buddhist") as caught:
        table(["2026-01-01T08", "2026-01-01T09", "2569-01-01T08", "2026-01-01T10"])
    assert caught.value.problem.code == "time_far_apart"
    with pytest.raises(ArgumentError, match=r"time\[0\].*Look at its year"):
        table(["1899-01-01T08", "2026-01-01T09", "2026-01-01T08", "2026-01-01T10"])


def test_a_row_that_is_set_aside_does_not_make_the_table_long():
    assert table(["2026-01-01T08", "2026-01-01T09", "9999-01-01T08", "2026-01-01T10"], (1, 2, -1, 4)).hour.size == 3


@pytest.mark.parametrize("value", [1e6, 1e300])
def test_a_value_of_a_million_is_no_reading(value):
    with pytest.raises(ArgumentError, match=r"value\[2\]: is no number of a sensor"):
        stations([20, 40, value, 30])


def test_people_under_an_implausible_value_are_unknown_and_not_in_the_mean():
    found = smoke.people_by_band(np.array([[10.0, np.nan, 1e7, np.inf, -5.0]]), np.ones((1, 5)))
    assert found.by_band.tolist() == [1, 0, 0, 0, 0]
    assert (found.unknown, found.mean) == (4, 10.0)


def test_a_day_that_is_no_number_is_neither_over_nor_known():
    days = smoke.days_over([np.array([[10.0, np.nan, 1e7, np.inf, -5.0, 50.0]])])
    assert days.over.tolist() == [[0, 0, 0, 0, 0, 1]]
    assert days.known.tolist() == [[1, 0, 0, 0, 0, 1]]


@pytest.mark.parametrize("limit", [np.nan, -1.0])
def test_a_limit_that_is_none_is_refused_and_does_not_count_every_day_as_good(limit):
    with pytest.raises(ArgumentError, match="limit"):
        smoke.days_over([np.full((2, 2), 90.0)], limit)


def test_unknown_is_never_a_band_of_the_index():
    bad = smoke.aqi_of([np.nan, -1.0, np.inf, -np.inf, 1e6])
    assert (bad.band == 0).all()
    assert (bad.index == -1).all()


@pytest.mark.parametrize("level", [0.0, 1.0, 2.0, np.nan])
def test_an_interval_of_no_probability_is_refused(level):
    field = smoke.make_field(stations(), GRID, method="kriging")
    with pytest.raises(ArgumentError, match="level"):
        field.interval(level)


@pytest.mark.parametrize(
    "ask", [lambda r: r.at("2026-01-01T08", max_age_h=-1), lambda r: r.every(0), lambda r: r.every(24, -1)]
)
def test_a_senseless_choice_of_rows_is_refused(ask):
    with pytest.raises(ArgumentError):
        ask(table(["2026-01-01T08"] * 4))


def test_a_reach_without_limits_knows_every_cell_within_the_range():
    field = smoke.make_field(stations(), GRID, method="kriging", reach=smoke.Reach(np.inf, np.inf, np.inf))
    assert field.known_share == 1.0


def test_stations_that_all_stand_far_off_the_grid_leave_it_unknown():
    far = smoke.Stations.of(np.array(X) + 1e6, Y, [20, 40, 60, 30])
    field = smoke.make_field(far, GRID, method="kriging")
    assert field.known_share == 0
    assert field.to_hazard().intensity.size == 0
    assert all(np.isnan(member).all() for member in smoke.members(field, 2, seed=1))
    assert smoke.people_by_band(field.value, np.ones(GRID.shape)).unknown == 400
