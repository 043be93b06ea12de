"""The Thai air quality index."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maehia import thai
from maehia.thai.data import load_yaml


@pytest.mark.parametrize(
    ("pm25", "index", "band"),
    [
        ("0", 0, 1),
        ("15.0", 25, 1),
        ("15.1", 26, 2),
        ("25.0", 50, 2),
        ("25.1", 51, 3),
        ("37.5", 100, 3),
        ("37.6", 101, 4),
        ("75.0", 200, 4),
        ("7.5", 13, 1),
        ("50", 134, 4),
    ],
)
def test_the_index_is_linear_inside_a_band(pm25: str, index: int, band: int) -> None:
    aqi = thai.thai_aqi_pm25(Decimal(pm25))
    assert aqi is not None
    assert (aqi.value, aqi.band, aqi.text) == (index, band, str(index))


@pytest.mark.parametrize(
    ("measured", "band"), [("15.04", 1), ("15.05", 2), ("37.549", 3), ("37.55", 4), ("75.04", 4), ("75.05", 5)]
)
def test_a_measured_value_is_rounded_half_up_to_a_tenth_first(measured: str, band: int) -> None:
    for value in (measured, Decimal(measured), float(measured)):
        aqi = thai.thai_aqi_pm25(value)
        assert aqi is not None
        assert aqi.band == band


def test_above_200_there_is_no_number() -> None:
    aqi = thai.thai_aqi_pm25("512.3")
    assert aqi is not None
    assert (aqi.value, aqi.band, aqi.text, aqi.label_th) == (None, 5, ">200", "มีผลกระทบต่อสุขภาพ")


@pytest.mark.parametrize("value", [None, -1, "-1", "", "NaN", "Infinity", float("nan"), "ไม่มีข้อมูล", "1e400", "sNaN"])
def test_no_data_is_no_index(value: object) -> None:
    assert thai.thai_aqi_pm25(value) is None  # type: ignore[arg-type]


def test_a_colour_never_comes_without_its_label() -> None:
    bands = [thai.thai_aqi_pm25(value) for value in ("5", "20", "30", "50", "100")]
    assert [aqi.label_th for aqi in bands if aqi] == [
        "ดีมาก",
        "ดี",
        "ปานกลาง",
        "เริ่มมีผลกระทบต่อสุขภาพ",
        "มีผลกระทบต่อสุขภาพ",
    ]
    assert len({aqi.colour for aqi in bands if aqi}) == 5


def test_the_bands_are_not_shown_as_a_verified_fact() -> None:
    aqi = thai.thai_aqi_pm25("20")
    assert aqi is not None
    assert aqi.verified is False


@pytest.mark.parametrize(
    ("pollutant", "value", "index"),
    [
        ("pm10", "50", 25),
        ("pm10", "51", 26),
        ("pm10", "180.4", 200),
        ("o3", "70", 100),
        ("co", "6.5", 51),
        ("no2", "340", 200),
        ("so2", "100", 25),
    ],
)
def test_other_pollutants_have_their_own_bands(pollutant: str, value: str, index: int) -> None:
    aqi = thai.thai_aqi(pollutant, value)
    assert aqi is not None
    assert aqi.value == index


def test_an_unknown_pollutant_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError):
        thai.thai_aqi("pm99", "5")


def test_the_worst_pollutant_decides() -> None:
    overall = thai.overall_aqi({"pm25": "20", "pm10": "130", "o3": None})
    assert overall == thai.thai_aqi("pm10", "130")
    assert thai.overall_aqi({"pm25": "300", "pm10": "180"}) == thai.thai_aqi_pm25("300")
    assert thai.overall_aqi({"pm25": -1}) is None


@given(st.decimals(min_value=0, max_value=200, places=2), st.decimals(min_value=0, max_value=200, places=2))
def test_dirtier_air_never_has_a_lower_index(one: Decimal, other: Decimal) -> None:
    low, high = (thai.thai_aqi_pm25(value) for value in sorted((one, other)))
    assert low is not None
    assert high is not None
    assert (201 if low.value is None else low.value) <= (201 if high.value is None else high.value)


def test_the_bands_leave_no_gap() -> None:
    data = load_yaml("aqi.yaml")
    assert [band["band"] for band in data["bands"]] == [1, 2, 3, 4, 5]
    for row in data["pollutants"].values():
        tops = [Decimal(top) for top in row["tops"]]
        assert tops == sorted(set(tops))
        assert len(tops) == 4


def test_a_day_needs_three_quarters_of_its_hours() -> None:
    assert thai.mean_of_hours([20.0] * 18 + [None] * 6) == 20
    assert thai.mean_of_hours([20.0] * 17 + [-1] * 7) is None
    assert thai.mean_of_hours([]) is None


def test_only_the_last_hours_count() -> None:
    assert thai.mean_of_hours([500] * 10 + [10] * 24) == 10
    assert thai.mean_of_hours(["0.1", "0.2"], hours=2) == Decimal("0.15")
