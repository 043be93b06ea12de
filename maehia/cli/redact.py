"""`maehia redact --person KEY --ground TEXT`: erase a person for good, from lists, register, history and files."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from maehia.base import Problem, ProblemError
from maehia.cli import boot


@dataclass(frozen=True, slots=True)
class Redacted:
    """What went: rows of lists by kind, files made unreadable, rows of the register that changed."""

    refs: int
    records: int
    needs: int
    files: int
    register: int


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("redact", description=__doc__)
    parser.add_argument("--person", required=True, type=UUID, metavar="KEY", help="the key in the person's address")
    parser.add_argument("--ground", required=True, metavar="TEXT", help="order or request, number and date; no name")


def run(args: argparse.Namespace) -> int:
    boot.django("worker")
    from maehia.access.actions import tell_cli_read

    actor = f"cli:{boot.os_user()}"
    done = redact_person(args.person, args.ground, actor)
    tell_cli_read(actor, f"redact {args.person}")
    print(
        f"ลบถาวรแล้ว: {done.refs:,} รายการในบัญชีต้นทาง ({done.records:,} ระเบียน, {done.needs:,} ความต้องการช่วยเหลือ)\n"
        f"ไฟล์ต้นทางที่เปิดไม่ได้อีก {done.files:,} ไฟล์ ปรับทะเบียน {done.register:,} แถว\n"
        "บันทึกการลบอยู่ในฐานข้อมูลและ redactions.jsonl: ข้อมูลสำรองเก่าที่กู้คืนจะถูกลบซ้ำ (kept in the journal)\n"
        "ต้นทางยังมีข้อมูลนี้อยู่: แจ้งเจ้าของบัญชีให้ลบ มิฉะนั้นรอบส่งหน้าจะนำกลับเข้ามา (the list's keeper must erase it too)"
    )
    return 0


def redact_person(key: UUID, ground: str, actor: str) -> Redacted:
    """Erase and project anew, all or nothing. Raises ProblemError: no_person, no_ground."""
    from django.db import transaction

    from maehia.city import actions as city
    from maehia.evidence import actions as evidence
    from maehia.kit.acting import acting

    with transaction.atomic():
        with acting(actor, "system.redact"):
            keys, refs = named(key)
            counts = count(refs)
            evidence.redact(refs, ground=ground, keys=[str(each) for each in keys])
        with acting(actor, "system.project"):
            return Redacted(len(refs), *counts, city.refresh().total)


def named(key: UUID) -> tuple[list[UUID], list[str]]:
    """Every key of the person (merged ones too) and every row of a list that is this person."""
    from maehia.city.queries.history import refs_of
    from maehia.evidence.models import Redirect

    moved = Redirect.objects.filter(kind="person", ended_run=None)
    while (target := moved.filter(old_key=key).values_list("new_key", flat=True).first()) is not None:
        key = target
    keys = [key, *moved.filter(new_key=key).values_list("old_key", flat=True)]
    refs = refs_of("person", key)
    if not refs:
        raise ProblemError(
            Problem("no_person", "ไม่พบบุคคลนี้ในทะเบียน", str(key), "คัดลอกรหัสจากที่อยู่หน้าของบุคคล (/staff/register/person/...)")
        )
    return keys, refs


def count(refs: list[str]) -> tuple[int, int, int]:
    """Records, needs and readable files of lists that are about to go."""
    from maehia.evidence.models import Delivery, NeedRecord, PersonRecord
    from maehia.kit.models import FileKey

    people, needs = PersonRecord.objects.filter(ref__in=refs), NeedRecord.objects.filter(person_ref__in=refs)
    sources = {*people.values_list("source", flat=True), *needs.values_list("source", flat=True)}
    held = Delivery.objects.filter(source__in=sources).exclude(file_key=None).values_list("file_key", flat=True)
    return people.count(), needs.count(), FileKey.objects.filter(pk__in=list(held), wrapped__isnull=False).count()
