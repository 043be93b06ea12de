"""A street of invented people: มาลี and her son บุญมา at 12/3 moo 5, ใจดี at 45 moo 2."""

from __future__ import annotations

import re
import uuid
from datetime import date
from html import unescape
from typing import Any

from django.contrib.gis.geos import Point

from maehia.access.actions import assign, create_account
from maehia.access.middleware import MFA_SESSION
from maehia.access.models import Account, Read, Role
from maehia.city.actions import refresh
from maehia.evidence.actions import LinkChange, save_links
from maehia.evidence.queries import address_ref
from maehia.evidence.tests.cast import BOONMA, JAIDEE, MALEE, deliver, make_source, row
from maehia.kit.idempotency import new_key
from maehia.kit.testing import AppTestCase

MAY = date(2026, 5, 1)
P_MALEE, P_BOONMA, P_JAIDEE = (uuid.UUID(int=n) for n in (1, 2, 3))
H_12_3, H_45 = uuid.UUID(int=11), uuid.UUID(int=12)
PLACE = Point(98.951, 18.744, srid=4326)

PEOPLE = {"civil:1": P_MALEE, "civil:2": P_BOONMA, "vhv:1": P_MALEE, "vhv:2": P_JAIDEE}
ADDRESSES = {address_ref("", "12/3", 5, ""): H_12_3, address_ref("", "45", 2, ""): H_45, "gis:1": H_12_3}


def build_street(**changes: Any) -> None:
    """Deliver two lists of people and one of houses, link them and bring the register up."""
    civil = make_source("civil", rank=10, household_kind="registered")
    vhv = make_source("vhv", rank=20, household_kind="actual")
    gis = make_source("gis", kind="house", data_class="open")
    deliver(civil, MAY, [row("civil:1", {**MALEE, "phone": None}), row("civil:2", BOONMA)])
    deliver(vhv, MAY, [row("vhv:1", {**MALEE, "first_name": "มะลิ", **changes}), row("vhv:2", JAIDEE)])
    house = {"house_no": "12/3", "moo": 5, "house_code": "50010123456", "geom": PLACE}
    deliver(gis, MAY, [row("gis:1", house)], kind="house")
    link()
    refresh()


def link(people: dict[str, uuid.UUID] | None = None) -> None:
    save_links(LinkChange("person", people or PEOPLE, {}))
    save_links(LinkChange("house", ADDRESSES, {}))


SINCE = date(2026, 1, 1)
STAFF = {
    "data": ("data", "ดารา ข้อมูล", "กองยุทธศาสตร์"),
    "officer": ("officer", "นก ใจเย็น", "กองสวัสดิการสังคม"),
    "counter": ("counter", "มาลัย ศรีสุข", "ศูนย์บริการ"),
    "planner": ("planner", "วางแผน ดีงาม", "กองยุทธศาสตร์"),
    "clerk": ("clerk", "ประสิทธิ์ ปลัดดี", "สำนักปลัด"),
    "admin": ("admin", "อาทิตย์ ดูแล", "งานคอมพิวเตอร์"),
}


class Pages:
    """The street, and the people of the town hall who may look at it. Each officer is an attribute.

    `volunteer` has a role of its own: she may search and open people, in moo 5 only. `citizen` is มาลี herself.
    Mixed into the case of pages and that of the browser.
    """

    client: Any
    acting: Any

    def setUp(self) -> None:
        with self.acting():
            build_street()
            for login, (role, name, unit) in STAFF.items():
                setattr(self, login, self.make_account(login, role, name, unit))
            visitor, _ = Role.objects.get_or_create(key="visitor", defaults={"name_th": "ผู้เยี่ยมบ้าน"})
            visitor.permissions = ["staff.enter", "city.search", "city.people", "city.map"]
            visitor.purposes = ["volunteer.visit"]
            visitor.save()
            self.volunteer = self.make_account("volunteer", "visitor", "วิชัย กล้าหาญ", "อสม. หมู่ 5", moos=["5"])
            self.citizen = self.make_account("citizen", "citizen", "มาลี สุขใจดี", person_key=P_MALEE)

    def make_account(self, login: str, role: str, name: str, unit: str = "", moos: Any = (), **more: Any) -> Account:
        account = create_account(login, name, unit=unit, **more)
        assign(account, role, starts_on=SINCE, moos=list(moos))
        return account

    def enter(self, account: Account) -> None:
        """Log in with the second factor behind it."""
        with self.acting("system.demo"):
            self.client.force_login(account)
        session = self.client.session
        session[MFA_SESSION] = str(account.pk)
        session.save()

    def page(self, path: str, status: int = 200, **query: Any) -> str:
        answer = self.client.get(path, query)
        assert answer.status_code == status, (answer.status_code, answer.content.decode()[:600])
        return answer.content.decode()

    def send(self, path: str, **fields: Any) -> Any:
        return self.client.post(path, {"idempotency_key": new_key(), **fields})

    def search(self, typed: str) -> str:
        """Type into the box and see the list."""
        answer = self.client.post("/staff/register/", {"q": typed}, follow=True)
        assert answer.status_code == 200, answer.content.decode()[:400]
        return answer.content.decode()

    def reads_of(self, person: uuid.UUID) -> list[tuple[str, str, str]]:
        """(actor, purpose, via) of every look at a person, oldest first."""
        with self.acting():
            return list(Read.objects.filter(key=person).order_by("id").values_list("actor", "purpose", "via"))


class PageCase(Pages, AppTestCase):
    """Pages through the test client."""


def url(kind: str, key: uuid.UUID, part: str = "") -> str:
    return f"/staff/register/{kind}/{key}/{part}"


def text_of(page: str) -> str:
    """What a person reads: the main part without tags."""
    main = page[page.index("<main") : page.index("</main>")] if "<main" in page else page
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)))
