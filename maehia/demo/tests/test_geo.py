"""The land: a sketch of the published area, one connected road graph, houses on their parcels."""

from __future__ import annotations

import json

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from shapely.geometry import Point, shape

from maehia.demo import make_town
from maehia.demo.geo import plane
from maehia.demo.geo.areas import draw_areas, outline
from maehia.demo.geo.build import make_land
from maehia.demo.geo.titles import rai_ngan_wa

PUBLISHED_KM2 = 24.405
CENTRE, CAMPUS = (98.95111, 18.74472), (98.931855, 18.761371)


@pytest.fixture(scope="module")
def land():
    town = make_town(600, seed=21)
    return town, make_land(town)


def layer(small, name):
    return json.loads((small.root / f"raw/{name}.geojson").read_text(encoding="utf-8"))


def test_outline_has_the_published_area_and_covers_both_points(small):
    collection = layer(small, "areas")
    town = next(f for f in collection["features"] if f["properties"]["ประเภท"] == "municipality")
    degrees = shape(town["geometry"])
    in_metres = shapely.transform(degrees, lambda xy: np.array([plane.metres(*p) for p in xy]))
    assert in_metres.area / 1e6 == pytest.approx(PUBLISHED_KM2, rel=0.1)
    assert degrees.contains(Point(CENTRE))
    assert degrees.contains(Point(CAMPUS))
    assert collection["quality"] == town["properties"]["คุณภาพ"] == "sketch"


def test_ten_moo_fill_the_town_without_overlap():
    moo = [area.shape for area in draw_areas(1) if area.kind == "moo"]
    assert len(moo) == 10
    assert sum(part.area for part in moo) == pytest.approx(outline().area, rel=1e-6)
    assert shapely.union_all(moo).area == pytest.approx(outline().area, rel=1e-6)


def test_communities_and_zones_lie_in_the_town():
    areas = draw_areas(1)
    kinds = {area.kind for area in areas}
    assert kinds == {"municipality", "moo", "community", "zone"}
    around = outline().buffer(1.0)
    assert all(around.contains(area.shape) and area.shape.is_valid for area in areas)
    assert len({area.code for area in areas}) == len(areas)


def test_roads_are_one_connected_graph_with_classes_and_widths(land):
    _, made = land
    neighbours: dict[object, set[object]] = {}
    for street in made.streets:
        neighbours.setdefault(street.a, set()).add(street.b)
        neighbours.setdefault(street.b, set()).add(street.a)
    reached, waiting = set(), [made.streets[0].a]
    while waiting:
        node = waiting.pop()
        if node not in reached:
            reached.add(node)
            waiting.extend(neighbours[node])
    assert reached == set(neighbours)
    assert {street.kind for street in made.streets} == {"primary", "secondary", "tertiary", "residential", "track"}
    assert all(3 <= street.width <= 20 for street in made.streets)


def test_ends_of_roads_meet_in_the_file_too(small):
    lines = [f["geometry"]["coordinates"] for f in layer(small, "roads")["features"]]
    ends = [tuple(line[i]) for line in lines for i in (0, -1)]
    assert len(set(ends)) < 0.62 * len(ends)


def test_every_house_lies_in_its_moo_and_off_the_water(land):
    town, made = land
    moo = {int(area.code[-2:]): area.shape.buffer(40) for area in made.areas if area.kind == "moo"}
    water = shapely.union_all([w.line.buffer(w.width / 2) for w in made.waterways])
    for house in town.houses:
        here = Point(house.x, house.y)
        assert moo[house.moo].contains(here)
        assert not water.contains(here)


def test_a_house_stands_on_its_own_parcel(land):
    town, made = land
    shapes = {parcel.house: parcel.shape for parcel in made.parcels if parcel.house >= 0}
    standing = [shapes[h.index].contains(Point(h.x, h.y)) for h in town.houses if h.index in shapes]
    assert len(standing) == len(town.houses)
    assert all(standing)


