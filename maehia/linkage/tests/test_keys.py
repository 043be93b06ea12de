"""A person's key stays the same whatever later lists bring."""

from collections.abc import Callable
from itertools import count
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from maehia.linkage import carry_keys, resolve_key
from maehia.linkage.clean import clean_table
from maehia.linkage.link import resolve
from maehia.linkage.model import Model
from maehia.linkage.tests.cast import TODAY, raw_table
from maehia.linkage.tests.town import Register, make_records


def maker(prefix: str = "k") -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"{prefix}{next(numbers)}"


RECORDS = st.integers(2, 14)
PARTITION = RECORDS.flatmap(lambda n: st.lists(st.integers(0, n // 2), min_size=n, max_size=n))


def as_clusters(labels: list[int]) -> dict[str, str]:
    return {f"r{i:02d}": f"c{label}" for i, label in enumerate(labels)}


def test_a_first_run_makes_a_key_for_each_cluster() -> None:
    update = carry_keys({}, {"a": "a", "b": "a", "c": "c"}, maker())
    assert update.assignment == {"a": "k1", "b": "k1", "c": "k2"}
    assert update.created == ["k1", "k2"]


@given(PARTITION)
def test_the_same_clusters_keep_their_keys(labels: list[int]) -> None:
    first = carry_keys({}, as_clusters(labels), maker())
    again = carry_keys(first.assignment, as_clusters(labels), maker("never"))
    assert again.assignment == first.assignment
    assert (again.created, again.merged, again.split, again.retired) == ([], {}, {}, [])


@given(PARTITION, st.randoms(use_true_random=False))
def test_row_order_and_cluster_names_do_not_matter(labels: list[int], rng: Random) -> None:
    old = carry_keys({}, as_clusters(labels), maker()).assignment
    rows = list(as_clusters([label % 2 for label in labels]).items())
    shuffled = rows[:]
    rng.shuffle(shuffled)
    renamed = {rec: f"other-{name}" for rec, name in shuffled}
    assert carry_keys(old, dict(rows), maker("n")).assignment == carry_keys(old, renamed, maker("n")).assignment


@given(PARTITION, st.data())
def test_merge_then_unmerge_is_the_identity(labels: list[int], data: st.DataObject) -> None:
    before = as_clusters(labels)
    old = carry_keys({}, before, maker())
    names = sorted(set(before.values()))
    one, two = data.draw(st.sampled_from(names)), data.draw(st.sampled_from(names))
    together = {rec: one if name == two else name for rec, name in before.items()}
    merged = carry_keys(old.assignment, together, maker("x"))
    # Undoing the decision replays the keys that the decision found.
    restored = carry_keys(old.assignment, before, maker("y"))
    assert restored.assignment == old.assignment
    assert not restored.created
    for rec, key in old.assignment.items():
        assert resolve_key(key, merged.merged) == merged.assignment[rec]


@given(PARTITION, PARTITION)
def test_every_old_key_leads_to_a_key_in_use(one: list[int], two: list[int]) -> None:
    old = carry_keys({}, as_clusters(one), maker()).assignment
    update = carry_keys(old, as_clusters(two), maker("n"))
    in_use = set(update.assignment.values())
    gone = set(update.retired)
    for key in set(old.values()):
        assert resolve_key(key, update.merged) in in_use or key in gone


@given(PARTITION, PARTITION)
def test_two_clusters_never_share_a_key(one: list[int], two: list[int]) -> None:
    old = carry_keys({}, as_clusters(one), maker()).assignment
    clusters = as_clusters(two)
    update = carry_keys(old, clusters, maker("n"))
    assert len(set(update.assignment.values())) == len(set(clusters.values()))


def test_a_merge_goes_on_with_the_oldest_members_key_and_redirects_the_other() -> None:
    update = carry_keys({"a": "K1", "b": "K2"}, {"a": "a", "b": "a"}, maker(), age=["b", "a"])
    assert update.assignment == {"a": "K2", "b": "K2"}
    assert update.merged == {"K1": "K2"}


def test_a_split_leaves_the_key_with_the_oldest_and_gives_the_rest_a_new_one() -> None:
    update = carry_keys({"a": "K1", "b": "K1"}, {"a": "a", "b": "b"}, maker("n"))
    assert update.assignment == {"a": "K1", "b": "n1"}
    assert update.split == {"K1": ["n1"]}


def test_a_record_that_moves_between_people_leaves_both_keys_where_they_were() -> None:
    old = {"a": "K1", "b": "K1", "c": "K2"}
    update = carry_keys(old, {"a": "a", "b": "c", "c": "c"}, maker("n"), age=["a", "c", "b"])
    assert update.assignment == {"a": "K1", "b": "K2", "c": "K2"}
    assert not update.created


def test_a_key_whose_records_are_gone_is_retired() -> None:
    assert carry_keys({"a": "K1", "b": "K2"}, {"a": "a"}, maker()).retired == ["K2"]


def test_redirects_in_a_circle_end() -> None:
    assert resolve_key("a", {"a": "b", "b": "a"}) in {"a", "b"}


def _changed(row: tuple[str, ...], chance: float) -> tuple[str, ...]:
    """Moved, with a new telephone, or without the ID, as the chance falls."""
    if chance < 0.015:
        return (*row[:9], "999/1 ม.3", "", row[11])
    if chance < 0.022:
        return (*row[:11], "0899999999")
    return (*row[:6], "", *row[7:]) if chance < 0.03 else row


def next_month(register: Register, rng: Random) -> tuple[Register, set[int]]:
    """3 % of the rows change: new rows come, some go, some moved, some typos are put right."""
    rows, touched = [], set()
    for row in register.rows:
        chance = rng.random()
        if chance < 0.03:
            touched.add(register.truth[row[0]])
        if chance < 0.008:
            continue
        rows.append(_changed(row, chance))
    newborn = [(f"new{i:04d}", "civil", "ด.ช.", f"ใหม่{i}", "เกิดเดือนนี้", "", "", "2026-10-01", "ชาย", f"{i} ม.1", "", "")
               for i in range(len(rows) // 100)]  # fmt: skip
    truth = dict(register.truth) | {row[0]: -i - 1 for i, row in enumerate(newborn)}
    return Register(rows + newborn, truth, register.as_of, register.kin), touched


def clusters_of(register: Register) -> dict[str, str]:
    table = clean_table(raw_table(register), register.as_of, TODAY)
    ids = table["rec_id"].to_pylist()
    return {rec: ids[r] for rec, r in zip(ids, resolve(table, Model.load())[0].root.tolist(), strict=True)}


def test_next_months_lists_leave_untouched_people_their_keys() -> None:
    register = make_records(6000, 91, dirt=0.8, pool=3)
    first = carry_keys({}, clusters_of(register), maker())
    later, touched = next_month(register, Random(5))
    second = carry_keys(first.assignment, clusters_of(later), maker("n"))
    untouched = [r[0] for r in later.rows if r[0] in register.truth and register.truth[r[0]] not in touched]
    kept = sum(second.assignment[rec] == first.assignment[rec] for rec in untouched)
    assert len(untouched) > 4000
    assert kept / len(untouched) >= 0.999
