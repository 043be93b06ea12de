"""The dirt that the demo town's generator planted is found, class by class, to the row."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from maehia.demo.write import write_town
from maehia.intake.checking import TownFacts, check
from maehia.intake.mapping import apply_mapping, propose_for
from maehia.intake.reading import read_file

TOWN = TownFacts(date(2026, 11, 21), moos=tuple(range(1, 11)))

# file, class of the truth file, code of our problem
PLANTED = [
    ("assets.csv", "swapped_lat_lon", "lat_lon_swapped"),
    ("assets.csv", "position_zero", "place_outside_country"),
    ("assets.csv", "duplicate_key", "duplicate_row"),
    ("buildings.gpkg", "self_crossing", "geometry_invalid"),
    ("business.xlsx", "swapped_lat_lon", "lat_lon_swapped"),
    ("business.xlsx", "juristic_id_slip", "owner_id_check_digit"),
    ("parcels.zip", "area_disagrees", "area_against_shape"),
    ("readings.csv", "duplicate_key", "duplicate_row"),
    ("vhv.xlsx", "impossible_day", "no_such_day"),
    ("vhv.xlsx", "future_day", "year_out_of_range"),
    ("vhv.xlsx", "placeholder_id", "placeholder_id"),
    ("vhv.xlsx", "moo_unknown", "moo_unknown_in_address"),
    ("welfare.xlsx", "impossible_day", "no_such_day"),
    ("welfare.xlsx", "future_day", "year_out_of_range"),
]


@pytest.fixture(scope="module")
def town(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    write_town(folder, people=2000, seed=11)
    return folder


@pytest.fixture(scope="module")
def results(town):
    """Every file that carries planted dirt, through reading, proposal, mapping and checks, without a human hand."""
    found = {}
    for file in sorted({file for file, _, _ in PLANTED}):
        sheet = read_file(town / "raw" / file).sheets[0]
        found[file] = check(
            apply_mapping(sheet, propose_for(sheet, file).mapping(sheet.header), today=TOWN.today), TOWN
        )
    return found


@pytest.mark.parametrize(("file", "dirt", "code"), PLANTED)
def test_planted_dirt_is_found_to_the_row(town, results, file, dirt, code):
    truth = json.loads((town / "truth" / "dirt.json").read_text())["counts"][Path(file).stem].get(dirt, 0)
    assert results[file].counts().get(code, 0) == truth


def test_no_row_of_the_town_is_lost_between_good_and_waiting(town, results):
    for file, result in results.items():
        rows = len(read_file(town / "raw" / file).sheets[0])
        assert len(result.good) + len(result.quarantined) == rows, file


def test_only_repeated_rows_wait(results):
    for file, result in results.items():
        errors = {row["code"] for row in result.problems.to_pylist() if row["severity"] == "error"}
        assert errors <= {"duplicate_row", "duplicate_key"}, file
