"""Rain in time: totals are exact, shapes are those of their makers, bad series are refused at their row."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.hazards.idf import Sherman, demo_idf
from maehia.hazards.rain import Hyetograph, alternating_block, chicago, measured, read_rain, uniform
from maehia.impact import ArgumentError

FORMULA = Sherman(2000.0, 0.2, 15.0, 0.88)
STEPS = st.integers(1, 80)


@given(st.floats(0.0, 900.0), STEPS, st.sampled_from([60.0, 600.0, 3600.0]))
def test_uniform_rain_sums_to_its_total_exactly(total, steps, step):
    rain = uniform(total, steps * step, step)
    assert rain.total_mm == total
    assert rain.duration_s == steps * step


@settings(deadline=None)
@given(STEPS, st.sampled_from([300.0, 600.0, 900.0]), st.floats(2.0, 100.0), st.floats(0.0, 1.0))
def test_alternating_blocks_sum_to_the_rain_of_their_duration_exactly(steps, step, period, peak):
    rain = alternating_block(FORMULA, period, steps * step, step, peak=peak)
    assert rain.total_mm == FORMULA.depth_mm(steps * step / 60, period)
    assert (rain.depth_mm >= 0).all()


@settings(deadline=None)
@given(STEPS, st.sampled_from([300.0, 600.0, 900.0]), st.floats(2.0, 100.0), st.floats(0.05, 0.95))
def test_a_chicago_storm_sums_to_the_rain_of_its_duration_exactly(steps, step, period, peak):
    rain = chicago(FORMULA, period, steps * step, step, peak=peak)
    assert rain.total_mm == FORMULA.depth_mm(steps * step / 60, period)
    assert (rain.depth_mm >= -1e-12).all()


class Denver:
    """Ten-year rain of Denver in Chow, Maidment and Mays (1988): i = 96.6 / (d^0.97 + 13.90), inches and minutes."""

    def depth_mm(self, duration_min: float, return_period: float) -> float:
        return 25.4 * duration_min / 60 * 96.6 / (duration_min**0.97 + 13.90) if duration_min else 0.0


def test_the_worked_example_of_alternating_blocks_is_met():
    """Chow, Maidment and Mays (1988), example 14.4.1: two hours in blocks of ten minutes, inches, as we know it."""
    known = [0.024, 0.033, 0.050, 0.084, 0.178, 0.693, 0.308, 0.117, 0.063, 0.040, 0.028, 0.021]
    rain = alternating_block(Denver(), 10.0, 2 * 3600, 600)
    np.testing.assert_allclose(rain.depth_mm / 25.4, known, atol=0.0011)


@pytest.mark.parametrize("peak", [0.25, 0.4, 0.5])
def test_a_chicago_storm_is_the_integral_of_the_intensities_of_keifer_and_chu(peak):
    """i = a ((1 - n) t / r + c) / (t / r + c)^(n + 1) before the peak, 1 - r in place of r after it; t in minutes."""
    period, minutes, step = 25.0, 180, 10
    a, c, n = FORMULA.a * period**FORMULA.b, FORMULA.c, FORMULA.n
    at = (np.arange(minutes * 200) + 0.5) / 200 - peak * minutes
    scaled = np.abs(at) / np.where(at < 0, peak, 1 - peak)
    intensity = a * ((1 - n) * scaled + c) / (scaled + c) ** (n + 1)
    blocks = intensity.reshape(-1, step * 200).mean(axis=1) * step / 60
    rain = chicago(FORMULA, period, minutes * 60, step * 60, peak=peak)
    np.testing.assert_allclose(rain.depth_mm, blocks, rtol=2e-4)


def test_with_its_peak_in_the_middle_of_a_step_a_chicago_storm_peaks_as_alternating_blocks_do():
    block, storm = (make(FORMULA, 25.0, 19 * 600, 600, peak=0.5) for make in (alternating_block, chicago))
    assert storm.total_mm == block.total_mm
    assert storm.peak_mm_h == pytest.approx(block.peak_mm_h, rel=1e-9)
    assert storm.depth_mm.argmax() == block.depth_mm.argmax() == 9


def test_every_central_window_of_alternating_blocks_holds_the_rain_of_its_duration():
    rain = alternating_block(FORMULA, 25.0, 6 * 3600, 600)
    for steps in range(1, 37):
        windows = np.convolve(rain.depth_mm, np.ones(steps), "valid")
        assert windows.max() == pytest.approx(FORMULA.depth_mm(steps * 10, 25.0), rel=1e-9)


def test_the_hardest_window_of_a_chicago_storm_never_passes_the_statistics():
    rain = chicago(FORMULA, 25.0, 6 * 3600, 600, peak=0.4)
    for steps in range(1, 37):
        window = np.convolve(rain.depth_mm, np.ones(steps), "valid").max()
        assert window <= FORMULA.depth_mm(steps * 10, 25.0) * (1 + 1e-9)


@pytest.mark.parametrize(("peak", "place"), [(0.0, 0), (0.5, 4), (1.0, 8)])
def test_the_hardest_block_lies_where_it_is_asked(peak, place):
    assert alternating_block(demo_idf(), 10.0, 9 * 600, 600, peak=peak).depth_mm.argmax() == place


def test_a_chicago_storm_peaks_at_its_advancement():
    rain = chicago(demo_idf(), 10.0, 10 * 600, 600, peak=0.35)
    assert rain.depth_mm.argmax() == 3


def test_a_rarer_storm_rains_more_in_every_step():
    often, rare = (alternating_block(demo_idf(), period, 6 * 3600, 600) for period in (2.0, 100.0))
    assert (rare.depth_mm > often.depth_mm).all()


def test_a_storm_longer_than_the_table_is_refused():
    with pytest.raises(ArgumentError, match="reaches from"):
        alternating_block(demo_idf(), 10.0, 48 * 3600, 600)


@pytest.mark.parametrize(("duration", "step"), [(3600.0, 0.0), (0.0, 600.0), (1000.0, 600.0)])
def test_a_duration_that_is_no_multiple_of_its_step_is_refused(duration, step):
    with pytest.raises(ArgumentError, match="duration_s"):
        uniform(10.0, duration, step)


@pytest.mark.parametrize("peak", [-0.1, 1.1])
def test_a_peak_outside_of_the_storm_is_refused(peak):
    with pytest.raises(ArgumentError, match="peak"):
        alternating_block(demo_idf(), 10.0, 3600, 600, peak=peak)


def test_a_chicago_storm_needs_time_before_and_after_its_peak():
    with pytest.raises(ArgumentError, match="peak"):
        chicago(demo_idf(), 10.0, 3600, 600, peak=0.0)


@pytest.mark.parametrize(("depths", "what"), [([1.0, -0.1], "negative"), ([1.0, np.nan], "NaN"), ([], "no step")])
def test_steps_that_are_no_rain_are_refused(depths, what):
    with pytest.raises(ArgumentError, match=what):
        Hyetograph(600.0, np.array(depths))


def test_a_step_of_no_time_is_refused():
    with pytest.raises(ArgumentError, match="step_s"):
        Hyetograph(0.0, np.array([1.0]))


def test_negative_total_is_refused():
    with pytest.raises(ArgumentError, match="total_mm"):
        uniform(-1.0, 3600, 600)


def test_a_daily_total_takes_the_shape_of_a_design_storm():
    shape = alternating_block(demo_idf(), 10.0, 24 * 3600, 3600)
    day = shape.scaled_to(130.0)
    assert day.total_mm == 130.0
    np.testing.assert_allclose(day.depth_mm / 130.0, shape.depth_mm / shape.total_mm, rtol=1e-12)


def test_a_dry_series_cannot_be_scaled():
    with pytest.raises(ArgumentError, match="total_mm"):
        Hyetograph(600.0, np.zeros(3)).scaled_to(10.0)


def test_intensity_times_and_accumulation_belong_together():
    rain = Hyetograph(600.0, np.array([1.0, 3.0, 2.0]))
    np.testing.assert_allclose(rain.intensity_mm_h, [6.0, 18.0, 12.0])
    np.testing.assert_allclose(rain.times_s, [0.0, 600.0, 1200.0])
    np.testing.assert_allclose(rain.cumulative_mm(), [1.0, 4.0, 6.0])
    assert rain.peak_mm_h == pytest.approx(18.0)
    np.testing.assert_allclose(rain.delayed(1).depth_mm, [0.0, 1.0, 3.0, 2.0])


def test_the_solver_is_given_the_same_rain():
    rain = alternating_block(demo_idf(), 10.0, 3 * 3600, 600)
    assert rain.falling().fallen_mm(3 * 3600.0)[0] == pytest.approx(rain.total_mm, rel=1e-12)
    assert rain.falling().fallen_mm(3600.0)[0] == pytest.approx(rain.depth_mm[:6].sum(), rel=1e-12)


def test_cells_may_get_more_or_less_of_the_same_rain():
    factor = np.array([[1.0, 1.5]])
    np.testing.assert_array_equal(uniform(10.0, 3600, 600).falling(factor=factor).factor, factor)


@given(st.lists(st.floats(0.0, 50.0), min_size=1, max_size=20), st.floats(1.0, 500.0))
def test_scaling_keeps_the_total_exact_and_no_step_negative(depths, total):
    rain = Hyetograph(600.0, np.array([*depths, 1.0]))
    scaled = rain.scaled_to(total)
    assert scaled.total_mm == total
    assert (scaled.depth_mm >= 0).all()


def test_runoff_of_a_storm_is_less_than_its_rain_and_comes_later():
    rain = uniform(60.0, 3600, 600)
    runoff = rain.runoff(80)
    assert runoff.total_mm == pytest.approx((60 - 12.7) ** 2 / (60 + 50.8))
    assert runoff.depth_mm[0] == 0.0


START = datetime(2026, 9, 25, 14, 0)


def rows(depths, minutes=10) -> str:
    lines = (f"{(START + timedelta(minutes=minutes * n)).isoformat()},{d}" for n, d in enumerate(depths))
    return "time,rain_mm\n" + "\n".join(lines) + "\n"


def written(tmp_path, text: str):
    path = tmp_path / "rain.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("minutes", "step"), [(10, 600.0), (60, 3600.0), (1440, 86400.0)])
def test_ten_minute_hourly_and_daily_rows_are_read_alike(tmp_path, minutes, step):
    rain = read_rain(written(tmp_path, rows([0.0, 2.5, 7.5], minutes)))
    assert rain.step_s == step
    np.testing.assert_array_equal(rain.depth_mm, [0.0, 2.5, 7.5])


def test_other_column_names_and_a_byte_order_mark_are_read(tmp_path):
    text = "\ufeffเวลา,ฝน\n2026-09-25 14:00,1.0\n2026-09-25 14:10,2.0\n"
    assert read_rain(written(tmp_path, text), time="เวลา", depth="ฝน").total_mm == 3.0


def test_a_part_of_a_series_is_cut_out_by_time(tmp_path):
    path = written(tmp_path, rows([1.0, 2.0, 4.0, 8.0]))
    assert read_rain(path, start="2026-09-25T14:10", end="2026-09-25T14:20").total_mm == 6.0


def refused(tmp_path, text: str) -> ArgumentError:
    with pytest.raises(ArgumentError) as caught:
        read_rain(written(tmp_path, text))
    return caught.value


def test_negative_rain_is_refused_at_its_row(tmp_path):
    error = refused(tmp_path, rows([0.0, -0.2, 1.0]))
    assert (error.index, error.problem.code) == (1, "rain_missing_or_negative")


def test_a_logger_s_missing_value_is_not_rain(tmp_path):
    assert "-9999" in str(refused(tmp_path, rows([0.0, 1.0, -9999])))


def test_an_empty_value_is_not_dry(tmp_path):
    error = refused(tmp_path, rows([0.0, ""]))
    assert error.index == 1
    assert "empty" in str(error)


def test_a_word_is_not_rain(tmp_path):
    assert refused(tmp_path, rows([0.0, "ฝนตก"])).problem.code == "rain_number"


def test_a_gap_in_the_series_is_refused_at_its_row(tmp_path):
    lines = rows([0.0, 1.0, 2.0, 3.0, 4.0]).splitlines()
    error = refused(tmp_path, "\n".join(lines[:3] + lines[4:]))
    assert (error.index, error.problem.code) == (2, "rain_gap")


def test_unsorted_times_are_refused_at_their_row(tmp_path):
    lines = rows([0.0, 1.0, 2.0, 3.0]).splitlines()
    error = refused(tmp_path, "\n".join([lines[0], lines[1], lines[2], lines[4], lines[3]]))
    assert error.index == 2
    error = refused(tmp_path, "\n".join([lines[0], lines[2], lines[1]]))
    assert (error.index, error.problem.code) == (1, "rain_unsorted")


def test_the_same_time_twice_is_refused(tmp_path):
    lines = rows([0.0, 1.0]).splitlines()
    assert refused(tmp_path, "\n".join([*lines, lines[2]])).problem.code == "rain_unsorted"


def test_a_buddhist_year_is_named_as_such(tmp_path):
    error = refused(tmp_path, "time,rain_mm\n2569-09-25T14:00,1\n2569-09-25T14:10,1\n")
    assert "543" in str(error)


def test_a_time_that_cannot_be_read_is_refused(tmp_path):
    assert refused(tmp_path, "time,rain_mm\nyesterday,1\n").problem.code == "rain_time"


def test_a_missing_column_is_named_with_those_that_are_there(tmp_path):
    assert "time, mm" in str(refused(tmp_path, "time,mm\n2026-09-25,1\n"))


def test_one_row_has_no_step(tmp_path):
    assert "fewer than two" in str(refused(tmp_path, rows([1.0])))


def test_a_missing_time_step_at_the_start_shows_as_another_step(tmp_path):
    lines = rows([0.0, 1.0, 2.0, 3.0]).splitlines()
    assert refused(tmp_path, "\n".join([lines[0], lines[1], *lines[3:]])).problem.code == "rain_gap"


def test_infinite_rain_is_refused(tmp_path):
    assert "infinite" in str(refused(tmp_path, rows([0.0, "inf"])))


def test_a_daylight_of_rain_becomes_a_storm_for_the_solver(tmp_path):
    storm = read_rain(written(tmp_path, rows([1.0, 4.0, 2.5]))).falling()
    assert storm.fallen_mm(1800.0)[0] == pytest.approx(7.5)
    assert storm.fallen_mm(1e9)[0] == pytest.approx(7.5)


def test_times_and_depths_of_different_length_are_refused():
    with pytest.raises(ArgumentError, match="length"):
        measured([START], [1.0, 2.0])


def test_a_total_is_exact_where_floating_point_sums_are_not():
    rain = uniform(0.1 + 0.2, 7 * 60, 60)
    assert math.fsum(rain.depth_mm) == 0.1 + 0.2


HEADER = "time,rain_mm\n"


@pytest.mark.parametrize(("last", "what"), [("-5", "is -5 mm"), ("", "is empty"), ("inf", "infinite")])
def test_a_bad_value_is_named_by_its_row_of_the_file_even_when_the_series_is_cut(tmp_path, last, what):
    path = tmp_path / "rain.csv"
    path.write_text(HEADER + "".join(f"2026-09-25T14:{m}0,1\n" for m in range(3)) + f"2026-09-25T14:30,{last}\n")
    with pytest.raises(ArgumentError, match=what) as caught:
        read_rain(path, start="2026-09-25T14:20")
    assert caught.value.index == 3


def test_a_gap_is_named_by_its_row_of_the_file_even_when_the_series_is_cut(tmp_path):
    path = tmp_path / "rain.csv"
    path.write_text(HEADER + "".join(f"2026-09-25T14:{m}0,1\n" for m in (0, 1, 2, 3, 5)))
    with pytest.raises(ArgumentError, match="gap") as caught:
        read_rain(path, start="2026-09-25T14:10")
    assert caught.value.index == 4


def test_times_with_and_without_a_zone_do_not_mix(tmp_path):
    path = tmp_path / "rain.csv"
    path.write_text(HEADER + "2026-09-25T14:10,1\n2026-09-25T14:20+07:00,2\n")
    with pytest.raises(ArgumentError, match=r"time\[1\]: names its zone"):
        read_rain(path)
    path.write_text(HEADER + "2026-09-25T14:10+07:00,1\n2026-09-25T07:20Z,2\n")
    assert read_rain(path).step_s == 600  # one series, written in two zones
    with pytest.raises(ArgumentError, match="start: or the file names a zone"):
        read_rain(path, start="2026-09-25T14:00")


@pytest.mark.parametrize(("text", "what"), [("yesterday", "is no time"), ("2569-09-25", "Buddhist era")])
@pytest.mark.parametrize("name", ["start", "end"])
def test_a_limit_that_is_no_time_is_named(tmp_path, name, text, what):
    path = tmp_path / "rain.csv"
    path.write_text(HEADER + "2026-09-25T14:10,1\n2026-09-25T14:20,2\n")
    with pytest.raises(ArgumentError, match=f"{name}: .*{what}"):
        read_rain(path, **{name: text})


def test_a_file_in_the_old_thai_code_page_is_refused_with_what_to_do(tmp_path):
    path = tmp_path / "rain.csv"
    path.write_bytes("เวลา,ฝน\n2026-09-25T14:10,1\n".encode("cp874"))
    with pytest.raises(ArgumentError, match="UTF-8") as caught:
        read_rain(path, time="เวลา", depth="ฝน")
    assert caught.value.problem.fix


def test_thai_digits_are_numbers(tmp_path):
    path = tmp_path / "rain.csv"
    path.write_text(HEADER + "2026-09-25T14:10,๑.๕\n2026-09-25T14:20,๒\n", encoding="utf-8")
    assert read_rain(path).depth_mm.tolist() == [1.5, 2.0]


@pytest.mark.parametrize("steps", [-1, 0.5])
def test_a_delay_is_whole_steps(steps):
    with pytest.raises(ArgumentError, match="steps"):
        uniform(6.0, 3600.0, 600.0).delayed(steps)


def test_a_total_between_two_floats_of_the_hardest_step_is_kept_too():
    scaled = Hyetograph(600.0, np.array([19.745448491131885, 1.8367073009750201e-302, 1.0])).scaled_to(1.90234375)
    assert scaled.total_mm == 1.90234375
