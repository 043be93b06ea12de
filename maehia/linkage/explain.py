"""Why two records may be one person, in words for the side-by-side review."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from maehia.linkage.clean import cleaned_schema
from maehia.linkage.guards import REASONS, states_of
from maehia.linkage.model import Model
from maehia.linkage.score import connect, levels_sql, load_scores
from maehia.linkage.spec import COMPARISONS, Comparison, Level

# Without a register the pair is weighed as in a town of this many records.
_TOWN = 20_000
# Evidence weaker than this (bits) is not worth a clerk's glance.
_WEAK = 0.5
_STRENGTH = ((8.0, "หลักฐานหนักแน่นมาก"), (4.0, "หลักฐานหนักแน่น"), (1.5, "หลักฐานพอสมควร"), (0.0, "หลักฐานอ่อน"))


@dataclass(frozen=True, slots=True)
class Evidence:
    """One field's word. for_against: "for", "against" or "unknown"; weight in bits (negative = against)."""

    for_against: str
    field: str
    words_th: str
    weight: float


def explain_pair(
    a: Mapping[str, Any], b: Mapping[str, Any], model: Model | None = None, register: pa.Table | None = None
) -> list[Evidence]:
    """Evidence for and against two cleaned records (rows of `clean_records`) being one person, strongest first.

    register: cleaned records of the town, so that a rare name weighs more than a common one; without it the
    model's own frequencies are used. A guard that forbids the pair comes first.
    """
    model = model or Model.load()
    pair = pa.Table.from_pylist([_told(a), _told(b)], schema=cleaned_schema())
    table = pair if register is None else pa.concat_tables([pair, _without(register, pair)])
    con = connect()
    try:
        size = load_scores(con, table, model)
        row = con.execute(levels_sql(model, max(size, _TOWN))).fetchone()
    finally:
        con.close()
    told = dict(zip((c.key for c in COMPARISONS), _levels(row or ()), strict=True))
    evidence = [_evidence(c, *told[c.key], a, b) for c in COMPARISONS if c.key in told]
    found = [e for e in evidence if e and (abs(e.weight) >= _WEAK or e.for_against == "unknown")]
    return _guard(pair) + sorted(found, key=lambda e: -abs(e.weight))


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of a frame as plain values: pandas writes gaps as NaN and whole numbers beside them as floats."""
    plain: dict[str, Any] = {}
    for field in cleaned_schema():
        value: Any = row.get(field.name)
        if value is None or (isinstance(value, float) and math.isnan(value)):
            plain[field.name] = None
        else:
            plain[field.name] = int(value) if pa.types.is_integer(field.type) else value
    return plain


def _without(register: pa.Table, pair: pa.Table) -> pa.Table:
    import pyarrow.compute as pc

    return register.filter(pc.invert(pc.is_in(register["rec_id"], pair["rec_id"].combine_chunks())))


def _levels(row: tuple[Any, ...]) -> list[tuple[int, float]]:
    return [(int(row[i]), float(row[i + 1])) for i in range(0, len(row), 2)]


def _evidence(
    comparison: Comparison, gamma: int, weight: float, a: Mapping[str, Any], b: Mapping[str, Any]
) -> Evidence | None:
    level: Level | None = comparison.level(gamma)
    if level is None:
        if comparison.key in ("age", "sex"):
            return None
        return Evidence("unknown", comparison.key, f"{comparison.th}: ไม่มีข้อมูลให้เทียบทั้งสองฝ่าย", 0.0)
    side = "for" if weight > 0 else "against"
    strength = next(words for least, words in _STRENGTH if abs(weight) >= least)
    return Evidence(side, comparison.key, f"{level.th} ({strength})", round(weight, 2))


def _guard(pair: pa.Table) -> list[Evidence]:
    reason = states_of(pair, set()).conflict(0, 1)
    return [Evidence("against", "guard", REASONS[reason], -math.inf)] if reason else []
