"""An application from the desk to the signature: filed, recommended, looked at on the site, reviewed, signed, revoked.

Three people at least: who recommends or reviews does not sign. Every step is a line of the case's history, so that the
time from the application to the signature is counted from what happened, not from what somebody noted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any
from uuid import UUID, uuid4

from django.db import transaction

from maehia.access.models import Account
from maehia.access.permissions import can
from maehia.access.queries import may_sign, positions
from maehia.forms.actions import attach
from maehia.forms.engine import holds
from maehia.forms.engine.plain import read_shown
from maehia.forms.models import Attachment
from maehia.kit.clock import now, today
from maehia.services.actions.base import append, locked, refused, save
from maehia.services.actions.hooks import dues, provide_missing
from maehia.services.actions.moving import Said, apply, check
from maehia.services.actions.opening import Contact, NewCase, Opened, open_case
from maehia.services.actions.permit_papers import bill, issue, provide_after_payment, take_back
from maehia.services.models import Case, CaseDetail
from maehia.services.queries import permit
from maehia.services.queries.current import definition_of
from maehia.services.rules.definition import Definition, Paper

POWERS = {"building_permit": "sign.permit"}  # of the first document that comes out; any other asks for a letter's power
LETTER = "sign.letter"
OUTCOMES = ("issued", "refused")
VISIT_ANSWERS = ("pass", "fail")
FILE_ROLES = {"plans": "plan"}


@dataclass(frozen=True, slots=True)
class Filed:
    """A document that came along: code of the definition's list, the file, and its name."""

    code: str
    file: IO[bytes]
    name: str


@dataclass(frozen=True, slots=True)
class Application:
    """What somebody applies for. person_key: for whom; contact: who is told. answers: as the form engine kept them."""

    service: str
    answers: Mapping[str, Any]
    contact: Contact
    person_key: UUID | None = None
    files: Sequence[Filed] = ()
    channel: str = "web"
    lang: str = "th"
    point: tuple[float, float] | None = None
    address: str = ""
    description: str = ""
    case_id: UUID = field(default_factory=uuid4)


@transaction.atomic
def apply_for(asked: Application, *, by: str) -> Opened:
    """Open the case, keep its files, and (for a house) check it against the register at once.

    Runs in the context of the applicant (me.services, services.report) or of the counter. Raises ProblemError of
    `open_case`, of a file that is none, no_footprint.
    """
    centre = asked.answers.get("centre") if asked.service == permit.SERVICE else None
    new = NewCase(
        service=asked.service, channel=asked.channel, lang=asked.lang, answers=asked.answers, contact=asked.contact,
        person_key=asked.person_key, address=asked.address, description=asked.description,
        point=(centre["lon"], centre["lat"]) if centre else asked.point,
    )  # fmt: skip
    opened = open_case(new, by=by, case_id=asked.case_id)
    for one in asked.files:
        keep_file(opened.case, one)
    if asked.service == permit.SERVICE:
        examine_now(opened.case.pk, asked.answers, by=by)
    return opened


def keep_file(case: Case, one: Filed) -> Attachment:
    """A document under its case; its name begins with the code that the definition asks for."""
    role = FILE_ROLES.get(one.code, "document")
    return attach(case.pk, role, one.file, f"{one.code}/{one.name}"[-120:], person_key=case.person_key)


@transaction.atomic
def examine_now(case_id: UUID | str, answers: Mapping[str, Any], *, by: str) -> Case:
    """Check against the register as it is now, and keep the findings in the history."""
    case = locked(case_id)
    outcome = permit.examined(answers, case.person_key, today())
    append(
        case, "check", by=by, value={"findings": permit.as_rows(outcome), "verdict": outcome.verdict}, is_public=False
    )
    save(case)
    return case


def wanted(definition: Definition, answers: Mapping[str, Any]) -> list[Paper]:
    """The papers that only the applicant has, and that these answers call for."""
    return [p for p in definition.to_bring if p.show_if is None or holds(read_shown(p.show_if), answers)]


def lacking(case: Case, definition: Definition) -> tuple[str, ...]:
    """Names of required papers that are not in the files."""
    answers = CaseDetail.objects.values_list("answers", flat=True).get(pk=case.pk)
    rows = Attachment.objects.filter(about=case.pk, erased_at=None, role__in=["document", "plan"])
    held = {(row.name or "").partition("/")[0] for row in rows}
    return tuple(p.name.th for p in wanted(definition, answers) if p.required and p.code not in held)


def _may(account: Account, permission: str) -> None:
    if not can(account, permission):
        raise refused("not_allowed", "บทบาทของคุณทำขั้นตอนนี้ไม่ได้", fix="ส่งต่อให้ผู้มีหน้าที่")


