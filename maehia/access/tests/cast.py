"""The people of the tests. All are invented (ข้อมูลสมมติ).

Kamon is a resident, Kasem her neighbour. Nok is an officer who lives next door to Kamon's brother, Malee works
at the counter, Wichai is a volunteer of moo 5, Prasit the clerk and Nok's supervisor, Dao the DPO, Arthit the
administrator, Somchai the mayor.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from maehia.access import actions
from maehia.access.models import Account
from maehia.kit.testing import EXTRA_KEPT, AppTestCase, ConcurrentTestCase

EXTRA_KEPT |= {"access_role", "access_roleevent"}

KAMON = UUID("00000000-0000-4000-8000-000000000001")
KASEM = UUID("00000000-0000-4000-8000-000000000002")
BROTHER = UUID("00000000-0000-4000-8000-000000000003")
NOK_HERSELF = UUID("00000000-0000-4000-8000-000000000009")
MANY = [UUID(int=(4 << 76) | (2 << 62) | n) for n in range(1000, 1200)]
SINCE = date(2026, 1, 1)

STAFF = {
    "nok": ("officer", "นก ใจเย็น", "กองสวัสดิการสังคม"),
    "malee": ("counter", "มาลี ศรีสุข", "ศูนย์บริการ"),
    "wichai": ("volunteer", "วิชัย กล้าหาญ", "อสม. หมู่ 5"),
    "prasit": ("clerk", "ประสิทธิ์ ปลัดดี", "สำนักปลัด"),
    "dao": ("dpo", "ดาว คุ้มครอง", "สำนักปลัด"),
    "arthit": ("admin", "อาทิตย์ ดูแล", "งานคอมพิวเตอร์"),
    "somchai": ("mayor", "สมชาย นายก", "สำนักนายก"),
}


class Cast:
    """Makes the people; mixed into the two base cases."""

    people: ClassVar[dict[str, Account]]

    def gather(self) -> None:
        with self.acting("system.demo"):  # type: ignore[attr-defined]
            for name, (role, shown, unit) in STAFF.items():
                account = actions.create_account(name, shown, unit=unit)
                actions.assign(account, role, starts_on=SINCE, moos=["5"] if role == "volunteer" else [])
                setattr(self, name, account)
            self.kamon = actions.create_account("kamon", "กมล ใจดี", person_key=KAMON)
            actions.assign(self.kamon, "citizen", starts_on=SINCE)
            self.nok.supervisor = self.prasit
            self.nok.person_key = NOK_HERSELF
            self.nok.save()


class CastCase(Cast, AppTestCase):
    def setUp(self) -> None:
        self.gather()


class ConcurrentCast(Cast, ConcurrentTestCase):
    def setUp(self) -> None:
        self.gather()
