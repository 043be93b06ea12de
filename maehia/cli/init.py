"""`maehia init PROFILE.yaml`: an empty town of any province, ready for its first lists.

Reads the profile (every fault with its line), makes the database, the first admin with a password that is
shown once, and the town's own certificate authority for HTTPS.
"""

from __future__ import annotations

import argparse
import json
import secrets
import shutil
import sys
from pathlib import Path
from typing import Any

from maehia.base import Problem, ProblemError
from maehia.cli import boot, places, profile, steps, tls

LARGEST_LOGO = 2**20


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("init", description=__doc__,
                                 formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("profile", type=Path, metavar="PROFILE.yaml", help="see profiles/ for samples")
    parser.add_argument("--check", action="store_true", help="only check the profile")
    parser.add_argument("--update", action="store_true", help="write a changed profile over the town that is there")


def run(args: argparse.Namespace) -> int:
    try:
        town = profile.read(args.profile)
    except profile.ProfileError as faults:
        for problem in faults.problems:
            print(f"{problem.where}: {problem.what}\n  → {problem.fix}", file=sys.stderr)
        return 1
    if town.demo:
        raise ProblemError(
            Problem(
                "demo_profile",
                "โปรไฟล์นี้เป็นของเมืองตัวอย่าง",
                str(args.profile),
                "รัน make demo หรือคัดลอกโปรไฟล์อื่นจาก profiles/",
            )
        )
    logo = read_logo(args.profile.parent / town.logo) if town.logo else None
    if args.check:
        print(f"โปรไฟล์ของ {town.name_th} ถูกต้อง (profile is good)")
        return 0
    make(town, logo, update=args.update)
    return 0


def make(town: profile.Profile, logo: Path | None, *, update: bool) -> None:
    from maehia.cli import schema, seed
    from maehia.cli import town as kept

    with steps.step("เริ่มฐานข้อมูลของเมือง (private database)"):
        boot.django()
    with steps.step("สร้างตาราง (tables)"):
        schema.refuse_newer()
        schema.migrate()
    if kept.exists() and not update:
        raise ProblemError(
            Problem(
                "town_exists",
                "ฐานข้อมูลนี้มีเมืองอยู่แล้ว",
                str(places.data_dir()),
                "ใช้ --update เพื่อแก้โปรไฟล์ หรือใช้โฟลเดอร์อื่นด้วย MAEHIA_DATA",
            )
        )
    if kept.is_demo():
        raise ProblemError(
            Problem(
                "demo_database",
                "ฐานข้อมูลนี้เป็นของเมืองตัวอย่าง",
                str(places.data_dir()),
                "ใช้โฟลเดอร์อื่น เช่น MAEHIA_DATA=var/town .venv/bin/maehia init ...",
            )
        )
    with steps.step(f"ตั้งเมือง {town.name_th} (profile, roles, sources)"):
        seed.fill()
        set_town(town)
        kept.keep(town)
        if logo:
            shutil.copyfile(logo, places.data_dir() / f"logo{logo.suffix.lower()}")
    with steps.step("สร้างใบรับรองของเมือง (town CA)"):
        authority = tls.make_ca(town.name_en)
    print(f"  ให้เครื่องเจ้าหน้าที่ติดตั้ง {authority} (หน้า /install/)")
    if not update:
        first_admin(town.admin)
    print("  ต่อไป (next): .venv/bin/maehia recovery-sheet แล้ว .venv/bin/maehia serve")


def set_town(town: profile.Profile) -> None:
    from maehia.city import actions

    actions.set_town(columns(town))


def columns(town: profile.Profile) -> dict[str, Any]:
    """The profile as `city.actions.set_town` takes it: outline as GeoJSON text, `extra` beside the rest."""
    names = [name for name in town.__dataclass_fields__ if name not in {"admin", "extra", "outline", "demo"}]
    values: dict[str, Any] = {name: getattr(town, name) for name in names} | dict(town.extra)
    values |= {"tambon_codes": list(town.tambon_codes), "phones": list(town.phones)}
    values["outline"] = json.dumps(town.outline) if town.outline else None
    return values | ({"demo": True} if town.demo else {})


def first_admin(admin: profile.Admin) -> None:
    """Make the first administrator. The password is printed once; MFA is asked for at the first log-in."""
    from maehia.access import actions
    from maehia.kit import clock
    from maehia.kit.acting import acting

    password = secrets.token_urlsafe(12)
    with acting(f"cli:{boot.os_user()}", "access.manage"):
        account = actions.create_account(admin.login, admin.display_name, password=password, email=admin.email)
        actions.assign(account, "admin", starts_on=clock.today())
    print(f"  ผู้ดูแลระบบ: {admin.login}  รหัสผ่านครั้งแรก: {password}  (แสดงครั้งเดียว / shown once)")


def read_logo(path: Path) -> Path:
    if path.suffix.lower() not in {".svg", ".png"} or not path.is_file() or path.stat().st_size > LARGEST_LOGO:
        raise ProblemError(
            Problem("logo", "ตราของเมืองต้องเป็นไฟล์ SVG หรือ PNG ไม่เกิน 1 MB", str(path), "วางไฟล์ไว้ข้างโปรไฟล์")
        )
    return path
