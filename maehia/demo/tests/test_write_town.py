"""`write_town`: every file is there, says that it is invented, can be read, and is the same at the next run."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from datetime import date

import pyogrio
import pytest

from maehia.demo import NOTICE, read_manifest, write_town
from maehia.demo.dirt_classes import CLASSES

RUN = "import sys; from pathlib import Path; from maehia.demo import write_town; write_town(Path(sys.argv[1]), 300, 11)"
EXPECTED = {
    "civil.xlsx", "vhv.xlsx", "welfare.xlsx", "tax.xlsx", "utility.csv", "waste.csv", "dog.xlsx", "complaint.csv", "houses.geojson",
    "buildings.gpkg", "parcels.zip", "roads.geojson", "waterways.geojson", "places.geojson", "assets.csv", "areas.geojson",
    "business.xlsx", "stations.csv", "readings.csv", "dem.tif",
}  # fmt: skip


def test_every_list_of_the_town_is_written_and_in_the_manifest(small):
    assert {path.name for path in (small.root / "raw").iterdir()} == EXPECTED
    assert {entry.file for entry in small.manifest.of("raw")} == EXPECTED
    assert read_manifest(small.root) == small.manifest


def test_two_processes_write_the_same_bytes(small, tmp_path):
    subprocess.run([sys.executable, "-c", RUN, str(tmp_path)], check=True, timeout=120)
    again = read_manifest(tmp_path)
    assert again.checksums == small.manifest.checksums
    assert len(again.checksums) > 40


def test_another_seed_writes_other_lists(small, tmp_path):
    other = write_town(tmp_path, people=300, seed=12)
    for name in ("raw/civil.xlsx", "raw/houses.geojson", "raw/dem.tif", "raw/readings.csv"):
        assert other.checksums[name] != small.manifest.checksums[name]


def test_as_of_days_run_from_mid_2023_to_late_2026(small):
    days = sorted(date.fromisoformat(entry.as_of) for entry in small.manifest.of("raw"))
    assert date(2023, 6, 1) < days[0] < date(2023, 8, 1)
    assert date(2026, 11, 1) < days[-1] <= date(2026, 11, 21)


def test_as_of_days_follow_the_base_day_and_progress_speaks_thai(tmp_path):
    words: list[str] = []
    manifest = write_town(str(tmp_path), people=60, seed=1, day=date(2027, 11, 21), progress=words.append)
    assert len(words) == 7
    assert all(any("ก" <= c <= "๙" for c in line) for line in words)
    civil = next(entry for entry in manifest.files if entry.source == "civil")
    assert civil.as_of == "2027-10-15"


@pytest.mark.parametrize("name", sorted(EXPECTED - {"parcels.zip", "buildings.gpkg", "dem.tif"}))
def test_every_text_file_says_that_it_is_invented(small, name):
    path = small.root / "raw" / name
    if name.endswith(".xlsx"):
        with zipfile.ZipFile(path) as book:
            assert NOTICE in book.read("docProps/core.xml").decode()
            assert NOTICE in book.read("xl/sharedStrings.xml").decode()
    else:
        text = path.read_bytes()
        assert NOTICE.encode("cp874" if name == "utility.csv" else "utf-8") in text


def test_map_files_say_that_they_are_invented(small):
    import rasterio

    raw = small.root / "raw"
    with rasterio.open(raw / "dem.tif") as dem:
        assert dem.tags()["notice"] == NOTICE
    for path, column in ((raw / "buildings.gpkg", "ที่มาข้อมูล"), (f"/vsizip/{raw}/parcels.zip", "NOTE")):
        _, _, _, columns = pyogrio.raw.read(path, columns=[column])
        assert set(columns[0]) == {NOTICE}


def test_rows_of_the_manifest_are_the_rows_of_the_files(small):
    rows = {entry.file: entry.rows for entry in small.manifest.files}
    for name in ("waste.csv", "complaint.csv", "assets.csv", "stations.csv", "readings.csv"):
        assert len(small.csv(f"raw/{name}")) == rows[name]
    assert len(small.csv("raw/utility.csv", "cp874")) == rows["utility.csv"]
    for name in ("houses", "roads", "waterways", "places", "areas"):
        collection = json.loads((small.root / f"raw/{name}.geojson").read_text(encoding="utf-8"))
        assert len(collection["features"]) == rows[f"{name}.geojson"]
    assert pyogrio.read_info(small.root / "raw/buildings.gpkg")["features"] == rows["buildings.gpkg"]


def test_every_class_of_dirt_has_its_words(small):
    counts = json.loads((small.root / "truth/dirt.json").read_text(encoding="utf-8"))["counts"]
    found = {kind for of_source in counts.values() for kind in of_source}
    assert found <= set(CLASSES)


@pytest.mark.slow
def test_the_full_town_has_the_published_shape(tmp_path):
    manifest = write_town(tmp_path)
    rows = {entry.file: entry.rows for entry in manifest.of("raw")}
    linked = ("civil.xlsx", "vhv.xlsx", "welfare.xlsx", "tax.xlsx", "utility.csv", "dog.xlsx", "complaint.csv")
    assert rows["houses.geojson"] == 13_636
    assert sum(rows[name] for name in linked) == pytest.approx(55_000, rel=0.05)
    assert rows["readings.csv"] <= 400_000
