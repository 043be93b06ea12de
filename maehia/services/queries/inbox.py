"""The officer's list: what is due first comes first. List, counts and badge ask one filter.

with acting_as(officer, "services.desk"):
    page = rows(Filter.of(request.GET, desk), limit=100)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Left

from maehia.base import BANGKOK
from maehia.kit import clock
from maehia.services.models import CHANNELS, Case, UnitMember
from maehia.thai import to_arabic

PAGE = 100
WORDS = 160  # letters of the description that the list shows
MOST_TYPED = 80
WHO = ("unit", "me", "all")
WHEN = ("", "late", "today", "waiting", "urgent", "new", "closed")
NUMBER = re.compile(r"(\d{4})-?(\d{1,6})|#?(\d{1,6})")
COLUMNS = (
    "id", "number", "kind", "state", "state_type", "channel", "is_urgent", "is_public", "moo", "public_address",
    "received_at", "due_at", "closed_at", "assignee", "me_too", "reopened", "version", "unit_id",
    "service_id", "service__name_th", "service__name_en", "unit__name_th", "unit__name_en",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Desk:
    """Who looks: the account, the units that it works in, and whether it oversees all of them."""

    account: UUID
    units: tuple[str, ...] = ()
    oversees: bool = False


@dataclass(frozen=True, slots=True)
class After:
    """The last row of the page before: its due moment (None: it has none) and its id."""

    due: datetime | None
    id: UUID

    def __str__(self) -> str:
        return f"{self.due.isoformat() if self.due else ''}_{self.id}"

    @classmethod
    def read(cls, text: str) -> After | None:
        """None for a text that no page gave."""
        due, _, key = text.partition("_")
        try:
            return cls(datetime.fromisoformat(due) if due else None, UUID(key))
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked of the list. who: one of WHO; when: one of WHEN ("" = everything that is open)."""

    desk: Desk
    who: str = "all"
    when: str = ""
    kind: str = ""
    service: str = ""
    moo: int | None = None
    channel: str = ""
    unit: str = ""
    typed: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, Any], desk: Desk) -> Filter:
        """From the address of the page; what is not understood is left out."""
        moo = to_arabic(str(asked.get("moo", "")))
        who = asked.get("who", "") or ("unit" if desk.units and not desk.oversees else "all")
        return cls(
            desk,
            who=who if who in WHO else "all",
            when=asked.get("when", "") if asked.get("when", "") in WHEN else "",
            kind=asked.get("kind", "") if asked.get("kind", "") in ("report", "service") else "",
            service=str(asked.get("service", ""))[:40],
            moo=int(moo) if moo.isdigit() and len(moo) <= 2 else None,
            channel=asked.get("channel", "") if asked.get("channel", "") in dict(CHANNELS) else "",
            unit=str(asked.get("unit", ""))[:40],
            typed=str(asked.get("q", "")).replace("\0", "").strip()[:MOST_TYPED],
        )

    def but(self, **changes: Any) -> Filter:
        return replace(self, **changes)

    def apply(self, now: datetime) -> QuerySet[Case]:
        """The one filter: the list, every count and the badge of the menu ask this."""
        return Case.objects.filter(self._open(), self._whose(), self._which(now), self._narrow(), self._said())

    def _open(self) -> Q:
        """Open ones, or ended ones when asked for. A number that was typed is found in any state."""
        if self.number:
            return Q()
        return Q(state_type__in=("closed", "fixed")) if self.when == "closed" else Q(state_type="open")

    @property
    def number(self) -> Q | None:
        """The case number that was typed ("2569-000123", "123"), None for other words."""
        found = NUMBER.fullmatch(to_arabic(self.typed))
        if found is None:
            return None
        if found[1]:
            return Q(number=f"{found[1]}-{int(found[2]):06d}")
        return Q(number__endswith=f"-{int(found[3]):06d}")

    def _whose(self) -> Q:
        if self.who == "me":
            return Q(assignee=self.desk.account)
        return Q(unit__in=self.desk.units) if self.who == "unit" else Q()

    def _which(self, now: datetime) -> Q:
        return WHICH[self.when](now) if self.when in WHICH else Q()

    def _narrow(self) -> Q:
        asked = {"kind": self.kind, "service": self.service, "channel": self.channel, "unit": self.unit}
        found = Q(**{name: value for name, value in asked.items() if value})
        return found & Q(moo=self.moo) if self.moo is not None else found

    def _said(self) -> Q:
        if not self.typed:
            return Q()
        return self.number or Q(detail__description__icontains=self.typed) | Q(public_address__icontains=self.typed)


def end_of_day(now: datetime) -> datetime:
    """Midnight in Thailand that ends the day of `now`."""
    return datetime.combine(now.astimezone(BANGKOK).date() + timedelta(days=1), time(), BANGKOK)


WHICH: Mapping[str, Callable[[datetime], Q]] = {
    "late": lambda now: Q(due_at__lt=now) & ~Q(state="waiting_citizen"),
    "today": lambda now: Q(due_at__gte=now, due_at__lt=end_of_day(now)) & ~Q(state="waiting_citizen"),
    "waiting": lambda _now: Q(state__in=("waiting_citizen", "returned")),
    "urgent": lambda _now: Q(is_urgent=True),
    "new": lambda _now: Q(state="submitted"),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """One page. rows: columns of COLUMNS and `words`; after: where the next page begins, None at the end."""

    rows: list[dict[str, Any]]
    after: After | None


def rows(asked: Filter, *, limit: int = PAGE, after: After | None = None) -> Listed:
    """One statement, whatever the size: what is due first, then what has no due moment; newest first when closed."""
    cases = asked.apply(clock.now())
    closed = asked.when == "closed"
    order = ("-received_at", "-id") if closed else ("due_at", "id")
    if after is not None:
        cases = cases.filter(_later(after) if not closed else _earlier(after))
    found = list(cases.order_by(*order).values(*COLUMNS, words=Left("detail__description", WORDS))[: limit + 1])
    shown = found[:limit]
    moment = "received_at" if closed else "due_at"
    last = After(shown[-1][moment], shown[-1]["id"]) if len(found) > limit else None
    return Listed(shown, last)


def _later(after: After) -> Q:
    if after.due is None:
        return Q(due_at=None, id__gt=after.id)
    return Q(due_at__gt=after.due) | Q(due_at=after.due, id__gt=after.id) | Q(due_at=None)


def _earlier(after: After) -> Q:
    return Q(received_at__lt=after.due) | Q(received_at=after.due, id__lt=after.id)


def counts(asked: Filter) -> dict[str, int]:
    """How many each chip would show, in one statement: who/when changed, everything else as asked."""
    now, open_ones = clock.now(), asked.but(who="all", when="")
    whose = {who: asked.but(who=who)._whose() for who in WHO}
    own = whose[asked.who]
    asks = {f"who_{who}": Count("id", filter=condition) for who, condition in whose.items()}
    asks |= {f"when_{when}": Count("id", filter=own & which(now)) for when, which in WHICH.items()}
    return dict(open_ones.apply(now).aggregate(**asks))


def desk_of(account: UUID, *, oversees: bool = False) -> Desk:
    """The desk of an account: the units that it is a member of."""
    units = UnitMember.objects.filter(account_id=account).order_by("unit_id").values_list("unit_id", flat=True)
    return Desk(account, tuple(units), oversees)


def late_for(desk: Desk) -> int:
    """How many cases of the desk's own units are late: what the menu shows, and what the chip shows."""
    return Filter(desk, who="unit" if desk.units else "all", when="late").apply(clock.now()).count()
