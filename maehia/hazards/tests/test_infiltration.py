"""The curve number method against the handbook's own numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maehia.hazards import infiltration as soil
from maehia.hazards.data import load
from maehia.hazards.flood import Losses
from maehia.impact import ArgumentError

INCH = 25.4
NUMBERS = st.floats(1.0, 100.0)
RAINS = st.floats(0.0, 600.0)


@pytest.mark.parametrize(("rain", "number", "runoff"), [(6.0, 70, 2.81), (6.0, 75, 3.28), (6.0, 85, 4.30)])
def test_runoff_of_the_worked_examples_of_tr_55(rain, number, runoff):
    """TR-55 (1986) examples 2-1 and 2-2 (6 inches on CN 70 and 75), and the row of 6 inches of its table 2-1."""
    assert soil.excess(rain * INCH, number) / INCH == pytest.approx(runoff, abs=0.006)


@pytest.mark.parametrize(
    ("number", "runoff"), [(40, 0.06), (50, 0.33), (60, 0.76), (70, 1.33), (80, 2.04), (90, 2.92), (98, 3.77)]
)
def test_runoff_of_four_inches_of_rain_in_table_2_1_of_tr_55(number, runoff):
    assert soil.excess(4.0 * INCH, number) / INCH == pytest.approx(runoff, abs=0.006)


def test_a_curve_number_of_80_holds_back_63_and_a_half_mm():
    assert soil.retention(80) == pytest.approx(63.5)
    assert soil.initial_abstraction(80) == pytest.approx(12.7)


def test_nothing_runs_off_before_the_initial_abstraction_is_full():
    assert soil.excess(12.7, 80) == 0.0
    assert soil.excess(12.8, 80) > 0.0


def test_all_rain_runs_off_of_open_water():
    np.testing.assert_array_equal(soil.excess([0.0, 1.0, 250.0], 100), [0.0, 1.0, 250.0])


@given(RAINS, NUMBERS, st.sampled_from([0.2, 0.05]))
def test_runoff_is_never_more_than_the_rain(rain, number, ratio):
    assert 0.0 <= soil.excess(rain, number, initial_ratio=ratio) <= rain * (1 + 1e-12)


@given(RAINS, st.floats(0.0, 100.0), NUMBERS, st.floats(0.0, 20.0))
def test_more_rain_and_sealed_ground_never_give_less_runoff(rain, more, number, sealed):
    dry = soil.excess(rain, number)
    assert soil.excess(rain + more, number) >= dry - 1e-12
    assert soil.excess(rain, min(number + sealed, 100.0)) >= dry - 1e-9


@given(st.lists(st.floats(0.0, 40.0), min_size=1, max_size=30), NUMBERS)
def test_steps_of_runoff_sum_to_the_runoff_of_the_storm(depths, number):
    steps = soil.excess_steps(depths, number)
    assert (steps >= -1e-12).all()
    assert steps.sum() == pytest.approx(float(soil.excess(sum(depths), number)), abs=1e-9)


@given(NUMBERS)
def test_the_revised_ratio_agrees_with_the_published_conversion_of_curve_numbers(number):
    """Hawkins et al. (2002): CN(0.05) = 100 / (1.879 (100 / CN - 1)^1.15 + 1)."""
    published = 100.0 / (1.879 * (100.0 / number - 1.0) ** 1.15 + 1.0)
    own = 25400.0 / (soil.retention(number, initial_ratio=0.05) + 254.0)
    assert own == pytest.approx(published, rel=2e-4)


def test_the_revised_ratio_gives_more_runoff_from_light_rain():
    assert soil.excess(20.0, 75, initial_ratio=0.05) > soil.excess(20.0, 75)


def test_an_unknown_ratio_of_initial_abstraction_is_refused():
    with pytest.raises(ArgumentError, match=r"initial_ratio: is 0\.1"):
        soil.retention(80, initial_ratio=0.1)


@pytest.mark.parametrize("number", [0.0, -5.0, 100.5, np.nan])
def test_a_curve_number_outside_its_range_is_refused_with_its_place(number):
    with pytest.raises(ArgumentError) as caught:
        soil.excess(10.0, [80.0, number])
    assert caught.value.index == 1
    assert caught.value.problem.code == "cn_out_of_range"


@pytest.mark.parametrize("rain", [-1.0, np.nan, np.inf])
def test_rain_that_is_negative_or_not_a_number_is_refused(rain):
    with pytest.raises(ArgumentError, match=r"rain_mm\[0\]"):
        soil.excess(rain, 80)


@pytest.mark.parametrize(("average", "dry", "wet"), [(90, 78, 96), (80, 63, 91), (70, 51, 85), (50, 31, 70)])
def test_dry_and_wet_soil_follow_table_10_1_of_the_handbook(average, dry, wet):
    assert soil.for_moisture(average, "I") == dry
    assert soil.for_moisture(average, "III") == wet
    assert soil.for_moisture(average, "II") == average


def test_the_moisture_table_lies_near_the_usual_formula_for_curve_numbers_of_a_town():
    """Hawkins, Hjelmfelt and Zevenbergen (1985): CN I = CN / (2.281 - 0.01281 CN), III = CN / (0.427 + 0.00573 CN)."""
    numbers = np.arange(55.0, 91.0)
    np.testing.assert_allclose(soil.for_moisture(numbers, "I"), numbers / (2.281 - 0.01281 * numbers), atol=2.0)
    np.testing.assert_allclose(soil.for_moisture(numbers, "III"), numbers / (0.427 + 0.00573 * numbers), atol=1.5)


def test_wet_soil_runs_off_more_than_dry_soil_everywhere():
    numbers = np.arange(1.0, 100.0)
    dry, wet = soil.for_moisture(numbers, "I"), soil.for_moisture(numbers, "III")
    assert (dry < numbers).all()
    assert (numbers < wet).all()


def test_an_unknown_moisture_condition_is_refused():
    with pytest.raises(ArgumentError, match="condition"):
        soil.for_moisture(70, "IV")


def test_every_cover_of_the_table_rises_from_soil_group_a_to_d_and_is_marked_unverified():
    table = load("curve_numbers.yaml")
    assert table["verified"] is False
    assert table["source"]
    for row in table["covers"]:
        assert row["cn"] == sorted(row["cn"]), row["key"]
        assert all(0 < number <= 100 for number in row["cn"])
        assert row["checked"] >= 0


def test_every_land_use_of_a_mapping_has_its_cover():
    table = load("curve_numbers.yaml")
    keys = {row["key"] for row in table["covers"]}
    for name in ("worldcover", "thai"):
        assert set(table["land_use"][name].values()) <= keys


@pytest.mark.parametrize(("cover", "group", "number"), [("woods_good", "B", 55), ("residential_500", "D", 92)])
def test_a_cover_on_a_soil_group_has_its_number(cover, group, number):
    assert soil.curve_number(cover, group) == number


def test_an_unknown_cover_or_soil_group_is_refused():
    with pytest.raises(ArgumentError, match="cover"):
        soil.curve_number("moon", "A")
    with pytest.raises(ArgumentError, match="soil"):
        soil.curve_number("water", "AB")


def test_the_worked_example_of_a_weighted_number_is_met():
    """TR-55 example 2-1: pasture in good condition on 30 % of group B (61) and 70 % of group C (74) is CN 70."""
    assert round(soil.weighted([61, 74], [75, 175])) == 70


def test_a_weight_that_does_not_fit_is_refused():
    with pytest.raises(ArgumentError, match="area"):
        soil.weighted([61, 74], [0.0, 0.0])


def test_a_land_use_raster_becomes_a_curve_number_map():
    land = np.array([[10, 50], [80, 10]])
    np.testing.assert_array_equal(soil.curve_number_map(land, "C"), [[73, 90], [100, 73]])
    groups = np.array([["A", "A"], ["D", "D"]])
    np.testing.assert_array_equal(soil.curve_number_map(land, groups), [[36, 77], [100, 79]])


def test_thai_land_use_words_become_curve_numbers():
    land = np.array([["นา", "ที่อยู่อาศัย"]])
    np.testing.assert_array_equal(soil.curve_number_map(land, "C", "thai"), [[83, 90]])


def test_a_land_use_without_a_cover_is_refused_with_its_cell():
    with pytest.raises(ArgumentError) as caught:
        soil.curve_number_map(np.array([[10, 77]]), "C")
    assert caught.value.index == 1
    assert caught.value.problem.code == "land_use_unknown"


def test_an_unknown_mapping_is_refused():
    with pytest.raises(ArgumentError, match="no mapping"):
        soil.curve_number_map(np.array([[10]]), "C", "martian")


def test_the_solver_s_losses_take_the_wet_soil_s_numbers():
    assert Losses(soil.for_moisture(80, "III")).curve_number == 91


def test_runoff_of_a_step_is_never_below_nothing_by_rounding():
    assert soil.excess_steps([13.341243992561616, 1.3831211761574203e-15], 98.07687299819995).min() >= 0


def test_a_step_that_is_not_a_number_is_named_as_given():
    with pytest.raises(ArgumentError, match=r"depth_mm\[1\]: is NaN"):
        soil.excess_steps([1.0, np.nan], 80)


def test_soil_groups_of_another_shape_are_refused():
    with pytest.raises(ArgumentError, match=r"soil: has shape \(3,\)"):
        soil.curve_number_map(np.full((2, 3), 40), np.array(["A", "B", "C"]))