@transaction.atomic
def recommend(
    case_id: UUID | str, outcome: str, *, account: Account, note: str = "", version: int | None = None
) -> Case:
    """The desk has checked that nothing is missing and says what it thinks; the application is accepted.

    Raises ProblemError: not_allowed, guard_complete, move_refused, stale_case.
    """
    _may(account, "services.inbox")
    case = locked(case_id, version)
    said = Said(internal=note)
    check(case, "accepted", account.actor, said)
    append(case, "recommend", by=account.actor, value={"outcome": _outcome(outcome)}, note=note, is_public=False)
    apply(case, "accepted", by=account.actor, said=Said())
    return case


def _outcome(outcome: str) -> str:
    if outcome not in OUTCOMES:
        raise refused("bad_outcome", "ยังไม่ได้เลือกว่าเห็นควรอนุญาตหรือไม่", fix="เลือกอย่างใดอย่างหนึ่ง")
    return outcome


@transaction.atomic
def ask_for_papers(case_id: UUID | str, *, account: Account, note: str, version: int | None = None) -> Case:
    """Send it back once, with everything that is missing; the clock stands still until the applicant has answered.

    Raises ProblemError: not_allowed, guard_gaps_once, guard_public_reason, move_refused.
    """
    _may(account, "services.inbox")
    case = locked(case_id, version)
    said = Said(note=note.strip())
    check(case, "returned", account.actor, said)
    apply(case, "returned", by=account.actor, said=said)
    return case


@transaction.atomic
def send_to_visit(case_id: UUID | str, *, account: Account, note: str, version: int | None = None) -> Case:
    """A doubt is looked at on the site; the applicant is told. Raises ProblemError as `move`."""
    _may(account, "services.inspect")
    case = locked(case_id, version)
    said = Said(note=note or "นัดตรวจสถานที่ก่อนสร้าง")
    check(case, "inspection", account.actor, said)
    apply(case, "inspection", by=account.actor, said=said)
    return case


@transaction.atomic
def visited(
    case_id: UUID | str, answers: Mapping[str, str], *, account: Account, note: str, version: int | None = None
) -> Case:
    """What the visit found for each doubt: pass or fail. Raises ProblemError: not_allowed, not_in_doubt, no_note."""
    _may(account, "services.inspect")
    case = locked(case_id, version)
    if case.state != "inspection":
        raise refused("move_refused", "เรื่องนี้ไม่ได้อยู่ระหว่างตรวจสถานที่", case.number, "เปิดหน้านี้ใหม่อีกครั้ง")
    open_doubts = {f.code for f in permit.progress(case, now()).findings if f.verdict == "doubt"}
    if not answers or not set(answers) <= open_doubts or not set(answers.values()) <= set(VISIT_ANSWERS):
        raise refused("not_in_doubt", "เลือกผลของข้อที่ไม่แน่ใจเท่านั้น", case.number, "เลือก ผ่าน หรือ ไม่ผ่าน")
    if not note.strip():
        raise refused("no_note", "ยังไม่ได้บันทึกสิ่งที่พบในสถานที่", case.number, "เขียนสิ่งที่วัดหรือเห็น")
    append(case, "check", by=account.actor, value={"visit": dict(answers)}, note=note.strip(), is_public=False)
    save(case)
    return case


def needs_review(definition: Definition) -> bool:
    """Whether an engineer looks at the plans before the signature."""
    return any(step.role == "engineer" and step.state == "decision" for step in definition.steps)


@transaction.atomic
def review(case_id: UUID | str, outcome: str, *, account: Account, note: str = "", version: int | None = None) -> Case:
    """The engineer's opinion; the application goes to whoever signs.

    Raises ProblemError: not_allowed, doubt_open (a doubt needs a visit), fail_stands (granting against a failed
    check needs a reason), move_refused.
    """
    case = locked(case_id, version)
    _may(account, "services.review" if needs_review(definition_of(case)) else "services.inbox")
    _check_doubts(case, outcome, note)
    check(case, "decision", account.actor, Said())
    value = {"outcome": _outcome(outcome), "review": True}
    append(case, "recommend", by=account.actor, value=value, note=note.strip(), is_public=False)
    apply(case, "decision", by=account.actor, said=Said())
    return case


def _check_doubts(case: Case, outcome: str, note: str) -> None:
    found = permit.progress(case, now())
    if outcome == "issued" and found.doubts:
        names = ", ".join(f.name.th for f in found.doubts)
        raise refused("doubt_open", f"ยังมีข้อที่ไม่แน่ใจ: {names}", case.number, "ตรวจสถานที่และบันทึกผลก่อน")
    if outcome == "issued" and found.fails and not note.strip():
        names = ", ".join(f.name.th for f in found.fails)
        raise refused("fail_stands", f"มีข้อที่ไม่ผ่าน: {names}", case.number, "เสนอไม่อนุญาต หรือเขียนเหตุผลที่เห็นควรอนุญาต")


