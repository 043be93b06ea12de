"""`write_town`: the whole town as raw files, next month's files, broken files to try, and the truth."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path

from .dice import Dice
from .dirt import Ledger
from .files import NOTICE, write_json
from .geo.build import Land, make_land
from .geo.maps import MAP_AGES, MAPS
from .geo.terrain import write_dem
from .lists import LISTINGS, Listing, Table, World, business
from .lists.base import save
from .nextmonth import next_month
from .readings import write_readings, write_stations
from .records import Rec
from .registers import rows_of
from .town import BASE_DAY, NEXT_MONTH, REGISTERED, Town, make_town
from .tries import TRIES

MONTHLY = ("civil", "vhv")  # lists whose next issue is written too


@dataclass(frozen=True)
class FileEntry:
    """One file of the town. folder: 'raw' or 'to-try'; rows: data rows or features, 0 where it cannot be said;
    about: what to expect, in Thai, for the files to try."""

    folder: str
    file: str
    source: str
    as_of: str
    form: str
    rows: int
    about: str = ""


@dataclass
class Manifest:
    """What `write_town` wrote; `manifest.json` holds the same."""

    seed: int
    people: int
    day: str
    notice: str = NOTICE
    files: list[FileEntry] = field(default_factory=list)
    checksums: dict[str, str] = field(default_factory=dict)

    def of(self, folder: str) -> list[FileEntry]:
        return [entry for entry in self.files if entry.folder == folder]


@dataclass
class Desk:
    """Where things are written while the town is being made."""

    root: Path
    town: Town
    world: World
    manifest: Manifest
    ledger: Ledger
    land: Land | None = None
    recs: dict[str, list[Rec]] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)

    def note(self, folder: str, file: str, source: str, as_of: date, *, rows: int, about: str = "") -> None:
        form = file.rsplit(".", 1)[-1]
        self.manifest.files.append(FileEntry(folder, file, source, as_of.isoformat(), form, rows, about))


def write_town(
    directory: str | Path,
    people: int = REGISTERED,
    seed: int = 2569,
    *,
    day: date = BASE_DAY,
    progress: Callable[[str], None] = lambda words: None,
) -> Manifest:
    """Write the invented town into `directory`: raw/, to-try/, truth/ and manifest.json.

    people: registered persons; the rest of the town is scaled to them. day: the base day that all as-of days
    count from. progress: called with a Thai sentence before each step. The same arguments give the same bytes."""
    directory = Path(directory)
    for name in ("raw", "to-try", "truth"):
        (directory / name).mkdir(parents=True, exist_ok=True)
    progress("สร้างบ้านและประชากรสมมติ")
    town = make_town(people, seed, day)
    manifest = Manifest(seed, people, day.isoformat())
    desk = Desk(directory, town, World(town), manifest, Ledger(places=[]))
    for step, words in STEPS:
        progress(words)
        step(desk)
    manifest.checksums = _checksums(directory)
    write_json(directory / "manifest.json", asdict(manifest))
    return manifest


def _write_maps(desk: Desk) -> None:
    land = make_land(desk.town)
    desk.land = land
    codes = land.ltax_of_persons()
    firms = [(c.name, c.juristic_id, codes.get(-1 - n, [])) for n, c in enumerate(land.companies)]
    desk.world.ltax, desk.world.companies = codes, firms
    for source, file, write in MAPS:
        rows = write(desk.root / "raw" / file, desk.town, land, desk.ledger)
        desk.note("raw", file, source, desk.town.day - timedelta(days=MAP_AGES[source]), rows=rows)
    write_dem(desk.root / "raw" / "dem.tif", land.terrain)
    desk.note("raw", "dem.tif", "terrain", desk.town.day - timedelta(days=900), rows=land.terrain.heights.size)


def _write_others(desk: Desk) -> None:
    raw, town = desk.root / "raw", desk.town
    day = town.day - timedelta(days=70)
    desk.note(
        "raw", "business.xlsx", "business", day, rows=business.write(raw / "business.xlsx", town, day, desk.ledger)
    )
    desk.note("raw", "stations.csv", "stations", town.day, rows=write_stations(raw / "stations.csv"))
    rows = write_readings(raw / "readings.csv", town.seed, town.day, desk.ledger)
    desk.note("raw", "readings.csv", "readings", town.day, rows=rows)


def _write_lists(desk: Desk) -> None:
    for listing in LISTINGS:
        recs = list(rows_of(desk.town, listing.source, desk.ledger))
        if listing.plant:
            listing.plant(desk.world, recs, Dice(desk.town.seed, f"plant:{listing.source}"), desk.ledger)
        day = desk.town.as_of(listing.source)
        table = listing.layout(desk.world, recs, day)
        save(listing, table, desk.root / "raw" / listing.file)
        desk.note("raw", listing.file, listing.source, day, rows=len(table.rows))
        desk.recs[listing.source], desk.tables[listing.source] = recs, table


def _write_truth(desk: Desk) -> None:
    folder = desk.root / "truth"
    rows = (row for listing in LISTINGS for row in _truth_rows(desk, listing))
    _write_rows(folder / "truth.csv", ("rec", "source", "file", "row", "ext_id", "person", "house_code"), rows)
    _write_rows(folder / "dirt.csv", ("rec", "class"), desk.ledger.places or ())
    write_json(folder / "dirt.json", {"notice": NOTICE, "counts": desk.ledger.as_dict()})
    day = desk.town.day.toordinal()
    people = (
        (p.key, p.sex, date.fromordinal(p.birth), *p.then(day)[:3], p.nid, int(p.registered), int(p.here(day)))
        for p in desk.town.people
    )
    _write_rows(
        folder / "people.csv", ("person", "sex", "birth", "title", "first", "last", "nid", "registered", "here"), people
    )
    houses = ((h.index, h.code, h.house_no, h.moo, h.lon, h.lat) for h in desk.town.houses)
    _write_rows(folder / "houses.csv", ("house", "house_code", "house_no", "moo", "lon", "lat"), houses)


def _write_tries(desk: Desk) -> None:
    if desk.land is None:
        raise RuntimeError("the land is drawn before the files to try")
    folder = desk.root / "to-try"
    for one in TRIES:
        rows = one.write(folder / one.file, desk.town, desk.land)
        desk.note("to-try", one.file, one.source, desk.town.day, rows=rows, about=one.about)


def _write_next_month(desk: Desk) -> None:
    dirt: dict[str, set[str]] = {}
    for rec_id, kind in desk.ledger.places or ():
        dirt.setdefault(rec_id, set()).add(kind)
    truth: list[tuple[object, ...]] = []
    for listing in LISTINGS:
        if listing.source in MONTHLY:
            truth.extend(_next_rows(desk, listing, dirt))
    header = ("rec", "source", "file", "row", "ext_id", "person", "change")
    _write_rows(desk.root / "truth" / "next.csv", header, truth)


def _next_rows(desk: Desk, listing: Listing, dirt: dict[str, set[str]]) -> Iterable[tuple[object, ...]]:
    """Write the next issue of a list; the truth of its rows and of the rows that are gone."""
    old = desk.recs[listing.source]
    month = next_month(desk.town, listing.source, old, dirt)
    day = desk.town.as_of(listing.source) + timedelta(days=NEXT_MONTH)
    table = listing.layout(desk.world, month.rows, day)
    file = f"{listing.source}-next.{listing.file.rsplit('.', 1)[-1]}"
    save(listing, table, desk.root / "to-try" / file)
    about = "รายชื่อของเดือนถัดไป: เกิด ตาย ย้าย เปลี่ยนชื่อ และแก้คำผิดราวร้อยละสาม"
    desk.note("to-try", file, listing.source, day, rows=len(table.rows), about=about)
    first = len(table.top) + 1
    for row, rec in enumerate(month.rows, start=first):
        change = month.changed.get(rec.rec_id, "")
        yield rec.rec_id, rec.source, file, row, listing.key(rec), rec.person, change
    for rec in old:
        if rec.rec_id in month.gone:
            yield rec.rec_id, rec.source, file, "", listing.key(rec), rec.person, month.gone[rec.rec_id]


def _truth_rows(desk: Desk, listing: Listing) -> Iterable[tuple[object, ...]]:
    first = len(desk.tables[listing.source].top) + 1
    for row, rec in enumerate(desk.recs[listing.source], start=first):
        code = desk.town.houses[rec.house].code if rec.house >= 0 else ""
        yield rec.rec_id, rec.source, listing.file, row, listing.key(rec), rec.person, code


def _write_rows(path: Path, header: tuple[str, ...], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)


def _checksums(directory: Path) -> dict[str, str]:
    files = sorted(path for path in directory.rglob("*") if path.is_file() and path.name != "manifest.json")
    return {path.relative_to(directory).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def read_manifest(directory: Path) -> Manifest:
    """The manifest of a town written before."""
    raw = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))
    raw["files"] = [FileEntry(**entry) for entry in raw["files"]]
    return Manifest(**raw)


STEPS: tuple[tuple[Callable[[Desk], None], str], ...] = (
    (_write_maps, "วาดแผนที่ ถนน แปลงที่ดิน อาคาร และภูมิประเทศสังเคราะห์"),
    (_write_lists, "เขียนบัญชีรายชื่อของหน่วยงาน"),
    (_write_others, "เขียนกิจการ สถานีตรวจวัด และค่าตรวจวัดหนึ่งปี"),
    (_write_truth, "เขียนเฉลยสำหรับการทดสอบ"),
    (_write_next_month, "เขียนรายชื่อของเดือนถัดไป"),
    (_write_tries, "เขียนไฟล์ไว้ทดลอง"),
)
