"""From cleaned records to clusters: the whole run, and its result."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from maehia.linkage.clean import clean_table, cleaned_from_frame, table_from_frame
from maehia.linkage.forest import AUTO, REVIEW, Clustering, Decisions, Forest, decide, new_forest, roots
from maehia.linkage.lists import Pairs, list_facts
from maehia.linkage.model import Model
from maehia.linkage.pooled import Pool
from maehia.linkage.rivals import Edges, Field, make_edges, settle
from maehia.linkage.score import connect, load_scores, score_all

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class LinkResult:
    """assignment: rec_id -> cluster (its smallest rec_id). review and refused: rec_l, rec_r, p, reason.

    timings: seconds of each step.
    """

    assignment: dict[str, str]
    review: pd.DataFrame
    refused: pd.DataFrame
    model_hash: str
    timings: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What clustering gives before it is put into frames: positions, not names."""

    root: np.ndarray
    review: list[tuple[int, int, float, str]]
    refused: list[tuple[int, int, float, str]]


def link_persons(
    df: pd.DataFrame,
    as_of: Mapping[str, date] | None = None,
    decisions: Decisions | None = None,
    model: Model | None = None,
    today: date | None = None,
) -> LinkResult:
    """Link the records of a frame with the columns of the CLI contract (any cell may be empty).

    as_of: the day each source speaks of. decisions hold before everything else. Raises ProblemError when
    the model cannot be used.
    """
    start = time.perf_counter()
    model = model or Model.load()
    cleaned = clean_table(table_from_frame(df), as_of, today)
    cleaned_at = time.perf_counter()
    outcome, timings = resolve(cleaned, model, decisions)
    clustering = to_clustering(cleaned, outcome)
    return LinkResult(
        clustering.assignment, clustering.review, clustering.refused, model.hash,
        {"clean": cleaned_at - start, **timings},
    )  # fmt: skip


def resolve(cleaned: pa.Table, model: Model, decisions: Decisions | None = None) -> tuple[Outcome, dict[str, float]]:
    """Score, cluster and settle cleaned records (sorted by rec_id); gives the outcome and seconds per step."""
    start = time.perf_counter()
    if cleaned.num_rows == 0:
        return Outcome(np.zeros(0, np.int64), [], []), {"score": 0.0, "cluster": 0.0}
    con = connect()
    try:
        size = load_scores(con, cleaned, model)
        pairs = score_all(con, model, size)
        scored = time.perf_counter()
        outcome = _clustered(cleaned, pairs, decisions, model.match_prior(size), Pool(con, model, size))
    finally:
        con.close()
    return outcome, {"score": scored - start, "cluster": time.perf_counter() - scored}


def _clustered(
    cleaned: pa.Table, scored: pa.Table, decisions: Decisions | None, prior: float, pool: Pool | None
) -> Outcome:
    pairs = Pairs(*(scored[name].to_numpy() for name in Pairs._fields))
    facts = list_facts(cleaned, pairs, prior)
    edges = make_edges(pairs, facts)
    forest = new_forest(cleaned, facts.single_lists())
    _replay(forest, cleaned, decisions)
    field = settle(forest, edges, cleaned, facts, pool)
    return Outcome(roots(forest), _review(edges, field), _refused(edges, field))


def _replay(forest: Forest, cleaned: pa.Table, decisions: Decisions | None) -> None:
    """Decisions about records that are not here any more wait for their return."""
    if decisions is None or not (decisions.same or decisions.never):
        return
    spots = {rec: i for i, rec in enumerate(cleaned["rec_id"].to_pylist())}
    pairs = [
        sorted((spots[a], spots[b]) for a, b in side if a in spots and b in spots)
        for side in (decisions.same, decisions.never)
    ]
    decide(forest, pairs[0], pairs[1])


def _review(edges: Edges, field: Field) -> list[tuple[int, int, float, str]]:
    """Doubtful pairs, and what a guard stopped although everything else agrees; the likeliest first."""
    doubtful = [(int(edges.a[c.spot]), int(edges.b[c.spot]), c.p, "doubt") for c in field.found if REVIEW <= c.p < AUTO]
    return sorted(doubtful + _refused(edges, field), key=lambda row: (-row[2], row[0], row[1]))


def _refused(edges: Edges, field: Field) -> list[tuple[int, int, float, str]]:
    rows = []
    for spot, reason in field.refused.items():
        p = 1 / (1 + 2.0 ** -min(float(edges.odds[spot]), 60.0))
        if p >= AUTO and reason != "never":
            rows.append((int(edges.a[spot]), int(edges.b[spot]), p, reason))
    return rows


def to_clustering(cleaned: pa.Table, outcome: Outcome) -> Clustering:
    """The outcome by rec_id. A cluster is named by its smallest rec_id: positions stand in that order."""
    ids = cleaned["rec_id"].to_pylist()
    assignment = {ids[i]: ids[r] for i, r in enumerate(outcome.root.tolist())}
    return Clustering(assignment, _frame(ids, outcome.review), _frame(ids, outcome.refused))


def _frame(ids: list[str], rows: list[tuple[int, int, float, str]]) -> pd.DataFrame:
    import pandas as pd

    named = [(ids[a], ids[b], round(p, 6), reason) for a, b, p, reason in rows]
    return pd.DataFrame(named, columns=["rec_l", "rec_r", "p", "reason"])


def score_pairs(cleaned: pd.DataFrame, model: Model) -> pd.DataFrame:
    """rec_l, rec_r, weight (Splink's match weight), kin, p of every compared pair that is not hopeless."""
    import pandas as pd

    table = cleaned_from_frame(cleaned)
    con = connect()
    try:
        pairs = score_all(con, model, load_scores(con, table, model))
    finally:
        con.close()
    ids = table["rec_id"]
    named = {"rec_l": ids.take(pairs["a"]), "rec_r": ids.take(pairs["b"])}
    rest = {name: pairs[name] for name in ("weight", "kin", "p")}
    return pd.DataFrame({name: column.to_pylist() for name, column in {**named, **rest}.items()})


def cluster(cleaned: pd.DataFrame, pairs: pd.DataFrame, decisions: Decisions | None = None) -> Clustering:
    """Guarded clusters from the pairs of `score_pairs`: decisions first, then the strongest edge first."""
    table = cleaned_from_frame(cleaned)
    spots = {rec: i for i, rec in enumerate(table["rec_id"].to_pylist())}
    left = np.array([spots[r] for r in pairs["rec_l"]], np.int64)
    right = np.array([spots[r] for r in pairs["rec_r"]], np.int64)
    given = pa.table({"a": np.minimum(left, right), "b": np.maximum(left, right),
                      "weight": pairs["weight"].to_numpy(float), "kin": pairs["kin"].to_numpy(float)})  # fmt: skip
    prior = Model.load().match_prior(len(spots))
    return to_clustering(table, _clustered(table, given, decisions, prior, None))
