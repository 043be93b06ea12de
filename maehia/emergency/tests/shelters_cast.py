"""Two shelters of the flood: the school with room for three at night, the temple for ten. All names are invented."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.contrib.gis.geos import Point

from maehia.city.models import House, Household, HouseholdMember, Person, PersonName, Place
from maehia.city.rules import fold_name
from maehia.emergency.actions import shelters
from maehia.emergency.actions.shelters import Facts
from maehia.emergency.actions.stays import Guest
from maehia.emergency.models import Incident, Shelter, ShelterLoad
from maehia.emergency.tests.cast import Desk
from maehia.evidence.queries import index_of
from maehia.kit.acting import acting
from maehia.thai import sound_key

SCHOOL, TEMPLE = uuid.UUID(int=0x51), uuid.UUID(int=0x52)
MALEE, BOONMA = uuid.UUID(int=0x61), uuid.UUID(int=0x62)
HOUSE, HOUSEHOLD = uuid.UUID(int=0x71), uuid.UUID(int=0x72)
MALEE_ID = "1101700230708"


class Shelters(Desk):
    """The crew with an incident and two open shelters. `shelter_desk()` is the context of the counter officer."""

    incident: Incident
    school: Shelter
    temple: Shelter

    def setUp(self) -> None:
        super().setUp()
        with self.acting():
            for number, (key, name) in enumerate(((SCHOOL, "โรงเรียนบ้านดอน (สมมติ)"), (TEMPLE, "วัดป่า (สมมติ)"))):
                point = Point(98.95 + number / 100, 18.74, srid=4326)
                Place.objects.create(key=key, name=name, place_kind="school", is_shelter=True, geom=point)
        with self.command():
            self.incident = self.flood()
        with self.shelter_desk():
            self.school = self.opened(SCHOOL, Facts(3, 5, area_m2=14, toilets=1, pets="outside"))
            self.temple = self.opened(TEMPLE, Facts(10))

    def opened(self, place: uuid.UUID, facts: Facts) -> Shelter:
        return shelters.open_shelter(shelters.plan_shelter(self.incident, place, facts).pk)

    def shelter_desk(self, mode: str = "live") -> Any:
        return acting(self.counter.actor, "emergency.shelter", mode=mode)

    def load(self, shelter: Shelter) -> tuple[int, int]:
        """(heads, beds) as the database counts them."""
        row = ShelterLoad.objects.get(pk=shelter.pk)
        return row.heads, row.beds

    def people(self, mode: str = "live") -> None:
        """มาลี (74) and her son บุญมา (40), one household at 12/3 moo 5."""
        with self.acting(mode=mode):
            house, _ = House.objects.get_or_create(key=HOUSE, defaults={"house_no": "12/3", "moo": 5})
            family = Household.objects.create(key=HOUSEHOLD, kind="registered", house=house, moo=5, mode=mode)
            told = ((MALEE, "นาง", "มาลี", "F", date(1952, 1, 5), MALEE_ID),
                    (BOONMA, "นาย", "บุญมา", "M", date(1986, 3, 1), None))  # fmt: skip
            for number, (key, title, first, sex, birth, national_id) in enumerate(told):
                person = Person.objects.create(
                    key=key, mode=mode, title=title, first_name=first, last_name="สุขใจดี", sex=sex, birth=birth, moo=5,
                    house=house, national_id=national_id, id_index=index_of("id", national_id),
                )  # fmt: skip
                name = f"{first} สุขใจดี"
                PersonName.objects.create(key=uuid.UUID(int=0x91 + number), person=person, name=name, mode=mode,
                                          folded=fold_name(name), sound=sound_key(first), current=True, moo=5)  # fmt: skip
                HouseholdMember.objects.create(key=uuid.UUID(int=0x81 + number), household=family, person=person,
                                               mode=mode, moo=5)  # fmt: skip


def guest(number: int = 1, **more: Any) -> Guest:
    return Guest(f"ผู้พักพิงสมมติ {number}", **more)
