"""Small files to drop on the intake by hand: a very dirty list, and one of each kind of broken file."""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely
from pyproj import Transformer

from .dice import Dice
from .dirt import THAI_DIGITS, Ledger, id_slip, respelled
from .files import NOTICE, STILL, Cell, Sheet, write_csv, write_geojson, write_xlsx, xlsx_bytes, zip_bytes
from .geo.areas import outline
from .geo.build import Land
from .geo.maps import crossed, zipped_shapefile
from .geo.plane import as_geojson
from .habits import HABITS
from .records import Rec, Scribe
from .serials import national_id
from .town import Town

ELDER_HEADER = ("ลำดับ", "เลขสมาชิก", "ชื่อ-สกุล", "เลขบัตรประชาชน", "เกิดวันที่", "ที่อยู่", "โทรศัพท์")
_ELDER_TOP = "ทะเบียนสมาชิกชมรมผู้สูงอายุ"
BOMB_BYTES = 120_000_000


@dataclass(frozen=True)
class Try:
    """One file to try: its name, the source it pretends to be, and what intake should say of it."""

    file: str
    source: str
    about: str
    write: Callable[[Path, Town, Land], int]


def _elders(town: Town) -> tuple[list[Rec], Ledger]:
    """150 elders as the club's secretary wrote them down: the survey's habits, only worse."""
    ledger = Ledger(places=[])
    day = town.as_of("complaint")
    scribe = Scribe(town.seed, "vhv", day, town.houses, ledger)
    scribe.dice = Dice(town.seed, "elders")
    scribe.habits = replace(
        HABITS["vhv"],
        respelled=0.2,
        id_slip=0.06,
        thai_digits=0.6,
        hidden_mark=0.05,
        double_e=0.5,
        has_id=0.8,
        twice=0.0,
    )
    old = [p for p in town.residents if p.here(day.toordinal()) and p.age(day.toordinal()) >= 60]
    chosen = Dice(town.seed, "club").sample(old, 150)
    return [scribe.row(person) for person in chosen], ledger


def write_elders(path: Path, town: Town, land: Land) -> int:
    """Two header rows, group rows in between, one person in three spellings, impossible days, double numbers."""
    recs, _ = _elders(town)
    dice = Dice(town.seed, "club dirt")
    for rec, birth in zip(recs[:5], ("30/02/2495", "31 เม.ย. 2490", "12/05/2650", "๒๔๙๘๐๐๐๐", "ไม่ทราบ"), strict=False):
        rec.birth = birth
    rows: list[list[Cell]] = [[f"{_ELDER_TOP} {NOTICE}"], ["ปรับปรุงล่าสุด ๑๐ พฤศจิกายน ๒๕๖๙"]]
    rows += [["", "", "ข้อมูลสมาชิก", "", "", "การติดต่อ", ""], list(ELDER_HEADER)]
    number = 0
    for rec in [*recs, *_three_spellings(dice, town, recs)]:
        if number % 40 == 0:
            rows.append([f"กลุ่มที่ {number // 40 + 1}".translate(THAI_DIGITS)])
        number += 1
        member = f"ผส{number:04d}" if number not in (30, 61) else f"ผส{number - 1:04d}"
        rows.append([str(number).translate(THAI_DIGITS), member, rec.full, rec.nid, rec.birth, rec.address, rec.phone])
    rows.append([f"รวม {number} คน".translate(THAI_DIGITS)])
    write_xlsx(path, [Sheet("สมาชิก", rows, ["A1:G1", "A2:G2", "C3:E3", "F3:G3"])], NOTICE)
    return number


def _three_spellings(dice: Dice, town: Town, recs: list[Rec]) -> list[Rec]:
    """Three members again, each once more in two other spellings and with a wrong digit."""
    again = []
    for rec in recs[10:13]:
        person = town.people[rec.person]
        for n in range(2):
            first = respelled(dice, person.first)
            nid = id_slip(dice, person.nid) if n and person.nid else person.nid
            again.append(replace(rec, full=f"{first} {person.last}", nid=nid, phone=""))
    return again


def _small_rows(town: Town, count: int = 12) -> list[list[Cell]]:
    day = town.day.toordinal()
    people = [p for p in town.residents if p.registered and p.here(day)][:count]
    return [
        [f"ท{n:03d}", *p.then(day)[1:3], p.nid, "15/06/2520", f"{n} ม.{n % 10 + 1}", NOTICE]
        for n, p in enumerate(people, start=1)
    ]


