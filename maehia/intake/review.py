"""The queue of doubtful pairs: rebuilt by each run, ordered by what depends on the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from maehia.evidence.models import NeedRecord, PersonRecord, Verdict
from maehia.evidence.queries import ordered_pair
from maehia.intake.models import ReviewItem
from maehia.kit.modes import current_mode

BATCH_ROWS = 2000


@dataclass(frozen=True, slots=True)
class Pair:
    """Two source entities that may be one; reason: "band" or the guard that refused them."""

    ref_a: str
    ref_b: str
    p: float
    reason: str


@transaction.atomic
def lay_out(kind: str, pairs: Sequence[Pair]) -> int:
    """Replace the open part of the queue. A pair that a person ruled on is never asked again."""
    mode = current_mode()
    ruled = set(Verdict.objects.filter(kind=kind, mode=mode, undone_at=None).values_list("ref_a", "ref_b"))
    asked = dict(
        ((a, b), skipped)
        for a, b, skipped in ReviewItem.objects.filter(kind=kind, mode=mode, verdict=None).values_list(
            "ref_a", "ref_b", "skipped"
        )
    )
    ReviewItem.objects.filter(kind=kind, mode=mode, verdict=None).delete()
    wanted: dict[tuple[str, str], Pair] = {}
    for pair in pairs:
        key = ordered_pair(pair.ref_a, pair.ref_b)
        if key not in ruled and (key not in wanted or pair.p > wanted[key].p):
            wanted[key] = pair
    ReviewItem.objects.filter(kind=kind, mode=mode, ref_a__in=[a for a, _ in wanted]).exclude(verdict=None).delete()
    depends = _dependence({ref for key in wanted for ref in key}) if kind == "person" else {}
    ReviewItem.objects.bulk_create(
        [_item(pair, depends, kind=kind, mode=mode, skipped=asked.get(key, 0)) for key, pair in wanted.items()],
        batch_size=BATCH_ROWS,
    )
    return len(wanted)


def _item(pair: Pair, depends: dict[str, tuple[int, str]], **values: Any) -> ReviewItem:
    first, second = ordered_pair(pair.ref_a, pair.ref_b)
    weight, waits_on = max(depends.get(ref, (0, "")) for ref in (first, second))
    return ReviewItem(
        ref_a=first, ref_b=second, p=pair.p, reason=pair.reason[:40], weight=weight, waits_on=waits_on, **values
    )


# What waits for the answer: somebody's safety first, then somebody's money.
WEIGHT_NEED, WEIGHT_BENEFIT = 3, 2
# Words for all: the queue is not guarded row by row, and which benefit it is may tell of a disability.
WAITS_NEED, WAITS_BENEFIT = "ความช่วยเหลือในภาวะฉุกเฉิน", "เบี้ยหรือสวัสดิการ"


def _dependence(refs: set[str]) -> dict[str, tuple[int, str]]:
    found: dict[str, tuple[int, str]] = {}
    with_benefit = PersonRecord.objects.current().exclude(benefit="").filter(ref__in=refs)
    for ref in with_benefit.values_list("ref", flat=True):
        found[ref] = (WEIGHT_BENEFIT, WAITS_BENEFIT)
    for ref in NeedRecord.objects.current().filter(person_ref__in=refs).values_list("person_ref", flat=True):
        found[ref] = (WEIGHT_NEED, WAITS_NEED)
    return found
