"""Routing rules as versions: drafted, looked through, tried on last year's cases, published, and taken back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from maehia.base import BANGKOK, Problem, ProblemError
from maehia.kit.clock import now
from maehia.services.actions.opening import FACTS
from maehia.services.models import Case, RoutingVersion, Service, State, Unit
from maehia.services.queries.current import read_rule
from maehia.services.rules.routing import Rule, faults, route

YEAR = timedelta(days=365)
CHUNK = 2000
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class WouldMove:
    """A case of the past that other rules would send elsewhere. why: key of the rule that does ("" = none fits)."""

    case_id: UUID
    number: str
    service: str
    received_at: datetime
    before: str | None
    after: str | None
    why: str


@dataclass(frozen=True, slots=True)
class DryRun:
    """looked_at: how many cases; moved: each one that would go elsewhere."""

    looked_at: int
    moved: tuple[WouldMove, ...]


def published_rules() -> list[dict[str, Any]]:
    """The rules in force, as data; none in a town that routes by service alone."""
    return list(RoutingVersion.objects.filter(state=State.PUBLISHED).values_list("rules", flat=True).first() or [])


def known_facts(rules: Rows = ()) -> set[str]:
    """What a rule may ask: facts of every case, and answers by the id of their question."""
    answers = {c["fact"] for rule in rules for c in rule.get("conditions", ()) if c["fact"].startswith("answer.")}
    return {*FACTS, *answers}


def faults_of(rules: Rows) -> list[tuple[str, str]]:
    """(rule, what is wrong) of rules as data."""
    units = Unit.objects.filter(active=True).values_list("key", flat=True)
    return faults([read_rule(rule) for rule in rules], units, known_facts(rules))


@transaction.atomic
def save_draft(rules: Rows, *, by: str) -> RoutingVersion:
    """Keep rules that are being written; faults are shown, not refused. One draft at a time."""
    row = RoutingVersion.objects.select_for_update().filter(state=State.DRAFT).order_by("-id").first()
    row = row or RoutingVersion()
    row.rules, row.made_by, row.made_at = list(rules), by, now()
    row.save()
    return row


@transaction.atomic
def publish_routing(rules: Rows, *, by: str, note: str) -> RoutingVersion:
    """Put rules in force for cases from now on; the ones before stay as a version.

    Raises ProblemError: no_note, rules_have_faults (where: the first rule with one).
    """
    if not note.strip():
        raise ProblemError(Problem("no_note", "ยังไม่ได้เขียนว่าแก้อะไรและเพราะอะไร", fix="เขียนบันทึกสั้น ๆ"))
    if found := faults_of(rules):
        raise ProblemError(
            Problem("rules_have_faults", f"กฎยังมีที่ผิด {len(found)} แห่ง", found[0][0], "แก้ข้อที่ทำเครื่องหมายไว้ก่อน")
        )
    RoutingVersion.objects.select_for_update().filter(state=State.PUBLISHED).update(state=State.RETIRED)
    RoutingVersion.objects.filter(state=State.DRAFT).delete()
    return RoutingVersion.objects.create(
        rules=list(rules), state=State.PUBLISHED, note=note.strip()[:300], made_by=by, made_at=now(), published_at=now()
    )


def restore(version_id: int, *, by: str, note: str) -> RoutingVersion:
    """Publish the rules of an earlier version again. Raises ProblemError no_version besides those of publishing."""
    row = RoutingVersion.objects.filter(pk=version_id).first()
    if row is None:
        raise ProblemError(Problem("no_version", "ไม่มีรุ่นนี้"))
    return publish_routing(row.rules, by=by, note=note)


def dry_run(rules: Rows, *, until: datetime | None = None, span: timedelta = YEAR) -> DryRun:
    """What these rules would have done with the cases of the last year, against the rules in force."""
    new, old = ([read_rule(rule) for rule in part] for part in (rules, published_rules()))
    fallback = _units_of_services()
    moved, looked = [], 0
    for row, facts in _past(new + old, until or now(), span):
        looked += 1
        own = fallback.get(row["service_id"])
        before, routed = route(old, facts).unit or own, route(new, facts)
        after = routed.unit or own
        if before != after:
            why = routed.trace[-1].rule if routed.unit else ""
            moved.append(WouldMove(row["id"], row["number"], row["service_id"], row["received_at"], before, after, why))
    return DryRun(looked, tuple(moved))


def _units_of_services() -> dict[str, str | None]:
    return dict(Service.objects.exclude(current=None).values_list("code", "current__definition__unit"))


def _past(rules: Sequence[Rule], until: datetime, span: timedelta) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Cases with the facts that these rules may look at; words and answers are read only where a rule asks for them."""
    asked = {c.fact for rule in rules for c in rule.conditions}
    columns = ["id", "number", "service_id", "kind", "moo", "channel", "is_urgent", "is_confidential", "asset_key",
               "received_at"]  # fmt: skip
    columns += ["detail__description"] if "text" in asked else []
    columns += ["detail__answers"] if any(fact.startswith("answer.") for fact in asked) else []
    groups = dict(Service.objects.exclude(current=None).values_list("code", "current__definition__group"))
    rows = Case.objects.filter(received_at__gt=until - span, received_at__lte=until).exclude(state="draft")
    for row in rows.order_by("-received_at").values(*columns).iterator(CHUNK):
        yield row, _facts(row, groups)


def _facts(row: Mapping[str, Any], groups: Mapping[str, str]) -> dict[str, Any]:
    answers = {f"answer.{key}": value for key, value in (row.get("detail__answers") or {}).items()}
    return {
        "service": row["service_id"], "group": groups.get(row["service_id"]), "kind": row["kind"], "moo": row["moo"],
        "channel": row["channel"], "urgent": row["is_urgent"], "hour": row["received_at"].astimezone(BANGKOK).hour,
        "confidential": row["is_confidential"], "has_asset": row["asset_key"] is not None,
        "text": row.get("detail__description") or "", **answers,
    }  # fmt: skip
