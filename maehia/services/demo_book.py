"""What the demo's cases are written into: the plan's draws turned into services, things, people and officers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from maehia.base import BANGKOK
from maehia.demo.cases import Planned, Step
from maehia.demo.dice import Dice
from maehia.services.actions import Contact, NewCase
from maehia.services.demo_register import OLD, Register, Somebody, Spot
from maehia.services.demo_story import Story, begin
from maehia.services.queries.current import Current, current
from maehia.services.queries.places import Where
from maehia.services.rules import suggest

OPENS, CLOSES = time(8, 30), time(16, 30)
BY_DESK = ("counter", "phone", "letter", "facebook", "damrongtham")
_PLAIN = ("choice", "number", "text", "longtext", "date", "yes_no")


@dataclass
class Book:
    """until: the moment at which the demo's past ends. own: places in the plan of the demo citizen's cases.
    offers, spots: services by code, and places by service and moo, looked up once."""

    seed: int
    until: datetime
    register: Register
    own: frozenset[int] = frozenset()
    offers: dict[str, Current] = field(default_factory=dict)
    spots: dict[tuple[str, int], list[Spot]] = field(default_factory=dict)

    def offer(self, code: str) -> Current:
        if code not in self.offers:
            self.offers[code] = current(code)
        return self.offers[code]

    def key(self, *parts: object) -> UUID:
        return uuid5(NAMESPACE_URL, "maehia-demo:" + ":".join(map(str, (self.seed, *parts))))

    def spot(self, planned: Planned) -> Spot | None:
        known = (planned.service, planned.moo)
        if known not in self.spots:
            kinds = self.offer(planned.service).definition.asset_kinds
            self.spots[known] = self.register.spots(kinds, planned.moo)
        found = self.spots[known]
        return found[int(planned.spot * len(found))] if found else None

    def is_own(self, n: int) -> bool:
        """Whether it is the demo citizen's, so that her own page has something to show."""
        return n in self.own and self.register.citizen is not None

    def who(self, planned: Planned, n: int) -> Somebody | None:
        if self.is_own(n):
            return self.register.citizen
        if planned.who is None:
            return None
        return self.register.somebody(planned.who, OLD if planned.service == "elderly_allowance" else 0)


def begin_story(book: Book, planned: Planned, n: int, number: str) -> Story:
    """The case as it is opened; with the id of its photo when it has one, and of the one that its repair will have."""
    spot = book.spot(planned)
    photos = (book.key("photo", n),) if planned.pictured else ()
    new = replace(new_case(book, planned, n), photos=photos)
    place = Where(True, (spot.moo if spot else None) or planned.moo, "")
    offer, by = book.offer(planned.service), reporter(book, planned, n)
    story = begin(new, offer, place, case_id=book.key("case", n), number=number, by=by)
    story.after = book.key("after", n) if planned.pictured else None
    return story


def new_case(book: Book, planned: Planned, n: int) -> NewCase:
    """What somebody of the register says about a thing or a house of the register."""
    offer, who, own = book.offer(planned.service), book.who(planned, n), book.is_own(n)
    spot = book.spot(planned) if offer.definition.place != "none" else None
    online = planned.channel in ("web", "line") and planned.kind == "report"
    return NewCase(
        service=planned.service, channel=planned.channel, description=planned.text, event_at=planned.received,
        point=(spot.lon, spot.lat) if spot else None, asset_key=spot.key if spot else None, urgent=planned.urgent,
        address=f"ใกล้บ้านเลขที่ {spot.house_no} หมู่ {spot.moo}" if spot and spot.house_no else "",
        answers=_answers(offer, planned, n), contact=_contact(planned, who, n, own=own),
        person_key=who.key if who and (own or planned.kind == "service") else None,
        suggested=[(g.code, round(g.probability, 3)) for g in suggest.suggest(planned.text)] if online else (),
    )  # fmt: skip


def _contact(planned: Planned, who: Somebody | None, n: int, *, own: bool) -> Contact:
    if who is None:
        return Contact()
    if own:
        return Contact(name=who.name, phone=who.phone, person_key=who.key, account_id=who.account)
    known = who.key if planned.channel == "counter" or planned.kind == "service" else None
    if planned.channel == "line":
        return Contact(name=who.name, line_user=f"U{n:032x}", person_key=known)
    return Contact(name=who.name, phone=who.phone, person_key=known)


def _answers(offer: Current, planned: Planned, n: int) -> dict[str, Any]:
    """Plain answers to an application's questions: an option, a small number, an invented word."""
    if planned.kind == "report":
        return {}
    day = planned.received.date()
    return {str(f["id"]): _answer(f, day, n) for f in offer.definition.form["fields"] if f["type"] in _PLAIN}


def _answer(asked: Any, day: date, n: int) -> Any:
    if asked["type"] == "choice":
        return asked["options"][n % len(asked["options"])]["value"]
    if asked["type"] == "number":
        return 1 + n % 3
    if asked["type"] == "date":
        return (day + timedelta(days=7)).isoformat()
    return n % 2 == 0 if asked["type"] == "yes_no" else f"{n:06d} (สมมติ)"


def reporter(book: Book, planned: Planned, n: int) -> str:
    """Whose hand wrote it: the desk for calls and letters, a volunteer, or somebody's own phone."""
    if book.is_own(n):
        return book.register.actor("citizen")
    if planned.channel in BY_DESK:
        return book.register.actor("counter")
    return book.register.actor("volunteer") if planned.channel == "volunteer" else f"device:{book.key('device', n)}"


OWN_SERVICES = ("waste_account", "venue_tent", "tree_cutting")


def own_cases(plan: Sequence[Planned]) -> frozenset[int]:
    """Places in the plan that become the demo citizen's: her last reports and applications on the web."""
    web = [n for n, planned in enumerate(plan) if planned.channel == "web" and planned.twin_of is None]
    reports = [n for n in web if plan[n].kind == "report" and plan[n].service in ("light", "road", "waste", "drain")]
    return frozenset(reports[-4:] + [n for n in web if plan[n].service in OWN_SERVICES][-4:])


def doer(book: Book, step: Step, story: Story, n: int) -> str:
    """Whose step it is."""
    if step.by == "clock":
        return "system:clock"
    if step.by == "citizen":
        return f"device:{book.key('device', n, step.at if step.kind == 'me_too' else '')}"
    if step.kind == "sign":
        return book.register.actor("mayor")
    return book.register.actor("clerk") if story.case.is_confidential else book.register.actor_of(story.case.unit_id)


def timed(planned: Planned, story: Story, dice: Dice) -> Iterator[tuple[datetime, Step]]:
    """Steps at their moments: shares of the time that is promised; officers work when the office is open."""
    due = story.case.due_at
    span = due - planned.received if due else timedelta(days=7)
    last = planned.received
    for step in planned.steps:
        at = planned.received + span * step.at
        at = office(at, dice) if step.by == "staff" else at
        last = max(at, last + timedelta(minutes=dice.between(3, 25)))
        yield last, step


def office(moment: datetime, dice: Dice) -> datetime:
    """The moment, or the next one at which the office is open on a weekday."""
    here = moment.astimezone(BANGKOK)
    if here.weekday() < 5 and OPENS <= here.time() <= CLOSES:
        return here
    day = here.date() + timedelta(days=here.time() > CLOSES)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return datetime.combine(day, OPENS, BANGKOK) + timedelta(minutes=dice.between(2, 200), seconds=dice.below(60))
