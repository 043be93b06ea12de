"""Sources and their leaves, changed in the browser or from the shipped list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from maehia.base import Problem, ProblemError
from maehia.evidence.models import Source, SourceLeave
from maehia.kit.acting import required
from maehia.kit.clock import now

FIELDS = {field.attname for field in Source._meta.concrete_fields} - {"key"}


@transaction.atomic
def save_source(key: str, values: Mapping[str, Any]) -> Source:
    """Add or change a source. Personal lists need a legal basis and section: none, no import."""
    unknown = set(values) - FIELDS
    if unknown:
        raise ProblemError(Problem("unknown_field", f"ไม่รู้จักช่อง {', '.join(sorted(unknown))} ของแหล่งข้อมูล", key))
    if values.get("data_class", "personal") != "open" and not (
        values.get("legal_basis") and values.get("legal_section")
    ):
        raise ProblemError(
            Problem(
                "no_legal_basis",
                "แหล่งข้อมูลส่วนบุคคลต้องระบุฐานกฎหมายและมาตรา",
                key,
                "กรอกฐานกฎหมายและมาตราก่อนบันทึก",
            )
        )
    source, _ = Source.objects.update_or_create(key=key, defaults=dict(values))
    return source


def load_sources(rows: list[dict[str, Any]]) -> list[Source]:
    """Bring in a list of sources that are not there yet; what a town changed stays as it is."""
    held = set(Source.objects.values_list("key", flat=True))
    return [
        save_source(row["key"], {n: v for n, v in row.items() if n != "key"}) for row in rows if row["key"] not in held
    ]


@transaction.atomic
def enter_leave(source: Source, *, document_no: str, issued_on: date, issued_by: str, note: str = "") -> SourceLeave:
    """Enter the keeper's written leave; from now on the source is open."""
    if not document_no.strip() or not issued_by.strip():
        raise ProblemError(Problem("leave_incomplete", "หนังสืออนุญาตต้องมีเลขที่และผู้ออกหนังสือ", source.name_th))
    return SourceLeave.objects.create(
        source=source, document_no=document_no.strip(), issued_on=issued_on, issued_by=issued_by.strip(), note=note,
        entered_by=required().actor, entered_at=now(),
    )  # fmt: skip


def revoke_leave(leave: SourceLeave, on: date) -> SourceLeave:
    """The leave has ended: the source is locked again, what it brought stays until it is withdrawn."""
    leave.revoked_on = on
    leave.save(update_fields=["revoked_on"])
    return leave
