"""What those who stand behind a case are told: one text per event, put in the outbox of the same transaction."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from maehia.kit.crypto import blind_index
from maehia.message.actions import Recipient, queue
from maehia.services import workflow
from maehia.services.models import Case, Party
from maehia.services.queries.care import recipients as carers_of
from maehia.web.formats import show_datetime

BETTER = {"th": "เพื่อให้หน่วยงานที่ตรงกับเรื่องดำเนินการ", "en": "so that the right unit gets it"}
NO_DUE = {"th": "ยังไม่กำหนด", "en": "not set"}


def link_of(case: Case) -> str:
    """The secret address of a case, as messages carry it."""
    secret = base64.urlsafe_b64encode(blind_index("link", str(case.pk))).decode().rstrip("=")
    return f"{settings.SITE_URL}/follow/{secret}/"


# What only the one who filed the case is asked: those who joined in later get neither the question nor its link.
ASKED = ("case.question", "case.reminder")


def link_for(party: Party, case: Case) -> str:
    """Where somebody follows the case. The secret page, with all that was written, is of those who filed it; whoever
    joined in or was merged with it follows what everybody sees of it."""
    if filed(party):
        return link_of(case)
    return f"{settings.SITE_URL}/cases/{case.number}/" if case.is_public else f"{settings.SITE_URL}/follow/"


def filed(party: Party) -> bool:
    """Whether a party stands behind the case itself."""
    return party.role != "follower" and party.moved_from_id is None


def tell(case: Case, event: str, values: Mapping[str, str] | None = None, *, urgent: bool = False) -> int:
    """Tell everybody who stands behind the case and can be reached; how many messages that is."""
    parties = [party for party in Party.objects.filter(case_id=case.pk) if party.wants]
    parties = [party for party in parties if event not in ASKED or filed(party)]
    for party in parties:
        tell_party(party, case, event, values, urgent=urgent)
    return len(parties) + tell_carers(case, event, values, urgent=urgent)


def tell_carers(case: Case, event: str, values: Mapping[str, str] | None = None, *, urgent: bool = False) -> int:
    """Those who care for the one whom the case is for. Their link leads to her, and ends with the care."""
    if case.person_key is None or case.is_confidential:
        return 0
    link = f"{settings.SITE_URL}/me/care/{case.person_key}/"
    found = carers_of(case.person_key)
    for to in found:
        _send(to, case, event, values, case.lang, urgent=urgent, link=link)
    return len(found)


def tell_party(
    party: Party, case: Case, event: str, values: Mapping[str, str] | None = None, *, urgent: bool = False
) -> None:
    """Tell one of them; nobody is told who left no way to be reached."""
    to = Recipient(line_user=party.line_user or "", phone=party.phone or "", email=party.email or "",
                   account_key=f"user:{party.account_id}" if party.account_id else "",
                   wants=tuple(party.wants))  # fmt: skip
    if to.index is None:
        return
    _send(to, case, event, values, party.lang or case.lang, urgent=urgent, link=link_for(party, case))


def _send(
    to: Recipient, case: Case, event: str, values: Mapping[str, str] | None, lang: str, *, urgent: bool, link: str = ""
) -> None:
    """Fill the text and put it in the outbox. link: where it leads instead of the case's own secret page."""
    filled = {**_common(case, lang), **({"link": link} if link else {}), **(values or {})}
    # A text with an empty place is never sent: what may be left unsaid is put into words here.
    note = filled.pop("note", "")
    filled["news"] = f"{filled['state']}: {note}" if note else filled["state"]
    filled["why"] = note or BETTER[lang]
    queue(event, to=to, about=case.pk, values=filled, lang=lang, urgent=urgent, mode=case.mode)


def _common(case: Case, lang: str) -> dict[str, str]:
    state = workflow.state(case.kind, case.state)
    service = case.service
    return {
        "number": case.number, "link": link_of(case), "state": state.en if lang == "en" else state.th,
        "service": (service.name_en or service.name_th) if lang == "en" else service.name_th,
        "due": show_datetime(case.due_at) if case.due_at else NO_DUE[lang],
    }  # fmt: skip


COMMON = ("number", "link", "state", "service", "due")


def templates() -> list[Any]:
    """The texts of this room; the town changes them in the browser."""
    from maehia.message.registry import Template

    return [Template(f"case.{key}", kind, th, en, (*COMMON, *more), title_th, title_en)
            for key, kind, title_th, title_en, th, en, more in TEXTS]  # fmt: skip


TEXTS: tuple[tuple[str, str, str, str, str, str, tuple[str, ...]], ...] = (
    ("opened", "receipt", "เมื่อรับเรื่อง", "A case was received",
     "รับเรื่อง “{service}” แล้ว เลขที่ {number} กำหนดดำเนินการภายใน {due} ติดตามได้ที่ {link}",
     "We have received “{service}”, number {number}. To be done by {due}. Follow it at {link}", ()),
    ("state", "state", "เมื่อสถานะเปลี่ยน", "The state changed",
     "เรื่องเลขที่ {number} ({service}): {news} ดูรายละเอียด {link}",
     "Case {number} ({service}): {news}. See {link}", ("news",)),
    ("question", "question", "เมื่อเจ้าหน้าที่สอบถาม", "An officer asks",
     "เรื่องเลขที่ {number}: เจ้าหน้าที่ขอข้อมูลเพิ่มเติม “{question}” ระหว่างรอคำตอบ ระบบหยุดนับเวลาไว้ ตอบได้ที่ {link}",
     "Case {number}: an officer asks “{question}”. The clock stands still until you answer at {link}", ("question",)),
    ("closed", "closed", "เมื่อปิดเรื่อง", "The case was closed",
     "เรื่องเลขที่ {number} ({service}): {news} หากยังไม่เรียบร้อย ขอให้แก้ไขอีกครั้งหรือให้คะแนนได้ที่ {link}",
     "Case {number} ({service}): {news}. If it is not fixed, tell us or rate it at {link}", ("news",)),
    ("recategorised", "state", "เมื่อเปลี่ยนประเภทเรื่อง", "The category changed",
     "เรื่องเลขที่ {number} เปลี่ยนประเภทเป็น “{service}” กำหนดดำเนินการใหม่ {due} ({why}) ดูรายละเอียด {link}",
     "Case {number} is now “{service}”, to be done by {due} ({why}). See {link}", ("why",)),
    ("merged", "state", "เมื่อรวมกับเรื่องอื่น", "The case was merged",
     "เรื่องเลขที่ {number} เป็นเรื่องเดียวกับเลขที่ {parent} คุณจะได้รับข่าวของเรื่องนั้นต่อไป ดูรายละเอียด {link}",
     "Case {number} is the same as {parent}; you will get the news of that one. See {link}", ("parent",)),
    ("unmerged", "state", "เมื่อแยกกลับเป็นเรื่องของตน", "The case stands alone again",
     "เรื่องเลขที่ {number} แยกออกมาดำเนินการต่างหากแล้ว ดูรายละเอียด {link}",
     "Case {number} is handled on its own again. See {link}", ()),
    ("reminder", "state", "เตือนให้ตอบคำถาม", "A reminder to answer",
     "เรื่องเลขที่ {number} ยังรอคำตอบของคุณ หากไม่ตอบภายใน {until} ระบบจะยกเลิกเรื่องนี้ ตอบได้ที่ {link}",
     "Case {number} still waits for your answer. Without one by {until} it will be cancelled. Answer at {link}",
     ("until",)),
)  # fmt: skip
