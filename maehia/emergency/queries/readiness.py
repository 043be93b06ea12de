"""Who is on call, what stands ready, whom to ring outside, where nobody is. Inside a purpose that reads incidents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib.gis.geos import Point
from django.db.models import Max, Q

from maehia.access.models import Account
from maehia.city.models import Place
from maehia.emergency.models import (
    Contact,
    DutyNeed,
    DutyShift,
    OutsideNumber,
    ReadinessChange,
    Resource,
    ResourceChange,
    ShelterCheck,
)
from maehia.emergency.rules.roster import Hole, Need, Shift, holes, serves
from maehia.thai import collation_key

HORIZON = timedelta(days=7)
SHELTER_DAYS = 180  # a shelter that nobody looked at for so long is not known to be fit
NUMBER_DAYS = 180


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Somebody on call. rank: 1 is called first. account: None for those who do not log in. phone: digits or ""."""

    contact: UUID
    account: UUID | None
    name: str
    phone: str
    kind: str
    skills: tuple[str, ...]
    moos: tuple[int, ...]
    rank: int
    until: datetime
    shift: UUID


@dataclass(frozen=True, slots=True)
class ResourceNow:
    """How a resource is in the context's mode. count: fit for use; checked_at: when somebody last looked at it."""

    resource: Resource
    state: str
    count: int
    place: str
    point: Point | None
    since: datetime | None
    checked_at: datetime | None
    incident: UUID | None


@dataclass(frozen=True, slots=True)
class ShelterNow:
    """A place that can shelter people, and the newest look at it. check: None when nobody ever looked."""

    key: UUID
    name: str
    capacity: int | None
    phone: str
    check: ShelterCheck | None


def on_duty(moment: datetime, skill: str | None = None, moo: int | None = None) -> list[OnDuty]:
    """Who is on call at a moment, with a skill, for a moo (those without a zone serve every moo); first rank first."""
    rows = DutyShift.objects.filter(
        starts_at__lte=moment, ends_at__gt=moment, cancelled_at=None, contact__active=True
    ).select_related("contact")
    chosen = [row for row in rows if serves(row.contact.skills, row.contact.moos, skill or "", moo)]
    names = account_names(chosen_contacts := [row.contact for row in chosen])
    found = [_on_duty(row, contact, names) for row, contact in zip(chosen, chosen_contacts, strict=True)]
    return sorted(found, key=lambda one: (one.rank, collation_key(one.name)))


def _on_duty(row: DutyShift, who: Contact, names: dict[UUID, str]) -> OnDuty:
    return OnDuty(
        who.pk, who.account, name_of(who, names), who.phone or "", who.kind, tuple(who.skills), tuple(who.moos),
        row.rank, row.ends_at, row.pk,
    )  # fmt: skip


def account_names(contacts: Sequence[Contact]) -> dict[UUID, str]:
    """Account -> its name today: who has a log-in is called by the name of it."""
    wanted = [contact.account for contact in contacts if contact.account]
    return dict(Account.objects.filter(pk__in=wanted).values_list("pk", "display_name")) if wanted else {}


def name_of(contact: Contact, names: dict[UUID, str]) -> str:
    return names.get(contact.account, contact.name) if contact.account else str(contact.name)


def contacts(*, everybody: bool = False) -> list[Contact]:
    """Those who can be called out, by name; everybody: also those who are not any more."""
    rows = list(Contact.objects.all() if everybody else Contact.objects.filter(active=True))
    return sorted(rows, key=lambda row: collation_key(str(row.name)))


def shifts(start: datetime, end: datetime) -> list[DutyShift]:
    """Shifts that touch a span, by time and rank."""
    rows = DutyShift.objects.filter(starts_at__lt=end, ends_at__gt=start, cancelled_at=None, contact__active=True)
    return list(rows.select_related("contact").order_by("starts_at", "rank"))


def needs(day: date) -> list[DutyNeed]:
    """What must be covered from a day on."""
    return list(DutyNeed.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day)).order_by("name_th", "id"))


def open_holes(start: datetime, end: datetime) -> list[Hole]:
    """Where fewer people are on call than needed between two moments."""
    wanted = [Need(str(n.pk), n.name_th, n.skill, n.moo, n.from_hour, n.to_hour, n.least, n.valid_from, n.valid_to)
              for n in needs(start.date() - timedelta(days=1))]  # fmt: skip
    manned = [Shift(str(s.contact_id), s.starts_at, s.ends_at, frozenset(s.contact.skills), frozenset(s.contact.moos))
              for s in shifts(start, end)]  # fmt: skip
    return holes(wanted, manned, start, end)


def resources(*, everything: bool = False) -> list[ResourceNow]:
    """Every resource as it is now in the context's mode: without a word about it, it stands ready at its home."""
    newest = ResourceChange.objects.order_by("resource", "-at", "-id").distinct("resource")
    held = {row.resource_id: row for row in newest}
    looked = dict(
        ResourceChange.objects.filter(checked=True).values("resource").annotate(last=Max("at"))
        .values_list("resource", "last")
    )  # fmt: skip
    rows = Resource.objects.select_related("keeper")
    found = [
        _resource(row, held.get(row.pk), looked.get(row.pk))
        for row in (rows if everything else rows.filter(active=True))
    ]
    return sorted(found, key=lambda one: (one.resource.kind, collation_key(one.resource.name)))


def _resource(row: Resource, change: ResourceChange | None, looked: datetime | None) -> ResourceNow:
    if change is None:
        return ResourceNow(row, "ready", row.count, row.home, row.point, None, looked, None)
    return ResourceNow(row, change.state, change.count, change.place, change.point or row.point, change.at, looked,
                       change.incident_id)  # fmt: skip


def history_of(resource: Resource, limit: int = 50) -> list[ResourceChange]:
    return list(ResourceChange.objects.filter(resource=resource).order_by("-at", "-id")[:limit])


def numbers() -> list[OutsideNumber]:
    """Numbers outside of the town hall that are in use."""
    return list(OutsideNumber.objects.filter(active=True))


def shelters() -> list[ShelterNow]:
    """Places that can shelter people, each with the newest look at it."""
    newest = {row.place_key: row for row in ShelterCheck.objects.order_by("place_key", "-at").distinct("place_key")}
    rows = Place.objects.filter(is_shelter=True)
    found = [ShelterNow(row.key, row.name, row.capacity, row.phone, newest.get(row.key)) for row in rows]
    return sorted(found, key=lambda one: collation_key(one.name))


def changes(table: str = "", row: str = "", limit: int = 30) -> list[ReadinessChange]:
    """What was changed in the browser, newest first."""
    rows = ReadinessChange.objects.select_related("undoes")
    rows = rows.filter(table=table) if table else rows
    return list((rows.filter(row=row) if row else rows)[:limit])
