"""Pair scores agree with counting every pair by hand."""

from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.metrics import pair_scores, record_scores, scores_by_mark

TRUTH = pd.DataFrame({"rec_id": list("abcdef"), "person": ["สมชาย", "สมชาย", "สมชาย", "คำปัน", "คำปัน", "บัวผัน"]})


def by_hand(people, clusters):
    records = range(len(people))
    true = {p for p in combinations(records, 2) if people[p[0]] == people[p[1]]}
    found = {p for p in combinations(records, 2) if clusters[p[0]] == clusters[p[1]]}
    mixed = sum(len({people[i] for i in records if clusters[i] == c}) > 1 for c in set(clusters))
    precision = len(true & found) / len(found) if found else 1.0
    recall = len(true & found) / len(true) if true else 1.0
    return precision, recall, mixed


labels = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=25)


@given(labels)
def test_scores_equal_the_count_over_all_pairs(rows):
    people, clusters = zip(*rows, strict=True)
    truth = pd.DataFrame({"rec_id": [f"r{i}" for i in range(len(rows))], "person": people})
    scores = pair_scores(truth, dict(zip(truth["rec_id"], clusters, strict=True)))
    precision, recall, mixed = by_hand(people, clusters)
    assert (scores.precision, scores.recall, scores.mixed) == (precision, recall, mixed)


def test_known_answer():
    scores = pair_scores(TRUTH, {"a": 1, "b": 1, "c": 2, "d": 2, "e": 3, "f": 4})
    assert scores.precision == 0.5
    assert scores.recall == 0.25
    assert scores.f1 == pytest.approx(1 / 3)
    assert scores.mixed == 1


def test_a_record_without_a_cluster_stands_alone():
    assert pair_scores(TRUTH, {"a": 1, "b": 1}) == (1.0, 0.25, 0.4, 0)


def test_a_frame_of_clusters_counts_like_a_mapping():
    answer = {"a": "x", "b": "x", "d": "x", "e": "y"}
    frame = pd.DataFrame({"rec_id": list(answer), "cluster": list(answer.values())})
    assert pair_scores(TRUTH, frame) == pair_scores(TRUTH, answer)


def test_nothing_linked_has_full_precision_and_no_recall():
    assert pair_scores(TRUTH, {}) == (1.0, 0.0, 0.0, 0)


def test_strange_and_double_records_are_refused():
    with pytest.raises(ValueError, match="1 clustered records are not in the truth"):
        pair_scores(TRUTH, {"z": 1})
    with pytest.raises(ValueError, match="comes twice in the truth"):
        pair_scores(pd.concat([TRUTH, TRUTH]), {})
    with pytest.raises(ValueError, match="comes twice in the clusters"):
        pair_scores(TRUTH, pd.DataFrame({"rec_id": ["a", "a"], "cluster": [1, 2]}))


def test_record_scores_tell_which_records_fail():
    table = record_scores(TRUTH, {"a": 1, "b": 1, "c": 2, "d": 2, "e": 3, "f": 4}).set_index("rec_id")
    assert table.loc["a"].tolist() == [2, 1, 0]
    assert table.loc["c"].tolist() == [2, 0, 1]
    assert table.loc["f"].tolist() == [0, 0, 0]


def test_marks_show_where_recall_is_lost():
    marks = pd.DataFrame({"rec_id": list("abcdef"), "tone": [1, 1, 0, 0, 0, 0], "turn": [0, 0, 1, 1, 0, 0]})
    scores = record_scores(TRUTH, {"a": 1, "b": 1, "c": 2, "d": 2})
    table = scores_by_mark(scores, marks).set_index("mark")
    assert table.loc["tone", "recall"] == 0.5
    assert table.loc["turn", "recall"] == 0.0
    assert table.loc["turn", "precision"] == 0.0
    assert table.loc["tone", "records"] == 2


def test_a_hundred_thousand_records_of_one_person_do_not_list_their_pairs():
    truth = pd.DataFrame({"rec_id": [str(i) for i in range(100_000)], "person": "บัวผัน"})
    scores = pair_scores(truth, truth.rename(columns={"person": "cluster"}))
    assert scores == (1.0, 1.0, 1.0, 0)
