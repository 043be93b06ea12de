"""Whole runs on small registers whose truth is known."""

from collections import Counter
from collections.abc import Iterable

import pandas as pd
import pytest

from maehia.linkage import Decisions, Model, clean_records, cluster, link_persons, score_pairs
from maehia.linkage.clean import clean_table
from maehia.linkage.link import resolve
from maehia.linkage.tests.cast import MALI, SOMCHAI, TODAY, frame, raw_table, row, town_rows
from maehia.linkage.tests.town import COLUMNS, Register, make_records

MODEL = Model.load()


def pairs(labels: Iterable[object]) -> int:
    return sum(n * (n - 1) // 2 for n in Counter(labels).values())


def scores(register: Register, assignment: dict[str, str]) -> tuple[float, float, float]:
    """F1, precision, recall over pairs."""
    truth = [register.truth[rec] for rec in assignment]
    right = pairs(zip(truth, assignment.values(), strict=True))
    found, true = pairs(assignment.values()), pairs(truth)
    return 2 * right / (found + true), right / found, right / true


def linked(register: Register, decisions: Decisions | None = None) -> dict[str, str]:
    table = clean_table(raw_table(register), register.as_of, TODAY)
    root = resolve(table, MODEL, decisions)[0].root
    ids = table["rec_id"].to_pylist()
    return {rec: ids[r] for rec, r in zip(ids, root.tolist(), strict=True)}


@pytest.fixture(scope="module")
def town() -> Register:
    return make_records(5000, 77, dirt=0.8, pool=3)


def test_a_small_town_is_linked_well(town: Register) -> None:
    f1, precision, _ = scores(town, linked(town))
    assert f1 >= 0.985
    assert precision >= 0.995


def test_it_works_without_the_civil_list() -> None:
    register = make_records(5000, 78, dirt=0.8, pool=3, without=("civil",))
    f1, precision, _ = scores(register, linked(register))
    assert f1 >= 0.955
    assert precision >= 0.99


def test_common_names_cost_recall_but_not_precision() -> None:
    register = make_records(5000, 79, pool=1, kin=3.0)
    f1, precision, _ = scores(register, linked(register))
    assert precision >= 0.99
    assert f1 >= 0.93


def test_row_order_never_matters(town: Register) -> None:
    turned = Register(town.rows[::-1], town.truth, town.as_of, town.kin)
    assert linked(turned) == linked(town)


def test_two_runs_give_the_same(town: Register) -> None:
    assert linked(town) == linked(town)


def test_without_as_of_days_it_still_links(town: Register) -> None:
    blind = Register(town.rows, town.truth, {}, town.kin)
    f1, precision, _ = scores(town, linked(blind))
    assert f1 >= 0.97
    assert precision >= 0.995


def test_a_human_word_joins_and_parts(town: Register) -> None:
    before = linked(town)
    names = sorted(set(before.values()))
    first, second = names[0], names[1]
    together = next(rec for rec, name in before.items() if rec != name)
    after = linked(town, Decisions(same=[(first, second)], never=[(together, before[together])]))
    assert after[first] == after[second]
    assert after[together] != after[before[together]]


def test_decisions_about_absent_records_wait() -> None:
    result = link_persons(frame(row("a", SOMCHAI), row("b", MALI)), decisions=Decisions(same=[("a", "gone")]))
    assert result.assignment == {"a": "a", "b": "b"}


def test_the_result_names_model_and_times() -> None:
    result = link_persons(frame(*town_rows(50), row("a", SOMCHAI), row("b", SOMCHAI | {"source": "vhv"})))
    assert result.assignment["b"] == "a"
    assert result.model_hash == MODEL.hash
    assert set(result.timings) == {"clean", "score", "cluster"}


def test_a_refused_pair_is_kept_with_its_reason() -> None:
    slipped = SOMCHAI | {"source": "vhv", "national_id": "3190600445635"}
    result = link_persons(frame(*town_rows(), row("a", SOMCHAI), row("b", slipped)))
    assert result.assignment["a"] != result.assignment["b"]
    assert [tuple(r) for r in result.refused[["rec_l", "rec_r", "reason"]].to_numpy()] == [("a", "b", "nid")]
    assert ("a", "b") in {tuple(r) for r in result.review[["rec_l", "rec_r"]].to_numpy()}


@pytest.mark.parametrize("count", [0, 1, 2])
def test_tiny_files_are_linked(count: int) -> None:
    rows = [row("a", SOMCHAI), row("b", SOMCHAI | {"source": "vhv"})][:count]
    assert len(link_persons(frame(*rows)).assignment) == count


def test_rows_without_a_word_stand_alone() -> None:
    result = link_persons(frame(*(row(f"r{i}") for i in range(30))))
    assert len(set(result.assignment.values())) == 30


def test_the_same_row_a_thousand_times_is_no_trouble() -> None:
    rows = [row(f"r{i:04d}", SOMCHAI | {"source": "complaint"}) for i in range(1000)]
    assert len(link_persons(frame(*rows)).assignment) == 1000


def test_scored_pairs_can_be_clustered_by_themselves() -> None:
    data = frame(*town_rows(), row("a", SOMCHAI), row("b", SOMCHAI | {"source": "vhv"}), row("c", MALI))
    tidy = clean_records(data, {})
    found = score_pairs(tidy, MODEL)
    assert set(found.columns) == {"rec_l", "rec_r", "weight", "kin", "p"}
    clustering = cluster(tidy, found)
    assert clustering.assignment["b"] == "a"
    assert clustering.assignment["c"] == "c"
    assert isinstance(clustering.review, pd.DataFrame)


def test_a_spouse_is_kin_not_the_same() -> None:
    data = frame(
        *town_rows(), row("a", SOMCHAI), row("c", source="vhv", full_name="นางมาลี แสนคำใส", address="123/4 ม.5")
    )
    assert link_persons(data).assignment["c"] == "c"


@pytest.mark.slow
def test_a_town_of_twenty_thousand_records_meets_the_bars() -> None:
    register = make_records(20_000, 5, dirt=0.6, pool=3)
    f1, precision, _ = scores(register, linked(register))
    assert f1 >= 0.985
    assert precision >= 0.997


def test_the_truth_town_has_the_contracts_columns(town: Register) -> None:
    assert len(town.rows[0]) == len(COLUMNS)
    assert {r[1] for r in town.rows} == {"civil", "vhv", "welfare", "tax", "utility", "dog", "complaint"}
