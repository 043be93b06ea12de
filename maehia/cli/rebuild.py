"""`maehia rebuild`: replay evidence and decisions into the register; --check only compares."""

from __future__ import annotations

import argparse
from typing import Any

from maehia.cli import boot


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("rebuild", description=__doc__)
    parser.add_argument("--check", action="store_true", help="build beside the living one and compare; change nothing")
    parser.add_argument("--mode", choices=("live", "exercise"), default="live")


def run(args: argparse.Namespace) -> int:
    boot.django("worker")
    from maehia.city.actions import check_projection, refresh
    from maehia.kit.acting import acting

    with acting(f"cli:{boot.os_user()}", "system.project", mode=args.mode):
        if args.check:
            return report(check_projection())
        done = refresh()
    for table, (new, changed, gone) in done.by_table.items():
        print(f"{table}: +{new:,} ~{changed:,} -{gone:,}")
    print(f"ทะเบียนตรงกับหลักฐานแล้ว ({done.total:,} rows touched)")
    return 0


def report(found: Any) -> int:
    """Say what differs; 0 when nothing does."""
    if found.is_clean:
        print(f"ทะเบียนตรงกับหลักฐานและคำวินิจฉัยทุกแถว ({found.rows:,} rows compared)")
        return 0
    for words, tables in (("หายไป", found.missing), ("เกินมา", found.surplus), ("ต่างกัน", found.differing)):
        for table, keys in tables.items():
            print(f"{words} {table}: {len(keys):,} แถว เช่น {', '.join(map(str, keys[:3]))}")
    print("ทะเบียนไม่ตรงกับหลักฐาน: รัน maehia rebuild เพื่อสร้างใหม่จากหลักฐาน")
    return 1
