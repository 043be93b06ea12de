"""What a file is, by its content; the name is only a hint."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal

Format = Literal[
    "empty", "xlsx", "xls", "ods", "locked", "shapefile_zip", "shapefile", "gpkg", "geojson", "json", "kml", "html",
    "zip", "text", "truncated_zip", "unknown",
]  # fmt: skip

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SPREADSHEET_NAMES = {".xlsx", ".xlsm", ".xlsb", ".ods"}
NOT_TABLES = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"MZ",
    b"\x7fELF",
    b"PK\x07\x08",
)
HEAD = 65_536


def sniff(path: Path) -> Format:
    """The format of the file at `path`, by its first bytes and, inside a zip, by its entries."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        return "empty"
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _zip(path)
    if head.startswith(OLE):
        return _ole(path)
    if head.startswith(b"SQLite format 3\x00"):
        return "gpkg"
    if head.startswith(b"\x00\x00\x27\x0a"):
        return "shapefile"
    if head.startswith(NOT_TABLES):
        return "unknown"
    return _text(head)


def _zip(path: Path) -> Format:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            mimetype = archive.read("mimetype")[:80] if "mimetype" in names and _small(archive, "mimetype") else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        return "truncated_zip"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if b"opendocument.spreadsheet" in mimetype:
        return "ods"
    if any(name.lower().endswith(".shp") for name in names):
        return "shapefile_zip"
    return "zip"


def _small(archive: zipfile.ZipFile, name: str) -> bool:
    return archive.getinfo(name).file_size < 200


def _ole(path: Path) -> Format:
    """An old .xls, or a new workbook inside an encrypted shell."""
    import msoffcrypto
    from msoffcrypto.exceptions import FileFormatError

    with path.open("rb") as file:
        try:
            return "locked" if msoffcrypto.OfficeFile(file).is_encrypted() else "xls"
        except (FileFormatError, OSError, ValueError, KeyError, AttributeError):
            return "xls"  # its reader says what is wrong


def _text(head: bytes) -> Format:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:4096]
    small = start.lower()
    if small.startswith((b"<!doctype html", b"<html", b"<table", b"<meta")):
        return "html"
    if small.startswith((b"<?xml", b"<kml", b"<!doctype")):
        if b"<html" in small or (b"urn:schemas-microsoft-com:office:excel" in small and b"<table" in small):
            return "html"
        return "kml" if b"<kml" in small or b"opengis.net/kml" in small else "unknown"
    if start.startswith((b"{", b"[")):
        return "geojson" if b'"Feature' in head or b'"coordinates"' in head else "json"
    utf16 = head.startswith((b"\xff\xfe", b"\xfe\xff")) or _looks_utf16(head)
    return "unknown" if b"\x00" in head[:4096] and not utf16 else "text"


def _looks_utf16(head: bytes) -> bool:
    """Every second byte is NUL or the Thai page number 0x0E."""
    sample = head[:2000]
    for side in (0, 1):
        half = sample[side::2]
        if len(half) > 4 and sum(byte in (0, 0x0E) for byte in half) > 0.9 * len(half):
            return True
    return False
