"""`maehia doctor`: look at the machine, the database, the keys and the backups, and say what to do."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from maehia import __version__
from maehia.base import ProblemError
from maehia.cli import backup, boot, env, places, state, steps, tls

Level = Literal["good", "warn", "bad"]
SIGNS: dict[Level, str] = {"good": "✓", "warn": "!", "bad": "✗"}
LEAST_DISK_GB, LEAST_MEMORY_MB = 5, 1500
SOON = dt.timedelta(days=30)
OLDEST_BACKUP = dt.timedelta(days=2)
CLOCK_DRIFT = 120  # seconds between the machine's and the database's clock, or before the newest file


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: how it is, in Thai and English, and what to do when it is not good."""

    name: str
    level: Level
    th: str
    en: str
    fix: str = ""


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("doctor", description=__doc__)
    parser.add_argument("--json", action="store_true", help="findings as JSON")


def run(args: argparse.Namespace) -> int:
    found = list(look())
    if args.json:
        print(json.dumps([asdict(finding) for finding in found], ensure_ascii=False, indent=1))
    else:
        for finding in found:
            print(
                f" {SIGNS[finding.level]} {finding.th} ({finding.en})"
                + (f"\n     → {finding.fix}" if finding.fix else "")
            )
    return 1 if any(finding.level == "bad" for finding in found) else 0


def look() -> Iterator[Finding]:
    """Every finding; a check that cannot run is a finding itself, and the rest goes on."""
    for check in CHECKS:
        try:
            yield from check()
        except Exception as error:  # noqa: BLE001 (the doctor must reach the end)
            what = error.problem.what if isinstance(error, ProblemError) else f"{type(error).__name__}: {error}"
            fix = error.problem.fix if isinstance(error, ProblemError) else ""
            yield Finding(
                check.__name__,
                "bad",
                f"ตรวจ {check.__name__} ไม่ได้: {what}",
                f"{check.__name__} could not be checked",
                fix,
            )


def versions() -> Iterator[Finding]:
    told = f"maehia {__version__}, Python {platform.python_version()}, {platform.platform(terse=True)}"
    yield Finding("versions", "good", told, "versions")


def disk() -> Iterator[Finding]:
    folder = places.data_dir()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free / 2**30
    level: Level = "good" if free >= LEAST_DISK_GB else "bad"
    yield Finding(
        "disk",
        level,
        f"ดิสก์ของข้อมูลเหลือ {free:.1f} GB",
        f"{free:.1f} GB of disk free",
        "" if level == "good" else "ย้ายข้อมูลสำรองเก่าไปที่อื่น หรือเพิ่มดิสก์",
    )


def memory() -> Iterator[Finding]:
    free = steps.free_memory_mb()
    level: Level = "good" if free >= LEAST_MEMORY_MB else "warn"
    yield Finding(
        "memory",
        level,
        f"หน่วยความจำว่าง {free:,} MB",
        f"{free:,} MB of memory available",
        "" if level == "good" else "งานเชื่อมข้อมูลขนาดใหญ่อาจช้าหรือหยุด ปิดโปรแกรมอื่น",
    )


def ports() -> Iterator[Finding]:
    if server := state.running():
        yield Finding("ports", "good", f"ให้บริการอยู่ที่ {server.url}", f"serving at {server.url}")
        return
    host, port = env.text("MAEHIA_HOST", "127.0.0.1"), env.number("MAEHIA_PORT", 8000, 1, 65535)
    steps.listen(host, port).close()
    yield Finding("ports", "good", f"พอร์ต {port} ว่าง พร้อมให้บริการ", f"port {port} is free")


def fonts() -> Iterator[Finding]:
    done = subprocess.run(["fc-list", ":lang=th", "family"], capture_output=True, text=True, check=False)
    count = len(set(done.stdout.splitlines()))
    if count:
        yield Finding("fonts", "good", f"มีแบบอักษรไทย {count} ตระกูล", f"{count} Thai font families")
    else:
        yield Finding("fonts", "warn", "ไม่มีแบบอักษรไทยของระบบ", "no Thai system font", "apt-get install fonts-thai-tlwg")


