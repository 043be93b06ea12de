"""Is a new model good enough? A decision made on a score that nobody trained on: the national IDs, hidden."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from maehia.linkage.link import resolve
from maehia.linkage.model import Model

# A difference smaller than this is noise.
TOLERANCE = 0.001
_ENOUGH = 200


@dataclass(frozen=True, slots=True)
class Verdict:
    """Held-out pair scores of both models and whether the new one is adopted."""

    old_f1: float
    new_f1: float
    pairs: int
    adopt: bool

    def __str__(self) -> str:
        words = "ใช้แบบจำลองใหม่" if self.adopt else "คงแบบจำลองเดิม"
        return (
            f"{words}: F1 เดิม {self.old_f1:.4f} ใหม่ {self.new_f1:.4f} จาก {self.pairs} คู่ที่ซ่อนเลขประจำตัว "
            f"({'new model adopted' if self.adopt else 'old model kept'})"
        )


def compare_models(old: Model, new: Model, cleaned: pa.Table) -> Verdict:
    """Link the records with their IDs hidden under both models; the IDs then tell who was right.

    A new model is adopted only if its F1 is not worse and there were enough pairs to tell.
    """
    ids = pc.if_else(cleaned["nid_ok"], cleaned["nid"], None).to_pylist()
    hidden = _without_ids(cleaned)
    true = sum(n * (n - 1) // 2 for who, n in Counter(ids).items() if who)
    scores = [_f1(ids, resolve(hidden, model)[0].root.tolist()) for model in (old, new)]
    return Verdict(scores[0], scores[1], true, true >= _ENOUGH and scores[1] >= scores[0] - TOLERANCE)


def adopt(old: Model, new: Model, cleaned: pa.Table) -> tuple[Model, Verdict]:
    """The model to go on with, with the score noted in its metrics."""
    verdict = compare_models(old, new, cleaned)
    if not verdict.adopt:
        return old, verdict
    metrics = {**new.metrics, "held_out_f1": round(verdict.new_f1, 5), "held_out_pairs": verdict.pairs}
    return replace(new, metrics=metrics), verdict


def _without_ids(cleaned: pa.Table) -> pa.Table:
    spot = cleaned.column_names.index("nid")
    bare = cleaned.set_column(spot, "nid", pa.nulls(cleaned.num_rows, pa.string()))
    spot = cleaned.column_names.index("nid_ok")
    return bare.set_column(spot, "nid_ok", pa.array([False] * cleaned.num_rows))


def _f1(ids: list[str | None], root: list[int]) -> float:
    """Pair F1 over the records that have an ID."""
    both, found, true = Counter(), Counter(), Counter()  # type: ignore[var-annotated]
    for who, cluster in zip(ids, root, strict=True):
        if who:
            both[who, cluster] += 1
            found[cluster] += 1
            true[who] += 1
    right, all_found, all_true = (sum(n * (n - 1) // 2 for n in c.values()) for c in (both, found, true))
    return 2 * right / (all_found + all_true) if all_found + all_true else 0.0
