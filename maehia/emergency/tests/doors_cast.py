"""ซอยทดสอบ in moo 5: ten invented houses along one road of 900 m, a side road that is under water, two shelters.

มาลี (house 1) breathes with oxygen, บุญมี (house 2) lives alone and is old, the others have no needs. Houses 1 to 8 lie
in the footprint; 9 and 10 do not.
"""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.contrib.gis.geos import LineString, MultiPolygon, Point, Polygon

from maehia.access.models import Account
from maehia.city.models import House, Need, Person, Place, Road
from maehia.emergency.actions import doors, incidents
from maehia.emergency.models import DoorList, Footprint, Incident, Inside, Snapshot, SnapshotRow, Team, TeamMember
from maehia.emergency.rules.depths import Depths, pack
from maehia.emergency.tests.cast import Desk
from maehia.impact import Grid
from maehia.kit.testing import EXTRA_KEPT, NOW

EXTRA_KEPT |= {"access_role", "access_roleevent"}
EAST, NORTH = 494_000.0, 2_072_000.0  # metres of EPSG:32647, near the Mae Hia stream; the soi itself is invented
HOUSES = [uuid.UUID(int=500 + n) for n in range(1, 11)]
PEOPLE = [uuid.UUID(int=600 + n) for n in range(1, 11)]
NAMES = ["มาลี", "บุญมี", "คำปัน", "แสงดา", "ศรีนวล", "อินถา", "จันดี", "บัวผัน", "ตาคำ", "ฟองจันทร์"]
NEAR, FAR = uuid.UUID(int=701), uuid.UUID(int=702)


def metres(x: float, y: float) -> Point:
    """A point so many metres east and north of the soi's beginning, in degrees."""
    made = Point(EAST + x, NORTH + y, srid=32647)
    made.transform(4326)
    return made


def road(name: str, *places: tuple[float, float]) -> None:
    line = LineString([metres(*place).coords for place in places], srid=4326)
    Road.objects.create(key=uuid.uuid4(), name=name, road_kind="ซอย", geom=line)


class Soi(Desk):
    """The crew, and the soi. `fight()` opens the incident with its footprint and its list of who is there."""

    def setUp(self) -> None:
        super().setUp()
        with self.acting():
            road("ซอยทดสอบ", (0, 0), (300, 0), (600, 0), (900, 0))
            road("ทางลัดริมน้ำ", (600, 0), (600, 200))
            road("ทางอ้อม", (900, 0), (900, 400), (600, 400))
            Place.objects.create(key=NEAR, name="วัดริมน้ำ (สมมติ)", is_shelter=True, geom=metres(600, 210))
            Place.objects.create(key=FAR, name="โรงเรียนบนดอย (สมมติ)", is_shelter=True, geom=metres(600, 410))
            for n, (house, person) in enumerate(zip(HOUSES, PEOPLE, strict=True)):
                self.settle(n, house, person)
            Need.objects.create(key=uuid.uuid4(), person_id=PEOPLE[0], need_kind="oxygen", ground="s26_5_a",
                                level="", note="โรคปอดอุดกั้น", as_of=date(2026, 1, 1), moo=5)  # fmt: skip

    def settle(self, n: int, house: uuid.UUID, person: uuid.UUID) -> None:
        place = metres(40 + 85 * n, 12 if n % 2 else -12)
        House.objects.create(key=house, house_no=f"{n + 1}", moo=5, village="ซอยทดสอบ", geom=place)
        Person.objects.create(key=person, title="นาง", first_name=NAMES[n], last_name="สมมติ", phone=f"08100000{n + 1:02d}",
                              house_id=house, moo=5, registered=True)  # fmt: skip

    def fight(self, *, deep: bool = True, mode: str = "live") -> Incident:
        """A flash flood that is fought, its footprint over houses 1 to 8; deep: with depths, the side road 0.9 m under."""
        with self.command(mode):
            made = self.flood(mode)
            made.footprint = self.footprint(made, deep=deep)
            made.save(update_fields=["footprint"])
            moved = incidents.move(made.pk, "active")
        with self.acting("emergency.resolve", mode=mode):
            self.snapshot(moved)
        return moved

    def footprint(self, incident: Incident, *, deep: bool, number: int = 1, houses: int = 8) -> Footprint:
        ring = [metres(x, y).coords for x, y in ((0, -60), (700, -60), (700, 190), (0, 190), (0, -60))]
        row = Footprint.objects.create(
            incident=incident, mode=incident.mode, number=number, origin="drawn", area_m2=175_000.0, valid_at=NOW,
            geom=MultiPolygon(Polygon(ring), srid=4326), depth=self.depths() if deep else None,
            made_at=NOW, made_by=self.commander.actor,
        )  # fmt: skip
        Inside.objects.bulk_create(
            Inside(footprint=row, mode=row.mode, house_key=key, moo=5, depth_m=0.2) for key in HOUSES[:houses]
        )
        return row

    def depths(self) -> bytes:
        grid = Grid(EAST - 100, NORTH - 200, 10, 10, 110, 70)
        depth = np.zeros(grid.shape)
        depth[24:38, 68:72] = 0.9  # across the side road
        return pack(Depths(grid, depth))

    def snapshot(self, incident: Incident, number: int = 1, more: dict[int, Any] | None = None) -> None:
        row = Snapshot.objects.create(footprint=incident.footprint, mode=incident.mode, number=number, known_at=NOW,
                                      weights="test", counts={})  # fmt: skip
        terms = {0: [["need:oxygen", 1, 60]], 1: [["alone", 1, 20], ["age:very_old", 1, 20]], **(more or {})}
        for n in range(8):
            points = sum(one[2] for one in terms.get(n, []))
            SnapshotRow.objects.create(
                snapshot=row, mode=row.mode, rank=n + 1, priority=points, house_key=HOUSES[n], lead=PEOPLE[n],
                members=[PEOPLE[n]], people=1, moo=5, needs=["oxygen"] if n == 0 else [], terms=terms.get(n, []),
            )  # fmt: skip

    def give(self, incident: Incident, **changes: Any) -> DoorList:
        """The volunteer's list: by default houses of moo 5."""
        asked = {"account": self.volunteer, "moo": 5, "title": "ซอยทดสอบ", **changes}
        return doors.make_list(self.commander, incident, doors.NewList(**asked))

    def team(self, incident: Incident, *members: Account) -> Team:
        with self.command(incident.mode):
            made = Team.objects.create(incident=incident, mode=incident.mode, name="ชุด 1")
            for account in members:
                TeamMember.objects.create(team=made, mode=made.mode, account=account.pk,
                                          starts_at=NOW - timedelta(hours=1))  # fmt: skip
        return made