def test_parcels_do_not_overlap_each_other_or_the_roads(land):
    _, made = land
    shapes = [parcel.shape for parcel in made.parcels]
    tree = shapely.STRtree(shapes)
    left, right = tree.query(shapes, predicate="overlaps")
    overlap = shapely.area(shapely.intersection(tree.geometries[left], tree.geometries[right]))
    assert overlap.max(initial=0.0) < 1.0
    strips = [street.line.buffer(1.2) for street in made.streets]
    assert tree.query(strips, predicate="intersects").size == 0


def test_tax_codes_are_unique_and_in_the_form_of_the_tax_map(land):
    import re

    codes = [parcel.ltax for parcel in land[1].parcels]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"\d{2}[A-Z]\d{3}", code) for code in codes)


def test_buildings_stand_in_the_town_and_are_worth_something(land):
    _, made = land
    town = outline()
    assert all(town.contains(b.shape.centroid) and b.value > 0 and b.storeys >= 1 for b in made.buildings)
    assert all(b.shape.is_valid for b in made.buildings)


def test_six_buildings_of_the_file_cross_themselves(small):
    counts = json.loads((small.root / "truth/dirt.json").read_text(encoding="utf-8"))["counts"]
    _, _, geometry, _ = pyogrio.raw.read(small.root / "raw/buildings.gpkg")
    valid = shapely.is_valid(shapely.from_wkb(geometry))
    assert (~valid).sum() == counts["buildings"]["self_crossing"] == 6


def test_swapped_and_missing_positions_of_assets_are_those_counted(small):
    counts = json.loads((small.root / "truth/dirt.json").read_text(encoding="utf-8"))["counts"]["assets"]
    rows = small.csv("raw/assets.csv")
    keys = {row["รหัสทรัพย์สิน"] for row in rows}
    assert len(rows) - len(keys) == counts["duplicate_key"]
    once = {row["รหัสทรัพย์สิน"]: row for row in rows}.values()
    latitudes = [float(row["ละติจูด"]) if row["ละติจูด"] else None for row in once]
    assert sum(value is not None and value > 90 for value in latitudes) == counts["swapped_lat_lon"]
    assert latitudes.count(None) == counts["no_position"]
    assert latitudes.count(0.0) == counts["position_zero"]


def test_terrain_has_hills_in_the_west_and_falls_along_the_plain(small):
    with rasterio.open(small.root / "raw/dem.tif") as dem:
        heights = dem.read(1)
        assert dem.crs.to_epsg() == 32647
        assert dem.res == (25.0, 25.0)
    west, middle, east = heights[:, :60].mean(), heights[:, 180:200].mean(), heights[:, -40:].mean()
    assert west > 450 > middle > east > 295


def test_shapefile_names_its_encoding_and_its_projection(small):
    info = pyogrio.read_info(f"/vsizip/{small.root}/raw/parcels.zip")
    assert info["crs"] == "EPSG:32647"
    _, _, _, (kinds,) = pyogrio.raw.read(f"/vsizip/{small.root}/raw/parcels.zip", columns=["DEED_KIND"])
    assert "โฉนด" in set(kinds)


@pytest.mark.parametrize(("area", "parts"), [(1600.0, (1, 0, 0.0)), (2404.0, (1, 2, 1.0)), (3999.99, (2, 2, 0.0))])
def test_square_metres_become_rai_ngan_wa(area, parts):
    assert rai_ngan_wa(area) == parts


def test_shelters_have_room_and_places_have_their_own_field(small):
    places = layer(small, "places")["features"]
    shelters = [p["properties"] for p in places if p["properties"]["เป็นศูนย์พักพิง"] == "ใช่"]
    assert len(shelters) >= 10
    assert all(p["รองรับ (คน)"] > 0 for p in shelters)
    spots = [tuple(p["geometry"]["coordinates"]) for p in places]
    assert len(set(spots)) == len(spots)
