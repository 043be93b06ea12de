"""The cast of the intake tests. All invented (ข้อมูลสมมติ).

Kanda is the data officer who receives lists. Nok is a welfare officer who reviews pairs. Prasit the clerk and Dao
the DPO enter leaves; Malee at the counter has no business here. Somchai, Malee Kaeo-ngam and Bunmi are in the lists.
"""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse

from maehia.access import actions as access
from maehia.access.middleware import MFA_SESSION
from maehia.access.models import Account
from maehia.evidence.actions import save_source
from maehia.evidence.models import Delivery, Source
from maehia.intake.tests.makers import PEOPLE, PEOPLE_HEAD, workbook
from maehia.kit.jobs import Job, run_job
from maehia.kit.testing import EXTRA_KEPT, AppTestCase, ConcurrentTestCase

EXTRA_KEPT |= {"access_role", "access_roleevent"}

SINCE = date(2026, 1, 1)
AS_OF = date(2026, 9, 30)
NEXT_MONTH = date(2026, 10, 31)
STAFF = {
    "kanda": ("data", "กานดา ข้อมูลดี", "กองยุทธศาสตร์และงบประมาณ"),
    "nok": ("officer", "นก ใจเย็น", "กองสวัสดิการสังคม"),
    "malee": ("counter", "มาลี ศรีสุข", "ศูนย์บริการ"),
    "prasit": ("clerk", "ประสิทธิ์ ปลัดดี", "สำนักปลัด"),
    "dao": ("dpo", "ดาว คุ้มครอง", "สำนักปลัด"),
}
VHV: dict[str, Any] = {
    "name_th": "แบบสำรวจของ อสม. (ข้อมูลสมมติ)", "name_en": "Survey (invented)", "kind": "person", "rank": 20,
    "legal_basis": "ภารกิจเพื่อประโยชน์สาธารณะ", "legal_section": "ม.24(4)", "household_kind": "actual",
}  # fmt: skip
CIVIL: dict[str, Any] = {
    **VHV, "name_th": "ทะเบียนราษฎร (ข้อมูลสมมติ)", "name_en": "Civil register (invented)", "rank": 10,
    "household_kind": "registered", "needs_leave": True,
}  # fmt: skip
WATER: dict[str, Any] = {
    **VHV, "name_th": "ผู้ใช้น้ำประปา (ข้อมูลสมมติ)", "name_en": "Water customers (invented)", "rank": 40,
    "household_kind": "",
}  # fmt: skip
HOUSES: dict[str, Any] = {"name_th": "พิกัดบ้าน (ข้อมูลสมมติ)", "kind": "house", "data_class": "open", "licence": "CC BY 4.0"}


class Town:
    """Accounts, sources and a folder for files; mixed into the two base cases."""

    kanda: Account
    people: ClassVar[list[list[Any]]] = PEOPLE

    def gather(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        (self.folder / "files").mkdir()
        self._files = override_settings(FILES_DIR=self.folder / "files")
        self._files.enable()
        self.addCleanup(self._files.disable)  # type: ignore[attr-defined]
        with self.acting("system.demo"):  # type: ignore[attr-defined]
            for name, (role, shown, unit) in STAFF.items():
                account = access.create_account(name, shown, unit=unit)
                access.assign(account, role, starts_on=SINCE)
                setattr(self, name, account)
        self.vhv, self.civil = self.source("vhv", VHV), self.source("civil", CIVIL)
        self.water, self.houses = self.source("utility", WATER), self.source("houses", HOUSES)

    def source(self, key: str, values: dict[str, Any]) -> Source:
        with self.acting():  # type: ignore[attr-defined]
            return save_source(key, values)

    def log_in(self, name: str) -> None:
        """Log in with the second factor behind it."""
        account = getattr(self, name)
        with self.acting("system.demo"):  # type: ignore[attr-defined]
            self.client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])  # type: ignore[attr-defined]
        session = self.client.session  # type: ignore[attr-defined]
        session[MFA_SESSION] = str(account.pk)
        session.save()

    def people_file(
        self, name: str = "vhv.xlsx", rows: list[list[Any]] | None = None, day: str = "๓๐ ก.ย. ๒๕๖๙"
    ) -> Path:
        """A workbook with merged title rows; numbers and dates as Thai offices write them."""
        wide = len(PEOPLE_HEAD)
        title = ["บัญชีสำรวจ (ข้อมูลสมมติ)", *[None] * (wide - 1)]
        as_of = [f"ข้อมูล ณ วันที่ {day}", *[None] * (wide - 1)]
        table = [title, as_of, PEOPLE_HEAD, *(self.people if rows is None else rows)]
        return workbook(self.folder / name, table, merges=["A1:H1", "A2:H2"])

    def send(self, path: Path, source: str = "vhv", as_of: date | None = AS_OF, **fields: str) -> Any:
        """POST a file as the page does."""
        day = (
            {}
            if as_of is None
            else {"as_of_day": as_of.day, "as_of_month": as_of.month, "as_of_year": as_of.year + 543}
        )
        upload = SimpleUploadedFile(path.name, path.read_bytes())
        body = {"source": source, "file": upload, **day, "idempotency_key": uuid4().hex, **fields}
        return self.client.post(reverse("intake:deliver"), body)  # type: ignore[attr-defined]

    def delivery(self) -> Delivery:
        """The newest one."""
        return Delivery.objects.select_related("source").latest("pk")

    def work(self) -> Job:
        """Do the job that waits, as the worker would."""
        return run_job(Job.objects.get(state="queued").pk)

    def looked_at(self, path: Path, source: str = "vhv", as_of: date = AS_OF) -> Delivery:
        """A file that is sent and previewed; its columns confirmed where they were asked about."""
        self.send(path, source, as_of)
        self.work()
        found = self.delivery()
        if found.state == "parsed":
            self.confirm(found)
            self.work()
        return self.delivery()

    def confirm(self, delivery: Delivery, **answers: str) -> Any:
        """POST the mapping page as it was proposed, with some answers changed."""
        url = reverse("intake:mapping", args=[delivery.pk])
        form = self.client.get(url).context["form"]  # type: ignore[attr-defined]
        body = {field.name: field.value() or "" for field in form}
        return self.client.post(url, {**body, **answers})  # type: ignore[attr-defined]

    def applied(self, path: Path, source: str = "vhv", as_of: date = AS_OF) -> Delivery:
        found = self.looked_at(path, source, as_of)
        self.client.post(reverse("intake:apply", args=[found.pk]))  # type: ignore[attr-defined]
        self.work()
        return self.delivery()


class IntakeCase(Town, AppTestCase):
    def setUp(self) -> None:
        self.gather()
        self.log_in("kanda")


class ConcurrentIntake(Town, ConcurrentTestCase):
    def setUp(self) -> None:
        self.gather()
        self.log_in("kanda")
