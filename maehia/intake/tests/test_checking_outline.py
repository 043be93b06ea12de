from __future__ import annotations

from datetime import date

import pytest
import shapely

from maehia.intake.checking import TownFacts, area_km2, check, check_outline
from maehia.intake.checking.outline import core_name
from maehia.intake.mapping import apply_mapping, propose_for
from maehia.intake.reading import read_file
from maehia.intake.tests.makers import layer

NAMES = {"500109": "แม่เหียะ", "500108": "สุเทพ", "500112": "ท่าศาลา"}
AREA = 24.405


def square(km2: float):
    side = (km2**0.5) / 2
    lon, lat = side / 105.45, side / 110.67  # km per degree at 18.74 N
    return shapely.box(98.95 - lon, 18.74 - lat, 98.95 + lon, 18.74 + lat)


def codes(polygon, name="แม่เหียะ", code="500109"):
    return [problem.code for problem in check_outline(polygon, AREA, name, code, town_code="500109", names=NAMES)]


def test_area_is_measured_on_the_ellipsoid():
    assert area_km2(square(24.405)) == pytest.approx(24.405, rel=0.005)


@pytest.mark.parametrize("km2", [22.2, 24.405, 26.6])
def test_an_outline_within_ten_percent_is_taken(km2):
    assert codes(square(km2)) == []


@pytest.mark.parametrize("km2", [70.9, 8.5, 21.5, 27.5])
def test_an_outline_of_another_size_is_refused_with_both_numbers(km2):
    problem = check_outline(square(km2), AREA, "แม่เหียะ", "500109")[0]
    assert problem.code == "outline_area"
    assert "24.405" in problem.what
    assert f"{km2:.0f}" in problem.what or f"{km2:.1f}"[:-1] in problem.what


def test_a_name_that_is_not_the_codes_name_is_refused():
    assert codes(square(AREA), name="สุเทพ") == ["outline_name_against_code"]


@pytest.mark.parametrize("name", ["เทศบาลเมืองแม่เหียะ", "ต.แม่เหียะ", "ตำบลแม่เหียะ", "แม่ เหียะ"])
def test_the_kind_of_place_is_no_part_of_the_name(name):
    assert codes(square(AREA), name=name) == []
    assert core_name(name) == "แม่เหียะ"


@pytest.mark.parametrize("code", ["500112", "500108"])
def test_a_neighbours_code_is_refused_as_the_towns(code):
    assert "outline_other_code" in codes(square(AREA), name=NAMES[code], code=code)


def test_the_trap_of_the_merged_tambon_is_refused_on_every_count():
    assert codes(square(70.9), name="สุเทพ") == ["outline_area", "outline_name_against_code"]


def test_an_outline_three_times_too_large_waits_and_the_other_areas_go_on(tmp_path):
    shapes = [square(70.9), square(2), square(24.0)]
    fields = {"รหัส": ["500109", "50010901", "500109"], "ประเภท": ["municipality", "moo", "municipality"],
              "ชื่อ": ["สุเทพ", "หมู่ 1", "แม่เหียะ"], "คุณภาพ": ["?", "sketch", "sketch"]}  # fmt: skip
    sheet = read_file(layer(tmp_path / "areas.geojson", shapes, fields)).sheets[0]
    town = TownFacts(date(2026, 11, 21), code="500109", place_names=NAMES, area_km2=AREA)
    mapping = propose_for(sheet, "areas.geojson").mapping()
    mapping.key = []
    result = check(apply_mapping(sheet, mapping), town)
    assert result.good["name"].to_pylist() == ["หมู่ 1", "แม่เหียะ"]
    assert result.quarantined["name"].to_pylist() == ["สุเทพ"]
    assert [(row["row"], row["code"]) for row in result.problems.to_pylist()] == [
        (1, "outline_area"),
        (1, "outline_name_against_code"),
    ]
