"""A town hall at work: two units, three services, officers with names, and cases laid on their desks.

For lists and counts the rows are laid directly; what officers do is tested through the actions.
"""

from __future__ import annotations

import io
import uuid
from datetime import timedelta
from typing import Any

from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from maehia.access.actions import assign, create_account
from maehia.access.middleware import MFA_SESSION
from maehia.access.models import Account
from maehia.kit.idempotency import new_key
from maehia.kit.testing import NOW, AppTestCase
from maehia.services.models import Case, CaseDetail, Service, ServiceVersion, Unit, UnitMember

SINCE = (NOW - timedelta(days=300)).date()
STAFF = {
    "works": ("officer", "ช่างแดง มั่นคง", "กองช่าง", "works"),
    "works2": ("officer", "สายใจ ทำดี", "กองช่าง", "works"),
    "health": ("officer", "หมอนุช รักษ์ดี", "กองสาธารณสุขฯ", "health"),
    "counter": ("counter", "มาลัย ศรีสุข", "ศูนย์บริการ", "clerk"),
    "clerk": ("clerk", "ประสิทธิ์ ปลัดดี", "สำนักปลัด", "clerk"),
    "data": ("data", "ดารา ข้อมูล", "กองยุทธศาสตร์", ""),
    "planner": ("planner", "วางแผน ดีงาม", "กองยุทธศาสตร์", ""),
}
UNITS = {"works": "กองช่าง", "health": "กองสาธารณสุขฯ", "clerk": "สำนักปลัด"}
PLACE = Point(98.951, 18.744, srid=4326)


def definition(code: str, th: str, en: str, unit: str, **more: Any) -> dict[str, Any]:
    """The least that a definition says; three working days."""
    return {
        "code": code, "kind": "report", "name": {"th": th, "en": en}, "group": "streets", "unit": unit,
        "description": {"th": th, "en": en}, "promise": {"resolve": {"amount": 3, "unit": "working_days"}},
        "source": "สมมติ", "visibility": {"is_public": True, "blur_m": 0}, **more,
    }  # fmt: skip


SERVICES = {
    "street_light": definition("street_light", "ไฟถนนดับ", "Street light out", "works", needs_after_photo=True,
                               asset_kinds=["ไฟถนน"], duplicate_radius_m=50),
    "smoke": definition("smoke", "ควันและการเผา", "Smoke and burning", "health", visibility={"is_public": True, "blur_m": 200}),
    "staff_conduct": definition("staff_conduct", "ร้องเรียนเจ้าหน้าที่", "Complaint about staff", "clerk", confidential=True,
                                visibility={"is_public": False}),
}  # fmt: skip


class TownHall:
    """Mixed into cases of pages and of the browser. Each officer is an attribute."""

    client: Any
    acting: Any

    def setUp(self) -> None:
        with self.acting():
            build_town()
            for login, (role, name, unit, key) in STAFF.items():
                account = create_account(login, name, unit=unit)
                assign(account, role, starts_on=SINCE)
                setattr(self, login, account)
                if key:
                    UnitMember.objects.create(unit_id=key, account_id=account.pk)

    def enter(self, account: Account) -> None:
        """Log in with the second factor behind it."""
        with self.acting("system.demo"):
            self.client.force_login(account)
        session = self.client.session
        session[MFA_SESSION] = str(account.pk)
        session.save()

    def page(self, path: str, status: int = 200, **query: Any) -> str:
        answer = self.client.get(path, query)
        assert answer.status_code == status, (answer.status_code, answer.content.decode()[:800])
        return answer.content.decode()

    def send(self, path: str, **fields: Any) -> Any:
        return self.client.post(path, {"idempotency_key": new_key(), **fields})


class HallCase(TownHall, AppTestCase):
    """Pages through the test client."""


def build_town() -> None:
    """Units and published services."""
    for order, (key, name) in enumerate(UNITS.items()):
        Unit.objects.update_or_create(key=key, defaults={"name_th": name, "name_en": key.title(), "order": order})
    for code, data in SERVICES.items():
        service, _ = Service.objects.update_or_create(
            code=code,
            defaults={"kind": "report", "name_th": data["name"]["th"], "name_en": data["name"]["en"],
                      "state": "published", "is_public": data["visibility"]["is_public"]},
        )  # fmt: skip
        version = ServiceVersion.objects.create(
            service=service, number=1, definition=data, state="published", made_by="system:test", made_at=NOW,
            published_at=NOW,
        )  # fmt: skip
        service.current = version
        service.save(update_fields=["current"])


_numbers = iter(range(1, 10**6))


def lay(
    words: str = "ไฟถนนดับหน้าบ้าน", *, service: str = "street_light", due: Any = 3, number: str = "", **more: Any
) -> Case:
    """One case on the desk of its unit. due: days from now (negative: late), None for none."""
    version = ServiceVersion.objects.select_related("service").get(service_id=service, state="published")
    sealed = bool(version.definition.get("confidential"))
    values = {
        "number": number or f"2568-{next(_numbers):06d}", "kind": "report", "workflow_version": "1", "channel": "web",
        "state": "submitted", "state_type": "open", "unit_id": version.definition["unit"], "received_at": NOW,
        "recorded_at": NOW, "updated_at": NOW, "due_at": None if due is None else NOW + timedelta(days=due),
        "is_public": not sealed, "is_confidential": sealed, "public_point": None if sealed else PLACE, "moo": 5,
    }  # fmt: skip
    case = Case.objects.create(id=uuid.uuid4(), service=version.service, definition=version, **(values | more))
    CaseDetail.objects.create(case=case, description=words, point=PLACE)
    return case


def photo_file(raw: bytes = b"", name: str = "after.jpg") -> SimpleUploadedFile:
    """A small photo as a phone sends it, or other bytes under a photo's name."""
    if not raw:
        stream = io.BytesIO()
        Image.new("RGB", (640, 480), (90, 140, 120)).save(stream, "JPEG")
        raw = stream.getvalue()
    return SimpleUploadedFile(name, raw, content_type="image/jpeg")
