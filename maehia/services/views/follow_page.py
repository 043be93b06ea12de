"""What the page behind a secret link shows: the state in plain words, the promise, what happened, what can be done."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

import segno
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from maehia.forms import queries as forms
from maehia.forms.engine import read_form, summary
from maehia.kit.clock import now
from maehia.services import workflow
from maehia.services.models import Case, CaseEvent, ClockPause, Party
from maehia.services.queries import cases
from maehia.services.queries.cases import CasePage
from maehia.services.views.fast_lane_words import readable
from maehia.services.views.offered import lang
from maehia.web.formats import show_date, show_datetime
from maehia.web.registry import in_language
from maehia.web.values import Event

TAGS = {
    "submitted": "open", "accepted": "work", "in_progress": "work", "planned": "work", "waiting_citizen": "wait",
    "waiting_other": "wait", "closure_requested": "work", "fixed": "done", "issued": "done", "returned": "wait",
    "resubmitted": "work", "inspection": "work", "decision": "work", "payment": "wait", "draft": "wait",
}  # fmt: skip


def opened_by(secret: str) -> UUID:
    """The case of a secret link. Raises Http404 for any other text, without a difference."""
    found = cases.by_secret(secret)
    if found is None:
        raise Http404
    return found


def read_page(case_id: UUID) -> CasePage:
    """The case for whoever holds its link. Raises Http404 where nothing of it may be shown."""
    page = cases.page(case_id, "link_holder")
    if page is None or page.case.state == "erased":
        raise Http404
    return page


def tag_of(state: str) -> str:
    """The colour of a state on a tag; closed without a repair is grey."""
    return TAGS.get(state, "wait")


CHANNELS_EN = {
    "web": "website", "line": "LINE", "counter": "service centre", "phone": "telephone", "letter": "letter",
    "facebook": "Facebook", "damrongtham": "Damrongdhama centre", "volunteer": "health volunteer",
    "officer": "found by an officer", "open311": "Open311", "api": "another application", "traffy": "Traffy Fondue",
}  # fmt: skip


def channel_words(case: Case) -> str:
    """By which way a case came, in the language of the page."""
    return in_language(case.get_channel_display(), CHANNELS_EN.get(case.channel, ""))


def state_words(kind: str, code: str) -> str:
    state = workflow.state(kind, code)
    return in_language(state.th, state.en)


def service_name(page: CasePage) -> str:
    return page.definition.name.in_(lang())


@dataclass(frozen=True, slots=True)
class Promised:
    """What was promised and how it stands. state: tag colour; sentence: whole; act: name of the law or ""."""

    state: str
    sentence: str
    due: datetime | None
    act: str = ""


def promise_of(page: CasePage) -> Promised:
    """Whether the town keeps its word, in one sentence."""
    case = page.case
    if page.state.clock == "pause":
        return Promised("wait", gettext("หยุดนับเวลาไว้ เพราะ%(cause)s") % {"cause": _cause(page)}, None)
    if case.due_at is None:
        return Promised("wait", gettext("เรื่องนี้ไม่มีกำหนดเวลา"), None)
    due = show_datetime(case.due_at)
    if case.closed_at is not None:
        kept = case.closed_at <= case.due_at
        words = gettext("ปิดเรื่องภายในกำหนด (%(due)s)") if kept else gettext("ปิดเรื่องช้ากว่ากำหนด (%(due)s)")
        return Promised("done" if kept else "late", words % {"due": due}, case.due_at)
    late = now() > case.due_at
    words = gettext("เกินกำหนดแล้ว ควรเสร็จภายใน %(due)s") if late else gettext("สัญญาว่าจะเสร็จภายใน %(due)s")
    return Promised("late" if late else "work", words % {"due": due}, case.due_at)


def _cause(page: CasePage) -> str:
    return next((_known_cause(pause) for pause in page.pauses if pause.end is None), gettext("รอข้อมูล"))


def timeline(page: CasePage) -> list[Event]:
    """The history in plain words, newest first."""
    rows = [_line(page, event) for event in page.events]
    rows = [row for row in rows if row is not None]
    for place, row in enumerate(reversed(rows)):
        if place == 0:
            rows[len(rows) - 1] = Event(row.at, row.title, row.text, row.by, "now" if page.state.type == "open" else "")
    return rows[::-1]


def _line(page: CasePage, event: CaseEvent) -> Event | None:
    by = gettext("คุณ") if not event.actor.startswith(("user:", "system:")) else ""
    unit = in_language(page.case.unit.name_th, page.case.unit.name_en) if page.case.unit else ""
    match event.kind:
        case "opened":
            channel = gettext("ช่องทาง: %(name)s") % {"name": channel_words(page.case)}
            return Event(event.event_at, gettext("แจ้งเรื่อง"), channel)
        case "state":
            return Event(event.event_at, _state_title(page, event), _said(event), by or unit)
        case "service":
            return Event(event.event_at, gettext("เปลี่ยนประเภทเรื่อง กำหนดเวลาคิดตามประเภทใหม่"), event.note, unit)
        case "question" | "answer":
            return _talk(event, unit)
        case "note":
            return Event(event.event_at, gettext("แจ้งความคืบหน้า"), event.note, unit)
        case "me_too":
            count = gettext("รวม %(n)s คนนอกจากผู้แจ้ง") % {"n": event.value.get("count", 1)}
            return Event(event.event_at, gettext("มีผู้พบเหตุเดียวกันเพิ่ม"), count)
        case "merge":
            return Event(event.event_at, gettext("รวมเรื่องที่ซ้ำกันเข้ามา"))
        case "unmerge":
            return Event(event.event_at, gettext("แยกเรื่องออกไปตามเดิม"))
        case "rating":
            return Event(
                event.event_at, gettext("ให้คะแนน %(n)s จาก 5") % {"n": event.value.get("stars", "")}, event.note
            )
    return None


def _talk(event: CaseEvent, unit: str) -> Event:
    """What the two say to each other."""
    if event.kind == "question":
        return Event(event.event_at, gettext("เจ้าหน้าที่ขอข้อมูลเพิ่ม"), event.note, unit)
    return Event(event.event_at, gettext("คุณตอบหรือส่งข้อมูลเพิ่ม"), event.note)


def _state_title(page: CasePage, event: CaseEvent) -> str:
    if event.value.get("reopened"):
        return gettext("ขอให้แก้ไขอีกครั้ง เปิดเรื่องต่อ")
    if event.state == "waiting_citizen":
        return gettext("เจ้าหน้าที่ขอข้อมูลเพิ่ม หยุดนับเวลาระหว่างรอคุณ")
    return state_words(page.case.kind, event.state)


def _said(event: CaseEvent) -> str:
    parts = [event.note]
    if receiver := event.value.get("receiver"):
        parts.append(gettext("ส่งต่อให้ %(who)s") % {"who": receiver})
    if planned := event.value.get("planned_on"):
        parts.append(gettext("วางแผนดำเนินการ %(day)s") % {"day": show_date(date.fromisoformat(planned))})
    return " · ".join(part for part in parts if part)


def pauses(page: CasePage) -> list[dict[str, Any]]:
    """Every time that the clock stood still, with its cause."""
    return [{"start": p.start, "end": p.end, "cause": _known_cause(p)} for p in page.pauses]


def _known_cause(pause: ClockPause) -> str:
    known = {
        "รอข้อมูลจากผู้แจ้ง": gettext("รอข้อมูลจากผู้แจ้ง"), "รอเอกสารเพิ่มเติมจากผู้ยื่น": gettext("รอเอกสารเพิ่มเติมจากผู้ยื่น"),
        "รอชำระเงิน": gettext("รอชำระเงิน"), "ช่วงที่ปิดเรื่องไว้": gettext("ช่วงที่ปิดเรื่องไว้"),
    }  # fmt: skip
    return known.get(pause.cause, pause.cause)


def question_of(page: CasePage) -> str:
    """What the officer asked and nobody has answered yet."""
    if page.state.code not in ("waiting_citizen", "returned"):
        return ""
    asked = [e for e in page.events if e.kind == "question" or (e.kind == "state" and e.state == page.state.code)]
    return asked[-1].note if asked else ""


@dataclass(frozen=True, slots=True)
class Pictures:
    """Photos of the report and of the finished work, with their addresses."""

    before: Sequence[dict[str, Any]]
    after: Sequence[dict[str, Any]]

    @property
    def both(self) -> bool:
        return bool(self.before and self.after)


def pictures(page: CasePage) -> Pictures:
    """Photos that the viewer may see, with addresses that work for her for a while. Runs in her own context."""
    photos = [photo for photo in forms.to_show(page.photos) if photo.is_photo]
    urls = [(forms.signed_url(photo), forms.signed_url(photo, small=True)) for photo in photos]
    rows = [(p.role == "after", {"url": url, "small": small, "at": p.created_at})
            for p, (url, small) in zip(photos, urls, strict=True)]  # fmt: skip
    after = [row for is_after, row in rows if is_after]
    return Pictures([row for is_after, row in rows if not is_after], after[::-1])


def answers_of(page: CasePage) -> list[Any]:
    """The extra questions with their answers, as rows."""
    if page.detail is None or not page.detail.answers:
        return []
    form = read_form(dict(page.definition.form))
    answers = readable(page.detail.answers)
    return [row for section in summary(form, answers, lang(), masked=True) for row in section.rows]


def may_reopen_until(page: CasePage) -> datetime | None:
    """The last moment at which the citizen may say that it is not fixed; None when it is not closed, or too late."""
    case = page.case
    if case.kind != "report" or case.closed_at is None or page.state.type not in ("fixed", "closed"):
        return None
    last = case.closed_at + timedelta(days=page.definition.reopen_days)
    return last if now() <= last and page.state.code != "duplicate" else None


def link_to(request: HttpRequest, secret: str) -> str:
    """The whole address of the secret link, as it is copied, printed and drawn."""
    return request.build_absolute_uri(reverse("services:follow_case", args=[secret]))


def qr_of(text: str, label: str) -> SafeString:
    """A QR code as SVG without style of its own: print and dark pages stay readable."""
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", xmldecl=False, svgns=True, border=3, light="#fff", dark="#000",
                                     omitsize=True, title=label, svgclass="qr", lineclass=None)  # fmt: skip
    return mark_safe(out.getvalue().decode())  # noqa: S308 (made here of an address that was escaped by the maker)


def line_share(link: str, number: str) -> str:
    """Opens LINE with the link ready to be kept or sent."""
    words = gettext("ติดตามเรื่องเลขที่ %(number)s") % {"number": number}
    return f"https://line.me/R/share?text={quote(f'{words} {link}')}"


def followers(case_id: UUID) -> int:
    """How many of those behind the case get news."""
    return sum(bool(wants) for wants in Party.objects.filter(case_id=case_id).values_list("wants", flat=True))


def receipt(request: HttpRequest, case_id: UUID, secret: str) -> dict[str, Any]:
    """The page after sending."""
    page = read_page(case_id)
    link = link_to(request, secret)
    return {
        "page": page, "case": page.case, "service": service_name(page), "promise": promise_of(page), "link": link,
        "secret": secret, "qr": qr_of(link, gettext("คิวอาร์โค้ดของลิงก์ติดตามเรื่อง")),
        "line": line_share(link, page.case.number), "told": followers(case_id),
        "unit": in_language(page.case.unit.name_th, page.case.unit.name_en) if page.case.unit else "",
    }  # fmt: skip
