"""Rain statistics: the table, what is between its points, and the formula through it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maehia.hazards.idf import Idf, Sherman, demo_idf, fit, read_idf
from maehia.impact import ArgumentError


def small(**changes) -> Idf:
    values = {
        "station": "invented", "source": "a test", "durations_min": np.array([10.0, 60.0, 360.0]),
        "return_periods": np.array([2.0, 10.0]), "intensity": np.array([[120.0, 180.0], [50.0, 75.0], [12.0, 18.0]]),
    }  # fmt: skip
    return Idf(**(values | changes))


def test_the_demonstration_table_says_that_it_is_invented():
    table = demo_idf()
    assert table.invented
    assert not table.verified
    assert table.published is None
    assert "สมมติ" in table.station


def test_a_point_of_the_table_is_given_back():
    assert small().intensity_mm_h(60.0, 10.0) == pytest.approx(75.0)
    assert small().depth_mm(360.0, 2.0) == pytest.approx(72.0)


def test_between_points_the_logarithms_are_linear():
    middle = np.sqrt(10.0 * 60.0)
    assert small().intensity_mm_h(middle, 2.0) == pytest.approx(np.sqrt(120.0 * 50.0))
    assert small().intensity_mm_h(10.0, np.sqrt(20.0)) == pytest.approx(np.sqrt(120.0 * 180.0))


@given(st.floats(5.0, 1440.0), st.floats(1.0, 1.5), st.floats(2.0, 99.0))
def test_intensity_falls_with_duration_and_depth_does_not(duration, longer, period):
    table, later = demo_idf(), min(duration * longer, 1440.0)
    assert table.intensity_mm_h(later, period) <= table.intensity_mm_h(duration, period) * (1 + 1e-12)
    assert table.depth_mm(later, period) >= table.depth_mm(duration, period) * (1 - 1e-12)


@pytest.mark.parametrize(("duration", "period"), [(5.0, 2.0), (1000.0, 2.0), (60.0, 1.0), (60.0, 500.0)])
def test_outside_of_the_table_nothing_is_guessed(duration, period):
    with pytest.raises(ArgumentError, match="reaches from") as caught:
        small().intensity_mm_h(duration, period)
    assert caught.value.problem.code == "outside_idf"


def test_below_the_shortest_duration_depth_keeps_its_intensity():
    assert small().depth_mm(5.0, 2.0) == pytest.approx(10.0)
    assert small().depth_mm(0.0, 2.0) == 0.0


@pytest.mark.parametrize(
    ("intensity", "what", "index"),
    [
        ([[120, 180], [50, 75], [60, 80]], "fall with duration", 4),
        ([[120, 110], [50, 75], [12, 18]], "rise with return period", 1),
        ([[120, 180], [50, 75], [7, 12]], "less rain in a longer", 4),
        ([[120, 180], [50, 75], [0, 18]], "not above 0", 4),
    ],
)
def test_a_table_that_rain_cannot_have_is_refused_with_its_place(intensity, what, index):
    with pytest.raises(ArgumentError, match=what) as caught:
        small(intensity=np.array(intensity, float))
    assert caught.value.index == index


def test_durations_that_do_not_rise_are_refused():
    with pytest.raises(ArgumentError, match=r"durations_min\[1\]"):
        small(durations_min=np.array([60.0, 10.0, 360.0]))


def test_a_table_of_the_wrong_shape_is_refused():
    with pytest.raises(ArgumentError, match="shape"):
        small(intensity=np.ones((2, 2)))


def test_the_formula_is_found_again_in_the_table_made_from_it():
    found = fit(demo_idf())
    assert found.a == pytest.approx(2000.0, rel=0.02)
    assert found.b == pytest.approx(0.2, abs=0.002)
    assert found.c == pytest.approx(15.0, abs=0.3)
    assert found.n == pytest.approx(0.88, abs=0.003)
    assert found.worst < 0.02


def test_a_table_that_no_formula_fits_says_how_bad_it_is():
    crooked = small(intensity=np.array([[120.0, 180.0], [50.0, 95.0], [12.0, 18.0]]))
    assert fit(crooked).worst == pytest.approx(0.1, abs=0.05)


def test_the_formula_has_no_rain_in_no_time_and_refuses_less():
    formula = Sherman(2000.0, 0.2, 15.0, 0.88)
    assert formula.depth_mm(0.0, 10.0) == 0.0
    with pytest.raises(ArgumentError):
        formula.intensity_mm_h(-1.0, 10.0)


YAML = """
station: สถานีสมมติ
source: a test
published: 2020-05-01
verified: true
durations_min: [10, 60]
return_periods: [2, 10]
intensity_mm_h: [[120, 180], [50, 75]]
"""


def test_a_town_reads_its_own_table_from_a_file(tmp_path):
    path = tmp_path / "idf.yaml"
    path.write_text(YAML, encoding="utf-8")
    table = read_idf(path)
    assert (table.station, table.published, table.verified, table.invented) == ("สถานีสมมติ", "2020-05-01", True, False)
    assert table.intensity_mm_h(60, 10) == pytest.approx(75)


@pytest.mark.parametrize("entry", ["station", "source", "verified", "durations_min", "intensity_mm_h"])
def test_a_table_without_station_source_or_mark_is_refused(tmp_path, entry):
    path = tmp_path / "idf.yaml"
    path.write_text("\n".join(line for line in YAML.splitlines() if not line.startswith(entry)), encoding="utf-8")
    with pytest.raises(ArgumentError, match=f"has no entry '{entry}'"):
        read_idf(path)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"intensity": np.array([[np.inf, np.inf], [50.0, 75.0], [12.0, 18.0]])}, r"intensity\[0\]: is not above 0"),
        ({"durations_min": np.array([10.0, 60.0, np.inf])}, r"durations_min\[2\]"),
        ({"durations_min": np.zeros(0), "intensity": np.zeros((0, 2))}, "durations_min: is empty"),
    ],
)
def test_a_table_of_nothing_or_without_end_is_refused(changes, what):
    with pytest.raises(ArgumentError, match=what):
        small(**changes)


@pytest.mark.parametrize(
    "table",
    [
        small(durations_min=np.array([10.0, 60.0]), intensity=np.array([[120.0, 180.0], [50.0, 75.0]])),
        small(return_periods=np.array([2.0]), intensity=np.array([[120.0], [50.0], [12.0]])),
    ],
)
def test_a_table_that_leaves_the_formula_open_is_not_fitted(table):
    with pytest.raises(ArgumentError, match="three and two are needed"):
        fit(table)


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ("verified: 'no'", "verified: 'no'"),
        ("intensity_mm_h: [[10, 12], [8]]", "'intensity_mm_h' that is no table"),
        ("durations_min: [5, ten]", "'durations_min' that is no table"),
        ("station: [a", "is not YAML"),
    ],
)
def test_a_file_that_says_nonsense_is_refused_with_the_entry(tmp_path, entry, what):
    good = ["station: a", "source: b", "verified: no", "durations_min: [5, 10]", "return_periods: [2, 5]",
            "intensity_mm_h: [[10, 12], [8, 9]]"]  # fmt: skip
    path = tmp_path / "idf.yaml"
    path.write_text("\n".join(good))
    assert not read_idf(path).verified
    key = entry.split(":")[0]
    path.write_text("\n".join(entry if line.startswith(key) else line for line in good))
    with pytest.raises(ArgumentError, match=what):
        read_idf(path)
