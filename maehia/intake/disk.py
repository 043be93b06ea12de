"""A full disk is a sentence, not a traceback, and leaves no half-written file behind."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from maehia.base import Problem, ProblemError

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def disk_full(where: str = "") -> Problem:
    return Problem(
        "disk_full",
        "พื้นที่เก็บข้อมูลของเครื่องเต็ม จึงเขียนไฟล์ไม่สำเร็จ ยังไม่มีข้อมูลใดถูกเปลี่ยน",
        where,
        "ลบไฟล์ที่ไม่ใช้หรือขยายพื้นที่ แล้วสั่งนำเข้าไฟล์เดิมอีกครั้ง",
    )


@contextmanager
def room_on_disk(where: str = "") -> Iterator[None]:
    """Turn "no space left", "quota exceeded" and "file too large" into a `ProblemError`; other errors pass."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            raise ProblemError(disk_full(where)) from error
        raise


@contextmanager
def whole_file(path: Path, where: str = "") -> Iterator[Path]:
    """A path to write to; it takes the final name only when all was written. Nothing is left after an error."""
    part = path.with_name(path.name + ".part")
    try:
        with room_on_disk(where or path.name):
            yield part
            os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
