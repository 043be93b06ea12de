"""What an officer does with a case: one address per verb, each checked by version, table and guards.

A verb that is refused answers with the page of the case, what is wrong, and what was typed.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from maehia.access.actions import log_read
from maehia.access.permissions import acting_as, can
from maehia.base import Problem, ProblemError
from maehia.forms import actions as files
from maehia.kit.idempotency import Created, idempotent
from maehia.services import actions
from maehia.services.actions import Stale
from maehia.services.queries.cases import CasePage
from maehia.services.views import case_forms as forms
from maehia.services.views.case import Refused, draw, may_act, on_desk, purpose_of, read
from maehia.services.views.staff_parts import state_words

Verb = Callable[[HttpRequest, CasePage, int | None], str]
NOT_WHOLE = Problem("incomplete", "ยังกรอกไม่ครบ", fix="ดูช่องที่ทำเครื่องหมายไว้")
NOT_YOURS = Problem("not_your_unit", "เรื่องนี้อยู่กับหน่วยงานอื่น", fix="ขอให้หน่วยงานนั้นหรือผู้กำกับดูแลส่งเรื่องมา")


class Incomplete(ProblemError):
    """A form that lacks something; the page shows the form with its errors."""

    def __init__(self) -> None:
        super().__init__(NOT_WHOLE)


def back(request: HttpRequest, key: str) -> HttpResponse:
    """After a verb, also one that was sent twice: the case as it is now."""
    prefix = "services:sealed" if "/confidential/" in request.path else "services:case"
    return redirect(prefix, key)


@require_POST
@on_desk
@idempotent("services.act", show=back)
def act(request: HttpRequest, key: UUID, verb: str) -> HttpResponse | Created:
    """Do one thing with a case. 409 when somebody else changed it meanwhile, 422 for what is refused or missing."""
    run = VERBS.get(verb)
    if run is None:
        raise Http404
    try:
        with acting_as(request.user, purpose_of(request)):  # type: ignore[arg-type]
            page = read(request, key)
            if not may_act(page):
                raise ProblemError(NOT_YOURS)
            words = run(request, page, version_of(request))
    except ProblemError as error:
        return again(request, key, verb, error)
    messages.success(request, words)
    return Created(key)


def version_of(request: HttpRequest) -> int | None:
    sent = request.POST.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else None


def again(request: HttpRequest, key: UUID, verb: str, error: ProblemError) -> HttpResponse:
    """The page with what is wrong. What another officer did meanwhile stands above what this one typed."""
    stale = isinstance(error, Stale)
    refused = Refused(verb, error.problem, 409 if stale else 422, request.POST, request.FILES,
                      version_of(request) if stale else None)  # fmt: skip
    with acting_as(request.user, purpose_of(request)):  # type: ignore[arg-type]
        return draw(request, read(request, key), refused)


def by(request: HttpRequest) -> str:
    return str(request.user.actor)  # type: ignore[union-attr]


def move(request: HttpRequest, page: CasePage, version: int | None) -> str:
    """A move of the table with what its guards ask; photos of the finished work come along."""
    to = request.POST.get("to", "")
    step = next((m for m in page.moves if m.to == to), None)
    if step is None:
        actions.move(page.case.pk, to[:20], by=by(request), version=version)  # refused by the table, in its words
        raise Http404
    form = forms.MoveForm(step, page, request.POST, request.FILES)
    if not form.is_valid():
        raise Incomplete
    sent = form.cleaned_data
    sealed = page.case.is_confidential
    photos = [files.attach(page.case.pk, "after", file, file.name, is_confidential=sealed).pk
              for file in sent.get("photos") or ()]  # fmt: skip
    note = sent.get("note", "")
    question = note if to == "waiting_citizen" else ""
    actions.move(
        page.case.pk, to, by=by(request), version=version, note="" if question else note, question=question,
        internal=sent.get("internal", ""), receiver=sent.get("receiver", ""), planned_on=sent.get("planned_on"),
        after_photos=photos, told_before=forms.waited_enough(page),
    )  # fmt: skip
    return gettext("เรื่อง %(number)s: %(state)s") % {
        "number": page.case.number, "state": state_words(page.case.kind, to)
    }  # fmt: skip


def note(request: HttpRequest, page: CasePage, _version: int | None) -> str:
    form = forms.NoteForm(request.POST, prefix="note")
    if not form.is_valid():
        raise Incomplete
    public = form.cleaned_data["who"] == "citizen"
    actions.add_note(page.case.pk, form.cleaned_data["text"], by=by(request), public=public)
    return gettext("แจ้งความคืบหน้าให้ผู้แจ้งแล้ว") if public else gettext("บันทึกภายในแล้ว")


def unit(request: HttpRequest, page: CasePage, version: int | None) -> str:
    form = forms.UnitForm(page.case.unit_id, request.POST, prefix="unit")
    if not form.is_valid():
        raise Incomplete
    key = form.cleaned_data["unit"]
    actions.assign_unit(page.case.pk, key, by=by(request), version=version, note=form.cleaned_data["why"])
    return gettext("ส่งเรื่อง %(number)s ให้ %(unit)s แล้ว") % {
        "number": page.case.number, "unit": dict(form.fields["unit"].choices)[key]  # type: ignore[attr-defined]
    }  # fmt: skip


def person(request: HttpRequest, page: CasePage, version: int | None) -> str:
    form = forms.PersonForm(forms.people_of(page.case.unit_id), request.POST, prefix="person")
    if not form.is_valid():
        raise Incomplete
    chosen = form.cleaned_data["person"]
    actions.assign_person(page.case.pk, UUID(chosen) if chosen else None, by=by(request), version=version)
    return gettext("บันทึกผู้รับผิดชอบแล้ว")


def take(request: HttpRequest, page: CasePage, version: int | None) -> str:
    actions.assign_person(page.case.pk, request.user.pk, by=by(request), version=version)  # type: ignore[arg-type]
    return gettext("เรื่อง %(number)s อยู่กับคุณแล้ว") % {"number": page.case.number}


def urgent(request: HttpRequest, page: CasePage, version: int | None) -> str:
    actions.set_urgent(page.case.pk, not page.case.is_urgent, by=by(request), version=version)
    return gettext("ยกเลิกเร่งด่วนแล้ว") if page.case.is_urgent else gettext("ตั้งเป็นเรื่องเร่งด่วนแล้ว")


def text(request: HttpRequest, page: CasePage, version: int | None) -> str:
    _may_release(request)
    form = forms.TextForm(request.POST, prefix="text")
    if not form.is_valid():
        raise Incomplete
    words = form.cleaned_data["text"]
    actions.release_text(page.case.pk, words, by=by(request), version=version)
    return gettext("เผยแพร่ข้อความแล้ว") if words.strip() else gettext("ถอนข้อความที่เผยแพร่แล้ว")


def release(request: HttpRequest, page: CasePage, _version: int | None) -> str:
    _may_release(request)
    actions.release_photo(page.case.pk, _photo(request), by=by(request))
    return gettext("เผยแพร่ภาพแล้ว ประชาชนเห็นได้ในหน้าเรื่องนี้")


def hold_back(request: HttpRequest, page: CasePage, _version: int | None) -> str:
    _may_release(request)
    actions.unrelease_photo(page.case.pk, _photo(request), by=by(request))
    return gettext("ถอนภาพจากการเผยแพร่แล้ว")


def _may_release(request: HttpRequest) -> None:
    if not can(request.user, "services.release"):
        raise PermissionDenied("services.release")


def _photo(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("photo", ""))
    except ValueError as error:
        raise Http404 from error


def unmerge(request: HttpRequest, page: CasePage, _version: int | None) -> str:
    own = {str(link.pk) for link in page.links}
    if request.POST.get("link") not in own:
        raise Http404
    child = actions.unmerge(int(request.POST["link"]), by=by(request))
    return gettext("แยกเรื่อง %(number)s ออกแล้ว ผู้ติดตามกลับไปอยู่กับเรื่องนั้น") % {"number": child.number}


VERBS: dict[str, Verb] = {
    "move": move, "note": note, "unit": unit, "person": person, "take": take, "urgent": urgent, "text": text,
    "release": release, "hold_back": hold_back, "unmerge": unmerge,
}  # fmt: skip


@require_POST
@on_desk
def contact(request: HttpRequest, key: UUID) -> HttpResponse:
    """Name and phone of the reporter in full, for this one answer. Who opened it for what is written down first."""
    with acting_as(request.user, purpose_of(request)):  # type: ignore[arg-type]
        page = read(request, key)
        if not page.sees("reporter_contact"):
            raise PermissionDenied("reporter_contact")
        people = [party.person_key for party in page.parties if party.person_key]
        log_read("contact", people or [page.case.pk], via="page")
        return draw(request, page, contacts=page.parties)