def power_for(definition: Definition) -> str:
    return next((POWERS[kind] for kind in definition.outputs if kind in POWERS), LETTER)


@transaction.atomic
def sign(case_id: UUID | str, outcome: str, *, account: Account, note: str = "", version: int | None = None) -> Case:
    """The holder of the power, or a delegate, decides. A fee that is due comes before the document.

    note: what the applicant is told; needed for a refusal. Raises ProblemError: not_allowed, not_a_signer,
    same_person (who recommended or reviewed), guard_public_reason, move_refused.
    """
    _may(account, "services.sign")
    case = locked(case_id, version)
    definition = definition_of(case)
    capacity = _capacity(account, power_for(definition))
    _refuse_same(case, account)
    if case.state != "decision":
        raise refused("move_refused", "เรื่องนี้ยังไม่ถึงขั้นลงนาม หรือลงนามไปแล้ว", case.number, "เปิดหน้านี้ใหม่อีกครั้ง")
    value = {"outcome": _outcome(outcome), "power": power_for(definition), **capacity}
    append(case, "sign", by=account.actor, value=value, note=note.strip(), is_public=False)
    if outcome == "refused":
        said = Said(note=note.strip())
        check(case, "refused", account.actor, said)
        apply(case, "refused", by=account.actor, said=said)
        return case
    save(case)
    return finish(case.pk, by=account.actor)


def _capacity(account: Account, power: str) -> dict[str, str]:
    """In which capacity she signs, in words: title and acting_for as the paper shows them, capacity as one."""
    signer = may_sign(account, power, today())
    if signer is None:
        raise refused("not_a_signer", "คุณไม่ได้เป็นผู้มีอำนาจลงนามในวันนี้", fix="ส่งให้ผู้มีอำนาจ หรือตรวจคำสั่งมอบอำนาจ")
    title = positions()[signer.position]
    if signer.instead_of is None:
        return {"capacity": title, "title": title}
    acting_for = f"ปฏิบัติราชการแทน{title}"
    return {"capacity": acting_for, "title": account.unit or "ผู้รับมอบอำนาจ", "acting_for": acting_for}


def _refuse_same(case: Case, account: Account) -> None:
    by = permit.progress(case, now()).by
    if account.actor in (by.get("recommend"), by.get("review")):
        raise refused("same_person", "ผู้เสนอความเห็นลงนามเองไม่ได้", case.number, "ให้ผู้มีอำนาจอีกคนลงนาม")


@transaction.atomic
def finish(case_id: UUID | str, *, by: str) -> Case:
    """After the signature: to the payment while a fee is due, else to the document. Safe to repeat.

    Called again when a payment has come in. Raises ProblemError guard_signed before the signature.
    """
    case = locked(case_id)
    if case.state == "issued":
        return case
    bill(case, by)
    case = locked(case_id)  # an invoice is a line of the history too
    if dues(case):
        if case.state == "decision":
            check(case, "payment", by, Said())
            apply(case, "payment", by=by, said=Said(note="โปรดชำระค่าธรรมเนียมเพื่อรับใบอนุญาต"))
        return case
    said = Said(note=_closing(case))
    check(case, "issued", by, said)
    issue(case, by)
    apply(case, "issued", by=by, said=said)
    return case


def _closing(case: Case) -> str:
    words = definition_of(case).closing.get("issued")
    return words.in_(case.lang) if words else ""


@transaction.atomic
def revoke(case_id: UUID | str, *, account: Account, reason: str, version: int | None = None) -> Case:
    """Take a document back, by whoever may sign it. The verify page says so at once.

    Raises ProblemError: not_allowed, not_a_signer, guard_public_reason, move_refused.
    """
    _may(account, "services.sign")
    case = locked(case_id, version)
    capacity = _capacity(account, power_for(definition_of(case)))
    value = {"outcome": "revoked", **capacity}
    append(case, "sign", by=account.actor, value=value, note=reason.strip(), is_public=False)
    said = Said(note=reason.strip())
    check(case, "revoked", account.actor, said)
    take_back(case, reason.strip(), account.actor)
    apply(case, "revoked", by=account.actor, said=said)
    return case


def _go_on(case_id: UUID, by: str) -> None:
    """The document of an application that waited for its fee alone."""
    if Case.objects.filter(pk=case_id, state="payment").exists():
        finish(case_id, by=by)


def register() -> None:
    """Called once at start."""
    provide_missing(lacking)
    provide_after_payment(_go_on)
