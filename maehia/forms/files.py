"""What somebody attached, looked at once: a clean photo, or a PDF in which nothing acts."""

from __future__ import annotations

import io
from typing import IO

from maehia.base import Problem, ProblemError
from maehia.forms.pdf import Pdf, check_pdf, is_pdf
from maehia.forms.photos import MOST_BYTES, Photo, read_photo

MOST_PHOTOS = 5  # in one form
FORM_BYTES = 2**20  # everything beside the files
ACCEPT_PHOTO = "image/jpeg,image/png,image/webp"
ACCEPT_FILE = f"{ACCEPT_PHOTO},application/pdf"
FIX = "แนบภาพถ่าย (JPEG, PNG, WebP) หรือไฟล์ PDF ขนาดไม่เกิน 12 MB"


def most_bytes(files: int = MOST_PHOTOS) -> int:
    """The largest request of a form with so many files: one limit, from that of a photo."""
    return files * MOST_BYTES + FORM_BYTES


def read_file(stream: IO[bytes], name: str = "", *, photo_only: bool = False) -> Photo | Pdf:
    """A clean photo or a harmless PDF; reads at most one byte beyond the limit.

    Raises ProblemError with the codes of `read_photo` and `check_pdf`, and file_kind for anything else.
    """
    if photo_only:
        return read_photo(stream, name)
    raw = stream.read(MOST_BYTES + 1)
    if is_pdf(raw[:5]):
        return check_pdf(raw, name)
    try:
        return read_photo(io.BytesIO(raw), name)
    except ProblemError as error:
        if error.problem.code != "photo_kind":
            raise
        raise ProblemError(Problem("file_kind", "ไฟล์นี้ไม่ใช่ภาพถ่ายหรือ PDF", name, FIX)) from error