def geography() -> Iterator[Finding]:
    """PostGIS's and GeoDjango's GDAL is the system's, pyogrio and rasterio bring their own; both must load together."""
    code = (
        "from django.contrib.gis.gdal import gdal_full_version as v; import pyogrio, rasterio;"
        "print(v().decode().split(',')[0], 'wheels', pyogrio.__gdal_version_string__)"
    )
    surroundings = {**os.environ, "DJANGO_SETTINGS_MODULE": "maehia.settings"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=surroundings)
    if done.returncode:
        yield Finding(
            "geography",
            "bad",
            "โหลดไลบรารีภูมิศาสตร์ไม่ได้",
            "GDAL does not load",
            (done.stderr.strip().splitlines() or ["make setup"])[-1],
        )
    else:
        yield Finding(
            "geography",
            "good",
            f"ไลบรารีภูมิศาสตร์พร้อม: {done.stdout.strip()}",
            "GDAL of system and of wheels load together",
        )


def secrets_closed() -> Iterator[Finding]:
    """No key, password or backup may be readable by anybody else."""
    data = places.data_dir()
    folders = [data / name for name in ("keys", "secrets", "tls", "backups")]
    files = [path for folder in folders if folder.is_dir() for path in [folder, *folder.rglob("*")]]
    files += [path for path in (data / "demo.json", data / "town.yaml") if path.exists()]
    open_ones = [path for path in files if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    if open_ones:
        yield Finding(
            "secrets",
            "bad",
            f"ผู้ใช้อื่นอ่านได้: {open_ones[0]} และอีก {len(open_ones) - 1} รายการ",
            "others can read secrets",
            f"chmod -R go= {' '.join(sorted({str(path) for path in open_ones})[:3])}",
        )
    else:
        yield Finding("secrets", "good", "กุญแจและรหัสอ่านได้เฉพาะเจ้าของ", "keys and secrets are closed to others")


def copies() -> Iterator[Finding]:
    key = backup.recovery_key()
    if key is None:
        yield Finding("sheets", "warn", "ยังไม่มีใบกู้คืน", "no recovery sheets yet", ".venv/bin/maehia recovery-sheet")
        return
    newest = max((path.stat().st_mtime for path in (places.data_dir() / "backups").glob("*.maehia")), default=None)
    if newest is None:
        yield Finding("backups", "warn", "ยังไม่เคยสำรองข้อมูล", "no backup yet", ".venv/bin/maehia backup")
        return
    age = dt.datetime.now(dt.UTC) - dt.datetime.fromtimestamp(newest, dt.UTC)
    late = age > OLDEST_BACKUP
    yield Finding(
        "backups",
        "warn" if late else "good",
        f"ข้อมูลสำรองล่าสุดอายุ {age.days} วัน",
        f"newest backup is {age.days} days old",
        ".venv/bin/maehia backup" if late else "",
    )


def certificate() -> Iterator[Finding]:
    host = env.text("MAEHIA_HOST", "127.0.0.1")
    pair = tls.for_host(host)
    if pair is None:
        yield Finding("https", "good", "เปิดเฉพาะในเครื่องนี้ ไม่ต้องใช้ HTTPS", "loopback only, HTTPS not needed")
        return
    left = tls.days_left(Path(pair[0]))
    level: Level = "good" if left > 14 else "bad" if left <= 0 else "warn"
    yield Finding(
        "https",
        level,
        f"ใบรับรองใช้ได้อีก {left} วัน",
        f"certificate ends in {left} days",
        "" if level == "good" else "ต่ออายุใบรับรอง",
    )


def left_over() -> Iterator[Finding]:
    found = places.left_over()
    if found:
        yield Finding(
            "left_over",
            "warn",
            f"มีโฟลเดอร์ข้อมูลของสำเนาที่ลบไปแล้ว {len(found)} โฟลเดอร์",
            "data folders of deleted clones",
            f"ตรวจแล้วลบเอง: rm -r {found[0]}",
        )


def database() -> Iterator[Finding]:
    boot.django()
    from django.db import connections

    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT current_user, split_part(version(), ' ', 2), postgis_lib_version(), now()")
        user, server, postgis, now = cursor.fetchone()
    yield Finding(
        "database", "good", f"ฐานข้อมูลตอบ: PostgreSQL {server}, PostGIS {postgis}, บทบาท {user}", "the database answers"
    )
    drift = abs((dt.datetime.now(dt.UTC) - now).total_seconds())
    level: Level = "good" if drift < CLOCK_DRIFT and now.year >= 2026 else "bad"
    yield Finding(
        "clock",
        level,
        f"นาฬิกาต่างจากฐานข้อมูล {drift:.0f} วินาที",
        f"clock differs by {drift:.0f} s",
        "" if level == "good" else "ตั้งนาฬิกาเครื่อง: timedatectl set-ntp true",
    )


def roles() -> Iterator[Finding]:
    """Serving roles must not be able to pass by row-level security or empty tables."""
    from django.db import connections

    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'maehia\\_%%'"
            " AND (rolsuper OR rolbypassrls OR rolcreaterole)"
        )
        too_strong = [row[0] for row in cursor.fetchall()]
        cursor.execute(TRUNCATABLE)
        emptied = [row[0] for row in cursor.fetchall()]
    if too_strong or emptied:
        yield Finding(
            "roles",
            "bad",
            f"บทบาทมีสิทธิ์เกิน: {', '.join(too_strong + emptied)}",
            "a role has too many rights",
            "รัน maehia upgrade หรือดู docs/operations.md",
        )
    else:
        yield Finding("roles", "good", "บทบาทของฐานข้อมูลมีสิทธิ์เท่าที่ต้องใช้", "database roles have no extra rights")


