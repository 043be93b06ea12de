"""The index of a field is cell for cell that of the scalar function."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.hazards.smoke import aqi_of, bands
from maehia.thai import thai_aqi_pm25
from maehia.thai.data import load_yaml


def agrees(values):
    field = aqi_of(values)
    for value, band, index in zip(np.ravel(values), field.band.ravel(), field.index.ravel(), strict=True):
        scalar = thai_aqi_pm25(str(value))
        assert band == scalar.band, value
        assert index == (201 if scalar.value is None else scalar.value), value


def test_every_tenth_up_to_beyond_the_last_band():
    agrees(np.round(np.arange(0, 1000) / 10, 1))


def test_every_hundredth_around_every_breakpoint():
    tops = [float(top) for top in load_yaml("aqi.yaml")["pollutants"]["pm25"]["tops"]]
    assert tops == [15.0, 25.0, 37.5, 75.0]
    for top in tops:
        agrees(np.round(top + np.arange(-30, 31) / 100, 2))


@pytest.mark.parametrize(
    ("value", "band", "index"),
    [(0.0, 1, 0), (15.0, 1, 25), (15.04, 1, 25), (15.05, 2, 26), (25.0, 2, 50), (25.05, 3, 51), (37.5, 3, 100),
     (37.549, 3, 100), (37.55, 4, 101), (75.0, 4, 200), (75.04, 4, 200), (75.05, 5, 201), (900.0, 5, 201),
     (999_999.0, 5, 201)],
)  # fmt: skip
def test_the_breakpoints(value, band, index):
    field = aqi_of(value)
    assert (int(field.band), int(field.index)) == (band, index)


@pytest.mark.parametrize("value", [np.nan, -1.0, -0.01, np.inf, -np.inf, 1e6, 1e300])
def test_unknown_stays_unknown(value):
    field = aqi_of([[value, 20.0]])
    assert field.band.tolist() == [[0, 2]]
    assert field.index.tolist()[0][0] == -1


@settings(max_examples=400, deadline=None)
@given(st.floats(0, 2000))
def test_any_float_agrees_with_the_scalar_function(value):
    agrees(np.array([value]))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 20_000), st.sampled_from([-1, 0, 1]))
def test_floats_beside_a_tie_agree(hundredths, step):
    value = hundredths / 100
    agrees(np.array([value if step == 0 else np.nextafter(value, value + step)]).clip(0))


@settings(max_examples=200, deadline=None)
@given(st.floats(0, 200, width=32))
def test_single_precision_agrees_too(value):
    agrees(np.array([value], dtype=np.float32))


def test_a_tie_in_single_precision_is_read_as_it_is_printed():
    ties = (np.arange(5, 8000, 10) / 100).astype(np.float32)
    agrees(ties)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0, 300), min_size=2, max_size=30))
def test_dirtier_air_has_no_lower_index(values):
    field = aqi_of(np.sort(values))
    assert (np.diff(field.index) >= 0).all()
    assert (np.diff(field.band) >= 0).all()


def test_the_shape_is_kept():
    assert aqi_of(np.zeros((3, 5))).band.shape == (3, 5)
    assert aqi_of(np.zeros((0, 5))).index.shape == (0, 5)


def test_the_bands_are_those_of_the_file():
    rows = load_yaml("aqi.yaml")
    made = bands()
    assert [band.label_th for band in made] == [row["label_th"] for row in rows["bands"]]
    assert [band.label_en for band in made] == [row["label_en"] for row in rows["bands"]]
    assert [band.colour for band in made] == [row["colour"] for row in rows["bands"]]
    assert [band.last for band in made] == [15.0, 25.0, 37.5, 75.0, None]
    assert [band.first for band in made] == [0.0, 15.1, 25.1, 37.6, 75.1]
    assert [band.text for band in made] == ["0.0–15.0", "15.1–25.0", "25.1–37.5", "37.6–75.0", "≥ 75.1"]


def test_the_bands_say_that_no_one_has_read_the_notice():
    assert not any(band.verified for band in bands())
