"""A parcel with a road, a zone and a far flood zone; มาลี who owns it; and those who decide. All invented."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import GEOSGeometry
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from maehia.access.actions import appoint, assign, create_account
from maehia.access.middleware import MFA_SESSION
from maehia.access.models import Account
from maehia.base import ProblemError
from maehia.city.models import Area, House, Parcel, Person, Road, Tie, Town
from maehia.kit import clock
from maehia.kit.acting import Scope, acting
from maehia.kit.idempotency import new_key
from maehia.kit.testing import NOW, AppTestCase
from maehia.services.actions import permit as acts
from maehia.services.actions.catalogue import load_shipped
from maehia.services.actions.fees import pay
from maehia.services.actions.opening import Contact
from maehia.services.actions.permit import Application, Filed
from maehia.services.models import Case, Invoice, UnitMember
from maehia.services.queries import permit

P_MALEE, P_OTHER = uuid.UUID(int=101), uuid.UUID(int=102)
PARCEL, OTHER_PARCEL, ZONE, FLOOD, ROAD = (uuid.UUID(int=n) for n in range(201, 206))
LON, LAT = 98.9511, 18.7447
STEP_X, STEP_Y = 1 / 105_500, 1 / 110_700  # degrees of a metre, near enough
SINCE = (NOW - timedelta(days=300)).date()
STAFF = {
    "counter": ("counter", "มาลัย ศรีสุข", "ศูนย์บริการ", "works"),
    "engineer": ("engineer", "ช่างเอก แม่นยำ", "กองช่าง", "works"),
    "clerk": ("clerk", "ประสิทธิ์ ปลัดดี", "รองปลัดเทศบาล", "clerk_office"),
    "mayor": ("mayor", "สมบูรณ์ เมืองงาม", "นายกเทศมนตรี", ""),
}


def ring(x0: float, y0: float, x1: float, y1: float) -> str:
    """A rectangle around the place, in metres east and north of it."""
    corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]
    return ", ".join(f"{LON + x * STEP_X} {LAT + y * STEP_Y}" for x, y in corners)


def polygon(x0: float, y0: float, x1: float, y1: float) -> GEOSGeometry:
    return GEOSGeometry(f"POLYGON(({ring(x0, y0, x1, y1)}))", srid=4326)


def build_land() -> None:
    """A plot of 24 by 30 m in a housing zone, a street of 6 m to its south, a flood zone 150 m away."""
    multi = GEOSGeometry(f"MULTIPOLYGON((({ring(-3000, -3000, 3000, 3000)})))", srid=4326)
    Town.objects.update_or_create(id=1, defaults={"name_th": "เมืองตัวอย่าง", "name_en": "Sample Town", "lao_type": "เทศบาลเมือง",
                                                  "district_code": "5001", "province_code": "50", "outline": multi})  # fmt: skip
    Area.objects.create(key=uuid.uuid4(), code="500109", area_kind="municipality", name="เมืองตัวอย่าง", geom=multi)
    Area.objects.create(
        key=ZONE, code="ย1", area_kind="landuse", name="ที่อยู่อาศัยหนาแน่นน้อย", geom=polygon(-400, -400, 400, 400)
    )
    Area.objects.create(
        key=FLOOD, code="F1", area_kind="flood", name="เขตน้ำท่วมห้วยสมมติ", geom=polygon(150, -50, 350, 80)
    )
    Parcel.objects.create(
        key=PARCEL,
        deed_kind="โฉนด",
        deed_no="12345",
        area_rai=0,
        area_ngan=1,
        area_wa=80,
        geom=polygon(-12, -15, 12, 15),
    )
    Parcel.objects.create(key=OTHER_PARCEL, deed_kind="โฉนด", deed_no="999", geom=polygon(40, -15, 64, 15))
    line = GEOSGeometry(
        f"LINESTRING({LON - 200 * STEP_X} {LAT - 18.5 * STEP_Y}, {LON + 200 * STEP_X} {LAT - 18.5 * STEP_Y})", srid=4326
    )
    Road.objects.create(key=ROAD, name="ซอยสมมติ 1", width_m=6, geom=line)
    house = House.objects.create(key=uuid.uuid4(), house_no="12/3", moo=5)
    for key, name in ((P_MALEE, "มาลี"), (P_OTHER, "ใจดี")):
        Person.objects.create(
            key=key, title="นาง", first_name=name, last_name="สุขสมมติ", phone="0812345678", moo=5, house=house
        )
    Tie.objects.create(key=uuid.uuid4(), person_id=P_MALEE, role="owner", about_kind="parcel", about_key=PARCEL, moo=5)
    Tie.objects.create(
        key=uuid.uuid4(), person_id=P_OTHER, role="owner", about_kind="parcel", about_key=OTHER_PARCEL, moo=5
    )


def answers(**changes: Any) -> dict[str, Any]:
    """A house of 9 by 8 m in the middle of มาลี's plot, as the form engine keeps its answers."""
    kept = {"parcel": str(PARCEL), "centre": {"lon": LON, "lat": LAT}, "width_m": "9", "depth_m": "8", "storeys": "1",
            "floor_area_m2": "72", "height_m": "4.5"}  # fmt: skip
    return {**kept, **changes}


