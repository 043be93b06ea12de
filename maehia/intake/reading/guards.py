"""Refusals: files that are broken, locked, or made to hurt. Each is a `Problem` that says what to do."""

from __future__ import annotations

import os
import posixpath
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from maehia.base import Problem, ProblemError
from maehia.intake.disk import room_on_disk
from maehia.intake.reading.book import Limits

CHUNK = 1 << 20
XML_NAMES = (".xml", ".rels", ".kml", ".vml")
_DECLARATION = re.compile("|".join(("<!doctype", "<!entity")), re.IGNORECASE)
SEND_AGAIN = "เปิดไฟล์ในโปรแกรมที่สร้าง บันทึกใหม่ แล้วส่งอีกครั้ง"


def refuse(code: str, what: str, where: str, fix: str = SEND_AGAIN) -> ProblemError:
    return ProblemError(Problem(code, what, where, fix))


def check_size(path: Path, where: str, limits: Limits) -> None:
    size = path.stat().st_size
    if size > limits.max_file_bytes:
        raise refuse(
            "file_too_large",
            f"ไฟล์ใหญ่ {size / 1e6:,.0f} MB เกินที่ระบบรับ {limits.max_file_bytes / 1e6:,.0f} MB",
            where,
            "แบ่งไฟล์เป็นหลายไฟล์ แล้วส่งทีละไฟล์",
        )


def check_zip(path: Path, where: str, limits: Limits) -> None:
    """Refuse a zip that is locked, broken, a bomb, or that names paths outside itself. Unpacks nothing to disk.

    Every entry is really inflated and counted: the sizes written in a zip's directory can lie.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_directory(entries, path.stat().st_size, where, limits)
            budget = limits.max_unpacked_bytes
            for entry in entries:
                budget -= _inflate(archive, entry, budget, where)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise refuse("truncated_file", "ไฟล์เสียหายหรือส่งมาไม่ครบ เปิดอ่านไม่ได้", where) from error
    except RuntimeError as error:  # zipfile says so of an encrypted entry
        raise locked(where) from error


def locked(where: str) -> ProblemError:
    return refuse(
        "password_protected",
        "ไฟล์ถูกล็อกด้วยรหัสผ่าน ระบบจึงอ่านไม่ได้",
        where,
        "เอารหัสผ่านออก (ไฟล์ > ข้อมูล > ปกป้องสมุดงาน > เข้ารหัสด้วยรหัสผ่าน แล้วลบรหัส) บันทึก แล้วส่งอีกครั้ง",
    )


def _check_directory(entries: list[zipfile.ZipInfo], packed: int, where: str, limits: Limits) -> None:
    total = sum(entry.file_size for entry in entries)
    if any(entry.flag_bits & 1 for entry in entries):
        raise locked(where)
    if len(entries) > limits.max_entries:
        raise bomb(f"มีไฟล์ข้างใน {len(entries):,} ไฟล์ เกิน {limits.max_entries:,}", where)
    if total > limits.max_unpacked_bytes:
        raise bomb(f"คลายแล้วใหญ่ {total / 1e6:,.0f} MB เกิน {limits.max_unpacked_bytes / 1e6:,.0f} MB", where)
    if total > limits.ratio_from_bytes and total > limits.max_ratio * max(packed, 1):
        raise bomb(f"คลายแล้วใหญ่ขึ้น {total / max(packed, 1):,.0f} เท่า เกิน {limits.max_ratio:,.0f} เท่า", where)
    for entry in entries:
        if is_unsafe_name(entry.filename):
            raise refuse(
                "unsafe_path_in_zip",
                f"ในไฟล์บีบอัดมีชื่อที่ชี้ออกนอกโฟลเดอร์: {entry.filename[:120]}",
                where,
                "บีบอัดเฉพาะไฟล์ข้อมูลใหม่ โดยไม่มีโฟลเดอร์ระดับบน แล้วส่งอีกครั้ง",
            )


def bomb(detail: str, where: str) -> ProblemError:
    return refuse("zip_bomb", f"ไฟล์บีบอัดผิดปกติ: {detail} ระบบจึงไม่เปิด", where, "ส่งไฟล์ที่ไม่บีบอัด หรือแบ่งเป็นไฟล์เล็กลง")


def is_unsafe_name(name: str) -> bool:
    """Absolute, with a drive, with NUL, or climbing out of the folder."""
    flat = name.replace("\\", "/")
    climbs = posixpath.normpath(flat).split("/")[0] == ".."
    return flat.startswith("/") or climbs or ":" in flat.split("/")[0] or "\x00" in flat


def _inflate(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: int, where: str) -> int:
    """Bytes of one entry, read and thrown away; the start of XML is looked at."""
    size = 0
    with archive.open(entry) as stream:
        while chunk := stream.read(CHUNK):
            if not size and entry.filename.lower().endswith(XML_NAMES):
                check_xml_start(chunk, where)
            size += len(chunk)
            if size > budget:
                raise bomb("คลายแล้วใหญ่เกินขนาดที่ระบบรับ", where)
    return size


def check_xml_start(chunk: bytes, where: str) -> None:
    """Refuse XML that declares a document type or entities: no table needs them, and they can grow without end."""
    for encoding in ("latin-1", "utf-16-le", "utf-16-be"):
        text = chunk[:CHUNK].decode(encoding, errors="ignore")
        if _DECLARATION.search(text):
            raise refuse(
                "xml_entities",
                "ไฟล์นี้มีคำสั่งประกาศ DOCTYPE หรือ ENTITY ซึ่งใช้โจมตีระบบได้ ระบบจึงไม่เปิด",
                where,
                "เปิดไฟล์ในโปรแกรมตารางคำนวณ คัดลอกข้อมูลไปสมุดงานใหม่ บันทึก แล้วส่งไฟล์ใหม่",
            )


@contextmanager
def unpacked(path: Path, where: str, limits: Limits) -> Iterator[Path]:
    """A private folder with the files of a checked zip, flat by base name; gone afterwards."""
    with work_folder(limits) as folder, room_on_disk(where), zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            name = posixpath.basename(entry.filename.replace("\\", "/"))
            if entry.is_dir() or not name or name.startswith(".") or entry.filename.startswith("__MACOSX"):
                continue
            with archive.open(entry) as source, (folder / name).open("wb") as target:
                shutil.copyfileobj(source, target, CHUNK)
        yield folder


@contextmanager
def work_folder(limits: Limits) -> Iterator[Path]:
    """A folder only we can read (mode 0700), removed with all in it."""
    folder = Path(mkdtemp(prefix="maehia-read-", dir=os.fspath(limits.work_dir) if limits.work_dir else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
