"""The town at night: วิชัย commands (he holds the mayor's delegation), ดวงใจ has the watch, สมศรี leads the volunteers.

All names are invented. `Watch` makes them; `Desk` adds logging in and looking at pages.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from maehia.access.actions import appoint, assign, create_account, delegate
from maehia.access.middleware import MFA_SESSION
from maehia.access.models import Account
from maehia.emergency.actions import incidents
from maehia.emergency.models import Incident
from maehia.kit.idempotency import new_key
from maehia.kit.testing import NOW

SINCE = (NOW - timedelta(days=300)).date()
CREW = {
    "mayor": ("mayor", "ธงชัย นายกดี", "สำนักปลัด"),
    "commander": ("commander", "วิชัย กล้าหาญ", "งานป้องกันและบรรเทาสาธารณภัย"),
    "duty": ("duty", "ดวงใจ เฝ้ายาม", "งานป้องกันและบรรเทาสาธารณภัย"),
    "clerk": ("clerk", "ประสิทธิ์ ปลัดดี", "สำนักปลัด"),
    "officer": ("officer", "นก ใจเย็น", "กองสวัสดิการสังคม"),
    "counter": ("counter", "มาลัย ศรีสุข", "ศูนย์บริการ"),
    "engineer": ("engineer", "ช่างแดง มั่นคง", "กองช่าง"),
    "finance": ("finance", "การเงิน ละเอียด", "กองคลัง"),
    "volunteer": ("volunteer", "สมศรี ใจดี", "อสม. หมู่ 5"),
    "dpo": ("dpo", "ดาว คุ้มครอง", "สำนักปลัด"),
}


class Watch:
    """Mixed into test cases: every member of the crew is an attribute."""

    acting: Any
    mayor: Account
    commander: Account
    duty: Account
    clerk: Account
    officer: Account
    counter: Account
    engineer: Account
    finance: Account
    volunteer: Account
    dpo: Account

    def setUp(self) -> None:
        with self.acting():
            for login, (role, name, unit) in CREW.items():
                account = create_account(login, name, unit=unit)
                assign(account, role, starts_on=SINCE)
                setattr(self, login, account)
            holder = appoint("mayor", self.mayor, starts_on=SINCE, order_no="ประกาศ กกต. 1/2568")
            delegate(holder, self.commander, chosen_powers=["order.disaster"], starts_on=SINCE, order_no="คำสั่ง 12/2569")

    def command(self, mode: str = "live") -> Any:
        """The context of the commander."""
        from maehia.kit.acting import acting

        return acting(self.commander.actor, "emergency.command", mode=mode)

    def flood(self, mode: str = "live", **more: Any) -> Incident:
        """A verified flash flood in moo 5, level 1, commanded by วิชัย; no footprint yet. Inside `command()`."""
        made = incidents.open_incident(incidents.NewIncident("น้ำป่าเข้าหมู่ 5", "flash_flood", "หมู่ 5", **more))
        incidents.move(made.pk, "verified")
        incidents.set_level(made.pk, 1)
        return incidents.name_commander(made.pk, self.commander)


class Desk(Watch):
    """The crew at its pages, through the test client: `class TestX(Desk, AppTestCase)`."""

    client: Any

    def enter(self, account: Account) -> None:
        """Log in with the second factor behind it."""
        with self.acting("system.demo"):
            self.client.force_login(account)
        session = self.client.session
        session[MFA_SESSION] = str(account.pk)
        session.save()

    def page(self, path: str, status: int = 200, **query: Any) -> str:
        """The page of an address."""
        answer = self.client.get(path, query)
        assert answer.status_code == status, (answer.status_code, answer.content.decode()[:600])
        return str(answer.content.decode())

    def send(self, path: str, **fields: Any) -> Any:
        """Send a form, each time with a new idempotency key unless one is given."""
        return self.client.post(path, {"idempotency_key": new_key(), **fields})