def posted(**changes: Any) -> dict[str, Any]:
    """The same as a browser posts it."""
    sent = {"parcel": str(PARCEL), "centre_lat": str(LAT), "centre_lon": str(LON), "width_m": "9", "depth_m": "8",
            "storeys": "1", "floor_area_m2": "72", "height_m": "4.5", "x-phone": "0812345678"}  # fmt: skip
    return {**sent, **changes}


def plan_file() -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.new("RGB", (600, 400), "white").save(drawn, "JPEG")
    return SimpleUploadedFile("plan.jpg", drawn.getvalue(), "image/jpeg")


class PermitDesk:
    """Mixed into cases of pages and of the browser: `citizen` is มาลี; the officers are attributes."""

    client: Any
    acting: Any
    citizen: Account

    def setUp(self) -> None:
        load_shipped()
        with self.acting():
            build_land()
            self.citizen = self.account("citizen", "citizen", "มาลี สุขสมมติ", person_key=P_MALEE)
            self.stranger = self.account("stranger", "citizen", "คนใหม่ ยังไม่ยืนยัน")
            for login, (role, name, unit, key) in STAFF.items():
                setattr(self, login, self.account(login, role, name, unit=unit))
                if key:
                    UnitMember.objects.create(unit_id=key, account_id=getattr(self, login).pk)
            self.holder = appoint("mayor", self.mayor, starts_on=SINCE, order_no="ประกาศ 1/2569")

    def account(self, login: str, role: str, name: str, **more: Any) -> Account:
        account = create_account(login, name, **more)
        assign(account, role, starts_on=SINCE)
        return account

    def enter(self, account: Account) -> None:
        with self.acting("system.demo"):
            self.client.force_login(account)
        session = self.client.session
        session[MFA_SESSION] = str(account.pk)
        session.save()

    def send(self, path: str, **fields: Any) -> Any:
        return self.client.post(path, {"idempotency_key": new_key(), **fields})


class PermitCase(PermitDesk, AppTestCase):
    """Pages through the test client."""


class Filing(PermitCase):
    """Shortcuts: file an application of มาลี, act as an officer, look at a case."""

    def file(self, *, plan: bool = True, **changes: Any) -> uuid.UUID:
        files = (Filed("plans", plan_file(), "plan.jpg"),) if plan else ()
        asked = Application("house_permit", answers(**changes), Contact(name="มาลี สุขสมมติ", phone="0812345678",
                            person_key=P_MALEE, account_id=self.citizen.pk), P_MALEE, files)  # fmt: skip
        with acting(self.citizen.actor, "me.services", scope=Scope.subject(P_MALEE)):
            return acts.apply_for(asked, by=self.citizen.actor).case.pk

    def do(self, verb: Any, *args: Any, by: Account, **options: Any) -> Case:
        with acting(by.actor, "services.desk"):
            case: Case = verb(*args, account=by, **options)
            return case

    def seen(self, key: uuid.UUID) -> permit.Progress:
        with self.acting():
            return permit.progress(Case.objects.get(pk=key), clock.now())

    def to_decision(self, **changes: Any) -> uuid.UUID:
        key = self.file(**changes)
        self.do(acts.recommend, key, "issued", by=self.counter)
        self.do(acts.review, key, "issued", by=self.engineer)
        return key

    def pay(self, key: uuid.UUID) -> Case:
        """The fee comes in at the counter."""
        with acting(self.counter.actor, "services.fees"):
            pay(Invoice.objects.get(case_id=key).pk, way="cash", by=self.counter.actor)
            return Case.objects.get(pk=key)

    def issued(self, key: uuid.UUID, by: Account) -> Case:
        self.do(acts.sign, key, "issued", by=by)
        return self.pay(key)

    def refusal(self, verb: Any, *args: Any, by: Account, **options: Any) -> str:
        with pytest.raises(ProblemError) as caught:
            self.do(verb, *args, by=by, **options)
        return caught.value.problem.code
