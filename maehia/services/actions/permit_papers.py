"""The paper that comes out of an application, and the fee before it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from maehia.access.queries import accounts_by_actor
from maehia.forms.actions import Signer, issue_document, revoke_document
from maehia.forms.engine import summary
from maehia.forms.models import Document
from maehia.forms.queries import documents
from maehia.kit.clock import today
from maehia.services.actions.base import append
from maehia.services.models import Case, CaseDetail, CaseEvent, Party
from maehia.services.queries import permit
from maehia.services.queries.current import definition_of
from maehia.services.queries.tariffs import tariffs
from maehia.services.rules.acts import cite
from maehia.services.rules.definition import Definition
from maehia.services.rules.tariff import Fee, fee

Biller = Callable[[Case, Fee, str], None]
PERMIT = "building_permit"
PERMIT_TEMPLATE, LETTER_TEMPLATE = "services/documents/building_permit.html", "services/documents/answer.html"
_billers: list[Biller] = []
_after_payment: list[Callable[[UUID, str], object]] = []


def provide_bill(function: Biller) -> None:
    """Let the fees make an invoice of what an application costs. Called more than once for a case."""
    if function not in _billers:
        _billers.append(function)


def provide_after_payment(function: Callable[[UUID, str], object]) -> None:
    """Be told (case, by whom) when a payment for a case has come in, in its transaction."""
    if function not in _after_payment:
        _after_payment.append(function)


def paid(case_id: UUID | None, by: str) -> None:
    """A payment for a case has come in: what waited for it goes on."""
    if case_id is not None:
        for function in _after_payment:
            function(case_id, by)


def fee_of(definition: Definition, answers: Mapping[str, Any]) -> Fee | None:
    """What an application costs today; None when the service has no fee that its answers settle."""
    if not definition.fee or definition.code != permit.SERVICE:
        return None
    return fee(definition.fee, today(), {"permit": 1, "m2": Decimal(str(answers["floor_area_m2"]))}, tariffs())


def bill(case: Case, by: str) -> None:
    """An invoice for the fee, where the town takes fees. Safe to repeat."""
    due = fee_of(definition_of(case), answers_of(case))
    if due is not None and due.total > 0:
        for function in _billers:
            function(case, due, by)


def answers_of(case: Case) -> Mapping[str, Any]:
    answers: Mapping[str, Any] = CaseDetail.objects.values_list("answers", flat=True).get(pk=case.pk)
    return answers


def issue(case: Case, by: str) -> Document:
    """The permit, or a letter for any other service. One document a decision; the signer stands in the history."""
    definition = definition_of(case)
    is_permit = PERMIT in definition.outputs
    party = Party.objects.filter(case_id=case.pk, role="applicant").first()
    holder = (party.name if party else "") or ""
    title = "ใบอนุญาตก่อสร้างอาคาร" if is_permit else f"แจ้งผลคำขอ “{definition.name.th}”"
    values = permit_values(case, definition) if is_permit else letter_values(case, definition, holder)
    kind = definition.outputs[0] if definition.outputs else "answer_letter"
    row = issue_document(
        kind, case.pk, PERMIT_TEMPLATE if is_permit else LETTER_TEMPLATE, values, title=title, holder=holder,
        series="permit" if is_permit else "letter", signer=signer_of(case), person_key=case.person_key,
    )  # fmt: skip
    append(case, "document", by=by, value={"document": str(row.pk), "number": row.number_text, "kind": kind})
    return row


def signer_of(case: Case) -> Signer:
    """Who signed the last decision, in the capacity of that day."""
    event = CaseEvent.objects.filter(case_id=case.pk, kind="sign").order_by("-seq")[0]
    account = accounts_by_actor([event.actor]).get(event.actor)
    name = account.display_name if account else event.actor
    title, acting_for = event.value["title"], event.value.get("acting_for", "")
    return Signer(name, title, acting_for)


def permit_values(case: Case, definition: Definition) -> dict[str, Any]:
    """The words of the permit, after แบบ อ.1."""
    answers = answers_of(case)
    parcel = permit.parcel_of(answers)
    named = permit.own_parcel(parcel) if parcel else None
    return {
        "form": "แบบ อ.1", "act": cite(definition.act, today()) if definition.act else "", "number": case.number,
        "deed": named.label if named else str(answers.get("parcel", "")), "size": named.size if named else "",
        "moo": case.moo, "storeys": answers["storeys"], "area": answers["floor_area_m2"],
        "width": answers["width_m"], "depth": answers["depth_m"], "height": answers["height_m"],
        "conditions": CONDITIONS,
    }  # fmt: skip


CONDITIONS = (
    "ผู้ได้รับใบอนุญาตต้องก่อสร้างให้ตรงตามแบบแปลนและผังบริเวณที่ได้รับอนุญาต",
    "ต้องติดป้ายแสดงใบอนุญาตไว้ในที่เปิดเผย ณ สถานที่ก่อสร้าง ตลอดเวลาที่ก่อสร้าง",
    "เมื่อก่อสร้างแล้วเสร็จให้แจ้งเทศบาลเพื่อตรวจและออกเลขที่บ้าน",
)


def letter_values(case: Case, definition: Definition, holder: str) -> dict[str, Any]:
    """The answer to any other application: what was asked for, and what follows."""
    answers = dict(answers_of(case))
    rows = [(row.label, row.text) for part in summary(definition.questions, answers, masked=True) for row in part.rows]
    closing = definition.closing.get("issued")
    said = closing.th if closing else "เทศบาลอนุมัติตามคำขอแล้ว"
    return {
        "to": holder or "ผู้ยื่นคำขอ", "refer": f"คำขอเลขที่ {case.number}", "rows": rows,
        "paragraphs": [f"ตามที่ท่านได้ยื่นคำขอ “{definition.name.th}” ต่อเทศบาล ความละเอียดแจ้งแล้วนั้น", said],
        "owner": case.unit.name_th if case.unit else "",
    }  # fmt: skip


def take_back(case: Case, reason: str, by: str) -> int:
    """Revoke what stands; how many documents that were."""
    standing = [row for row in documents(case.pk) if row.state == Document.State.ISSUED]
    for row in standing:
        revoke_document(row, reason, by)
    return len(standing)
