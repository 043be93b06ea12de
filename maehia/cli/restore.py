"""`maehia restore`: a backup into an empty data folder with a cluster of its own.

Nothing is served before the file is proven whole, every table has its rows again and the redactions that
were made after the backup are made once more.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

from maehia.base import Problem, ProblemError
from maehia.cli import backup, boot, cluster, places, sheets, steps, vault

JOURNAL = "redactions.jsonl"


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("restore", description=__doc__)
    parser.add_argument("file", type=Path, help="the backup (.maehia)")
    parser.add_argument("--into", type=Path, metavar="DIR", help="data folder to fill (default MAEHIA_DATA or var/)")
    parser.add_argument("--sheet", action="append", default=[], metavar="FILE", type=Path, required=True,
                        help="text of one recovery sheet, in a file; give it once for each sheet")  # fmt: skip
    parser.add_argument(
        "--journal", type=Path, help="redaction journal newer than the backup (default: the old folder's)"
    )


def run(args: argparse.Namespace) -> int:
    private = sheets.join([sheets.read(path.read_text(encoding="utf-8")) for path in args.sheet])
    journal = args.journal or newest_journal()
    if args.into:
        os.environ["MAEHIA_DATA"] = str(args.into.absolute())
    data = refuse_full()
    work = data / "restoring"
    try:
        with steps.step("เปิดผนึกและตรวจข้อมูลสำรอง (open and prove)"):
            manifest = unpack(args.file, private, work)
        with steps.step("นำฐานข้อมูลกลับ (database)"):
            load(work / "database.dump", manifest)
        with steps.step("วางไฟล์และกุญแจ (files and keys)"):
            put_back(work, data)
        with steps.step("ทำรายการลบข้อมูลซ้ำตามบันทึก (redaction journal)"):
            replay(journal, data)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(f"กู้คืนข้อมูลของ {manifest['made']} แล้ว รัน MAEHIA_DATA={places.named_folder()} .venv/bin/maehia serve")
    return 0


def newest_journal() -> Path | None:
    """The journal of the data folder as it stands, before it is replaced or left for another one."""
    path = places.data_dir() / JOURNAL
    return path if path.exists() else None


def refuse_full() -> Path:
    data = places.make_data_dir()
    boot.database()
    found = cluster.load()
    if found is None:
        raise ProblemError(
            Problem(
                "restore_outside",
                "คำสั่งนี้กู้คืนลงคลัสเตอร์ของระบบเองเท่านั้น",
                fix="ยกเลิก DATABASE_URL แล้วลองใหม่ (ดู docs/operations.md)",
            )
        )
    import psycopg

    with psycopg.connect(**found.dsn(cluster.SUPERUSER)) as connection:
        table = connection.execute("SELECT to_regclass('public.django_migrations')").fetchone()
    if table and table[0]:
        raise ProblemError(
            Problem("not_empty", "โฟลเดอร์นี้มีเมืองอยู่แล้ว จะไม่เขียนทับ", str(data), "เลือกโฟลเดอร์ว่างด้วย --into DIR")
        )
    return data


def unpack(path: Path, private: bytes, work: Path) -> dict[str, Any]:
    """Open the sealed file into `work` and prove it by its manifest, which is returned."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700)
    with path.open("rb") as source, vault.Opened(source, private) as opened:
        try:
            with tarfile.open(fileobj=opened, mode="r|") as archive:
                archive.extractall(work, filter="data")
        except tarfile.TarError as error:
            raise ProblemError(
                Problem("backup_damaged", "ไฟล์ข้อมูลสำรองเสียหายหรือไม่ครบ", path.name, "ใช้ข้อมูลสำรองอีกไฟล์")
            ) from error
    manifest = json.loads((work / "manifest.json").read_text(encoding="utf-8"))
    for name, digest in manifest["sha256"].items():
        with (work / name).open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != digest:
                raise ProblemError(Problem("backup_damaged", "ไฟล์ในข้อมูลสำรองไม่ตรงกับบัญชี", name, "ใช้ข้อมูลสำรองอีกไฟล์"))
    return manifest  # type: ignore[no-any-return]


def load(dump: Path, manifest: dict[str, Any]) -> None:
    """pg_restore into a new database; every table must have the rows that the manifest counted."""
    import psycopg

    found = cluster.load()
    assert found is not None  # noqa: S101 (refuse_full has seen it)
    cluster.recreate(found, template="template0")
    login = found.dsn(cluster.SUPERUSER)
    done = subprocess.run(
        [found.programs / "pg_restore", "--exit-on-error", "--no-password", f"--dbname={backup.conninfo(login)}", dump],
        stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, check=False,
        env={**os.environ, "PGPASSWORD": login["password"]},
    )  # fmt: skip
    if done.returncode:
        raise ProblemError(
            Problem(
                "restore_failed",
                f"นำฐานข้อมูลกลับไม่สำเร็จ: {done.stderr.decode(errors='replace').strip()[-300:]}",
                fix="ตรวจพื้นที่ดิสก์และรุ่นของ PostgreSQL แล้วลองใหม่กับโฟลเดอร์ว่าง",
            )
        )
    with psycopg.connect(**login, autocommit=True) as connection:
        connection.execute("ANALYZE")
        rows = backup.count_rows(connection)
    differing = [table for table, count in manifest["rows"].items() if rows.get(table) != count]
    if differing:
        raise ProblemError(
            Problem("rows_differ", f"จำนวนแถวไม่ตรงใน {', '.join(differing[:5])}", fix="อย่าใช้โฟลเดอร์นี้ ลองข้อมูลสำรองอีกไฟล์")
        )


def put_back(work: Path, data: Path) -> None:
    for name in backup.FOLDERS:
        if (work / name).is_dir():
            shutil.rmtree(data / name, ignore_errors=True)
            shutil.move(work / name, data / name)
            (data / name).chmod(0o700)
    for name in backup.FILES:
        if (work / name).is_file():
            places.write_private(data / name, (work / name).read_bytes())


def replay(path: Path | None, data: Path) -> None:
    """Erase again what was erased after the backup: the journal beside the old database knows."""
    from maehia.cli import journal

    lines = journal.read(path) if path else []
    if (data / JOURNAL).exists():
        lines += journal.read(data / JOURNAL)
    boot.django()
    new = journal.replay(lines)
    if new and path and path.resolve() != (data / JOURNAL).resolve():
        places.write_private(
            data / JOURNAL, "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in unique(lines))
        )
    print(f"  ลบซ้ำ {new} รายการที่สำรองไว้ก่อนการลบ (redactions replayed)")


def unique(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({(line["at"], line["actor"]): line for line in lines}.values())
