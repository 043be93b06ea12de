"""What one person cannot be, and that no order of joining gets round it."""

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.linkage.forest import Decisions, decide, join_edges, new_forest, roots
from maehia.linkage.guards import States, may_be_one_day, source_bits
from maehia.linkage.link import resolve
from maehia.linkage.model import Model
from maehia.linkage.tests.cast import MALI, SOMCHAI, SOMCHAI_ID, cleaned, row, town_rows

AS_OF = {"civil": date(2024, 6, 30), "vhv": date(2025, 8, 15)}


def verdict(one: dict[str, str], two: dict[str, str], single: set[str] | None = None) -> str | None:
    table = cleaned(row("a", one), row("b", two), as_of=AS_OF)
    return new_forest(table, single or set()).states.conflict(0, 1)


def test_two_valid_ids_are_two_persons() -> None:
    assert verdict({"national_id": SOMCHAI_ID}, {"national_id": "1112034563562"}) == "nid"


def test_an_id_with_a_wrong_check_digit_forbids_nothing() -> None:
    assert verdict({"national_id": SOMCHAI_ID}, {"national_id": "3100600445636"}) is None


def test_an_id_slip_that_stays_valid_never_overrides_the_guard() -> None:
    # The check digit does not see digit 3.
    slipped = SOMCHAI_ID[:2] + "9" + SOMCHAI_ID[3:]
    assert verdict(SOMCHAI, SOMCHAI | {"national_id": slipped}) == "nid"


def test_man_and_woman_are_two_persons() -> None:
    assert verdict({"sex": "ชาย"}, {"title": "นาง", "first_name": "มาลี"}) == "sex"


def test_births_more_than_two_digits_apart_are_two_persons() -> None:
    assert verdict({"birth": "13 เม.ย. 2515"}, {"birth": "28 ธ.ค. 2515"}) == "birth"


@pytest.mark.parametrize("other", ["13 เม.ย. 2515", "13 เม.ย. 2516", "18 เม.ย. 2516", "2515", "1/1/2515"])
def test_births_that_slips_explain_may_be_one_person(other: str) -> None:
    assert verdict({"birth": "13 เม.ย. 2515"}, {"birth": other}) is None


def test_day_and_month_may_stand_swapped() -> None:
    assert may_be_one_day(19720413, 19721304)
    assert not may_be_one_day(19720413, 19851127)


def test_a_child_is_not_its_grandfather() -> None:
    child = {"source": "vhv", "full_name": "ด.ช.สมชาย แสนคำใส"}
    assert verdict(child, {"source": "civil", "birth": "2480"}) == "age"
    assert verdict(child, {"source": "civil", "full_name": "นายสมชาย แสนคำใส"}) == "age"


def test_a_list_that_holds_a_person_once_gives_him_one_row() -> None:
    two = ({"source": "civil", "first_name": "สมชาย"}, {"source": "civil", "first_name": "สมชาย"})
    assert verdict(*two, single={"civil"}) == "list"
    assert verdict(*two, single={"vhv"}) is None


def test_a_cluster_remembers_what_a_plain_member_does_not_know() -> None:
    table = cleaned(row("a", SOMCHAI), row("b", MALI), row("c", first_name="คน"))
    forest = new_forest(table, set())
    refused = join_edges(forest, [0, 1], [2, 2])
    assert refused == [(1, "nid")]
    assert roots(forest).tolist() == [0, 1, 0]


def test_human_decisions_come_first() -> None:
    forest = new_forest(cleaned(row("a", SOMCHAI), row("b", MALI), row("c", SOMCHAI)), set())
    decide(forest, same=[(0, 1)], never=[(0, 2)])
    assert join_edges(forest, [0], [2]) == [(0, "never")]
    assert roots(forest).tolist() == [0, 0, 2]


def test_never_same_holds_through_later_joins() -> None:
    plain = [row(r, first_name="คน") for r in "abcd"]
    forest = new_forest(cleaned(*plain), set())
    decide(forest, same=[], never=[(0, 3)])
    join_edges(forest, [0, 1, 2], [1, 2, 3])
    assert forest.find(0) != forest.find(3)


def test_the_civil_list_never_gives_one_person_two_rows() -> None:
    rows = town_rows()
    rows += [row("c1", SOMCHAI | {"national_id": ""}), row("c2", SOMCHAI | {"national_id": "", "birth": ""})]
    root = resolve(cleaned(*rows, as_of=AS_OF), Model.load(), Decisions())[0].root
    ids = sorted(r["rec_id"] for r in rows)
    assert root[ids.index("c1")] != root[ids.index("c2")]


PEOPLE = st.lists(
    st.tuples(
        st.sampled_from([0, 0, 11, 22]),
        st.sampled_from([0, 0, 1, 2]),
        st.sampled_from([0, 0, 19720413, 19720418, 19851127, 19860101]),
        st.sampled_from([(-30_000, 40_000), (10_000, 40_000), (-30_000, 5_000)]),
        st.sampled_from([1, 2, 4]),
    ),
    min_size=2,
    max_size=12,
)


@settings(max_examples=200, deadline=None)
@given(PEOPLE, st.data())
def test_no_order_of_edges_makes_an_impossible_person(people: list[tuple], data: st.DataObject) -> None:
    n = len(people)
    pair = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda p: p[0] != p[1])
    edges = data.draw(st.lists(pair, max_size=40))
    states = States(
        [p[0] for p in people], [p[1] for p in people], [(p[2],) if p[2] else () for p in people],
        [p[3][0] for p in people], [p[3][1] for p in people], [p[4] for p in people], single=1,
    )  # fmt: skip
    forest = new_forest(pa.table({"source": []}), set()) if n == 0 else _forest(states, n)
    join_edges(forest, [a for a, _ in edges], [b for _, b in edges])
    groups: dict[int, list[tuple]] = {}
    for root, person in zip(roots(forest).tolist(), people, strict=True):
        groups.setdefault(root, []).append(person)
    for members in groups.values():
        assert len({p[0] for p in members if p[0]}) <= 1
        assert len({p[1] for p in members if p[1]}) <= 1
        births = [p[2] for p in members if p[2]]
        assert all(may_be_one_day(x, y) for x in births for y in births)
        assert sum(p[4] == 1 for p in members) <= 1
        assert max(p[3][0] for p in members) <= min(p[3][1] for p in members) + 366


def _forest(states: States, size: int):
    from maehia.linkage.forest import Forest

    return Forest(states, list(range(size)))


def test_every_source_has_its_own_bit() -> None:
    bits = source_bits(cleaned(row("a", source="vhv"), row("b", source="civil"), row("c", source="dog")))
    assert sorted(bits.values()) == [1, 2, 4]
