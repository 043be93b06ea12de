"""`maehia recovery-sheet`: make the recovery key and print its sheets, once.

The private key is split over the sheets (any 2 of 3 by default) and kept nowhere else: print the file, seal
each sheet in its own envelope, keep them apart, delete the file.
"""

from __future__ import annotations

import argparse
import datetime as dt
import html
import json
from base64 import b64encode
from pathlib import Path
from typing import Any

from maehia.base import Problem, ProblemError
from maehia.cli import backup, places, sheets, steps, vault


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("recovery-sheet", description=__doc__,
                                 formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("--out", type=Path, default=Path("recovery-sheets.pdf"), help="PDF (or .html) to write")
    parser.add_argument("--parts", type=int, default=3, help="how many sheets (default 3)")
    parser.add_argument("--need", type=int, default=2, help="how many of them open a backup (default 2)")
    parser.add_argument(
        "--replace", action="store_true", help="make a new key; older backups still need the old sheets"
    )


def run(args: argparse.Namespace) -> int:
    if not 1 <= args.need <= args.parts <= 16:
        raise ProblemError(
            Problem(
                "sheet_counts",
                f"พิมพ์ {args.parts} ใบและใช้ {args.need} ใบไม่ได้",
                fix="เลือก need ไม่เกิน parts และ parts ไม่เกิน 16",
            )
        )
    known = backup.recovery_key()
    if known and not args.replace:
        raise ProblemError(
            Problem(
                "sheets_printed",
                f"พิมพ์ใบกู้คืนของกุญแจ {known['id']} แล้วเมื่อ {known['made']}",
                fix="ใช้ใบเดิม หรือ --replace เพื่อสร้างกุญแจใหม่ (ข้อมูลสำรองเก่ายังต้องใช้ใบเดิม)",
            )
        )
    if args.out.exists():
        raise ProblemError(Problem("file_exists", "มีไฟล์นี้อยู่แล้ว", str(args.out), "เลือกชื่ออื่นด้วย --out"))
    data = places.make_data_dir()
    with steps.step("สร้างกุญแจกู้คืนและพิมพ์ใบ (recovery sheets)"):
        known, shares = make_key(args.parts, args.need)
        places.write_private(args.out, render(args.out, shares, known))
        places.write_private(data / "recovery.json", json.dumps(known))
    print(f"พิมพ์ {args.out} แล้วปิดผนึกแยกซอง แยกที่เก็บ จากนั้นลบไฟล์: shred -u {args.out}")
    return 0


def make_key(parts: int, need: int, now: dt.datetime | None = None) -> tuple[dict[str, Any], list[sheets.Share]]:
    """A new recovery key: what may be kept of it (public half), and its sheets."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    private = X25519PrivateKey.generate().private_bytes_raw()
    public = vault.public_of(private)
    made = (now or dt.datetime.now(dt.UTC)).isoformat(timespec="minutes")
    known = {
        "id": vault.key_id(public),
        "public": b64encode(public).decode(),
        "made": made,
        "parts": parts,
        "need": need,
    }
    return known, sheets.split(private, known["id"], parts, need)


def render(path: Path, shares: list[sheets.Share], known: dict[str, Any]) -> bytes:
    """The sheets as PDF, one page each; as HTML when the name says so."""
    text = page(shares, known)
    if path.suffix.lower() in {".html", ".htm"}:
        return text.encode()
    from weasyprint import HTML

    return bytes(HTML(string=text).write_pdf())


def page(shares: list[sheets.Share], known: dict[str, Any]) -> str:
    town = html.escape(town_name())
    return PAGE.format(fonts=fonts(), sheets="".join(sheet(share, known, town) for share in shares))


def sheet(share: sheets.Share, known: dict[str, Any], town: str) -> str:
    import segno

    text = sheets.write(share)
    code = segno.make(text.replace(" ", "")).svg_inline(scale=4)
    return SHEET.format(
        town=town,
        number=share.number,
        parts=known["parts"],
        need=known["need"],
        key=known["id"],
        made=known["made"][:10],
        text="<br>".join(rows(text)),
        code=code,
    )


def fonts() -> str:
    """The page's own font by file, so that the sheets look the same on every machine."""
    found = sorted((places.REPO / "maehia/web/static/web/vendor").glob("sarabun-*/sarabun-*-[47]00-normal.woff2"))
    return "".join(face(path) for path in found)


def face(path: Path) -> str:
    """One file as one family: two files under one name would be mixed up by the PDF."""
    _family, letters, weight, _style = path.name.split("-")
    return FONT.format(letters=letters, weight=weight, url=path.as_uri())


def rows(text: str, groups: int = 4) -> list[str]:
    """Four groups of five letters on a line, so that a person can find the place again."""
    words = text.split()
    return [" ".join(words[i : i + groups]) for i in range(0, len(words), groups)]


def town_name() -> str:
    import yaml

    path = places.data_dir() / "town.yaml"
    return str(yaml.safe_load(path.read_text(encoding="utf-8"))["name_th"]) if path.exists() else "Maehia"


FONT = "@font-face {{ font-family: Sarabun-{letters}; font-weight: {weight}; src: url({url}) }}\n"

PAGE = """<!doctype html><html lang="th"><meta charset="utf-8"><title>ใบกู้คืน</title><style>{fonts}
@page {{ size: A4; margin: 22mm }}
body {{ font-family: Sarabun-latin, Sarabun-thai, "Loma", sans-serif; font-size: 13pt; line-height: 1.5 }}
section {{ break-after: page }} section:last-child {{ break-after: auto }}
h1 {{ font-size: 22pt; margin: 0 }} .text {{ font: 15pt/1.7 "DejaVu Sans Mono", monospace; letter-spacing: .06em }}
svg {{ width: 55mm; height: 55mm }}
</style><body>{sheets}</body></html>"""

SHEET = """<section><h1>ใบกู้คืน {number} จาก {parts}</h1>
<p>{town} · กุญแจ <b>{key}</b> · {made}</p>
<p>ข้อมูลสำรองของระบบเปิดได้เมื่อมีใบกู้คืน <b>{need} ใบ</b> ใบเดียวไม่บอกอะไรเลย
ปิดผนึกในซองทึบ ลงชื่อคร่อมรอยผนึก เก็บคนละสถานที่ อย่าถ่ายภาพ อย่าพิมพ์ลงคอมพิวเตอร์จนกว่าจะกู้คืน</p>
<p>Recovery sheet {number} of {parts}. Any {need} sheets of key {key} open a backup:
type each into a text file, then <code>maehia restore FILE --sheet A.txt --sheet B.txt</code>.</p>
<p class="text">{text}</p>{code}</section>"""
