"""Train a model: u by Splink's random sampling, m by Splink from labels, kin rates from households.

Without labels the valid national ID is the label, and the ID's own rates come from expectation
maximisation over pairs of equal name and birth day.
"""

# SQL is built from this room's own constants, never from data.
# ruff: noqa: S608

from __future__ import annotations

from dataclasses import replace
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from maehia.linkage.model import Model, Rates
from maehia.linkage.score import connect, gamma_counts_sql, load_scores
from maehia.linkage.spec import COMPARISONS, Comparison
from maehia.linkage.splinked import splink_settings

# Sampled pairs for u; counts are smoothed by this many pairs, so that no level is impossible.
_SAMPLE = 4e6
_SMOOTH = 0.5
# A level that never occurred is taken to be this rare.
_SELDOM_M, _SELDOM_U = 5e-4, 1e-6
# A slip puts another townsman's (or kin's) ID on a row about this often.
_WRONG_ID = {"same": 0.001, "same_bad": 0.002, "near": 0.01}
_KIN_WRONG_ID = {"same": 0.0005, "same_bad": 0.0005, "near": 0.002}


def train(
    cleaned: pa.Table,
    label: pa.Array | None = None,
    family: pa.Array | None = None,
    base: Model | None = None,
    seed: int = 1,
) -> Model:
    """A model of these cleaned records.

    label: who each row is (same order as `cleaned`), where known; default: its valid national ID.
    family: household of each row; default: rows of one house with different valid IDs are kin.
    base: gives rates that this data cannot tell (default: the shipped model).
    """
    base = base or Model.load()
    con = connect()
    size = load_scores(con, cleaned, base)
    ids = pc.if_else(cleaned["nid_ok"], cleaned["nid"], None)
    _label(con, label if label is not None else ids, family)
    rates = _from_splink(con, by_id=label is None, seed=seed)
    kin = _kin_rates(con)
    merged = {c.key: _merge(c, rates[c.key], kin.get(c.key, {}), base.rates[c.key], label is None) for c in COMPARISONS}
    model = replace(base, rates=merged, names=_shares(con), metrics={})
    if label is None:
        return model
    return replace(model, match_rate=_rate(con, "label", size), kin_rate=_kin_rate(con, size))


def _label(con: duckdb.DuckDBPyConnection, label: Any, family: Any) -> None:
    size = len(label)
    told = pa.table({"idx": pa.array(range(size), pa.int32()), "label": label,
                     "family": family if family is not None else pa.nulls(size, pa.string())})  # fmt: skip
    con.register("told", told)
    house = "family" if family is not None else "house"
    con.execute(f"CREATE OR REPLACE TEMP TABLE labelled AS SELECT score.*, told.label, {house} AS kin_key "
                "FROM score JOIN told USING (idx)")  # fmt: skip
    con.unregister("told")


def _from_splink(con: duckdb.DuckDBPyConnection, by_id: bool, seed: int) -> dict[str, dict[str, tuple[Any, Any]]]:
    """Splink's m and u per comparison and level."""
    from splink import DuckDBAPI, Linker, block_on

    api = DuckDBAPI(connection=con)
    frame = api.register("labelled")
    linker = Linker(frame, splink_settings(), log_level=40)
    linker.training.estimate_u_using_random_sampling(max_pairs=_SAMPLE, seed=seed)
    linker.training.estimate_m_from_label_column("label")
    if by_id:
        rule = block_on("f", "l", "birth_day")
        linker.training.estimate_parameters_using_expectation_maximisation(rule, estimate_without_term_frequencies=True)
    saved = linker.misc.save_model_to_json()
    return {
        comparison["output_column_name"]: {
            level["label_for_charts"]: (level.get("m_probability"), level.get("u_probability"))
            for level in comparison["comparison_levels"]
        }
        for comparison in saved["comparisons"]
    }


def _kin_rates(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, float]]:
    """Levels among pairs of one household that are certainly two people."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE kin_pairs AS SELECT x.idx AS a, y.idx AS b FROM labelled x JOIN labelled y "
        "ON x.kin_key = y.kin_key AND x.idx < y.idx AND x.label <> y.label USING SAMPLE 400000 ROWS (reservoir, 1)"
    )
    return {c.key: _smoothed(c, con.execute(gamma_counts_sql(c, "kin_pairs")).fetchall()) for c in COMPARISONS}


def _smoothed(comparison: Comparison, rows: list[tuple[int, int]]) -> dict[str, float]:
    counts = {gamma: n for gamma, n in rows if gamma >= 0}
    total = sum(counts.values()) + _SMOOTH * len(comparison.levels)
    top = len(comparison.levels) - 1
    return {lv.key: (counts.get(top - i, 0) + _SMOOTH) / total for i, lv in enumerate(comparison.levels)}


def _merge(
    comparison: Comparison,
    splink: dict[str, tuple[Any, Any]],
    kin: dict[str, float],
    base: dict[str, Rates],
    by_id: bool,
) -> dict[str, Rates]:
    out = {}
    for level in comparison.levels:
        m, u = splink.get(level.key, (None, None))
        k = kin.get(level.key, base[level.key].k)
        if level.scaled:
            u, k = _WRONG_ID[level.key], _KIN_WRONG_ID[level.key]
        elif by_id and comparison.key == "house":
            k = base[level.key].k
        out[level.key] = Rates(_bounded(m, _SELDOM_M), _bounded(u, _SELDOM_U), _bounded(k, _SELDOM_U))
    return out


def _bounded(value: Any, least: float) -> float:
    return min(0.9999, max(least, value)) if isinstance(value, float) else least


def _shares(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, float]]:
    """Shares of the commoner names."""
    out = {}
    for column, text in (("f", "fc"), ("l", "lc")):
        rows = con.execute(
            f"SELECT {text}, round(count(*) / sum(count(*)) OVER (), 7) AS share FROM score "
            f"WHERE {text} IS NOT NULL GROUP BY {text} ORDER BY count(*) DESC, {text} LIMIT 2000"
        ).fetchall()
        out[column] = {name: share for name, share in rows if share >= 5e-5}
    return out


def _rate(con: duckdb.DuckDBPyConnection, column: str, size: int) -> float:
    groups = f"SELECT count(*) AS n FROM labelled WHERE {column} IS NOT NULL GROUP BY {column}"
    sql = f"SELECT sum(n * (n - 1) // 2) FROM ({groups})"
    row = con.execute(sql).fetchone()
    return float(row[0] or 0) / size if row else 0.0


def _kin_rate(con: duckdb.DuckDBPyConnection, size: int) -> float:
    return max(_rate(con, "kin_key", size) - _rate(con, "label", size), 0.1)
