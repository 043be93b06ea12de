"""Scores of a linkage against the truth, counted over pairs of records in one pass (O(n)).

A pair is right when both records are one person in the truth and one cluster in the answer. Pairs
are never listed: a group of k records holds k(k-1)/2 of them.
"""

from collections.abc import Hashable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

Clusters = Mapping[str, Hashable] | pd.DataFrame


class PairScores(NamedTuple):
    """Shares in 0..1; `mixed` = number of clusters that hold more than one person."""

    precision: float
    recall: float
    f1: float
    mixed: int


def pair_scores(truth: pd.DataFrame, clusters: Clusters) -> PairScores:
    """Pairwise precision, recall, f1 and mixed clusters.

    truth: rec_id, person. clusters: rec_id -> cluster, or a frame with rec_id and one more column.
    A record without a cluster stands alone. Without any found (true) pair precision (recall) is 1.
    Raises ValueError if a rec_id comes twice, or if a clustered record is not in the truth.
    """
    person, cluster, both = _codes(truth, clusters)
    found, true, right = (_pairs(np.bincount(code)) for code in (cluster, person, both))
    precision = right / found if found else 1.0
    recall = right / true if true else 1.0
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    if not found and not true:
        f1 = 1.0
    return PairScores(precision, recall, f1, _mixed(cluster, both))


def record_scores(truth: pd.DataFrame, clusters: Clusters) -> pd.DataFrame:
    """Per record: rec_id, true_pairs, right_pairs, wrong_pairs (numbers of partners)."""
    person, cluster, both = _codes(truth, clusters)
    right = np.bincount(both)[both] - 1
    return pd.DataFrame(
        {
            "rec_id": truth["rec_id"].to_numpy(),
            "true_pairs": np.bincount(person)[person] - 1,
            "right_pairs": right,
            "wrong_pairs": np.bincount(cluster)[cluster] - 1 - right,
        }
    )


def scores_by_mark(scores: pd.DataFrame, marks: pd.DataFrame) -> pd.DataFrame:
    """Recall and precision over the pairs of the records that carry each mark; worst recall first.

    scores: of `record_scores`. marks: rec_id and flag columns, as the second register gives them.
    """
    flags = marks.set_index("rec_id").reindex(scores["rec_id"]).to_numpy(bool).T.astype(np.int64)
    true, right, wrong = (flags @ scores[c].to_numpy() for c in ("true_pairs", "right_pairs", "wrong_pairs"))
    table = pd.DataFrame({"mark": marks.columns.drop("rec_id"), "records": flags.sum(axis=1)})
    with np.errstate(invalid="ignore"):
        table["recall"], table["precision"] = right / true, right / (right + wrong)
    return table.sort_values("recall", ignore_index=True)


def _codes(truth: pd.DataFrame, clusters: Clusters) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Small whole numbers per record for its person, its cluster, and the two together."""
    if truth["rec_id"].duplicated().any():
        raise ValueError("a rec_id comes twice in the truth")
    answer = _as_series(clusters)
    strange = ~answer.index.isin(truth["rec_id"])
    if strange.any():
        raise ValueError(f"{int(strange.sum())} clustered records are not in the truth")
    person, _ = pd.factorize(truth["person"])
    cluster, names = pd.factorize(answer.reindex(truth["rec_id"]), use_na_sentinel=True)
    alone = cluster < 0
    cluster[alone] = len(names) + np.arange(int(alone.sum()))
    both, _ = pd.factorize(cluster.astype(np.int64) * len(truth) + person)
    return person, cluster, both


def _as_series(clusters: Clusters) -> pd.Series:
    if isinstance(clusters, pd.DataFrame):
        (column,) = clusters.columns.drop("rec_id")
        series = clusters.set_index("rec_id")[column]
    else:
        series = pd.Series(dict(clusters), dtype=object)
    if series.index.has_duplicates:
        raise ValueError("a rec_id comes twice in the clusters")
    return series


def _pairs(sizes: np.ndarray) -> int:
    sizes = sizes.astype(np.int64)
    return int((sizes * (sizes - 1) // 2).sum())


def _mixed(cluster: np.ndarray, both: np.ndarray) -> int:
    """Clusters that meet more than one person code."""
    first_of_both = np.unique(both, return_index=True)[1]
    return int((np.bincount(cluster[first_of_both]) > 1).sum())
