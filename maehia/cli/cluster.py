"""The private PostgreSQL cluster: made, tuned, started and stopped without a service to administer.

It listens on a Unix socket only, its roles have random passwords in files of the data folder, and it
runs as `postgres` when we are root. Nothing here touches a cluster of the machine.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import pwd
import re
import shutil
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from maehia.base import Problem, ProblemError
from maehia.cli import places, programs

NAME = "maehia"
SUPERUSER = "postgres"
LOGIN_ROLES = ("maehia_owner", "maehia_app", "maehia_worker")
EXTENSIONS = ("postgis", "pg_trgm", "btree_gist")
SOCKET_LIMIT = 107  # bytes of a Unix socket's path on Linux (sun_path)


@dataclass(frozen=True, slots=True)
class Cluster:
    """One cluster: its folder, its socket folder, its port (a part of the socket's name), its programs."""

    folder: Path
    socket: Path
    port: int
    programs: Path

    def dsn(self, role: str, database: str = NAME) -> dict[str, Any]:
        """psycopg's connection arguments for a role."""
        return {
            "host": str(self.socket),
            "port": self.port,
            "user": role,
            "password": places.secret(f"pg-{role}"),
            "dbname": database,
        }


def load() -> Cluster | None:
    """The cluster of the data folder, when it was made."""
    path = places.data_dir() / "cluster.json"
    if not path.exists():
        return None
    stored = json.loads(path.read_text(encoding="utf-8"))
    return Cluster(Path(stored["folder"]), Path(stored["socket"]), stored["port"], Path(stored["programs"]))


def start() -> Cluster:
    """Make the cluster if there is none, start it if it stands still; safe to call again and again.

    Raises ProblemError with what to do when PostgreSQL is missing or does not start.
    """
    data = places.make_data_dir()
    with places.locked(data / "cluster.lock"):
        cluster = load() or create(data)
        if not (cluster.programs / "pg_ctl").exists():
            # The machine's PostgreSQL was upgraded: this data needs the version that wrote it, or a restore.
            cluster = replace(cluster, programs=programs.find_programs(version_of(cluster.folder)))
        if not is_running(cluster):
            _start(cluster)
        return cluster


def create(data: Path) -> Cluster:
    found = programs.find_programs()
    folder = data / "pg"
    if folder.exists() and not (data / "cluster.json").exists():
        shutil.rmtree(folder)  # a first start that was interrupted; nothing was ever kept in it
    socket, port = socket_folder(data), 5432
    folder.mkdir(mode=0o700)
    _give(folder)
    _make_socket_folder(socket)
    _initdb(found, folder)
    cluster = Cluster(folder, socket, port, found)
    (folder / "postgresql.auto.conf").write_text(configuration(cluster), encoding="utf-8")
    (folder / "pg_hba.conf").write_text("local all all scram-sha-256\n", encoding="utf-8")
    _start(cluster)
    make_roles(cluster)
    stored = {key: str(value) if isinstance(value, Path) else value for key, value in asdict(cluster).items()}
    places.write_private(data / "cluster.json", json.dumps(stored, indent=1))
    return cluster


def _initdb(found: Path, folder: Path) -> None:
    password = folder.parent / ".first-password"
    places.write_private(password, places.secret(f"pg-{SUPERUSER}", make=True))
    _give(password)
    try:
        options = [
            "--locale=C.UTF-8",
            "--encoding=UTF8",
            "--data-checksums",
            "--auth=scram-sha-256",
            "--no-instructions",
        ]
        done = programs.run([found / "initdb", "-D", folder, "-U", SUPERUSER, f"--pwfile={password}", *options])
    finally:
        password.unlink()
    if done.returncode:
        raise ProblemError(
            Problem(
                "initdb_failed",
                f"สร้างฐานข้อมูลไม่สำเร็จ: {done.stderr.strip()[-400:]}",
                str(folder),
                "ตรวจพื้นที่ดิสก์และสิทธิ์ของโฟลเดอร์ แล้วลองใหม่",
            )
        )


def _give(path: Path) -> None:
    user = programs.system_user()
    if user:
        shutil.chown(path, user, user)


def socket_folder(data: Path) -> Path:
    """The folder of the socket: in the data folder, or a short one in /tmp when the path would be too long."""
    wanted = data / "run"
    if len(str(wanted / ".s.PGSQL.65535.lock").encode()) <= SOCKET_LIMIT:
        return wanted
    digest = hashlib.sha256(str(data).encode()).hexdigest()[:12]
    return Path(f"/tmp/maehia-{os.geteuid()}-{digest}")  # noqa: S108 (refused when it is another's, see _start)


def _make_socket_folder(path: Path) -> None:
    """Make it, or make sure that it is ours: in /tmp another user could have put one there first."""
    path.mkdir(mode=0o755, exist_ok=True)
    user = programs.system_user()
    ours = pwd.getpwnam(user).pw_uid if user else os.geteuid()
    if path.stat().st_uid not in {ours, os.geteuid()} or path.is_symlink():
        raise ProblemError(
            Problem(
                "socket_folder_taken",
                "โฟลเดอร์ของ socket เป็นของผู้ใช้อื่น",
                str(path),
                "ลบโฟลเดอร์นี้ หรือย้าย MAEHIA_DATA ไปที่มีชื่อสั้นกว่า",
            )
        )
    _give(path)


def memory_mb() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20


def configuration(cluster: Cluster, memory: int | None = None, cores: int | None = None) -> str:
    """Settings of a machine that also runs the web and the linkage: an eighth of the memory is shared buffers."""
    memory, cores = memory or memory_mb(), cores or os.cpu_count() or 1
    shared = max(64, min(3072, memory // 8))
    lines = {
        "listen_addresses": "''",
        "unix_socket_directories": f"'{cluster.socket}'",
        "port": cluster.port,
        "password_encryption": "'scram-sha-256'",
        "max_connections": 60,
        "shared_buffers": f"'{shared}MB'",
        "effective_cache_size": f"'{max(128, memory // 2)}MB'",
        "work_mem": f"'{max(4, min(32, memory // 512))}MB'",
        "maintenance_work_mem": f"'{max(64, min(512, memory // 32))}MB'",
        "max_worker_processes": max(4, cores * 2),
        "max_parallel_workers_per_gather": min(2, cores // 2),
        "jit": "off",
        "random_page_cost": 1.1,
        "wal_compression": "on",
        "max_wal_size": f"'{2048 if memory > 4096 else 512}MB'",
        "checkpoint_completion_target": 0.9,
        "timezone": "'UTC'",
        "log_timezone": "'Asia/Bangkok'",
        "log_statement": "'none'",
        "log_min_messages": "log",  # an error's text may carry what a citizen's row said; the program sees it
        "log_min_error_statement": "panic",
        "log_parameter_max_length": 0,
        "log_parameter_max_length_on_error": 0,
        "idle_in_transaction_session_timeout": "'10min'",
    }
    return "".join(f"{key} = {value}\n" for key, value in lines.items())


def _start(cluster: Cluster) -> None:
    _clear_stale_pid(cluster)
    _make_socket_folder(cluster.socket)
    log = cluster.folder / "server.log"
    done = programs.run(
        [cluster.programs / "pg_ctl", "-D", cluster.folder, "-l", log, "-w", "-t", "120", "start"],
        start_new_session=True,
    )
    if done.returncode:
        tail = log.read_text(encoding="utf-8", errors="replace")[-600:] if log.exists() else done.stderr
        raise ProblemError(
            Problem(
                "database_not_started",
                f"ฐานข้อมูลไม่เริ่มทำงาน: {tail.strip()}",
                str(log),
                "ตรวจพื้นที่ดิสก์และหน่วยความจำ แล้วรัน .venv/bin/maehia doctor",
            )
        )


def _clear_stale_pid(cluster: Cluster, seconds: float = 15) -> None:
    """After a power cut the number in the lock files may belong to somebody else; PostgreSQL would refuse to start.

    They are removed only when no process works in the folder any more: a postmaster that was killed can
    leave children behind for a moment, and two sets of them would destroy the data.
    """
    if _postmaster(cluster) is not None:
        return
    until = time.monotonic() + seconds
    while left := working_in(cluster.folder):
        if time.monotonic() > until:
            raise ProblemError(
                Problem(
                    "database_left_over",
                    f"ยังมีกระบวนการเก่าของฐานข้อมูลค้างอยู่ ({left[0]})",
                    str(cluster.folder),
                    f"รอสักครู่แล้วลองใหม่ หรือหยุดกระบวนการนั้น: kill {left[0]}",
                )
            )
        time.sleep(0.1)
    for path in (cluster.folder / "postmaster.pid", cluster.socket / f".s.PGSQL.{cluster.port}.lock"):
        path.unlink(missing_ok=True)


def working_in(folder: Path) -> list[int]:
    """Processes whose working folder is `folder`, as it is of every process of PostgreSQL."""
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdecimal() and (entry / "cwd").readlink() == folder:
                found.append(int(entry.name))
    return found


def _postmaster(cluster: Cluster) -> int | None:
    """The process of this very cluster, when it runs."""
    try:
        pid = int((cluster.folder / "postmaster.pid").read_text().split("\n", 1)[0])
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except (OSError, ValueError):
        return None
    return pid if str(cluster.folder) in words else None


def is_running(cluster: Cluster) -> bool:
    return _postmaster(cluster) is not None and _answers(cluster)


def _answers(cluster: Cluster, seconds: float = 60) -> bool:
    """Whether it takes connections; waits while it recovers from a crash."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and _postmaster(cluster) is not None:
        if (
            programs.run(
                [cluster.programs / "pg_isready", "-q", "-h", cluster.socket, "-p", str(cluster.port)]
            ).returncode
            == 0
        ):
            return True
        time.sleep(0.2)
    return False


def stop(mode: str = "fast") -> bool:
    """Stop the cluster of the data folder; False when it did not run."""
    cluster = load()
    if cluster is None or _postmaster(cluster) is None:
        return False
    done = programs.run([cluster.programs / "pg_ctl", "-D", cluster.folder, "-m", mode, "-w", "-t", "120", "stop"])
    return done.returncode == 0


def make_roles(cluster: Cluster) -> None:
    """Roles, database and extensions; run by the superuser once, and again after an upgrade."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(**cluster.dsn(SUPERUSER, "postgres"), autocommit=True) as connection:
        for role in LOGIN_ROLES:
            _make_role(connection, role, places.secret(f"pg-{role}", make=True))
        connection.execute(ROLES)
        for database in ("template1", NAME):
            exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
            if not exists:
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER maehia_owner").format(sql.Identifier(database)))
            prepare_database(cluster, database)


def _make_role(connection: Any, role: str, password: str) -> None:
    from psycopg import sql

    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    verb = sql.SQL("ALTER" if known else "CREATE")
    # CREATEDB only for the owner: tests and `maehia restore` make a database of their own.
    rights = sql.SQL("CREATEDB" if role == "maehia_owner" else "NOCREATEDB")
    connection.execute(
        sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS {} PASSWORD {}").format(
            verb, sql.Identifier(role), rights, sql.Literal(password)
        )
    )


ROLES = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'maehia_search') THEN
    CREATE ROLE maehia_search NOLOGIN NOBYPASSRLS;
  END IF;
END $$;
GRANT maehia_search TO maehia_owner;
"""

# Read by every new database too: template1 carries them.
DEFAULTS = """
ALTER DEFAULT PRIVILEGES FOR ROLE maehia_owner
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO maehia_app, maehia_worker;
ALTER DEFAULT PRIVILEGES FOR ROLE maehia_owner
  GRANT USAGE, SELECT ON SEQUENCES TO maehia_app, maehia_worker;
"""


def prepare_database(cluster: Cluster, database: str) -> None:
    import psycopg

    with psycopg.connect(**cluster.dsn(SUPERUSER, database), autocommit=True) as connection:
        for extension in EXTENSIONS:
            connection.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
        connection.execute(DEFAULTS)


def version_of(folder: Path) -> int:
    """Major version that wrote a data folder."""
    return int(re.split(r"\D", (folder / "PG_VERSION").read_text())[0])


def others_connected(cluster: Cluster) -> bool:
    """Whether any client but ourselves is connected."""
    import psycopg

    query = "SELECT 1 FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    try:
        with psycopg.connect(**cluster.dsn(SUPERUSER, "postgres")) as connection:
            return connection.execute(query).fetchone() is not None
    except psycopg.OperationalError:
        return False


def real_town(cluster: Cluster) -> bool:
    """Whether the database holds a town and no mark that it is invented. Asked before anything is dropped."""
    import psycopg

    with psycopg.connect(**cluster.dsn(SUPERUSER)) as connection:
        return _holds_rows(connection, "city_town") and not _holds_rows(connection, "kit_demo_mark")


def _holds_rows(connection: Any, table: str) -> bool:
    from psycopg import sql

    known = connection.execute("SELECT to_regclass(%s)", [f"public.{table}"]).fetchone()
    query = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier("public", table))
    return bool(known and known[0] and connection.execute(query).fetchone()[0])


def recreate(cluster: Cluster, *, template: str = "template1") -> None:
    """Drop and make the town's database, empty. `template0` for a restore, which brings its extensions along."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(**cluster.dsn(SUPERUSER, "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME)))
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER maehia_owner TEMPLATE {}").format(
                sql.Identifier(NAME), sql.Identifier(template)
            )
        )
