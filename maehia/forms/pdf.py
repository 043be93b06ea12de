"""PDF files from strangers: kept as they came, but only when nothing in them acts by itself.

No PDF library is part of this system (WeasyPrint only writes), so this is a cautious reader of names, not a full
parser: it looks at every name outside of binary streams, at object streams after unpacking them, and at streams that
seem to hide objects. What it cannot look into (encrypted files, unusual filters) is refused. The file is never shown
inside a page of ours: it is served as a download in a sandbox.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from dataclasses import dataclass

from maehia.base import Problem, ProblemError
from maehia.forms.photos import MOST_BYTES

MOST_PAGES = 500
MOST_UNPACKED = 64 * 2**20  # of all object streams together: beyond it a file is a bomb
ACTIVE = frozenset({
    b"JavaScript", b"JS", b"Launch", b"EmbeddedFile", b"EmbeddedFiles", b"RichMedia", b"XFA", b"SubmitForm",
    b"ImportData", b"GoToE", b"Rendition", b"3D",
})  # fmt: skip
FIX = "บันทึกเป็น PDF ธรรมดา (เช่น พิมพ์เป็น PDF) หรือถ่ายภาพเอกสารแล้วแนบใหม่ ขนาดไม่เกิน 12 MB"
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)
_NAME = re.compile(rb"/([^\x00\t\n\f\r ()<>\[\]{}/%]+)")
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_OBJECT = re.compile(rb"\d+\s+\d+\s+obj\b")
_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")


@dataclass(frozen=True, slots=True)
class Pdf:
    """data: the file as it came. pages: as counted in it. sha256: of data, hex."""

    data: bytes
    pages: int
    sha256: str


def is_pdf(head: bytes) -> bool:
    return head.startswith(b"%PDF-")


def check_pdf(raw: bytes, name: str = "") -> Pdf:
    """The file, looked through.

    Raises ProblemError: pdf_too_large, pdf_kind, pdf_broken, pdf_locked (encrypted), pdf_active (scripts, files or
    actions inside), pdf_too_long (pages), pdf_unreadable (parts that cannot be looked into).
    """
    if len(raw) > MOST_BYTES:
        raise _refused("pdf_too_large", "ไฟล์ PDF ใหญ่กว่า 12 MB", name)
    if not is_pdf(raw):
        raise _refused("pdf_kind", "ไฟล์นี้ไม่ใช่ PDF", name)
    if not _well_ended(raw):
        raise _refused("pdf_broken", "ไฟล์ PDF ไม่ครบหรือเสียหาย", name)
    text = _looked_through(raw, name)
    names = {_HEX.sub(lambda code: bytes([int(code[1], 16)]), found) for found in _NAME.findall(text)}
    if b"Encrypt" in names:
        raise _refused("pdf_locked", "ไฟล์ PDF นี้ใส่รหัสผ่านหรือจำกัดสิทธิ์ไว้ ระบบตรวจไม่ได้", name)
    if names & ACTIVE:
        raise _refused("pdf_active", "ไฟล์ PDF นี้มีคำสั่ง สคริปต์ หรือไฟล์ซ่อนอยู่ข้างใน", name)
    pages = len(_PAGE.findall(text))
    if not pages or b"Root" not in names:
        raise _refused("pdf_broken", "ไฟล์ PDF ไม่มีหน้าให้อ่าน", name)
    if pages > MOST_PAGES:
        raise _refused("pdf_too_long", f"ไฟล์ PDF มีมากกว่า {MOST_PAGES} หน้า", name)
    return Pdf(raw, pages, hashlib.sha256(raw).hexdigest())


def _refused(code: str, what: str, name: str) -> ProblemError:
    return ProblemError(Problem(code, what, where=name, fix=FIX))


def _well_ended(raw: bytes) -> bool:
    """The last lines point at a table of contents inside the file."""
    found = _START.search(raw[-1024:])
    if not found or int(found[1]) >= len(raw):
        return False
    at = raw[int(found[1]) : int(found[1]) + 30].lstrip()
    return at.startswith(b"xref") or bool(_OBJECT.match(at))


def _looked_through(raw: bytes, name: str) -> bytes:
    """Everything in which objects are written: the file without its binary streams, and what those hide."""
    parts, at, budget = [], 0, MOST_UNPACKED
    for found in _STREAM.finditer(raw):
        before = raw[at : found.start()]
        parts.append(before)
        at = found.end()
        head = before[before.rfind(b" obj") :]
        if b"ObjStm" in _HEX.sub(lambda code: bytes([int(code[1], 16)]), head):
            unpacked = _unpacked(found[1], head, budget, name)
            budget -= len(unpacked)
            parts.append(unpacked)
        elif _OBJECT.search(found[1]):
            parts.append(found[1])
    return b"\n".join([*parts, raw[at:]])


def _unpacked(data: bytes, head: bytes, budget: int, name: str) -> bytes:
    """An object stream in the open."""
    if b"/Filter" not in head:
        return data
    filters = re.findall(rb"/([A-Za-z0-9]+Decode)", head)
    if filters != [b"FlateDecode"] or b"/Predictor" in head:
        raise _refused("pdf_unreadable", "ไฟล์ PDF นี้มีส่วนที่ระบบตรวจไม่ได้", name)
    worker = zlib.decompressobj()
    try:
        found = worker.decompress(data, max(1, budget))
    except zlib.error as error:
        raise _refused("pdf_broken", "ไฟล์ PDF ไม่ครบหรือเสียหาย", name) from error
    if worker.unconsumed_tail:
        raise _refused("pdf_unreadable", "ไฟล์ PDF นี้มีส่วนที่ใหญ่ผิดปกติ", name)
    return found
