"""The score table, the candidate pairs, and their probability under the frozen model, in DuckDB.

A pair is one of three: the same person (M), kin (F: another person of the same household, who shares
family name, house and telephone), or unrelated (U). Splink's model is M against U; where a household
explains the agreement as well as identity does, kin takes its share:

    p = M / (M + F + U)
"""

# SQL is built from this room's own constants, never from data.
# ruff: noqa: S608

from __future__ import annotations

import math
import re

import duckdb
import pyarrow as pa

from maehia.linkage.blocking import pair_parts
from maehia.linkage.frequency import add_frequencies
from maehia.linkage.model import Model
from maehia.linkage.spec import COMPARISONS, TF_COLUMNS, Comparison

# Below this a pair is not even kept as a rival.
KEEP = 0.01


def connect(threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """A private in-memory database; no extension is loaded and nothing is fetched."""
    con = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    con.execute("SET preserve_insertion_order = false")
    if threads:
        con.execute(f"SET threads = {int(threads)}")
    return con


# What the register knows of its places: a village lies in one moo, a house code goes with one number.
_PLACES_SQL = """
CREATE OR REPLACE TEMP TABLE village_moo AS
  SELECT village, min(moo) AS moo FROM (
    SELECT village, moo, count(*) AS n, sum(count(*)) OVER (PARTITION BY village) AS total
    FROM raw WHERE village IS NOT NULL AND moo IS NOT NULL GROUP BY village, moo)
  WHERE n >= 3 AND n * 10 > total * 8 GROUP BY village;
CREATE OR REPLACE TEMP TABLE tambons AS
  SELECT tambon, count(*) * 20 < max(count(*)) OVER () AS elsewhere FROM raw WHERE tambon IS NOT NULL GROUP BY tambon;
CREATE OR REPLACE TEMP TABLE code_house AS
  SELECT house_code, min(house_no) AS house_no, min(moo) AS moo FROM (
    SELECT house_code, house_no, moo, count(*) AS n, sum(count(*)) OVER (PARTITION BY house_code) AS total
    FROM raw WHERE house_code IS NOT NULL AND house_no IS NOT NULL AND moo IS NOT NULL
    GROUP BY house_code, house_no, moo)
  WHERE n * 2 > total GROUP BY house_code;
"""
# A house is number + moo (and the tambon where it is not the town's); a village lends its moo, a house code
# its number where no address is written. Hashes stand for texts: equality is all that is asked of them.
_BASED_SQL = """
CREATE OR REPLACE TEMP TABLE {target} AS
WITH placed AS (
  SELECT raw.* EXCLUDE (moo, house_no),
    CASE WHEN tambons.elsewhere THEN raw.tambon || ' ' ELSE '' END
      || coalesce(raw.house_no, code_house.house_no) AS hn,
    coalesce(raw.moo, CASE WHEN raw.house_no IS NULL OR raw.house_no = code_house.house_no
                           THEN code_house.moo END, village_moo.moo) AS moo
  FROM raw LEFT JOIN village_moo USING (village) LEFT JOIN code_house USING (house_code)
  LEFT JOIN tambons USING (tambon))
SELECT idx, source, CASE WHEN first_c IS NOT NULL THEN hash(first_c) END AS f, first_c AS fc,
  CASE WHEN first_k IS NOT NULL THEN hash(first_k) END AS fk,
  CASE WHEN last_c IS NOT NULL THEN hash(last_c) END AS l, last_c AS lc,
  CASE WHEN last_k IS NOT NULL THEN hash(last_k) END AS lk, nid, nid_ok, birth, birth_ok,
  born_lo, born_hi, sex, hn, moo, phone, house_code AS hc, hn || '|' || moo AS hk,
  coalesce(hn || '|' || moo, house_code) AS house,
  birth // 10000 AS birth_year, CASE WHEN birth_ok THEN birth END AS birth_day,
  first_x AS fx, last_x AS lx, latin, least(first_k, last_k) || greatest(first_k, last_k) AS nk,
  CASE WHEN len(first_x) + len(last_x) >= 4 THEN first_x || ' ' || last_x END AS xk,
  left(first_c, 3) AS f3, left(last_c, 3) AS l3,
  born_lo > -30000 OR born_hi < 40000 AS aged
FROM placed
"""


def load_scores(con: duckdb.DuckDBPyConnection, cleaned: pa.Table, model: Model) -> int:
    """Make the table `score` (idx = position in `cleaned`) with term frequencies; gives the row count."""
    con.register("raw", _positioned(cleaned))
    con.execute(_PLACES_SQL)
    con.execute(_BASED_SQL.format(target="based"))
    con.unregister("raw")
    add_frequencies(con, model)
    return int(cleaned.num_rows)


def load_new(con: duckdb.DuckDBPyConnection, cleaned: pa.Table) -> None:
    """Make the table `fresh` of new records beside an existing `score`, seen with the register's places."""
    con.register("raw", _positioned(cleaned))
    con.execute(_BASED_SQL.format(target="newcomer"))
    con.unregister("raw")
    joins = " ".join(f"LEFT JOIN tf_{c} USING ({c})" for c in TF_COLUMNS)
    con.execute(f"CREATE OR REPLACE TEMP TABLE fresh AS SELECT * FROM newcomer {joins}")


def _positioned(cleaned: pa.Table) -> pa.Table:
    return cleaned.append_column("idx", pa.array(range(cleaned.num_rows), pa.int32()))


_SIDE = re.compile(r"\b([a-z]\w*)_([lr])\b")


def _sided(sql: str) -> str:
    """Splink's name_l is l.name here."""
    return _SIDE.sub(r"\2.\1", sql)


def _gamma_sql(comparison: Comparison) -> str:
    top = len(comparison.levels) - 1
    cases = [f"WHEN {_sided(comparison.null)} THEN -1"]
    cases += [f"WHEN {_sided(lv.sql)} THEN {top - i}" for i, lv in enumerate(comparison.levels[:-1])]
    return f"CASE {' '.join(cases)} ELSE 0 END"


def _tf_term(comparison: Comparison, model: Model, size: int, gamma: str) -> str:
    """log2(u / tf) where a level takes the value's own frequency."""
    top, cases = len(comparison.levels) - 1, []
    for i, level in enumerate(comparison.levels):
        if level.tf:
            tf = f"greatest(l.tf_{level.tf}, r.tf_{level.tf}, {level.tf_floor!r})"
            u = math.log2(model.chance(comparison, level, size))
            cases.append(f"WHEN {top - i} THEN {u!r} - log2({tf})")
    return f"CASE {gamma} {' '.join(cases)} ELSE 0 END" if cases else ""


def _weight_term(comparison: Comparison, model: Model, size: int, gamma: str, kin: bool) -> str:
    top, weigh = len(comparison.levels) - 1, model.kin_weight if kin else model.weight
    cases = [f"WHEN {top - i} THEN {weigh(comparison, lv, size)!r}" for i, lv in enumerate(comparison.levels)]
    return f"CASE {gamma} {' '.join(cases)} ELSE 0 END"


def _log_odds(probability: float) -> float:
    return math.log2(probability / (1 - probability))


def _gammas_sql() -> str:
    """Selected columns of a pair: levels of all comparisons and the frequencies on both sides."""
    tf_columns = sorted({lv.tf for c in COMPARISONS for lv in c.levels if lv.tf})
    sides = ", ".join(f"l.tf_{t} AS tf_{t}_l, r.tf_{t} AS tf_{t}_r" for t in tf_columns)
    return sides + ", " + ", ".join(f"{_gamma_sql(c)} AS gamma_{c.key}" for c in COMPARISONS)


def _weights_sql(model: Model, size: int) -> str:
    """m_<comparison> and k_<comparison>: bits for one person and for kin, with term frequency."""
    columns = []
    for c in COMPARISONS:
        gamma = f"gamma_{c.key}"
        tf = _to_columns(_tf_term(c, model, size, gamma))
        for name, kin in (("m", False), ("k", True)):
            weight = _weight_term(c, model, size, gamma, kin)
            columns.append(f"{weight}{' + ' + tf if tf else ''} AS {name}_{c.key}")
    return ", ".join(columns)


def weighed_sql(model: Model, size: int, pairs: str, keep: str = "a, b", left: str = "score") -> str:
    """SQL that gives, for a table of positions (a, b, ...), the columns `keep` and all m_ and k_ bits."""
    return f"""
    SELECT {keep}, {_weights_sql(model, size)} FROM (
      SELECT {keep}, {_gammas_sql()} FROM {pairs} JOIN {left} l ON l.idx = a JOIN score r ON r.idx = b)
    """


def _sum_sql(prior: float, name: str) -> str:
    return f"{_log_odds(prior)!r} + " + " + ".join(f"{name}_{c.key}" for c in COMPARISONS)


def score_sql(model: Model, size: int, pairs: str = "pairs", left: str = "score") -> str:
    """SQL over a table of (a, b), positions in `left` and `score`: match weight (= Splink's), kin weight, p."""
    return f"""
    SELECT a, b, weight, kin, 1 / (1 + 2 ** (-weight) + 2 ** (kin - weight)) AS p FROM (
      SELECT a, b, {_sum_sql(model.match_prior(size), "m")} AS weight,
        {_sum_sql(model.kin_prior(size), "k")} AS kin
      FROM ({weighed_sql(model, size, pairs, left=left)}))
    """


def pooled_sql(model: Model, size: int, pairs: str) -> str:
    """The same for groups of pairs: `pairs` has (spot, a, b); each comparison counts once, at its best."""
    # The pair [m, k] as one value: where two rows agree equally well the larger k counts, whatever the order.
    best = ", ".join(f"max([m_{c.key}, k_{c.key}]) AS best_{c.key}" for c in COMPARISONS)
    parts = ", ".join(f"best_{c.key}[1] AS m_{c.key}, best_{c.key}[2] AS k_{c.key}" for c in COMPARISONS)
    return f"""
    SELECT spot, {_sum_sql(model.match_prior(size), "m")} AS weight,
      {_sum_sql(model.kin_prior(size), "k")} AS kin
    FROM (SELECT spot, {parts} FROM (
      SELECT spot, {best} FROM ({weighed_sql(model, size, pairs, "spot")}) GROUP BY spot))
    """


def _to_columns(sql: str) -> str:
    return re.sub(r"\b([lr])\.(tf_\w+)", r"\2_\1", sql)


def score_all(con: duckdb.DuckDBPyConnection, model: Model, size: int) -> pa.Table:
    """Every candidate pair with p >= KEEP, strongest first (ties by position): a, b, weight, kin, p."""
    parts = []
    for name in pair_parts(con, model.blocks):
        kept = con.execute(f"SELECT * FROM ({score_sql(model, size, name)}) WHERE p >= {KEEP}")
        parts.append(kept.to_arrow_table())
    table = pa.concat_tables(parts)
    return table.sort_by([("weight", "descending"), ("a", "ascending"), ("b", "ascending")])


def gamma_counts_sql(comparison: Comparison, pairs: str) -> str:
    """How often each level occurs in a table of pairs."""
    return (
        f"SELECT gamma, count(*) FROM (SELECT {_gamma_sql(comparison)} AS gamma FROM {pairs} "
        "JOIN score l ON l.idx = a JOIN score r ON r.idx = b) GROUP BY gamma"
    )


def levels_sql(model: Model, size: int) -> str:
    """Level and bits of each comparison for the first two positions."""
    columns = ", ".join(f"gamma_{c.key}, m_{c.key}" for c in COMPARISONS)
    gammas = ", ".join(f"gamma_{c.key}" for c in COMPARISONS)
    first = (
        f"SELECT a, b, {_gammas_sql()} FROM (SELECT 0 AS a, 1 AS b) JOIN score l ON l.idx = a JOIN score r ON r.idx = b"
    )
    return f"SELECT {columns} FROM (SELECT {gammas}, {_weights_sql(model, size)} FROM ({first}))"
