"""The demo's permits: every state, through the verbs, on the land of the register."""

from __future__ import annotations

import uuid
from collections import Counter

from django.contrib.gis.geos import GEOSGeometry

from maehia.access.models import LegalHolder
from maehia.city.models import Area, Parcel, Person, Tie, Waterway
from maehia.evidence.actions import save_source
from maehia.forms.models import Document
from maehia.kit.testing import NOW
from maehia.services import demo_permits
from maehia.services.models import Case
from maehia.services.queries import catalogue
from maehia.services.queries.measured import measured
from maehia.services.tests.permit_cast import LAT, LON, STEP_X, STEP_Y, PermitCase, polygon


class DemoPermitsTest(PermitCase):
    def setUp(self) -> None:
        super().setUp()
        with self.acting():
            LegalHolder.objects.all().delete()
            Area.objects.filter(area_kind__in=["landuse", "flood"]).delete()
            save_source("own:services", {"name_th": "งานบริการ", "kind": "area", "built_in": True, "data_class": "open",
                                         "coverage": "additions"})  # fmt: skip
            line = f"LINESTRING({LON - 900 * STEP_X} {LAT + 900 * STEP_Y}, {LON + 900 * STEP_X} {LAT + 900 * STEP_Y})"
            Waterway.objects.create(key=uuid.uuid4(), name="ห้วยสมมติ", geom=GEOSGeometry(line, srid=4326))
            for n in range(18):
                person, parcel = uuid.uuid4(), uuid.uuid4()
                east = n * 30
                Person.objects.create(key=person, title="นาย", first_name=f"คนที่{n}", last_name="สมมติ", moo=5)
                Parcel.objects.create(key=parcel, deed_no=f"{n}", geom=polygon(east - 11, -14.5, east + 11, 15))
                Tie.objects.create(
                    key=uuid.uuid4(), person_id=person, role="owner", about_kind="parcel", about_key=parcel
                )

    def test_there_is_an_application_in_every_state_and_a_measured_time(self) -> None:
        assert demo_permits.load(7) == len(demo_permits.FATES)
        assert demo_permits.load(7) == 0
        with self.acting():
            states = Counter(Case.objects.filter(service_id="house_permit").values_list("state", flat=True))
            assert states == Counter(fate.ends for fate in demo_permits.FATES)
            assert Document.objects.filter(kind="building_permit").count() == 7
            assert Document.objects.get(state="revoked").reason
            assert set(Area.objects.filter(area_kind__in=["landuse", "flood"]).values_list("code", flat=True)) == {
                "ย1",
                "F1",
            }
            found = measured(catalogue.definition("house_permit"), NOW)
        assert found.median is not None
        assert found.median.total_seconds() < 2 * 3600
