"""Reads of damage: surveys, conflicts, and the counts of the loss database. Inside the caller's context."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q, Sum

from maehia.city.models import House, Household
from maehia.emergency.models import Claim, DamageLine, Distribution, Incident, Payment, Survey, SurveyConflict
from maehia.emergency.rules.damage_states import SURVEY
from maehia.kit.crypto import blind_index
from maehia.thai import normalize_house_no, normalize_phone

UNKNOWN = ("deaths", "missing", "injured", "evacuated", "relocated", "roads_m", "crops_ha", "livestock", "education",
           "medical_centres", "losses_usd")  # fmt: skip
SPACE = uuid.UUID("6f0c3f5e-56f1-4a4e-9f35-5d6b1f0f7b55")


@dataclass(frozen=True, slots=True)
class Home:
    """A house of the register and the household in it, None when it is not one alone."""

    house: UUID | None
    household: UUID | None


def key_of(instance: str, mode: str) -> UUID:
    """The key that a form's own key leads to: the same form is the same survey, on every phone and try."""
    return uuid.uuid5(SPACE, f"{mode}:{instance}")


def home_of(house_no: str, moo: int | None) -> Home:
    """The house at an address and its household. Needs a purpose that reads personal data."""
    typed = normalize_house_no(house_no)
    if not typed or moo is None:
        return Home(None, None)
    house = House.objects.filter(house_no=typed, moo=moo).only("key").first()
    if house is None:
        return Home(None, None)
    there = households_of(house.key)
    return Home(house.key, there[0].key if len(there) == 1 else None)


def households_of(house: UUID) -> list[Household]:
    """Who really lives there where somebody has looked, else who is registered: each home is one household once."""
    there = list(Household.objects.filter(house_id=house).order_by("number", "key"))
    return [h for h in there if h.kind == "actual"] or there


def household_key(home: Home, phone: str, instance: str) -> UUID:
    """Who is paid once: the register's household, else the house, else the phone, else this form alone."""
    if home.household or home.house:
        return home.household or home.house  # type: ignore[return-value]
    number = normalize_phone(phone)
    return uuid.UUID(bytes=blind_index("phone", number)) if number else uuid.uuid5(SPACE, instance)


def survey_of(key: UUID) -> Survey | None:
    return Survey.objects.select_related("incident").filter(pk=key).first()


def surveys(incident: Incident, state: str = "", moo: int | None = None) -> list[Survey]:
    """Surveys of an incident, the oldest first."""
    rows = Survey.objects.filter(incident=incident)
    if state:
        rows = rows.filter(state=state)
    return list(rows.filter(moo=moo) if moo else rows)


def counts(incident: Incident) -> dict[str, int]:
    """How many surveys stand in each state; "" is all."""
    found = dict(Survey.objects.filter(incident=incident).values_list("state").annotate(n=Count("pk")).order_by())
    return {"": sum(found.values()), **{state: found.get(state, 0) for state in SURVEY.states}}


def same_home(survey: Survey) -> list[Survey]:
    """Other surveys of the same household in the incident: shown, so that nobody is surveyed twice unnoticed."""
    rows = Survey.objects.filter(incident=survey.incident_id, household_key=survey.household_key)
    return list(rows.exclude(pk=survey.pk))


def conflicts(incident: Incident) -> list[SurveyConflict]:
    """Forms that came again with other content and that nobody has looked at."""
    rows = SurveyConflict.objects.filter(survey__incident=incident, settled_at=None)
    return list(rows.select_related("survey").order_by("received_at"))


@dataclass(frozen=True, slots=True)
class Loss:
    """One field of the loss card; known says whether anybody counts it here."""

    field: str
    value: Decimal | int
    known: bool


def card(incident: Incident) -> list[Loss]:
    """The fields of a DesInventar card that damage and relief know; what nobody counts is unknown, never zero.

    Names of fields only: no claim of conformance.
    """
    seen = Survey.objects.filter(incident=incident).exclude(state__in=("reported", "scheduled", "rejected"))
    grades: Counter[str] = Counter(dict(seen.values_list("grade").annotate(n=Count("pk")).order_by()))
    people = seen.exclude(grade="").aggregate(n=Sum("people"))["n"] or 0
    given = Distribution.objects.filter(incident=incident).values("household_key").distinct().count()
    loss = DamageLine.objects.filter(survey__in=seen).aggregate(total=Sum("amount"))["total"] or Decimal("0.00")
    any_seen = seen.exists()
    return [
        Loss("houses_destroyed", grades["total"], any_seen),
        Loss("houses_affected", grades["minor"] + grades["major"], any_seen),
        Loss("affected", people, any_seen),
        Loss("losses_local", loss, any_seen),
        Loss("households_given", given, True),
        *[Loss(name, 0, False) for name in UNKNOWN],
    ]


@dataclass(frozen=True, slots=True)
class Money:
    """Baht of an incident's claims: asked (standing), approved and not paid, paid; unpaid: how many claims wait."""

    asked: Decimal
    approved: Decimal
    paid: Decimal
    unpaid: int


def money(incident: Incident) -> Money:
    rows = Claim.objects.filter(incident=incident)
    waiting = Q(state__in=("submitted", "approved", "appealed"))
    sums = rows.aggregate(
        asked=Sum("amount", filter=waiting | Q(state="paid")), approved=Sum("amount", filter=Q(state="approved")),
        unpaid=Count("pk", filter=waiting),
    )  # fmt: skip
    paid = Payment.objects.filter(incident=incident).aggregate(total=Sum("amount"))["total"]
    nothing = Decimal("0.00")
    return Money(sums["asked"] or nothing, sums["approved"] or nothing, paid or nothing, sums["unpaid"])
