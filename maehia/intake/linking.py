"""A linkage run over the whole register: people, houses, and the things that name themselves.

Reads records under the context's purpose, asks the pure `linkage` room, keeps what it accepted, and lays the doubtful
pairs out for review. The model is frozen; verdicts of people come first in every run.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from django.db import transaction

from maehia.evidence.actions import LinkChange, save_links
from maehia.evidence.models import RECORDS, Link, PersonRecord, Verdict
from maehia.evidence.queries import address_ref, latest_as_of
from maehia.intake.review import Pair, lay_out
from maehia.kit.modes import current_mode
from maehia.linkage import CLEANING_VERSION, Decisions, carry_keys, link_houses, link_persons

PERSON_COLUMNS = (
    "rec_id", "source", "title", "first_name", "last_name", "full_name", "national_id", "birth", "sex", "address",
    "house_code", "phone",
)  # fmt: skip
ADDRESSED = ("person", "building", "business", "pet")
# Kinds that every list names by a code of its own: the same ref is the same thing.
NAMED = (
    "building", "parcel", "business", "place", "asset", "pet", "area", "road", "waterway", "station", "place_code",
)  # fmt: skip
Words = Callable[[str], None]


@dataclass(slots=True)
class LinkReport:
    """What a run found: records, entities, pairs for review, keys merged away."""

    counts: dict[str, dict[str, int]] = field(default_factory=dict)


def silent(_words: str) -> None:
    """Nobody listens."""


@transaction.atomic
def run_linkage(say: Words = silent) -> LinkReport:
    """Link everything that is current in the mode at hand. Keys of what stayed the same stay the same."""
    report = LinkReport()
    say("เชื่อมโยงบ้านและที่อยู่")
    if current_mode() == "live":
        report.counts["house"] = _link_houses()
        for kind in NAMED:
            _link_named(kind)
    say("เชื่อมโยงบุคคล")
    report.counts["person"] = _link_people()
    return report


def person_frame() -> pd.DataFrame:
    """Current person records as the linkage takes them; secrets are opened in memory only."""
    names = [f.attname for f in PersonRecord._meta.concrete_fields if f.attname in _NEEDED]
    rows = (
        PersonRecord.objects.current()
        .exclude(role="organisation")
        .order_by("ref")
        .values(*names)
        .iterator(chunk_size=5000)
    )
    return pd.DataFrame([_person_row(row) for row in rows], columns=list(PERSON_COLUMNS), dtype=str)


_NEEDED = {
    "ref", "source_id", "title", "first_name", "last_name", "full_name", "national_id", "birth", "birth_precision",
    "birth_text", "sex", "address", "house_no", "moo", "village", "house_code", "phone",
}  # fmt: skip


def _person_row(row: dict[str, Any]) -> dict[str, str]:
    said = {name: row.get(name) or "" for name in PERSON_COLUMNS}
    said["rec_id"], said["source"] = row["ref"], row["source_id"]
    said["birth"] = birth_text(row)
    said["address"] = row["address"] or address_text(row)
    return said


def birth_text(row: dict[str, Any]) -> str:
    """The birth day as far as it is known: a day, a month, a year, or the cell as it came."""
    if not row["birth"]:
        return str(row["birth_text"] or "")
    cut = {"day": 10, "month": 7, "year": 4}[row["birth_precision"] or "day"]
    return str(row["birth"].isoformat()[:cut])


def address_text(row: dict[str, Any]) -> str:
    parts = [row["house_no"], f"หมู่ที่ {row['moo']}" if row["moo"] is not None else "", row["village"]]
    return " ".join(part for part in parts if part)


def decisions(kind: str) -> Decisions:
    """What people ruled and nobody undid."""
    standing = Verdict.objects.filter(kind=kind, undone_at=None, mode=current_mode()).order_by("pk")
    pairs = [(v.ref_a, v.ref_b, v.same) for v in standing]
    return Decisions(same=[(a, b) for a, b, same in pairs if same], never=[(a, b) for a, b, same in pairs if not same])


def held_keys(kind: str) -> dict[str, uuid.UUID]:
    rows = Link.objects.filter(kind=kind, mode=current_mode(), ended_run=None).values_list("ref", "key")
    return dict(rows.iterator(chunk_size=10_000))


def _link_people() -> dict[str, int]:
    frame = person_frame()
    if frame.empty:
        return {"records": 0, "entities": 0, "review": 0, "merged": 0}
    found = link_persons(frame, latest_as_of(), decisions("person"))
    update = carry("person", found.assignment)
    save_links(
        LinkChange("person", update.assignment, update.merged, found.model_hash, str(CLEANING_VERSION), current_mode())
    )  # fmt: skip
    pairs = list(_pairs(found.review))  # those that a guard refused are among them
    lay_out("person", pairs)
    return {
        "records": len(frame), "entities": len(set(update.assignment[r] for r in frame["rec_id"])),
        "review": len(pairs), "merged": len(update.merged),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Carried:
    """Keys of a run: of every ref, and merged old -> new."""

    assignment: dict[str, uuid.UUID]
    merged: dict[uuid.UUID, uuid.UUID]


def carry(kind: str, clusters: Mapping[str, str]) -> Carried:
    """Give clusters the keys that their records have, or once had before a merge; new ones get random keys."""
    old = {ref: str(key) for ref, key in held_keys(kind).items()}
    update = carry_keys(old, clusters, lambda: str(uuid.uuid4()))
    keys = {ref: uuid.UUID(key) for ref, key in update.assignment.items()}
    revive(kind, keys, {uuid.UUID(key) for key in update.created}, set(old))
    return Carried(keys, {uuid.UUID(a): uuid.UUID(b) for a, b in update.merged.items()})


def revive(kind: str, keys: dict[str, uuid.UUID], created: set[uuid.UUID], known: set[str]) -> None:
    """What a merge joined and a person parted again goes on under the key it had: an unmerge is the way back."""
    refs = sorted(ref for ref, key in keys.items() if key in created and ref in known)
    past = (
        Link.objects.filter(kind=kind, mode=current_mode(), ref__in=refs).exclude(ended_run=None).order_by("-ended_run")
    )
    alive, back = set(keys.values()), dict[uuid.UUID, uuid.UUID]()
    for ref, key in past.values_list("ref", "key"):
        if keys[ref] not in back and key not in alive:
            back[keys[ref]] = key
            alive.add(key)
    for ref, key in keys.items():
        keys[ref] = back.get(key, key)


HOUSE_DOUBT = 0.5  # the house linkage says why it doubts, not how much


def _pairs(frame: pd.DataFrame) -> Iterable[Pair]:
    for row in frame.itertuples():
        yield Pair(str(row.rec_l), str(row.rec_r), float(getattr(row, "p", HOUSE_DOUBT)), str(row.reason))


def house_frame() -> pd.DataFrame:
    """House records and every address that another list wrote, one row per different address."""
    rows: dict[str, dict[str, Any]] = {}
    for record in RECORDS["house"].objects.current().order_by("ref").iterator(5000):
        point: Any = record.geom
        rows[record.ref] = _house_row(record.ref, record.source_id, record, point)
    for kind in ADDRESSED:
        model = RECORDS[kind]
        names = [n for n in ("house_code", "house_no", "moo", "village") if n in model.VALUES]
        for record in model.objects.current().only("source_id", *names).order_by("pk").iterator(5000):
            ref = address_ref(
                getattr(record, "house_code", ""),
                record.house_no,
                record.moo,
                getattr(record, "village", ""),
            )
            if ref:
                rows.setdefault(ref, _house_row(ref, "address", record, None))
    columns = ["rec_id", "source", "house_code", "house_no", "moo", "village", "x", "y"]
    return pd.DataFrame(list(rows.values()), columns=columns)


def _house_row(ref: str, source: str, record: Any, point: Any) -> dict[str, Any]:
    return {
        "rec_id": ref, "source": source, "house_code": getattr(record, "house_code", "") or "",
        "house_no": record.house_no or "", "moo": record.moo, "village": getattr(record, "village", "") or "",
        "x": point.x if point else None, "y": point.y if point else None,
    }  # fmt: skip


def _link_houses() -> dict[str, int]:
    frame = house_frame()
    if frame.empty:
        return {"records": 0, "entities": 0, "review": 0, "merged": 0}
    found = link_houses(frame)
    update = carry("house", found.assignment)
    save_links(LinkChange("house", update.assignment, update.merged))
    pairs = list(_pairs(found.review))
    lay_out("house", pairs)
    return {
        "records": len(frame), "entities": len(set(update.assignment[r] for r in frame["rec_id"])),
        "review": len(pairs), "merged": len(update.merged),
    }  # fmt: skip


def _link_named(kind: str) -> None:
    held = held_keys(kind)
    refs = RECORDS[kind].objects.current().order_by("ref").values_list("ref", flat=True)
    keys = {ref: held.get(ref) or uuid.uuid4() for ref in refs.iterator(chunk_size=10_000)}
    if keys.keys() - held.keys():
        save_links(LinkChange(kind, keys, {}))