TRUNCATABLE = """
SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
  AND (has_table_privilege('maehia_app', c.oid, 'TRUNCATE') OR has_table_privilege('maehia_worker', c.oid, 'TRUNCATE'))
"""


def row_security() -> Iterator[Finding]:
    """A table with policies must have row-level security on, for its owner too."""
    from django.db import connections

    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity FROM pg_class c"
            " WHERE c.relkind IN ('r', 'p') AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid) ORDER BY 1"
        )
        tables = cursor.fetchall()
    off = [name for name, on in tables if not on]
    if off:
        yield Finding(
            "rls", "bad", f"ปิดการกรองแถวใน {', '.join(off)}", "row-level security is off", "รัน maehia upgrade"
        )
    elif tables:
        yield Finding(
            "rls", "good", f"การกรองแถวเปิดครบ {len(tables)} ตาราง", f"row-level security on {len(tables)} tables"
        )


def tables() -> Iterator[Finding]:
    from maehia.cli import schema

    if schema.is_empty():
        yield Finding("schema", "warn", "ยังไม่มีเมืองในฐานข้อมูล", "no town yet", "make demo หรือ maehia init PROFILE.yaml")
    elif schema.newer():
        yield Finding(
            "schema", "bad", "ฐานข้อมูลใหม่กว่าโปรแกรม", "database is newer than the program", "ใช้โปรแกรมรุ่นใหม่กว่า"
        )
    elif schema.pending():
        yield Finding("schema", "warn", "ฐานข้อมูลรอปรับรุ่น", "migrations are waiting", ".venv/bin/maehia upgrade")
    else:
        yield Finding("schema", "good", "ตารางตรงกับรุ่นของโปรแกรม", "tables match the program")


def kept_files() -> Iterator[Finding]:
    """Files of lists by their days of keeping: the nightly job drops what is due."""
    from maehia.cli import schema

    if schema.is_empty() or schema.pending():
        return
    from maehia.evidence.actions import due_files, keep_until
    from maehia.kit.clock import today

    due, soon = due_files(today() - dt.timedelta(days=2)), due_files(today() + SOON)
    listed = ", ".join(f"{d.source_id} #{d.pk} ({keep_until(d)})" for d in soon[:5])
    if due:
        yield Finding(
            "retention", "warn", f"ไฟล์ครบกำหนดเก็บแล้วแต่ยังอยู่ {len(due):,} ไฟล์: {listed}",
            f"{len(due):,} files past their days of keeping", "งานกลางคืนยังไม่ได้ทำ: ดูว่า maehia serve (worker) ทำงานอยู่",
        )  # fmt: skip
    else:
        told = f"ไฟล์ที่จะครบกำหนดเก็บใน {SOON.days} วัน {len(soon):,} ไฟล์" + (f": {listed}" if soon else "")
        yield Finding("retention", "good", told, f"{len(soon):,} files reach the end of keeping soon")


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    versions, disk, memory, ports, fonts, geography, secrets_closed, copies, certificate, left_over,
    database, roles, row_security, tables, kept_files,
)  # fmt: skip
