"""Reads of claims for money: rates, committees, what a household has had, the list for the treasury."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count

from maehia.base import BANGKOK
from maehia.emergency.models import Claim, Committee, Incident, PaidEntitlement, Payment, ReliefRate, Survey
from maehia.emergency.rules.claims import Verdict, judge, sources
from maehia.emergency.rules.damage_states import CLAIM, SOURCES
from maehia.kit import clock


def rates(rule_set: str = "", day: date | None = None) -> list[ReliefRate]:
    """Rows of rates, of a set and holding on a day if these are given."""
    rows = ReliefRate.objects.all()
    rows = rows.filter(rule_set=rule_set) if rule_set else rows
    found = list(rows)
    return [r for r in found if r.valid_from <= day and (r.valid_to is None or day <= r.valid_to)] if day else found


def committees(incident: Incident) -> list[Committee]:
    return list(incident.committees.order_by("source", "-appointed_on"))


def facts_of(survey: Survey) -> dict[str, Any]:
    """What the rules look at."""
    return {
        "occupancy": survey.occupancy, "is_registered": survey.is_registered, "storeys": survey.storeys,
        "flooded_floors": survey.flooded_floors, "days": survey.days, "grade": survey.grade,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """An entitlement that a source may pay to a home, with what the rules say of it."""

    source: str
    rate: ReliefRate
    verdict: Verdict
    had: bool


def offers(survey: Survey, source: str, day: date) -> list[Offer]:
    """What can be asked from a source for a home on the day of the event, refused ones too, with why."""
    facts, had = facts_of(survey), had_by(survey)
    return [
        Offer(source, rate, judge(rate.item, facts), rate.item in had)
        for name in sources()[source].rule_sets
        for rate in rates(name, day)
    ]


def had_by(survey: Survey) -> set[str]:
    """Entitlements that the household was paid in this incident already."""
    rows = PaidEntitlement.objects.filter(incident=survey.incident_id, household_key=survey.household_key)
    return set(rows.values_list("entitlement", flat=True))


def claims(incident: Incident, state: str = "") -> list[Claim]:
    """Claims of an incident with their homes, the oldest first."""
    rows = Claim.objects.filter(incident=incident).select_related("survey", "committee")
    return list(rows.filter(state=state) if state else rows)


def counts(incident: Incident) -> dict[str, int]:
    found = dict(Claim.objects.filter(incident=incident).values_list("state").annotate(n=Count("pk")).order_by())
    return {"": sum(found.values()), **{state: found.get(state, 0) for state in CLAIM.states}}


def claims_of(survey: Survey) -> list[Claim]:
    return list(survey.claims.select_related("committee").prefetch_related("items__rate"))


def claim_of(key: UUID) -> Claim | None:
    return Claim.objects.select_related("survey", "committee", "incident").filter(pk=key).first()


def backlog(incident: Incident) -> list[tuple[str, int]]:
    """Claims that wait for money: (number, age in days), the oldest first."""
    moment = clock.now()
    rows = Claim.objects.filter(incident=incident, state__in=("submitted", "approved", "appealed")).order_by("made_at")
    return [(row.number, (moment - row.made_at) // timedelta(days=1)) for row in rows]


HEAD = ("เลขที่จ่าย", "วันที่จ่าย", "เลขที่คำขอ", "แหล่งเงิน", "ผู้รับเงิน", "จำนวนเงิน (บาท)", "จำนวนเงินตัวอักษร", "วิธีจ่าย",
        "เลขที่เอกสารจ่าย", "หนังสือรับรอง", "มติคณะกรรมการ")  # fmt: skip


def treasury(incident: Incident) -> Iterator[tuple[str, ...]]:
    """Payments as rows of text for the treasury, the head first."""
    yield HEAD
    rows = Payment.objects.filter(incident=incident).select_related("claim", "survey").order_by("number")
    for row in rows.iterator(chunk_size=500):
        paid_on = row.at.astimezone(BANGKOK)
        yield (
            row.number, f"{paid_on:%d/%m/}{paid_on.year + 543}", row.claim.number, SOURCES[row.claim.source][0],
            row.survey.holder, f"{row.amount:.2f}", row.words, row.get_way_display(), row.paper,
            row.survey.document_number, row.claim.decision,
        )  # fmt: skip
