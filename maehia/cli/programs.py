"""PostgreSQL's programs: where they are, and how they are run as the user that the database belongs to."""

from __future__ import annotations

import os
import pwd
import subprocess
from pathlib import Path
from typing import Any

from maehia.base import Problem, ProblemError
from maehia.cli import env

OLDEST = 15


def system_user() -> str | None:
    """The user that PostgreSQL runs as when we are root; None when it runs as ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError as error:
        raise ProblemError(
            Problem(
                "postgres_user_missing",
                "ไม่พบผู้ใช้ระบบ postgres",
                fix="ติดตั้งแพ็กเกจ postgresql แล้วลองใหม่ (make demo ทำให้เอง)",
            )
        ) from error


def run(arguments: list[str | Path], **options: Any) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs as its user, away from the caller's folder and locale."""
    user = system_user()
    if user:
        record = pwd.getpwnam(user)
        options |= {"user": record.pw_uid, "group": record.pw_gid, "extra_groups": []}
    surroundings = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    return subprocess.run(
        [str(part) for part in arguments],
        cwd="/", env=surroundings, text=True, capture_output=True, check=False,
        stdin=subprocess.DEVNULL, **options,
    )  # fmt: skip


def find_programs(version: int | None = None) -> Path:
    """The folder of PostgreSQL's programs: of `version`, or the newest one that has PostGIS."""
    named = env.text("MAEHIA_PG_BIN", "")
    candidates = [Path(named)] if named else list(Path("/usr/lib/postgresql").glob("*/bin"))
    found = {int(path.parent.name): path for path in candidates if path.parent.name.isdecimal()}
    usable = [v for v, path in found.items() if v >= OLDEST and (path / "initdb").exists() and has_postgis(v)]
    if version is None and usable:
        return found[max(usable)]
    if version in usable:
        return found[version]
    wanted = f"PostgreSQL {version}" if version else f"PostgreSQL {OLDEST} ขึ้นไป"
    raise ProblemError(
        Problem(
            "postgresql_missing",
            f"ไม่พบ {wanted} พร้อม PostGIS ในเครื่องนี้",
            fix="ติดตั้งแพ็กเกจ postgresql รุ่นนั้นและ postgresql-postgis แล้วลองใหม่ (make demo ทำให้เอง)",
        )
    )


def has_postgis(version: int) -> bool:
    return Path(f"/usr/share/postgresql/{version}/extension/postgis.control").exists()
