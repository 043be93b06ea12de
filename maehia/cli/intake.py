"""`maehia intake FILE --source KEY`: what a file would change; with --commit it is applied."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from maehia.base import Problem, ProblemError
from maehia.cli import boot

SHOWN = 12


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("intake", description=__doc__)
    parser.add_argument("file", type=Path, help="xlsx, csv, geojson, gpkg, shp or a zip of a shapefile")
    parser.add_argument("--source", required=True, metavar="KEY", help="which list it is, e.g. vhv")
    parser.add_argument("--as-of", type=date.fromisoformat, metavar="DATE", help="the day of the list (default: today)")
    parser.add_argument("--commit", action="store_true", help="apply it; without this nothing changes")


def run(args: argparse.Namespace) -> int:
    if not args.file.is_file():
        raise ProblemError(Problem("file_missing", "ไม่พบไฟล์", str(args.file), "ตรวจชื่อไฟล์และโฟลเดอร์"))
    boot.django("worker")
    from maehia.access.actions import tell_cli_read
    from maehia.kit.acting import acting

    actor = f"cli:{boot.os_user()}"
    with acting(actor, "intake.apply"):
        code = _run(args)
    tell_cli_read(actor, f"intake {args.source}")
    return code


def _run(args: argparse.Namespace) -> int:
    from django.db import transaction

    from maehia.evidence.actions import discard_file
    from maehia.evidence.models import Source
    from maehia.intake import actions
    from maehia.kit import clock

    source = Source.objects.filter(key=args.source).first()
    if source is None:
        known = ", ".join(Source.objects.filter(built_in=False).values_list("key", flat=True))
        raise ProblemError(Problem("unknown_source", f"ไม่มีแหล่งข้อมูล {args.source}", "", f"เลือกจาก: {known}"))
    delivery = None
    try:
        with transaction.atomic():
            delivery = actions.receive(source, args.file, args.file.name, args.as_of or clock.today())
            return _take(delivery, keep=args.commit)
    finally:
        if delivery is not None:  # rolled back, for whatever reason: its stored file goes too
            discard_file(delivery.stored_as)


def _take(delivery: Any, *, keep: bool) -> int:
    """Look at a delivery that was received in this transaction, and apply it when it is to be kept."""
    from django.db import transaction

    from maehia.intake import actions

    found = actions.preview(delivery, _say)
    show(delivery, found)
    if delivery.state != "previewed":
        transaction.set_rollback(not keep)
        return 1
    if not keep:
        transaction.set_rollback(True)
        print("ยังไม่ได้บันทึก (nothing was applied): เพิ่ม --commit เพื่อนำเข้า")
        return 0
    c = actions.apply_delivery(delivery, _say, prepared=found).counts
    print(f"นำเข้าแล้ว: ใหม่ {c.new:,} เปลี่ยน {c.changed:,} สิ้นสุด {c.gone:,} เท่าเดิม {c.same:,}")
    return 0


def _say(words: str) -> None:
    print(f"  … {words}", flush=True)


def show(delivery: Any, found: Any) -> None:
    """Counts, problems and what would change, in words."""
    counts = delivery.counts
    if delivery.state == "refused":
        problem = counts["refused"]
        print(f"ไม่รับไฟล์นี้: {problem['what']}\n  → {problem['fix']}")
        return
    if delivery.state == "parsed":
        print("ต้องยืนยันความหมายของคอลัมน์ก่อน (the mapping must be confirmed in the browser):")
        for question in counts["proposal"]["questions"]:
            print(f"  ? {question['text']}")
        return
    print(f"อ่านได้ {counts['rows']:,} แถว ใช้ได้ {counts['good']:,} แถว ปัญหา {sum(counts['problems'].values()):,} รายการ")
    for code, number in list(counts["problems"].items())[:SHOWN]:
        print(f"  {number:>8,}  {code}")
    for change in counts["difference"]:
        print(
            f"  {change['kind']}: ใหม่ {change['new']:,} เปลี่ยน {change['changed']:,}"
            f" สิ้นสุด {change['gone']:,} เท่าเดิม {change['same']:,}"
        )
