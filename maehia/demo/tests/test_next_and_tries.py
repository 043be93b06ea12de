"""Next month's files differ by about three percent; the broken files are broken in the way they say."""

from __future__ import annotations

import io
import json
import zipfile

import msoffcrypto
import openpyxl
import pyogrio
import pytest
import shapely
from shapely.geometry import shape

from maehia.demo.lists import civil, vhv
from maehia.demo.tries import TRIES


def keyed(rows, top, key, skip=()):
    """Row key -> the other cells, without the running numbers."""
    return {
        row[key]: [c for i, c in enumerate(row) if i not in skip] for row in rows[top:] if len(row) > key and row[key]
    }


@pytest.mark.parametrize(("listing", "top", "key", "skip"), [(civil.LISTING, 2, 0, ()), (vhv.LISTING, 4, 1, (0,))])
def test_untouched_rows_are_the_same_next_month(small, listing, top, key, skip):
    old = keyed(small.xlsx(f"raw/{listing.file}"), top, key, skip)
    new = keyed(small.xlsx(f"to-try/{listing.source}-next.xlsx"), top, key, skip)
    truth = [row for row in small.csv("truth/next.csv", "utf-8") if row["source"] == listing.source]
    change = {row["ext_id"]: row["change"] for row in truth}
    for ext_id, cells in new.items():
        if change[ext_id] == "":
            assert cells == old[ext_id]
        elif change[ext_id] in {"born", "arrived"}:
            assert ext_id not in old
    gone = {row["ext_id"] for row in truth if row["change"] in {"died", "left"}}
    assert gone == set(old) - set(new)


def test_about_three_percent_change(small):
    truth = small.csv("truth/next.csv", "utf-8")
    changed = sum(bool(row["change"]) for row in truth)
    assert 0.01 < changed / len(truth) < 0.06
    assert {row["change"] for row in truth} >= {"born", "died", "moved", "corrected", "arrived", "left"}


def test_a_try_exists_for_every_kind_and_says_what_to_expect(small):
    written = {entry.file: entry.about for entry in small.manifest.of("to-try")}
    assert {one.file for one in TRIES} <= set(written)
    assert all(written.values())


def test_truncated_workbook_cannot_be_opened(small):
    with pytest.raises(zipfile.BadZipFile):
        openpyxl.load_workbook(small.root / "to-try/truncated.xlsx")


def test_password_workbook_is_encrypted(small):
    book = msoffcrypto.OfficeFile(io.BytesIO((small.root / "to-try/password.xlsx").read_bytes()))
    assert book.is_encrypted()


def test_file_that_says_utf8_is_tis620(small):
    raw = (small.root / "to-try/people-utf8.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    assert "เลขที่" in raw.decode("cp874")


def test_excel_has_eaten_the_ids(small):
    ids = [row["เลขประจำตัวประชาชน"] for row in small.csv("to-try/excel-ids.csv")]
    assert all("E+12" in nid for nid in ids)


def test_outline_is_three_times_too_large(small):
    collection = json.loads((small.root / "to-try/outline-3x.geojson").read_text(encoding="utf-8"))
    large = shape(collection["features"][0]["geometry"])
    raw = json.loads((small.root / "raw/areas.geojson").read_text(encoding="utf-8"))
    assert large.area / shape(raw["features"][0]["geometry"]).area == pytest.approx(3.0, rel=0.02)


@pytest.mark.parametrize("name", ["utm-no-prj", "indian1975-no-prj"])
def test_shapefiles_without_prj_have_metres_and_no_projection(small, name):
    path = small.root / f"to-try/{name}.zip"
    with zipfile.ZipFile(path) as archive:
        assert not [part for part in archive.namelist() if part.endswith(".prj")]
    info = pyogrio.read_info(f"/vsizip/{path}")
    assert info["crs"] is None
    assert info["total_bounds"][0] > 400_000


def test_indian_1975_lies_a_few_hundred_metres_away(small):
    here, there = (
        pyogrio.read_info(f"/vsizip/{small.root}/to-try/{name}.zip")["total_bounds"]
        for name in ("utm-no-prj", "indian1975-no-prj")
    )
    assert 200 < abs(here[0] - there[0]) + abs(here[1] - there[1]) < 1200


def test_bowties_cross_themselves(small):
    collection = json.loads((small.root / "to-try/bowtie.geojson").read_text(encoding="utf-8"))
    assert not any(shapely.is_valid(shape(f["geometry"])) for f in collection["features"])


def test_the_bomb_is_small_outside_and_large_inside(small):
    path = small.root / "to-try/bomb.xlsx"
    with zipfile.ZipFile(path) as archive:
        inside = sum(info.file_size for info in archive.infolist())
    assert path.stat().st_size < 1_000_000 < 100_000_000 < inside


def test_club_list_has_double_numbers_impossible_days_and_three_spellings(small):
    rows = [row for row in small.xlsx("to-try/elders.xlsx")[4:] if row[1]]
    members = [row[1] for row in rows]
    assert len(members) - len(set(members)) >= 1
    assert "30/02/2495" in {row[4] for row in rows}
    assert any(str(row[0]).startswith("กลุ่มที่") for row in small.xlsx("to-try/elders.xlsx"))
