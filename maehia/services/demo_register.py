"""Whom and what the demo's cases are about: lamps, houses, people and officers of the invented town, read once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from maehia.access.models import Account
from maehia.city.models import Area, Asset, House, Person
from maehia.demo.serials import mobile
from maehia.services.models import Unit, UnitMember

GROWN_UP, OLD = 18, 60
# Units, and which demo accounts work there; the first is the head.
STAFF = {
    "works": ("engineer",), "health": ("officer",), "welfare": ("officer",), "clerk_office": ("clerk", "counter"),
    "finance": ("finance",), "disaster": ("duty",), "planning": ("planner",), "education": ("officer",),
}  # fmt: skip
PHONES_FROM = 700_000  # beyond the serials of the register's people: reporters' phones are others


@dataclass(frozen=True, slots=True)
class Spot:
    """A registered thing or a house. lon, lat: degrees. key: of the thing, None for a house."""

    lon: float
    lat: float
    moo: int | None
    key: UUID | None = None
    house_no: str = ""


@dataclass(frozen=True, slots=True)
class Somebody:
    key: UUID
    name: str
    age: int
    phone: str
    account: UUID | None = None


@dataclass(frozen=True)
class Register:
    """things: by kind. houses: all with a point. people: registered grown-ups, alive. staff: account by login.
    citizen: the one of them who has the demo's log-in."""

    things: dict[str, list[Spot]]
    houses: list[Spot]
    people: list[Somebody]
    staff: dict[str, Account]
    citizen: Somebody | None = None

    def spots(self, kinds: Sequence[str], moo: int) -> list[Spot]:
        """Things of these kinds in that moo; else anywhere in the town; else houses. Empty in an empty town."""
        things = [spot for kind in kinds for spot in self.things.get(kind, ())]
        return _in(things, moo) or things or _in(self.houses, moo) or self.houses

    def somebody(self, draw: float, least_age: int = GROWN_UP) -> Somebody | None:
        fit = self.people if least_age <= GROWN_UP else [p for p in self.people if p.age >= least_age]
        return fit[int(draw * len(fit))] if fit else None

    def actor_of(self, unit: str | None) -> str:
        """Who of the unit works on it; the clerk, or the demo itself, when nobody does."""
        for login in (*STAFF.get(unit or "", ()), "clerk"):
            if login in self.staff:
                return self.staff[login].actor
        return "system:demo"

    def actor(self, login: str) -> str:
        return self.staff[login].actor if login in self.staff else "system:demo"


def _in(spots: Sequence[Spot], moo: int) -> list[Spot]:
    return [spot for spot in spots if spot.moo == moo]


def read_register(today: date) -> Register:
    """Read what the cases need, in a fixed order; needs `acting` under system.demo."""
    people, staff = _people(today), {a.login: a for a in Account.objects.filter(is_active=True)}
    return Register(_things(), _houses(), people, staff, _citizen(people, staff.get("citizen")))


def _citizen(people: Sequence[Somebody], account: Account | None) -> Somebody | None:
    found = next((p for p in people if account is not None and p.key == account.person_key), None)
    return replace(found, account=account.pk) if found and account else None


def _things() -> dict[str, list[Spot]]:
    moos = _moos()
    found: dict[str, list[Spot]] = {}
    rows: Any = Asset.objects.exclude(geom=None).order_by("code", "key").values_list("asset_kind", "key", "geom")
    for kind, key, geom in rows:
        point = geom if geom.geom_type == "Point" else geom.centroid
        moo = next((number for number, shape in moos if shape.covers(point)), None)
        found.setdefault(kind, []).append(Spot(point.x, point.y, moo, key=key))
    return found


def _moos() -> list[tuple[int, Any]]:
    """(number, prepared shape) of every moo with a border."""
    areas: Any = Area.objects.filter(area_kind="moo").exclude(geom=None).order_by("code")
    return [(int(a.code[-2:]), a.geom.prepared) for a in areas if a.code[-2:].isdigit()]


def _houses() -> list[Spot]:
    rows: Any = (
        House.objects.exclude(geom=None).order_by("moo", "house_no", "key").values_list("geom", "moo", "house_no")
    )
    return [Spot(geom.x, geom.y, moo, house_no=number) for geom, moo, number in rows]


def _people(today: date) -> list[Somebody]:
    columns = ("key", "title", "first_name", "last_name", "birth")
    alive: Any = Person.objects.filter(registered=True, died=None, birth__isnull=False)
    rows = alive.order_by("birth", "first_name", "last_name", "key").values_list(*columns)
    aged = [(key, f"{title}{first} {last}", today.year - birth.year) for key, title, first, last, birth in rows]
    return [Somebody(key, name, age, mobile(PHONES_FROM + n)) for n, (key, name, age) in enumerate(aged)
            if age >= GROWN_UP]  # fmt: skip


def fill_units() -> int:
    """Put the demo's officers into their units; how many were new."""
    known = set(Unit.objects.values_list("key", flat=True))
    accounts = {account.login: account.pk for account in Account.objects.filter(is_active=True)}
    wanted = [(unit, accounts[login], n == 0) for unit, logins in STAFF.items() if unit in known
              for n, login in enumerate(logins) if login in accounts]  # fmt: skip
    return sum(
        UnitMember.objects.get_or_create(unit_id=unit, account_id=account, defaults={"is_head": head})[1]
        for unit, account, head in wanted
    )
