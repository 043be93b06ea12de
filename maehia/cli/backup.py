"""`maehia backup`: database, files and keys together in one file that only the sealed sheets open.

The file is a tar stream sealed by maehia.cli.vault: database.dump (pg_dump's custom form), the folders of
FOLDERS, the files of FILES, and last manifest.json with the row count of every table and the hash of every
file, by which a restore proves that it is whole.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import io
import json
import os
import subprocess
import tarfile
from base64 import b64decode
from pathlib import Path
from typing import Any, cast

from maehia import __version__
from maehia.base import Problem, ProblemError
from maehia.cli import boot, cluster, env, places, steps, vault

FOLDERS = ("files", "keys", "tls")
FILES = ("town.yaml", "demo.json", "redactions.jsonl", "recovery.json", "secrets/session-key")
KEEP = 14


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("backup", description=__doc__,
                                 formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("--out", type=Path, help="file to write (default: a dated one in <data>/backups)")
    parser.add_argument(
        "--keep", type=int, default=KEEP, help=f"how many backups stay in <data>/backups (default {KEEP})"
    )


def run(args: argparse.Namespace) -> int:
    boot.database()
    with steps.step("สำรองฐานข้อมูล ไฟล์ และกุญแจ (backup)"):
        path = make(args.out)
    thin_out(args.keep)
    print(f"{path} ({path.stat().st_size / 2**20:,.1f} MB)")
    return 0


def recovery_key() -> dict[str, Any] | None:
    """What is known of the recovery key: its public half, id and date. The private half is on paper."""
    path = places.data_dir() / "recovery.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def make(out: Path | None = None) -> Path:
    """Write one backup, whole or not at all; returns its path. Raises ProblemError without a recovery key."""
    key = recovery_key()
    if key is None:
        raise ProblemError(
            Problem(
                "no_recovery_key",
                "ยังไม่มีใบกู้คืน จึงยังเข้ารหัสข้อมูลสำรองไม่ได้",
                fix="รัน .venv/bin/maehia recovery-sheet พิมพ์ใบ แล้วเก็บในซองปิดผนึกคนละที่",
            )
        )
    data = places.data_dir()
    steps.need_disk(data, 200 + 2 * sum(size(data / part) for part in ("pg", *FOLDERS)) // 2**20)
    now = dt.datetime.now(dt.UTC)
    target = out or data / "backups" / f"maehia-{now:%Y%m%dT%H%M%SZ}.maehia"
    unfinished = target.with_name(f".{target.name}.part")
    about = {"made": now.isoformat(timespec="seconds"), "version": __version__}
    try:
        with _private(unfinished) as stream:
            with vault.SealedWriter(stream, b64decode(key["public"]), about) as sealed:
                write_archive(cast(io.RawIOBase, sealed), data, about)
            os.fsync(stream.fileno())
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return target


def _private(path: Path) -> Any:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def size(folder: Path) -> int:
    """Bytes of a folder that we may read; 0 for one that is not there."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def write_archive(sealed: io.RawIOBase, data: Path, about: dict[str, Any]) -> None:
    dump = data / "backups" / ".database.dump"
    try:
        rows = dump_database(dump)
        with tarfile.open(fileobj=sealed, mode="w|", format=tarfile.PAX_FORMAT) as archive:
            hashes = {name: add(archive, path, name) for name, path in [("database.dump", dump), *members(data)]}
            manifest = {**about, "rows": rows, "sha256": hashes}
            content = json.dumps(manifest, ensure_ascii=False).encode()
            entry = tarfile.TarInfo("manifest.json")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    finally:
        dump.unlink(missing_ok=True)


def members(data: Path) -> list[tuple[str, Path]]:
    found = [path for folder in FOLDERS for path in sorted((data / folder).rglob("*")) if path.is_file()]
    # Files that are open just now lie plain in files/tmp: a copy of them would outlive the dropping of their key.
    found = [path for path in found if (data / "files" / "tmp") not in path.parents]
    found += [data / name for name in FILES if (data / name).is_file()]
    return [(str(path.relative_to(data)), path) for path in found]


def add(archive: tarfile.TarFile, path: Path, name: str) -> str:
    """Add a file; returns its sha256."""
    with path.open("rb") as stream:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode, entry.mtime = path.stat().st_size, 0o600, int(path.stat().st_mtime)
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        stream.seek(0)
        archive.addfile(entry, stream)
    return digest


def superuser() -> dict[str, Any]:
    """Connection of a role that sees every row: row-level security would leave rows out of a dump."""
    outside = env.text("DATABASE_URL_BACKUP", "")
    if outside:
        return {"conninfo": outside}
    found = cluster.load()
    if found is None or env.text("DATABASE_URL", ""):
        raise ProblemError(
            Problem(
                "no_backup_role",
                "ไม่มีบทบาทฐานข้อมูลสำหรับสำรองข้อมูล",
                fix="ตั้ง DATABASE_URL_BACKUP เป็นบทบาทที่มี BYPASSRLS (ดู docs/operations.md)",
            )
        )
    return found.dsn(cluster.SUPERUSER)


def dump_database(path: Path) -> dict[str, int]:
    """pg_dump into `path`; returns the rows of every table as of the same snapshot."""
    import psycopg

    login = superuser()
    with psycopg.connect(**login) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert snapshot is not None  # noqa: S101 (the function always gives one)
        rows = count_rows(connection)
        program = (found.programs / "pg_dump") if (found := cluster.load()) else Path("pg_dump")
        _dump(program, login, str(snapshot[0]), path)
    return rows


def _dump(program: Path, login: dict[str, Any], snapshot: str, path: Path) -> None:
    with _private(path) as stream:
        done = subprocess.run(
            [str(program), "--format=custom", f"--snapshot={snapshot}", "--no-password", f"--dbname={conninfo(login)}"],
            stdout=stream, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, check=False,
            env={**os.environ, "PGPASSWORD": str(login.get("password", ""))},
        )  # fmt: skip
    if done.returncode:
        raise ProblemError(
            Problem(
                "dump_failed",
                f"สำรองฐานข้อมูลไม่สำเร็จ: {done.stderr.decode(errors='replace').strip()[-300:]}",
                fix="ตรวจพื้นที่ดิสก์และสิทธิ์ของบทบาท แล้วลองใหม่",
            )
        )


def conninfo(login: dict[str, Any]) -> str:
    """libpq's string without the password, which would be seen in the list of processes."""
    from psycopg.conninfo import make_conninfo

    return str(login.get("conninfo") or make_conninfo("", **{k: v for k, v in login.items() if k != "password"}))


def count_rows(connection: Any) -> dict[str, int]:
    """Rows of every ordinary table outside PostgreSQL's own schemas and the extensions."""
    from psycopg import sql

    tables = connection.execute(TABLES).fetchall()
    return {
        f"{schema}.{name}": connection.execute(
            sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, name))
        ).fetchone()[0]
        for schema, name in tables
    }


TABLES = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1, 2
"""


def thin_out(keep: int) -> None:
    """Remove the oldest of our own dated backups beyond `keep`."""
    for path in sorted((places.data_dir() / "backups").glob("maehia-*.maehia"))[: -max(1, keep)]:
        path.unlink()
