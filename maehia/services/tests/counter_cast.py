"""A service centre: two groups, three desks, officers at them; มาลี (the citizen) and her neighbours of the street."""

from __future__ import annotations

import uuid
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

from maehia.access.actions import assign, create_account
from maehia.base import BANGKOK
from maehia.city.tests.cast import P_BOONMA, P_JAIDEE, P_MALEE, build_street, text_of
from maehia.kit import clock
from maehia.kit.acting import acting
from maehia.kit.testing import EXTRA_KEPT
from maehia.services.actions import queue as actions
from maehia.services.catalogue_files import shipped
from maehia.services.models import Desk, Period, QueueGroup, QueueRules, Service, ServiceVersion, Ticket
from maehia.services.queries import queue as queries
from maehia.services.rules.definition import as_data
from maehia.services.tests.desk_cast import SINCE

EXTRA_KEPT |= {"access_role", "access_roleevent"}

TODAY = datetime(2026, 11, 18, tzinfo=BANGKOK)  # a Wednesday
NINE = TODAY.replace(hour=9)
MINUTE = timedelta(minutes=1)
DEVICE = "device:33333333-3333-4333-8333-333333333333"
ONE, TWO, THREE = (uuid.UUID(int=900 + n) for n in (1, 2, 3))  # accounts at the desks


def at(hour: int, minute: int = 0, day: int = 18) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=BANGKOK)


def build_hall(desks: int = 2, **rules: Any) -> None:
    """Group A (15 minutes) at every desk, group B (30 minutes, one service) at the last one; slots of 30 minutes."""
    general = QueueGroup.objects.create(key="general", letter="A", name_th="งานทั่วไป", name_en="General", minutes=15)
    permits = QueueGroup.objects.create(
        key="permits", letter="B", name_th="ใบอนุญาต", name_en="Permits", minutes=30, order=101, services=["smoke"]
    )
    for number in range(1, desks + 1):
        desk = Desk.objects.create(number=number)
        desk.groups.set([general, permits] if number == desks else [general])
    QueueRules.objects.create(since=NINE - timedelta(days=90), made_by="system:test", **rules)


class Hall:
    """Mixed into test cases: short verbs, each in the context of who does it."""

    acting: Any

    def desk(self, number: int = 1) -> Desk:
        return Desk.objects.get(number=number)

    def visitor(self, group: str = "general", when: datetime = NINE, **more: Any) -> Ticket:
        with clock.at(when):
            return actions.take_as_visitor(group, by=DEVICE, **more)

    def staff(self, when: datetime = NINE) -> ExitStack:
        stack = ExitStack()
        stack.enter_context(clock.at(when))
        stack.enter_context(acting("system:test", "services.desk"))
        return stack

    def served(
        self, group: str = "general", came: datetime = NINE, waited: int = 5, took: int = 10, desk: int = 1
    ) -> Ticket:
        """One whole visit: came, waited and took so many minutes."""
        ticket = self.visitor(group, came)
        with self.staff(came + waited * MINUTE):
            actions.call(actions.locked(ticket.pk), self.desk(desk))
            actions.start(ticket.pk)
        with self.staff(came + (waited + took) * MINUTE):
            return actions.finish(ticket.pk)

    def seen(self, count: int, took: int = 10, days_ago: int = 7) -> None:
        """Rows of services of the last weeks, laid directly: so many, of so many minutes."""
        group, desk = QueueGroup.objects.get(key="general"), self.desk()
        day = NINE - timedelta(days=days_ago)
        for n in range(count):
            start = day + n * 30 * MINUTE
            ticket = Ticket.objects.create(day=day.date(), letter="A", number=500 + n, group=group, channel="walk_in",
                                           state="done", ranked_at=start)  # fmt: skip
            Period.objects.create(ticket=ticket, group=group, kind="waiting", start=start - 5 * MINUTE, end=start)
            Period.objects.create(
                ticket=ticket, group=group, kind="serving", desk=desk, start=start, end=start + took * MINUTE
            )

    def periods(self, ticket: Ticket) -> list[tuple[str, int | None]]:
        """(kind, minutes) of a ticket, None for the open one."""
        with self.acting("services.desk"):
            rows = queries.periods_of(ticket.pk)
        return [(p.kind, round((p.end - p.start) / MINUTE) if p.end else None) for p in rows]


def publish(code: str) -> None:
    """One of the shipped applications, as the town publishes it."""
    data = as_data(shipped()[code])
    service = Service.objects.create(code=code, kind="service", name_th=code, state="published")
    version = ServiceVersion.objects.create(
        service=service,
        number=1,
        definition=data,
        state="published",
        made_by="system:test",
        made_at=NINE,
        published_at=NINE,
    )
    Service.objects.filter(pk=code).update(current=version)


class Centre(Hall):
    """A town hall, its register (มาลี, her son บุญมา, ใจดี) and a service centre; มาลี and บุญมา have accounts."""

    client: Any

    def setUp(self) -> None:
        super().setUp()  # type: ignore[misc]
        with self.acting():
            build_street()
            build_hall()
            for login, key in (("malee", P_MALEE), ("boonma", P_BOONMA), ("jaidee", P_JAIDEE)):
                account = create_account(login, login, person_key=key)
                assign(account, "citizen", starts_on=SINCE)
                setattr(self, login, account)

    def sit(self, number: int = 1) -> None:
        """The counter officer logs in and opens a desk."""
        self.enter(self.counter)  # type: ignore[attr-defined]
        self.send("/staff/queue/do/sit/", desk=number)  # type: ignore[attr-defined]

    def act(self, verb: str, ticket: Ticket | None = None, **more: Any) -> str:
        """One button of the desk; what the desk's page says then."""
        sent = {"ticket": str(ticket.pk)} if ticket else {}
        answer = self.client.post(f"/staff/queue/do/{verb}/", {**sent, **more}, follow=True)
        assert answer.status_code == 200, answer.content.decode()[:500]
        return text_of(answer.content.decode())

    def begin(self, ticket: Ticket | None = None) -> str:
        """A new visit; its address."""
        answer = self.client.post("/staff/counter/start/", {"ticket": str(ticket.pk) if ticket else ""})
        assert answer.status_code == 302
        return str(answer.url)
