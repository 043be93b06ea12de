"""Citizens before the town's pages: ยายคำ with a phone of 360 pixels, ลุงมี without a name, a street of lamps."""

from __future__ import annotations

import io
import re
import uuid
from html import unescape
from typing import Any

from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from maehia.city.actions import set_town
from maehia.kit.acting import Scope, acting
from maehia.kit.idempotency import new_device, new_key
from maehia.kit.testing import AppTestCase
from maehia.services import actions
from maehia.services.actions.catalogue import load_shipped
from maehia.services.models import Case
from maehia.services.tests.case_cast import AT_LAMP_A, DEVICE, KAM, LAMP_A, build_street
from maehia.services.tests.desk_cast import TownHall

OUTLINE = '{"type":"Polygon","coordinates":[[[98.90,18.70],[99.00,18.70],[99.00,18.80],[98.90,18.80],[98.90,18.70]]]}'


def jpeg(shade: int = 90, side: int = 640) -> bytes:
    """A plain picture, as a phone might send it."""
    out = io.BytesIO()
    Image.new("RGB", (side, side * 3 // 4), (shade, shade, 40)).save(out, "JPEG")
    return out.getvalue()


def photo(shade: int = 90, name: str = "lamp.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg(shade), "image/jpeg")


class CitizenTown(TownHall):
    """The town hall, the street, the shipped services, and short verbs of a visitor."""

    def setUp(self) -> None:
        super().setUp()
        cache.clear()
        with self.acting():
            build_street()
            load_shipped()
            set_town({"name_th": "เทศบาลเมืองตัวอย่าง (ข้อมูลสมมติ)", "name_en": "Sample Town", "lao_type": "เทศบาลเมือง",
                      "district_code": "5001", "province_code": "50", "outline": OUTLINE,
                      "phones": [{"label_th": "ศูนย์บริการ", "label_en": "Service centre", "number": "053-000-000"}]})  # fmt: skip

    def form(self, **fields: Any) -> dict[str, Any]:
        """What a browser sends with the report of a lamp."""
        return {
            "idempotency_key": new_key(), "idempotency_device": new_device(), "description": "ไฟดับมาสามคืน",
            "lon": str(AT_LAMP_A[0]), "lat": str(AT_LAMP_A[1]), "looked": "1", **fields,
        }  # fmt: skip

    def report(self, code: str = "light", **fields: Any) -> Any:
        return self.client.post(f"/report/{code}/tell/", self.form(**fields))

    def file(self, **more: Any) -> Case:
        """A lamp that ยายคำ reported."""
        values: dict[str, Any] = {"service": "light", "channel": "web", "description": "ไฟหน้าวัดดับมาสามคืน", "contact": KAM,
                                  "point": AT_LAMP_A, "asset_key": LAMP_A}  # fmt: skip
        return actions.file_case(actions.NewCase(**(values | more)), by=DEVICE).case

    def only(self) -> Case:
        """The one case of the town."""
        with self.acting():
            return Case.objects.select_related("detail").get()

    def fresh(self, case: Case) -> Case:
        with self.acting():
            return Case.objects.get(pk=case.pk)

    def fix(self, case: Case) -> None:
        """An officer takes the case, repairs, and shows it with a photo."""
        from maehia.forms import actions as forms

        by = self.works.actor  # type: ignore[attr-defined]
        with acting(by, "services.desk"):
            if self.fresh_state(case) == "submitted":
                actions.move(case.pk, "accepted", by=by)
            shot = forms.attach(case.pk, "after", io.BytesIO(jpeg(200)), "after.jpg")
            actions.move(case.pk, "fixed", by=by, note="เปลี่ยนหลอดแล้ว", after_photos=[shot.pk])

    def fresh_state(self, case: Case) -> str:
        return Case.objects.values_list("state", flat=True).get(pk=case.pk)


class CitizenCase(CitizenTown, AppTestCase):
    """Pages through the test client."""


def link_scope(case: Case) -> Any:
    return acting(f"device:{case.pk}", "services.link", scope=Scope.subject(case.pk))


def text_of(page: str) -> str:
    """What a person reads: the main part without tags."""
    main = page[page.index("<main") : page.index("</main>")] if "<main" in page else page
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)))


def without_addresses(page: str) -> str:
    """A page without what differs by its address alone: the link to itself in the other language, a reference."""
    return re.sub(r'(href="/en/[^"]*"|value="[^"]{20,}")', "", page)


SOMEBODY = uuid.UUID(int=77)
