"""Money for those affected: a claim on one source, decided by its committee, paid once. Inside `emergency.relief`.

Three people: who makes a claim, who approves it, who pays it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from maehia.emergency.actions import log
from maehia.emergency.actions.damage import event_day, locked
from maehia.emergency.actions.incidents import refused
from maehia.emergency.models import (
    Claim,
    ClaimItem,
    Committee,
    DamageLine,
    Incident,
    PaidEntitlement,
    PaidLine,
    Payment,
    ReliefRate,
    Survey,
)
from maehia.emergency.queries import claims as queries
from maehia.emergency.rules.claims import Verdict, judge, papers, papers_for, sources
from maehia.emergency.rules.damage_states import CLAIM, SOURCES, STANDING
from maehia.emergency.rules.rates import amount_of, built_in, rate_on
from maehia.kit.acting import required
from maehia.kit.clock import now
from maehia.kit.series import next_number
from maehia.thai import baht_text


@dataclass(frozen=True, slots=True)
class Asked:
    """An entitlement and how many units of it (people, months, rai; 1 where it is per household or by cost)."""

    entitlement: str
    units: Decimal = Decimal(1)
    round: int = 1


@dataclass(frozen=True, slots=True)
class NewRate:
    """A row of rates as the town enters it."""

    rule_set: str
    item: str
    name_th: str
    name_en: str
    amount: Decimal
    per: str
    valid_from: date
    source: str
    most: int | None = None
    checked_on: date | None = None
    verified: bool = False


def load_rates() -> int:
    """The rows that come with the system; a row that stands is left as it is. How many were added."""
    before = ReliefRate.objects.count()
    made = {"by": required().actor, "at": now()}
    ReliefRate.objects.bulk_create([ReliefRate(**row, **made) for row in built_in()], ignore_conflicts=True)
    return ReliefRate.objects.count() - before


def add_rate(new: NewRate) -> ReliefRate:
    """A newer row; payments keep the row they used. Raises ProblemError bad_amount, no_source, rate_stands."""
    if not new.amount.is_finite() or new.amount <= 0 or new.amount != new.amount.quantize(Decimal("0.01")):
        raise refused("bad_amount", "จำนวนเงินต้องมากกว่า 0 และมีทศนิยมไม่เกินสองตำแหน่ง", "amount")
    if not new.source.strip() or (new.verified and new.checked_on is None):
        raise refused("no_source", "อัตราต้องมีที่มา และถ้าตรวจแล้วต้องมีวันที่ตรวจ", "source", "ระบุระเบียบ ข้อ และวันที่")
    columns = {name: getattr(new, name) for name in NewRate.__dataclass_fields__}
    try:
        with transaction.atomic():
            return ReliefRate.objects.create(**columns, by=required().actor, at=now())
    except IntegrityError as error:
        raise refused("rate_stands", "มีอัตราของรายการนี้ที่เริ่มวันเดียวกันแล้ว", new.item, "ใช้วันเริ่มอื่น") from error


def appoint(incident: Incident, source: str, order_no: str, members: Sequence[str], appointed_on: date) -> Committee:
    """The committee that decides over a source. members: their offices. Raises ProblemError no_source, no_order."""
    if source not in sources():
        raise refused("no_source", "ไม่มีแหล่งเงินนี้", "source", "เลือกแหล่งเงิน")
    offices = [m.strip() for m in members if m.strip()]
    if not order_no.strip() or len(offices) < 3:
        raise refused("no_order", "ต้องมีเลขที่คำสั่งแต่งตั้ง และกรรมการอย่างน้อยสามตำแหน่ง", "order_no", "กรอกให้ครบ")
    made = Committee.objects.update_or_create(
        incident=incident, source=source, order_no=order_no.strip()[:120],
        defaults={"name": sources()[source].committee, "members": offices, "appointed_on": appointed_on},
    )[0]  # fmt: skip
    log.append(incident, "committee", made.name, value={"source": source, "order": made.order_no})
    return made


@transaction.atomic
def draft(survey_key: UUID, source: str, rule_set: str, asked: Sequence[Asked]) -> Claim:
    """A claim of a certified home on one source. Lines that another standing claim covers are left out.

    Raises ProblemError: no_survey, not_certified, no_source, nothing_asked, not_entitled, claimed_before, no_rate,
    no_cost, bad_units.
    """
    survey = locked(survey_key)
    _may_claim(survey, source, rule_set, asked)
    rows = queries.rates(rule_set)
    items = [_item(survey, one, rate_on(rows, rule_set, one.entitlement, event_day(survey.incident))) for one in asked]
    claim = Claim.objects.create(
        incident=survey.incident, survey=survey, household_key=survey.household_key, source=source, rule_set=rule_set,
        number=f"{survey.incident.number}/ง{next_number(f'emergency.claim.{survey.incident.number}'[:60]):04d}",
        amount=sum((i.amount for i in items), Decimal("0.00")), made_by=required().actor, made_at=now(),
    )  # fmt: skip
    for item in items:
        item.claim = claim
    ClaimItem.objects.bulk_create(items)
    _log(claim, "")
    return claim


def _may_claim(survey: Survey, source: str, rule_set: str, asked: Sequence[Asked]) -> None:
    if survey.state != "certified":
        raise refused("not_certified", "ยังไม่มีหนังสือรับรองผู้ประสบภัย", survey.number, "ออกหนังสือรับรองก่อน")
    if source not in sources() or rule_set not in sources()[source].rule_sets:
        raise refused("no_source", "แหล่งเงินนี้ไม่ใช้หลักเกณฑ์ที่เลือก", "source", "เลือกแหล่งเงินและหลักเกณฑ์")
    names = [(a.entitlement, a.round) for a in asked]
    if not names or len(set(names)) != len(names):
        raise refused("nothing_asked", "ยังไม่ได้เลือกรายการ หรือเลือกซ้ำ", "items", "เลือกอย่างน้อยหนึ่งรายการ")
    for one in asked:
        verdict = judge(one.entitlement, queries.facts_of(survey))
        if verdict.refused:
            raise refused("not_entitled", verdict.refused[0], one.entitlement, "ตรวจผลสำรวจและฐานะผู้อยู่อาศัย")
        if _taken(survey, one):
            raise already(one.entitlement)


def already(where: str) -> Any:
    return refused("claimed_before", "ครัวเรือนนี้ขอหรือได้รับรายการนี้ในรอบนี้แล้ว", where, "ดูคำขอเดิมของครัวเรือนนี้")


def _taken(survey: Survey, one: Asked) -> bool:
    same = {"entitlement": one.entitlement, "round": one.round}
    standing = ClaimItem.objects.filter(
        claim__incident=survey.incident_id, claim__household_key=survey.household_key, claim__state__in=STANDING, **same
    )
    paid = PaidEntitlement.objects.filter(incident=survey.incident_id, household_key=survey.household_key, **same)
    return standing.exists() or paid.exists()


def _item(survey: Survey, one: Asked, rate: ReliefRate) -> ClaimItem:
    lines = _open_lines(survey, judge(one.entitlement, queries.facts_of(survey))) if rate.per == "cost" else []
    cost = sum((n.amount for n in lines), Decimal("0.00")) if rate.per == "cost" else None
    units, amount = amount_of(rate, one.units, cost)
    return ClaimItem(
        survey=survey, entitlement=one.entitlement, round=one.round, rate=rate, units=units, cost=cost, amount=amount,
        lines=[str(n.pk) for n in lines],
    )  # fmt: skip


def _open_lines(survey: Survey, verdict: Verdict) -> list[DamageLine]:
    """Damage lines that nobody has claimed yet; of a house with storeys only those of flooded floors, if so ruled."""
    held: set[str] = set()
    for keys in ClaimItem.objects.filter(survey=survey, claim__state__in=STANDING).values_list("lines", flat=True):
        held.update(keys)
    rows = survey.lines.filter(paid=None)
    if verdict.flooded_floors_only:
        rows = rows.filter(floor__lte=survey.flooded_floors)
    return [row for row in rows if str(row.pk) not in held]


def papers_of(claim: Claim) -> list[str]:
    """Keys of the papers that this claim needs."""
    facts = queries.facts_of(claim.survey)
    return papers_for(claim.source, [judge(item.entitlement, facts) for item in claim.items.all()])


def claim_locked(key: UUID, to: str, version: int | None = None) -> Claim:
    """The claim, locked, when it may go there. Raises ProblemError no_claim, stale_claim, move_refused."""
    rows = Claim.objects.select_for_update(of=("self",)).select_related("survey", "incident")
    row = rows.filter(pk=key).first()
    if row is None:
        raise refused("no_claim", "ไม่พบคำขอนี้ หรือคุณไม่มีสิทธิ์เปิด")
    if row.state == "paid" and to == "paid":
        raise paid_already(row.number)
    if version is not None and version != row.version:
        raise refused("stale_claim", "มีผู้อื่นแก้ไขคำขอนี้ไปแล้ว", row.number, "อ่านข้อมูลล่าสุดแล้วทำอีกครั้ง")
    if CLAIM.find(row.state, to) is None:
        raise refused("move_refused", f"คำขออยู่ในสถานะ “{CLAIM.states[row.state].th}” ทำสิ่งนี้ไม่ได้", row.number)
    return row


def paid_already(where: str) -> Any:
    return refused("paid_already", "รายการนี้จ่ายไปแล้ว ระบบไม่จ่ายซ้ำ", where, "ดูหลักฐานการจ่ายเดิม")


@transaction.atomic
def submit(key: UUID, committee: Committee, documents: Sequence[str], *, version: int | None = None) -> Claim:
    """Bring a claim before its committee. documents: keys of the papers that were seen.

    Raises ProblemError wrong_committee, papers_missing and those of `claim_locked`.
    """
    row = claim_locked(key, "submitted", version)
    if (committee.source, committee.incident_id) != (row.source, row.incident_id):
        raise refused("wrong_committee", "คณะกรรมการนี้ไม่ได้พิจารณาแหล่งเงินนี้", row.number, "เลือกคณะกรรมการของแหล่งเงิน")
    seen = set(documents) | ({"statement"} if row.survey.statement else set()) | {"certificate"}
    if missing := [paper for paper in papers_of(row) if paper not in seen]:
        words = ", ".join(papers()[paper][0] for paper in missing)
        raise refused("papers_missing", f"เอกสารยังไม่ครบ: {words}", row.number, "ขอเอกสารแล้วทำเครื่องหมายให้ครบ")
    row.committee, row.documents = committee, sorted(seen & set(papers()))
    return _set(row, "submitted")


@transaction.atomic
def decide(key: UUID, *, approve: bool, decision: str, reason: str = "", version: int | None = None) -> Claim:
    """Write down what the committee decided. Who made the claim does not approve it.

    Raises ProblemError no_decision, no_reason, same_person and those of `claim_locked`.
    """
    row = claim_locked(key, "approved" if approve else "rejected", version)
    if not decision.strip():
        raise refused("no_decision", "ยังไม่ได้ระบุมติคณะกรรมการ", "decision", "กรอกครั้งที่ประชุมและวันที่")
    if approve and row.made_by == required().actor:
        raise refused("same_person", "ผู้ทำคำขออนุมัติคำขอของตนเองไม่ได้", row.number, "ให้ผู้อื่นบันทึกการอนุมัติ")
    if not approve and len(reason.strip()) < 3:
        raise refused("no_reason", "การไม่อนุมัติต้องมีเหตุผล", "reason", "เขียนเหตุผล")
    row.decision, row.reason = decision.strip()[:200], reason.strip()[:300]
    if approve:
        row.approved_by, row.approved_at = required().actor, now()
    return _set(row, "approved" if approve else "rejected", row.reason)


@transaction.atomic
def move(key: UUID, to: str, reason: str = "") -> Claim:
    """Appeal a refusal or cancel a draft. Raises ProblemError no_reason and those of `claim_locked`."""
    row = claim_locked(key, to)
    if to not in ("appealed", "cancelled"):
        raise refused("move_refused", "ขั้นนี้มีหน้าของตนเอง", row.number)
    if to == "appealed" and len(reason.strip()) < 3:
        raise refused("no_reason", "การอุทธรณ์ต้องมีเหตุผล", "reason", "เขียนเหตุผล")
    row.reason = reason.strip()[:300]
    return _set(row, to, row.reason)


@transaction.atomic
def pay(key: UUID, *, way: str, paper: str = "", version: int | None = None) -> Payment:
    """Pay an approved claim, once: a line or an entitlement that was paid before refuses the whole payment.

    Raises ProblemError paid_already, same_person, no_way and those of `claim_locked`.
    """
    row = claim_locked(key, "paid", version)
    if way not in dict(Payment._meta.get_field("way").choices or []):
        raise refused("no_way", "ยังไม่ได้เลือกวิธีจ่าย", "way", "เลือกเงินสด โอนเงิน หรือเช็ค")
    if row.approved_by == required().actor:
        raise refused("same_person", "ผู้อนุมัติจ่ายเงินเองไม่ได้", row.number, "ให้เจ้าหน้าที่การเงินจ่าย")
    try:
        with transaction.atomic():
            made = _pay(row, way, paper)
    except IntegrityError as error:
        raise paid_already(row.number) from error
    _set(row, "paid", payment=made.number)
    return made


def _pay(claim: Claim, way: str, paper: str) -> Payment:
    made = Payment.objects.create(
        incident=claim.incident, claim=claim, survey=claim.survey, amount=claim.amount, words=baht_text(claim.amount),
        number=f"{claim.incident.number}/จ{next_number(f'emergency.payment.{claim.incident.number}'[:60]):04d}",
        way=way, paper=paper.strip()[:80], by=required().actor, at=now(),
    )  # fmt: skip
    items = list(claim.items.select_related("rate"))
    PaidEntitlement.objects.bulk_create(
        PaidEntitlement(
            payment=made, survey=claim.survey, incident=claim.incident, household_key=claim.household_key,
            entitlement=item.entitlement, round=item.round, rate=item.rate, rate_amount=item.rate.amount,
            amount=item.amount,
        )
        for item in items
    )  # fmt: skip
    PaidLine.objects.bulk_create(
        PaidLine(line_id=UUID(line), survey=claim.survey, payment=made) for item in items for line in item.lines
    )
    return made


def _set(claim: Claim, to: str, reason: str = "", **more: str) -> Claim:
    before, claim.state = claim.state, to
    claim.version += 1
    claim.save()
    _log(claim, before, reason, **more)
    return claim


def _log(claim: Claim, before: str, reason: str = "", **more: str) -> None:
    value = {"claim": claim.number, "baht": str(claim.amount), "source": claim.source, "survey": claim.survey.number}
    words = reason or SOURCES[claim.source][0]
    log.append(claim.incident, "claim", words, before=before, after=claim.state, value={**value, **more})
