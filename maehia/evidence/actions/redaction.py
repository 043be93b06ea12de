"""Erasing for good: the values of records go, the row and its number stay, and the journal remembers.

A rebuild reads records, so what is redacted here cannot come back; a restore replays the journal.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.apps import apps
from django.db import transaction
from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat

from maehia.base import Problem, ProblemError
from maehia.evidence import registry
from maehia.evidence.models import Correction, Delivery, NeedRecord, PersonRecord, Record, RedactionEntry, Verdict
from maehia.kit.acting import required
from maehia.kit.clock import now
from maehia.kit.crypto import drop_file_key

EMPTY_DIGEST = bytes(16)


@transaction.atomic
def redact(refs: Sequence[str], *, ground: str, keys: Sequence[str] = ()) -> RedactionEntry:
    """Erase what lists said of these source entities (all versions), their needs, corrections of `keys` with their
    history, and every stored file of the lists that named them. Needs a purpose that may alter append-only rows.
    The caller projects the register anew afterwards."""
    if not refs or len(ground.strip()) < 10:
        raise ProblemError(Problem("no_ground", "การลบถาวรต้องระบุรายการและเหตุผลอย่างน้อย 10 ตัวอักษร"))
    entry = RedactionEntry.objects.create(
        at=now(),
        actor=required().actor,
        ground=ground.strip(),
        refs={"refs": sorted(refs), "keys": sorted(keys)},
    )
    _erase(sorted(refs), sorted(keys))
    return entry


@transaction.atomic
def replay_redactions() -> int:
    """After a restore: erase again everything that the journal names. Safe to repeat."""
    entries = list(RedactionEntry.objects.order_by("pk"))
    for entry in entries:
        _erase(entry.refs["refs"], entry.refs["keys"])
    return len(entries)


def _erase(refs: list[str], keys: list[str]) -> None:
    people = PersonRecord.objects.filter(ref__in=refs)
    needs = NeedRecord.objects.filter(person_ref__in=refs)
    sources = set(people.values_list("source", flat=True)) | set(needs.values_list("source", flat=True))
    people.update(**_blank(PersonRecord), id_index=None, phone_index=None)
    # The number of a need's row names its kind, so it gets another one.
    number = Concat("person_ref", Value("/need/"), Cast("pk", CharField()))
    needs.update(**_blank(NeedRecord, keep=("person_ref",)), ref=number)
    _erase_corrections(keys)
    _erase_reasons(refs)
    _erase_files(sources)


def _erase_corrections(keys: list[str]) -> None:
    """Values and reasons, and those that the history of the decisions keeps (after the rows: each update adds one)."""
    for model in (Correction, apps.get_model("evidence", "CorrectionEvent")):
        model._default_manager.filter(key__in=keys).update(value=None, why="", undone_why="")


def _erase_reasons(refs: list[str]) -> None:
    """What officers wrote when they ruled on her pairs, and its history; the rulings themselves stay."""
    for model in (Verdict, apps.get_model("evidence", "VerdictEvent")):
        found = model._default_manager.filter(Q(ref_a__in=refs) | Q(ref_b__in=refs))
        found.update(why="", undone_why="")


def _erase_files(sources: set[str]) -> None:
    """Every file of the lists: a row that did not change makes no record, yet it stands in each month's file."""
    deliveries = Delivery.objects.filter(source__in=sources)
    for delivery in deliveries.exclude(file_key=None):
        drop_file_key(str(delivery.file_key))
    registry.forget(list(deliveries.values_list("pk", flat=True)))


def _blank(model: type[Record], keep: Sequence[str] = ("role", "about_kind", "about_ref")) -> dict[str, object]:
    """Empty values for every column that carries what a list said."""
    blank: dict[str, object] = {"digest": EMPTY_DIGEST}
    for name in model.VALUES:
        if name not in keep:
            blank[name] = None if model._meta.get_field(name).null else ""
    return blank
