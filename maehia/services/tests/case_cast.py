"""A street with two lamps and people who report them: ยายคำ by phone, น้องฟ้า on LINE, ลุงมี without a name."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from maehia.city.models import Area, Asset
from maehia.kit.testing import NOW, AppTestCase
from maehia.services import actions
from maehia.services.actions import Contact, NewCase
from maehia.services.models import Case, RoutingVersion
from maehia.services.tests.desk_cast import TownHall

LAMP_A, LAMP_B = uuid.UUID(int=101), uuid.UUID(int=102)
AT_LAMP_A = (98.9510, 18.7440)
AT_LAMP_B = (98.9514, 18.7440)  # 42 m further
OUTSIDE = (99.50, 18.74)
KAM = Contact(name="ยายคำ (สมมติ)", phone="081-000-0001", wants=("sms",))
FAH = Contact(name="น้องฟ้า (สมมติ)", line_user="U" + "f" * 32, wants=("line",))
DEVICE = "device:11111111-1111-4111-8111-111111111111"
OTHER_DEVICE = "device:22222222-2222-4222-8222-222222222222"


def build_street() -> None:
    """The outline of the town, moo 5, its neighbour, and two lamps."""
    box = MultiPolygon(Polygon.from_bbox((98.90, 18.70, 99.00, 18.80)), srid=4326)
    Area.objects.create(key=uuid.UUID(int=1), area_kind="municipality", code="500113", name="เมืองตัวอย่าง", geom=box)
    moo = MultiPolygon(Polygon.from_bbox((98.94, 18.73, 98.96, 18.75)), srid=4326)
    Area.objects.create(key=uuid.UUID(int=2), area_kind="moo", code="5", name="หมู่ 5", geom=moo)
    beside = MultiPolygon(Polygon.from_bbox((99.40, 18.70, 99.60, 18.80)), srid=4326)
    Area.objects.create(key=uuid.UUID(int=3), area_kind="neighbour", code="x", name="อบต.ข้างเคียง (สมมติ)", geom=beside)
    for key, code, at in ((LAMP_A, "L-001", AT_LAMP_A), (LAMP_B, "L-002", AT_LAMP_B)):
        Asset.objects.create(key=key, code=code, asset_kind="ไฟถนน", geom=Point(*at, srid=4326))


def publish_rules(*rules: dict[str, Any]) -> None:
    RoutingVersion.objects.filter(state="published").update(state="retired")
    RoutingVersion.objects.create(rules=list(rules), state="published", made_by="system:test", made_at=NOW,
                                  published_at=NOW)  # fmt: skip


def dark_lamp(**more: Any) -> NewCase:
    values: dict[str, Any] = {
        "service": "street_light", "channel": "web", "description": "ไฟหน้าบ้านดับมาสามคืนแล้ว", "point": AT_LAMP_A,
        "asset_key": LAMP_A, "contact": KAM,
    }  # fmt: skip
    return NewCase(**(values | more))


class StreetCase(TownHall, AppTestCase):
    """A town hall and a street, with short verbs."""

    def setUp(self) -> None:
        super().setUp()
        with self.acting():
            build_street()

    def file(self, by: str = DEVICE, **more: Any) -> Case:
        return actions.file_case(dark_lamp(**more), by=by).case

    def fresh(self, case: Case) -> Case:
        with self.acting():
            return Case.objects.get(pk=case.pk)
