"""Keeping what a linkage run accepted: links are added and ended, never changed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from maehia.evidence.models import Link, LinkRun, Redirect
from maehia.kit.acting import required
from maehia.kit.clock import now

BATCH_ROWS = 5000


@dataclass(frozen=True, slots=True)
class LinkChange:
    """What a run found: the key of every source entity, and merged keys (old -> new)."""

    kind: str
    keys: Mapping[str, uuid.UUID]
    redirects: Mapping[uuid.UUID, uuid.UUID]
    model_hash: str = ""
    cleaning_version: str = ""
    mode: str = "live"


@transaction.atomic
def save_links(change: LinkChange) -> LinkRun:
    """Store a run. Refs that are no longer there keep their link: a record that comes back finds its key again."""
    old = {
        ref: (pk, key)
        for ref, pk, key in Link.objects.filter(kind=change.kind, mode=change.mode, ended_run=None).values_list(
            "ref", "pk", "key"
        )
    }
    moved = {ref: key for ref, key in change.keys.items() if ref not in old or old[ref][1] != key}
    run = LinkRun.objects.create(
        kind=change.kind, at=now(), actor=required().actor, model_hash=change.model_hash,
        cleaning_version=change.cleaning_version, mode=change.mode,
        counts={"linked": len(change.keys), "moved": len(moved), "merged": len(change.redirects)},
    )  # fmt: skip
    ended = [old[ref][0] for ref in moved if ref in old]
    for start in range(0, len(ended), BATCH_ROWS):
        Link.objects.filter(pk__in=ended[start : start + BATCH_ROWS]).update(ended_run=run)
    Link.objects.bulk_create(
        [Link(kind=change.kind, ref=ref, key=key, run=run, mode=change.mode) for ref, key in sorted(moved.items())],
        batch_size=BATCH_ROWS,
    )
    _save_redirects(change, run)
    return run


def _save_redirects(change: LinkChange, run: LinkRun) -> None:
    """A key that lives again (unmerge) no longer redirects; a merged key does."""
    alive = set(change.keys.values())
    open_now = Redirect.objects.filter(kind=change.kind, ended_run=None)
    back = [r.pk for r in open_now if r.old_key in alive or r.old_key in change.redirects]
    Redirect.objects.filter(pk__in=back).update(ended_run=run)
    Redirect.objects.bulk_create(
        Redirect(kind=change.kind, old_key=old, new_key=new, run=run)
        for old, new in sorted(change.redirects.items())
        if old not in alive
    )
