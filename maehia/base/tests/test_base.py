from datetime import UTC, datetime

import pytest

from maehia.base import FixedClock, Problem, SystemClock


def test_a_problem_reads_as_one_line_with_its_place_and_its_cure():
    problem = Problem("bad_id", "เลขบัตรไม่ถูกต้อง", "civil.xlsx แถว 3", "กรุณาตรวจสอบอีกครั้ง")
    assert str(problem) == "civil.xlsx แถว 3: เลขบัตรไม่ถูกต้อง กรุณาตรวจสอบอีกครั้ง"


def test_a_problem_without_place_or_cure_is_only_its_sentence():
    assert str(Problem("bad_id", "เลขบัตรไม่ถูกต้อง")) == "เลขบัตรไม่ถูกต้อง"


def test_a_fixed_clock_refuses_a_naive_time():
    with pytest.raises(ValueError, match="aware"):
        FixedClock(datetime(2026, 1, 1))


def test_clocks_tell_aware_times():
    at = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
    assert FixedClock(at).now() == at
    assert SystemClock().now().tzinfo is not None
