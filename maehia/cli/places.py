"""Where things lie: the clone, the data folder, secrets in files that only their owner reads.

Run as root the data folder is a system one (PostgreSQL refuses to run as root and its own user must
reach it); `var/` of the clone then holds a pointer. Everybody else gets `var/` itself.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from maehia.cli import env

REPO = Path(__file__).resolve().parents[2]
SYSTEM_DATA = Path("/var/lib/maehia")
POINTER = "data-folder.txt"
OWNER_FILE = "pointed-from.txt"


def named_folder() -> Path:
    """The folder as it was named: MAEHIA_DATA or var/ of the clone."""
    return Path(env.text("MAEHIA_DATA", str(REPO / "var"))).expanduser().absolute()


def data_dir() -> Path:
    """The data folder, after following the pointer. It may not exist yet."""
    folder = named_folder()
    pointer = folder / POINTER
    if pointer.is_file():
        return Path(pointer.read_text(encoding="utf-8").strip())
    return folder


def make_data_dir() -> Path:
    """Create the data folder where this user may keep a database; as root that is a system folder."""
    folder = named_folder()
    if os.geteuid() == 0 and not (folder / POINTER).exists() and SYSTEM_DATA not in folder.parents:
        folder.mkdir(parents=True, exist_ok=True)
        target = SYSTEM_DATA / system_name(folder)
        target.mkdir(parents=True)
        write_private(target / OWNER_FILE, str(folder))
        (folder / POINTER).write_text(f"{target}\n", encoding="utf-8")
    data = data_dir()
    data.mkdir(parents=True, exist_ok=True)
    for name in ("secrets", "keys", "files", "backups", "log"):
        (data / name).mkdir(mode=0o700, exist_ok=True)
    return data


def system_name(folder: Path) -> str:
    """A new name that shows where the clone is. Random: a new clone in an old place starts empty."""
    parts = [part for part in folder.parts if part not in {"/", "var"}]
    readable = "".join(c if c.isalnum() and c.isascii() else "-" for c in "-".join(parts[-2:]))
    return f"{readable[:32] or 'maehia'}-{secrets.token_hex(4)}"


def left_over() -> list[Path]:
    """System data folders whose clone is gone or points elsewhere; nobody will ever use them."""
    found = []
    for target in SYSTEM_DATA.iterdir() if SYSTEM_DATA.is_dir() else ():
        with contextlib.suppress(OSError):
            pointer = Path((target / OWNER_FILE).read_text(encoding="utf-8")) / POINTER
            if not pointer.exists() or pointer.read_text(encoding="utf-8").strip() != str(target):
                found.append(target)
    return sorted(found)


def write_private(path: Path, content: str | bytes) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    raw = content.encode() if isinstance(content, str) else content
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(raw)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)


def secret(name: str, *, make: bool = False) -> str:
    """The secret `name` of the data folder; made on first use when `make`. Raises FileNotFoundError."""
    path = data_dir() / "secrets" / name
    if make and not path.exists():
        write_private(path, secrets.token_urlsafe(36))
    return path.read_text(encoding="utf-8").strip()


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on a file; two commands that start together go one after the other."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
