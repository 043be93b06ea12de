"""The keys, in files of one folder outside the database: `<ring>-<version>.key`, mode 0600.

Rings: "main" (IDs, phones, names), "s26" (health and disability), "files" (wraps the key of each delivery
file), "index" (blind indexes). A new version is a new file; old ones stay until nothing uses them.
"""

from __future__ import annotations

import base64
import contextlib
import os
import re
import secrets
import stat
import threading
from pathlib import Path

from django.conf import settings

from maehia.base import Problem, ProblemError

RINGS = ("main", "s26", "files", "index")
KEY_BYTES = 32
MAX_VERSION = 65535
_NAME = re.compile(r"(main|s26|files|index)-(\d{4,5})\.key")


def _problem(code: str, what: str, where: Path, fix: str) -> ProblemError:
    return ProblemError(Problem(code, what, str(where), fix))


class Keyring:
    """Keys of one folder, read once. A ring without a key gets its first one when it is needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._keys: dict[str, dict[int, bytes]] | None = None

    def versions(self, ring: str) -> list[int]:
        """Versions of a ring in ascending order; empty when it has no key yet."""
        return sorted(self._loaded()[ring])

    def current(self, ring: str) -> tuple[int, bytes]:
        """(version, key) to encrypt with: the newest."""
        keys = self._loaded()[ring]
        if not keys:
            self._make(ring, 1)
            keys = self._loaded()[ring]
        newest = max(keys)
        return newest, keys[newest]

    def key(self, ring: str, version: int) -> bytes:
        """One key by its version. Raises ProblemError when the file is gone."""
        found = self._loaded()[ring].get(version) or self._reloaded()[ring].get(version)
        if found is None:
            raise _problem(
                "key_missing",
                f"ไม่พบกุญแจ {ring} รุ่น {version} ข้อมูลที่เข้ารหัสด้วยกุญแจนี้จึงอ่านไม่ได้",
                self.folder,
                "คืนไฟล์กุญแจจากชุดสำรองที่ปิดผนึกไว้",
            )
        return found

    def add_version(self, ring: str) -> int:
        """Make a new key of a ring; from now on it encrypts. Returns its version."""
        with self._lock:
            self._keys = None
        version = max(self.versions(ring), default=0) + 1
        if version > MAX_VERSION:
            raise _problem("too_many_keys", f"กุญแจ {ring} มีครบทุกรุ่นแล้ว", self.folder, "")
        self._make(ring, version)
        return version

    def forget(self) -> None:
        """Read the folder again at the next use."""
        with self._lock:
            self._keys = None

    def _reloaded(self) -> dict[str, dict[int, bytes]]:
        self.forget()
        return self._loaded()

    def _loaded(self) -> dict[str, dict[int, bytes]]:
        with self._lock:
            if self._keys is None:
                self._keys = _read_folder(self.folder)
            return self._keys

    def _make(self, ring: str, version: int) -> None:
        """Write a new key whole or not at all; whoever comes second uses the first one's."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        target = self.folder / f"{ring}-{version:04d}.key"
        temporary = self.folder / f".{target.name}.{secrets.token_hex(4)}"
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
                stream.flush()
                os.fsync(stream.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(temporary, target)
        finally:
            temporary.unlink()
        self.forget()


def _read_folder(folder: Path) -> dict[str, dict[int, bytes]]:
    keys: dict[str, dict[int, bytes]] = {ring: {} for ring in RINGS}
    for path in sorted(folder.glob("*.key")) if folder.is_dir() else []:
        match = _NAME.fullmatch(path.name)
        if match:
            keys[match[1]][int(match[2])] = _read_key(path)
    return keys


def _read_key(path: Path) -> bytes:
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise _problem("key_open_to_others", "ไฟล์กุญแจเปิดให้ผู้ใช้อื่นอ่านได้", path, f"รันคำสั่ง chmod 600 {path} แล้วลองใหม่")
    try:
        key = base64.b64decode(path.read_bytes(), validate=False)
    except ValueError as error:
        raise _problem("key_broken", "ไฟล์กุญแจเสีย", path, "คืนไฟล์กุญแจจากชุดสำรองที่ปิดผนึกไว้") from error
    if len(key) != KEY_BYTES:
        raise _problem("key_broken", "ไฟล์กุญแจเสีย", path, "คืนไฟล์กุญแจจากชุดสำรองที่ปิดผนึกไว้")
    return key


_rings: dict[str, Keyring] = {}


def keyring() -> Keyring:
    """The keyring of this installation (setting KEYS_DIR). Asked for every cell, so it is found by one look-up."""
    folder = str(settings.KEYS_DIR)
    ring = _rings.get(folder)
    if ring is None:
        ring = _rings[folder] = Keyring(Path(folder))
    return ring
