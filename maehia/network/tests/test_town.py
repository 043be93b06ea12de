"""The roads of the invented town: one piece, its houses on them, a flood through the middle."""

from __future__ import annotations

import json

import numpy as np
import pytest
import rasterio
from pyproj import Transformer

from maehia.demo import write_town
from maehia.impact import Grid
from maehia.network import (
    RoadGraph,
    assign,
    cut_off,
    door_route,
    flooded,
    nearest_open,
    snap,
    travel_minutes,
    walking,
)

TO_METRES = Transformer.from_crs("EPSG:4326", "EPSG:32647", always_xy=True)


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    root = tmp_path_factory.mktemp("town")
    write_town(root, people=300, seed=11)
    return root / "raw"


@pytest.fixture(scope="module")
def graph(raw):
    return RoadGraph.from_file(raw / "roads.geojson", name="ชื่อถนน", kind="ประเภทถนน")


def points(path, keep=lambda row: True):
    features = json.loads(path.read_text("utf-8"))["features"]
    kept = [f for f in features if keep(f["properties"]) and f["geometry"] and f["geometry"]["type"] == "Point"]
    return np.array(TO_METRES.transform(*np.array([f["geometry"]["coordinates"] for f in kept]).T))


@pytest.fixture(scope="module")
def houses(raw, graph):
    return snap(graph, *points(raw / "houses.geojson"), max_access_m=200)


@pytest.fixture(scope="module")
def shelters(raw, graph):
    return snap(graph, *points(raw / "places.geojson", lambda row: row["เป็นศูนย์พักพิง"] == "ใช่"))


def test_the_roads_are_one_piece_with_names_and_kinds(graph):
    assert graph.report.isolated == 0
    assert graph.report.zero_length == graph.report.duplicates == ()
    assert {"primary", "residential"} <= set(graph.kind)
    assert any(name.startswith("ถนน") for name in graph.name)


def test_every_house_of_the_town_finds_its_way_to_a_shelter(graph, houses, shelters):
    assert (houses.edge >= 0).mean() > 0.95
    found = nearest_open(graph, houses, shelters, pace=walking(graph, "elderly"))
    on = houses.edge >= 0
    assert (found.shelter[on] >= 0).all()
    assert np.median(found.minutes[on]) < 60
    for n in np.flatnonzero(on)[:20]:
        path = found.path(int(n))
        assert path.line.length == pytest.approx(found.metres[n], abs=1e-5)
        assert path.turns


def test_slopes_make_the_way_from_the_hill_temple_slower(raw, graph, houses, shelters):
    with rasterio.open(raw / "dem.tif") as dem:
        heights, west, north, cell = dem.read(1).astype(float), dem.transform.c, dem.transform.f, dem.transform.a
    heights[heights == -9999] = np.nan
    grid = Grid(west, north - cell * heights.shape[0], cell, cell, heights.shape[1], heights.shape[0])
    flat, sloped = walking(graph), walking(graph, grid=grid, elevation=heights[::-1])
    assert (sloped.forward_s + sloped.back_s >= flat.forward_s + flat.back_s - 1e-3).all()
    assert (sloped.forward_s + sloped.back_s).max() > 1.1 * (flat.forward_s + flat.back_s)[sloped.forward_s.argmax()]


@pytest.fixture(scope="module")
def water(graph):
    """A band of water from the north to the south of the town, 300 m wide."""
    low, high = graph.points.min(axis=0) - 100, graph.points.max(axis=0) + 100
    grid = Grid(low[0], low[1], 10, 10, int((high[0] - low[0]) / 10) + 1, int((high[1] - low[1]) / 10) + 1)
    x, _ = grid.centre_of(np.arange(grid.size))
    return flooded(graph, grid, np.where(np.abs(x - np.median(graph.x)) < 150, 1.0, 0.0).reshape(grid.shape))


def test_a_flood_through_the_middle_divides_the_town(graph, houses, shelters, water):
    east = shelters.x > np.median(graph.x)
    found = cut_off(graph, houses, shelters, east & (shelters.edge >= 0), water)
    west_side = (houses.x < np.median(graph.x) - 200) & (houses.edge >= 0)
    assert east.any()
    assert found.from_shelter[west_side].all()
    assert {found.reason_of(int(n)) for n in np.flatnonzero(west_side)} == {"closed_roads"}
    assert set(found.closed_by(int(np.flatnonzero(west_side)[0]))) <= set(water.closed_edges.tolist())


def test_households_of_the_town_find_places_within_capacity(graph, houses, shelters, water):
    minutes = travel_minutes(graph, houses, shelters, water)
    people = np.random.default_rng(1).integers(1, 6, len(houses))
    capacity = np.full(len(shelters), people.sum() // max(1, len(shelters) - 1))
    found = assign(minutes, people, capacity)
    assert (found.load <= capacity).all()
    assert found.load.sum() + found.without_place.sum() + found.cannot_reach.sum() == people.sum()
    assert found.gap < 0.02


def test_a_volunteer_walks_from_door_to_door(graph, houses, shelters):
    doors = houses.take(np.flatnonzero(houses.edge >= 0)[:40])
    found = door_route(graph, shelters.take([0]), doors)
    assert found.unreachable.size == 0
    assert found.bound_minutes <= found.minutes <= found.nearest_minutes
    assert found.leg(0).turns
