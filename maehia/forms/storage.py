"""Encrypted files on disk: one file, one random name; whoever drops the key has erased them everywhere."""

from __future__ import annotations

import io
import time
import uuid
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from maehia.base import Problem, ProblemError
from maehia.kit.crypto import decrypt_file, encrypt_file

DAY = 24 * 3600


def folder() -> Path:
    return Path(settings.FILES_DIR) / "attachments"


def path_of(name: str) -> Path:
    return folder() / name[:2] / name


def put(content: bytes, key: bytes) -> str:
    """Keep bytes encrypted; returns the name of the file. Raises ProblemError disk_full."""
    name = f"{uuid.uuid4().hex}.mhf"
    target = path_of(name)
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with target.open("xb") as sealed:
            encrypt_file(io.BytesIO(content), sealed, key)
    except OSError as error:
        with suppress(OSError):
            target.unlink()
        raise ProblemError(
            Problem("disk_full", f"เก็บไฟล์ไม่ได้: {error.strerror}", fix="แจ้งผู้ดูแลระบบ แล้วลองส่งใหม่ภายหลัง")
        ) from error
    return name


def get(name: str, key: bytes) -> bytes:
    """The plain bytes. Raises CannotDecrypt when the file was changed, FileNotFoundError when it is gone."""
    plain = io.BytesIO()
    with path_of(name).open("rb") as sealed:
        decrypt_file(sealed, plain, key)
    return plain.getvalue()


def remove(names: Iterable[str]) -> None:
    for name in names:
        if name:
            path_of(name).unlink(missing_ok=True)


def names_older_than_a_day() -> set[str]:
    """Files on disk that no transaction of today can still be writing."""
    limit = time.time() - DAY
    return {path.name for path in folder().glob("*/*.mhf") if path.stat().st_mtime < limit}
