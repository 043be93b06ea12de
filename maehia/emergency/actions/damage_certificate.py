"""The certificate of the affected (หนังสือรับรองผู้ประสบภัย): signed by who directs, checked by its QR."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from maehia.access.models import Account
from maehia.emergency.actions.damage import locked, write_log
from maehia.emergency.actions.incidents import power_of, refused
from maehia.emergency.models import Survey
from maehia.emergency.rules.damage_states import GRADES, OCCUPANCIES, SURVEY
from maehia.forms.actions import Signer, issue_document
from maehia.thai import format_date
from maehia.web.formats import show_number

TEMPLATE = "emergency/damage/certificate.html"
KIND = "disaster_certificate"


@transaction.atomic
def certify(key: UUID, account: Account, *, version: int | None = None) -> Survey:
    """Issue the certificate of a reviewed survey. Inside `papers(actor, key, mode)`.

    Raises ProblemError no_survey, stale_survey, move_refused, needs_statement (no house registration and no officer's
    statement), no_power (the account holds no power in a disaster).
    """
    row = locked(key, version)
    if SURVEY.find(row.state, "certified") is None:
        raise refused("move_refused", f"จากสถานะ “{SURVEY.states[row.state].th}” ออกหนังสือรับรองไม่ได้", row.number,
                      "ให้กองช่างตรวจก่อน")  # fmt: skip
    if not row.is_registered and not row.statement:
        raise refused("needs_statement", "บ้านไม่มีทะเบียน ต้องมีบันทึกถ้อยคำของเจ้าหน้าที่ (ปค.14) ก่อน", row.number, "บันทึกถ้อยคำ")
    _, _, position = power_of(account)
    made = issue_document(
        KIND, row.pk, TEMPLATE, certificate_values(row), series="certificate",
        signer=Signer(account.display_name, position), title="หนังสือรับรองผู้ประสบภัย", holder=row.holder,
        person_key=row.person_key,
    )  # fmt: skip
    before, row.state = row.state, "certified"
    row.document, row.document_number = made.pk, made.number_text
    row.version += 1
    row.save()
    write_log(row, before, f"ออกหนังสือรับรอง {made.number_text}")
    return row


def certificate_values(row: Survey) -> dict[str, Any]:
    """The words of the paper. Damage in words and numbers; money stands on the claim, not here."""
    incident = row.incident
    began = format_date(incident.started_at, style="long")
    home = " ".join(part for part in (row.address, f"หมู่ที่ {row.moo}" if row.moo else "") if part)
    facts = [
        ("สาธารณภัย", incident.get_hazard_display()), ("วันที่เกิดเหตุ", began), ("ที่อยู่ที่ประสบภัย", home or "-"),
        ("ฐานะผู้อยู่อาศัย", OCCUPANCIES[row.occupancy][0]), ("จำนวนผู้อยู่อาศัย", f"{row.people} คน"),
        ("ระดับความเสียหาย", _grade(row)),
    ]  # fmt: skip
    if row.depth_m is not None:
        facts.append(("ระดับน้ำในบ้าน", f"{row.depth_m} เมตร" + (f" นาน {row.days} วัน" if row.days else "")))
    if not row.is_registered:
        facts.append(("ทะเบียนบ้าน", "ไม่มี ใช้บันทึกถ้อยคำของเจ้าหน้าที่ (ปค.14)"))
    return {
        "rows": facts, "began": began, "incident": incident.name, "hazard": incident.get_hazard_display(),
        "survey": row.number, "lines": [
            {"name": n.name_th, "floor": n.floor, "qty": f"{show_number(n.qty.normalize())} {n.unit}", "share": n.share}
            for n in row.lines.all()
        ],
    }  # fmt: skip


def _grade(row: Survey) -> str:
    return f"{GRADES[row.grade][0]} (ร้อยละ {row.share})" if row.grade else "-"
