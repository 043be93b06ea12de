"""The land of the town in one go: areas, water, heights, streets, plots, parcels, buildings, places, things."""

from __future__ import annotations

from dataclasses import dataclass

import shapely

from ..dice import Dice
from ..town import REGISTERED, Town
from . import areas, buildings, parcels, plots, streets, terrain, titles, water
from .areas import Area
from .buildings import Building
from .places import Place, Thing, make_places, make_things
from .streets import Street
from .terrain import Terrain


@dataclass
class Land:
    """Everything with a place. Shapes are in EPSG:32647."""

    areas: list[Area]
    waterways: list[water.Waterway]
    terrain: Terrain
    streets: list[Street]
    parcels: list[titles.Parcel]
    buildings: list[Building]
    places: list[Place]
    things: list[Thing]
    companies: list[titles.Company]

    def ltax_of_persons(self) -> dict[int, list[str]]:
        codes: dict[int, list[str]] = {}
        for parcel in self.parcels:
            codes.setdefault(parcel.owner, []).append(parcel.ltax)
        return codes


def make_land(town: Town) -> Land:
    """Draw the land of `town` and give its houses their places (x, y, lon, lat)."""
    seed = town.seed
    waterways = water.draw_waterways()
    wet = water.water_space(waterways)
    heights = terrain.make_terrain(seed, waterways)
    outline, zones = areas.outline(), areas.draw_areas(seed)
    roads = streets.draw_streets(seed, outline, heights)
    slots = plots.place_houses(seed, town.houses, roads, zones, wet)
    land = parcels.divide(outline, heights, slots, parcels.road_space(roads).union(wet))
    public = make_places(seed, land)
    share = min(1.0, sum(p.registered for p in town.people) / REGISTERED)
    firms = titles.companies(seed, max(4, round(24 * share)))
    return Land(
        zones,
        waterways,
        heights,
        roads,
        titles.make_parcels(town, land, firms, _moo_of(zones, land)),
        _buildings(town, slots, land, public),
        public,
        make_things(seed, roads, waterways, town.day.toordinal(), share=share),
        firms,
    )


def _moo_of(zones: list[areas.Area], land: list[parcels.Plot]) -> list[int]:
    """The moo that holds the middle of each plot."""
    shapes = [area.shape for area in zones if area.kind == "moo"]
    middles = shapely.centroid([plot.shape for plot in land])
    return [int(n) + 1 for n in shapely.STRtree(shapes).nearest(middles)]


def _buildings(
    town: Town, slots: list[plots.Slot], land: list[parcels.Plot], public: list[Place]
) -> list[buildings.Building]:
    shapes = {plot.house: plot.shape for plot in land if plot.house >= 0}
    made = buildings.house_buildings(town.seed, town.houses, slots, shapes)
    dice = Dice(town.seed, "public buildings")
    for place in public:
        if place.kind == "สวนสาธารณะ":
            continue
        use = {"วัด": "ศาสนสถาน", "โรงเรียน": "สถานศึกษา", "ตลาด": "ตลาด"}.get(place.kind, "สถานที่ราชการ")
        size, angle = dice.spread(18, 30), dice.spread(0, 180)
        made.append(buildings.public_building(dice, len(made) + 1, use, place.x, place.y, size=size, angle=angle))
    return made
