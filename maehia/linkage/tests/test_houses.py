"""Houses across lists."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.linkage import HouseResult, link_houses

COLUMNS = ["rec_id", "source", "house_code", "house_no", "moo", "village", "x", "y"]
CODE, OTHER_CODE = "50010123456", "50010999999"


def linked(*rows: dict[str, object]) -> HouseResult:
    return link_houses(pd.DataFrame([dict.fromkeys(COLUMNS, "") | row for row in rows], columns=COLUMNS))


def house(rec_id: str, no: str = "", moo: object = "", **more: object) -> dict[str, object]:
    return {"rec_id": rec_id, "house_no": no, "moo": moo, **more}


def review(result: HouseResult) -> list[tuple[str, str, str]]:
    return [tuple(row) for row in result.review.to_numpy()]


def test_one_code_is_one_house() -> None:
    result = linked(house("a", "12", 3, house_code=CODE), house("b", house_code="5001-012345-6"))
    assert result.assignment == {"a": "a", "b": "a"}


def test_number_and_moo_are_one_house_in_every_writing() -> None:
    result = linked(house("a", "123/4", 5), house("b", "๑๒๓/๔", "๕"), house("c", "123/4 ม.5"))
    assert set(result.assignment.values()) == {"a"}


def test_the_same_number_in_another_moo_is_another_house() -> None:
    assert linked(house("a", "12", 3), house("b", "12", 4)).assignment == {"a": "a", "b": "b"}


def test_two_codes_at_one_number_go_to_a_human() -> None:
    result = linked(house("a", "12", 3, house_code=CODE), house("b", "12", 3, house_code=OTHER_CODE))
    assert result.assignment["b"] == "b"
    assert review(result) == [("a", "b", "code")]


def test_one_code_at_two_numbers_goes_to_a_human() -> None:
    result = linked(house("a", "12", 3, house_code=CODE), house("b", "21", 3, house_code=CODE))
    assert review(result) == [("a", "b", "number")]


def test_points_far_apart_are_not_one_house() -> None:
    result = linked(house("a", "12", 3, x=490_000, y=2_071_000), house("b", "12", 3, x=491_000, y=2_071_000))
    assert review(result) == [("a", "b", "place")]


def test_degrees_are_measured_as_metres() -> None:
    near = linked(house("a", "12", 3, x=98.95, y=18.74), house("b", "12", 3, x=98.951, y=18.74))
    far = linked(house("a", "12", 3, x=98.95, y=18.74), house("b", "12", 3, x=98.97, y=18.74))
    assert near.assignment["b"] == "a"
    assert far.assignment["b"] == "b"


def test_a_number_without_moo_is_found_by_its_place() -> None:
    result = linked(house("a", "12", 3, x=490_000, y=2_071_000), house("b", "12", x=490_020, y=2_071_000))
    assert result.assignment["b"] == "a"


def test_a_number_without_moo_or_place_goes_to_a_human() -> None:
    result = linked(house("a", "12", 3), house("b", "12"))
    assert result.assignment["b"] == "b"
    assert review(result) == [("a", "b", "number_only")]


def test_a_village_that_lies_in_one_moo_lends_it() -> None:
    rows = [house(f"r{i}", str(i + 50), 7, village="ร่มโพธิ์") for i in range(4)]
    result = linked(*rows, house("x", "12", 7), house("y", "12", village="หมู่บ้านร่มโพธิ์"))
    assert result.assignment["y"] == "x"


def test_a_village_in_two_moos_lends_none() -> None:
    rows = [house(f"r{i}", str(i + 50), 7 + i % 2, village="ร่มโพธิ์") for i in range(6)]
    result = linked(*rows, house("x", "12", 7), house("y", "12", village="ร่มโพธิ์"))
    assert result.assignment["y"] == "y"


def test_a_code_on_a_third_row_keeps_two_codes_apart() -> None:
    result = linked(
        house("a", "12", 3, house_code=CODE), house("b", "12", 3), house("c", "12", 3, house_code=OTHER_CODE)
    )
    assert result.assignment["a"] == result.assignment["b"] == "a"
    assert result.assignment["c"] == "c"


@pytest.mark.parametrize("bad", [{"x": "ไม่ทราบ", "y": "?"}, {"moo": "ห้า"}, {"house_code": "123"}, {"x": float("nan")}])
def test_a_bad_cell_counts_as_empty(bad: dict[str, object]) -> None:
    result = linked(house("a", "12", 3), house("b", "12", 3) | bad if "moo" not in bad else house("b", "12") | bad)
    assert set(result.assignment) == {"a", "b"}


def test_rows_that_name_no_house_stand_alone() -> None:
    assert linked(house("a"), house("b")).assignment == {"a": "a", "b": "b"}


def test_missing_columns_count_as_empty() -> None:
    assert link_houses(pd.DataFrame({"rec_id": ["a", "b"], "house_code": [CODE, CODE]})).assignment["b"] == "a"


ROWS = st.lists(
    st.fixed_dictionaries({
        "house_code": st.sampled_from(["", CODE, OTHER_CODE]), "house_no": st.sampled_from(["", "1", "2/3"]),
        "moo": st.sampled_from(["", "1", "2"]), "x": st.sampled_from(["", "490000", "499000"]), "y": st.just("2071000"),
    }),
    max_size=12,
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(ROWS, st.randoms(use_true_random=False))
def test_no_house_has_two_codes_numbers_or_moos_and_order_does_not_matter(rows: list, rng: object) -> None:
    named = [row | {"rec_id": f"h{i:02d}"} for i, row in enumerate(rows)]
    result = linked(*named)
    for cluster in set(result.assignment.values()):
        members = [row for row in named if result.assignment[row["rec_id"]] == cluster]
        for field in ("house_code", "house_no", "moo"):
            assert len({row[field] for row in members if row[field]}) <= 1
    rng.shuffle(named)
    assert linked(*named).assignment == result.assignment