_SMALL = ("เลขที่", "ชื่อ", "นามสกุล", "เลขประจำตัวประชาชน", "วันเกิด", "ที่อยู่", "ที่มาข้อมูล")


def _truncated(path: Path, town: Town, land: Land) -> int:
    whole = xlsx_bytes([Sheet("รายชื่อ", [_SMALL, *_small_rows(town)])], NOTICE)
    path.write_bytes(whole[: len(whole) * 6 // 10])
    return 0


def _password(path: Path, town: Town, land: Land) -> int:
    text = (Path(__file__).parent / "data" / "password.xlsx.b64.txt").read_text(encoding="ascii")
    path.write_bytes(base64.b64decode(text))
    return 0


def _html(path: Path, town: Town, land: Land) -> int:
    cells = "".join(f"<tr><td>{row[0]}</td><td>{row[1]}</td></tr>" for row in _small_rows(town))
    path.write_text(f"<html><body><p>{NOTICE}</p><table>{cells}</table></body></html>", encoding="utf-8")
    return 0


def _tis620(path: Path, town: Town, land: Land) -> int:
    rows = _small_rows(town)
    write_csv(path, [_SMALL, *rows], "cp874")
    return len(rows)


def _excel_ids(path: Path, town: Town, land: Land) -> int:
    rows = _small_rows(town)
    for row in rows:
        row[3] = f"{float(str(row[3]) or 3.1e12):.1E}"
    write_csv(path, [_SMALL, *rows])
    return len(rows)


def _double_keys(path: Path, town: Town, land: Land) -> int:
    rows = _small_rows(town)
    rows[5][0] = rows[4][0]
    write_csv(path, [_SMALL, *rows, rows[0]])
    return len(rows) + 1


def _impossible_days(path: Path, town: Town, land: Land) -> int:
    rows = _small_rows(town)
    for row, birth in zip(rows, ("30/02/2530", "30 ก.พ. 2530", "12/05/2650", "31/11/2540", "99/99/9999"), strict=False):
        row[4] = birth
    write_csv(path, [_SMALL, *rows])
    return len(rows)


def _formulas(path: Path, town: Town, land: Land) -> int:
    rows = _small_rows(town)
    for row, text in zip(rows, ("=1+1", "+66800000001", "-2+3", "@SUM(1)", '=HYPERLINK("#","ก")'), strict=False):
        row[1] = text
    write_csv(path, [_SMALL, *rows])
    return len(rows)


def _swapped(path: Path, town: Town, land: Land) -> int:
    houses = town.houses[:40]
    rows = [(h.code, h.house_no, h.moo, h.lon, h.lat, NOTICE) for h in houses]
    write_csv(path, [("รหัสประจำบ้าน", "บ้านเลขที่", "หมู่ที่", "ละติจูด", "ลองจิจูด", "ที่มาข้อมูล"), *rows])
    return len(rows)


def _bowtie(path: Path, town: Town, land: Land) -> int:
    made = land.buildings[:6]
    shapes = [as_geojson(crossed(b.shape)) for b in made]
    rows = [
        {"type": "Feature", "properties": {"รหัสอาคาร": b.code, "ที่มาข้อมูล": NOTICE}, "geometry": shape}
        for b, shape in zip(made, shapes, strict=True)
    ]
    return write_geojson(path, "bowtie", rows)


def _outline_too_large(path: Path, town: Town, land: Land) -> int:
    large = shapely.affinity.scale(outline(), 3**0.5, 3**0.5, origin="centroid")
    properties = {"รหัส": "500109", "ประเภท": "municipality", "ชื่อ": "เทศบาลเมืองแม่เหียะ", "ที่มาข้อมูล": NOTICE}
    return write_geojson(
        path, "outline", [{"type": "Feature", "properties": properties, "geometry": as_geojson(large)}]
    )


def _no_prj(path: Path, land: Land, shapes: list[shapely.Polygon], name: str) -> int:
    made = land.parcels[:60]
    columns: dict[str, list[object]] = {
        "PARCEL_COD": [p.ltax for p in made],
        "LAND_USE": [p.use for p in made],
        "NOTE": [NOTICE for _ in made],
    }
    whole = zipped_shapefile(shapes, columns, name)
    path.write_bytes(whole)
    _without(path, ".prj")
    return len(made)


def _without(path: Path, suffix: str) -> None:
    """Write the zip again without the files of that ending."""
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist() if not name.endswith(suffix)}
    path.write_bytes(zip_bytes(kept))


def _utm_no_prj(path: Path, town: Town, land: Land) -> int:
    return _no_prj(path, land, [p.shape for p in land.parcels[:60]], "parcels_utm")


def _indian_no_prj(path: Path, town: Town, land: Land) -> int:
    to_old = Transformer.from_crs("EPSG:32647", "EPSG:24047", always_xy=True)
    moved = [
        shapely.transform(p.shape, lambda xy: np.column_stack(to_old.transform(xy[:, 0], xy[:, 1])))
        for p in land.parcels[:60]
    ]
    return _no_prj(path, land, moved, "parcels_indian1975")


def _bomb(path: Path, town: Town, land: Land) -> int:
    """A workbook of a few hundred kilobytes whose sheet would unpack to 120 MB of spaces."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        info = zipfile.ZipInfo("xl/worksheets/sheet1.xml", STILL)
        info.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(info, "w") as sheet:
            for _ in range(BOMB_BYTES // 1_000_000):
                sheet.write(b" " * 1_000_000)
    return 0


def _empty(path: Path, town: Town, land: Land) -> int:
    write_csv(path, [_SMALL])
    return 0


def _broken_geojson(path: Path, town: Town, land: Land) -> int:
    text = json.dumps({"type": "FeatureCollection", "notice": NOTICE, "features": []}, ensure_ascii=False)
    path.write_text(text[:-4], encoding="utf-8")
    return 0


def _strange_ids(path: Path, town: Town, land: Land) -> int:
    rows = _small_rows(town)
    wrong = ("1234567890123", "12345", "ไม่มีบัตร", national_id(77, "1")[:12], "0-0000-00000-00-0")
    for row, nid in zip(rows, wrong, strict=False):
        row[3] = nid
    write_csv(path, [_SMALL, *rows])
    return len(rows)


TRIES: tuple[Try, ...] = (
    Try(
        "elders.xlsx",
        "elders",
        "รายชื่อสกปรกมาก: หัวตารางสองชั้น เลขไทย วันที่เป็นไปไม่ได้ เลขสมาชิกซ้ำ คนเดียวสามแบบสะกด",
        write_elders,
    ),
    Try("truncated.xlsx", "", "ไฟล์ Excel ขาดครึ่ง: เปิดไม่ได้", _truncated),
    Try("password.xlsx", "", "ไฟล์ Excel ใส่รหัสผ่าน: ต้องให้เจ้าของปลดรหัส", _password),
    Try("html-inside.xlsx", "", "หน้าเว็บที่ตั้งชื่อเป็น Excel", _html),
    Try("people-utf8.csv", "", "ชื่อไฟล์บอก UTF-8 แต่ข้างในเป็น TIS-620", _tis620),
    Try("excel-ids.csv", "", "เลขบัตรถูก Excel แปลงเป็น 3.1E+12: ต้องไม่รับทั้งคอลัมน์", _excel_ids),
    Try("strange-ids.csv", "", "เลขบัตรผิดหลักตรวจสอบหรือไม่ครบ 13 หลัก", _strange_ids),
    Try("duplicate-keys.csv", "", "เลขที่ซ้ำกันในไฟล์เดียว", _double_keys),
    Try("impossible-days.csv", "", "30 กุมภาพันธ์ และ พ.ศ. 2650", _impossible_days),
    Try("formulas.csv", "", "เซลล์ที่ขึ้นต้นด้วย = + - @", _formulas),
    Try("swapped-points.csv", "", "ละติจูดและลองจิจูดสลับกันทั้งไฟล์", _swapped),
    Try("bowtie.geojson", "", "รูปหลายเหลี่ยมตัดตัวเอง", _bowtie),
    Try("broken.geojson", "", "GeoJSON ขาดท้าย", _broken_geojson),
    Try("outline-3x.geojson", "areas", "แนวเขตใหญ่กว่าความจริงสามเท่า", _outline_too_large),
    Try("utm-no-prj.zip", "parcels", "Shapefile พิกัด UTM ไม่มีไฟล์ .prj", _utm_no_prj),
    Try("indian1975-no-prj.zip", "parcels", "Shapefile พิกัด Indian 1975 ไม่มีไฟล์ .prj", _indian_no_prj),
    Try("bomb.xlsx", "", "ไฟล์เล็กที่คลายออกเป็น 120 ล้านไบต์", _bomb),
    Try("empty.csv", "", "มีแต่หัวตาราง", _empty),
)
