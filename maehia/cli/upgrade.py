"""`maehia upgrade`: bring database, purposes and static files to this version of the program."""

from __future__ import annotations

import argparse
from typing import Any

from maehia.base import Problem, ProblemError
from maehia.cli import boot, cluster, env, state, steps


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("upgrade", description=__doc__)
    parser.add_argument("--no-backup", action="store_true", help="do not make a backup before changing tables")


def run(args: argparse.Namespace) -> int:
    if server := state.running():
        raise ProblemError(Problem("still_serving", f"ระบบยังให้บริการอยู่ที่ {server.url}", fix="รัน make stop แล้วปรับรุ่นอีกครั้ง"))
    with steps.step("เริ่มฐานข้อมูลและตรวจบทบาท (database and roles)"):
        boot.django()
        refresh_roles()
    from maehia.cli import schema

    schema.refuse_newer()
    waiting = schema.pending()
    if waiting and not schema.is_empty() and not args.no_backup:
        keep_copy()
    with steps.step(f"ปรับตาราง {len(waiting)} ขั้น (migrations)"):
        schema.migrate()
    with steps.step("ประกาศวัตถุประสงค์ บทบาท และรายการใหม่ (purposes, roles, sources)"):
        from maehia.cli import seed

        seed.fill()
    with steps.step("เตรียมไฟล์ของหน้าเว็บ (static files)"):
        from maehia.cli import static

        static.collect()
    with steps.step("ตรวจระบบ (checks)"):
        check()
    return 0


def refresh_roles() -> None:
    found = None if env.text("DATABASE_URL", "") else cluster.load()
    if found:
        cluster.make_roles(found)


def keep_copy() -> None:
    from maehia.cli import backup, town

    if town.is_demo():
        return
    if backup.recovery_key() is None:
        raise ProblemError(
            Problem(
                "no_recovery_key",
                "ยังไม่มีใบกู้คืน จึงสำรองข้อมูลก่อนปรับรุ่นไม่ได้",
                fix="รัน .venv/bin/maehia recovery-sheet ก่อน หรือใช้ --no-backup ถ้าสำรองด้วยวิธีอื่นแล้ว",
            )
        )
    with steps.step("สำรองข้อมูลก่อนปรับรุ่น (backup)"):
        backup.make()


def check() -> None:
    from django.core.checks import ERROR, run_checks

    wrong = [message for message in run_checks(include_deployment_checks=False) if message.level >= ERROR]
    if wrong:
        raise ProblemError(
            Problem(
                "checks_failed",
                f"ตรวจพบข้อผิดพลาด {len(wrong)} ข้อ: {wrong[0].msg}",
                fix="แจ้งผู้พัฒนา และใช้รุ่นเดิมต่อด้วยข้อมูลสำรอง",
            )
        )
