"""The alert desk: a draft in plain words, what it will look like everywhere, a second person, and out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from maehia.access.permissions import acting_as, can, may, require
from maehia.base import Problem, ProblemError
from maehia.emergency.actions import alert_desk, alerts, alerts_follow, release
from maehia.emergency.actions.alerts_compose import findings, message_of
from maehia.emergency.models import Alert, Incident
from maehia.emergency.queries import alerts as queries
from maehia.emergency.queries import incidents
from maehia.emergency.queries.alerts_settings import setting
from maehia.emergency.release_jobs import CALLS
from maehia.emergency.rules.cap.texts import segments, texts_of
from maehia.emergency.rules.release import unreadable
from maehia.emergency.views.alert_desk_forms import AlertForm, StartForm, TextForm
from maehia.emergency.views.help_forms import lang
from maehia.emergency.views.parts import at_incident
from maehia.kit.idempotency import Created, idempotent
from maehia.kit.jobs import enqueue

SEE, DRAFT, APPROVE = "emergency.see", "emergency.draft", "emergency.approve"
STATE_TAGS = {"draft": "open", "in_review": "work", "approved": "work", "published": "late", "updated": "done",
              "cancelled": "done", "expired": "done", "dropped": "wait"}  # fmt: skip


def line(alert: Alert, state: str) -> dict[str, Any]:
    """An alert as one line of the list."""
    words = alert.words(lang())
    return {"row": alert, "state": queries.state_words(state, lang()), "tag": STATE_TAGS[state],
            "headline": words.headline if words else "", "url": url_of(alert)}  # fmt: skip


def url_of(alert: Alert) -> str:
    if alert.incident is None:
        return reverse("emergency:alert_loose")
    return reverse("emergency:alert_one", args=[alert.incident.number, alert.pk])


def preview(alert: Alert) -> list[dict[str, Any]]:
    """What each language says by phone, LINE, short message and loudspeaker. Of the message itself, not of the form."""
    message, found = message_of(alert), []
    for language, name in (("th", gettext("ไทย")), ("en", gettext("อังกฤษ"))):
        _, texts = texts_of(message, language)
        info = next((one for one in alert.infos.all() if one.language == language), None)
        if texts is None or info is None:
            continue
        aloud = " ".join((info.headline, info.description, info.instruction)) if language == "th" else ""
        found.append({"language": language, "name": name, "texts": texts, "info": info,
                      "segments": segments(texts.sms), "letters": len(texts.sms),
                      "unreadable": unreadable(aloud)})  # fmt: skip
    return found


def checks(alert: Alert) -> list[dict[str, Any]]:
    """Every finding with its place and rule, errors first."""
    order = {"ERROR": 0, "WARNING": 1, "INFO": 2}
    rows = sorted(findings(alert), key=lambda one: order[one.level])
    return [{"level": one.level, "words": one.en if lang() == "en" else one.th, "xpath": one.xpath, "rule": one.rule,
             "code": one.code} for one in rows]  # fmt: skip


@at_incident(SEE)
def desk(request: HttpRequest, incident: Incident) -> HttpResponseBase:
    """The alerts of an incident, and a new draft from a template."""
    return _desk(request, incident)


def _after_draft(request: HttpRequest, pk: str) -> HttpResponse:
    alert = found(UUID(pk))
    return redirect(url_of(alert))


@idempotent("emergency.alert", show=_after_draft)
def _desk(request: HttpRequest, incident: Incident) -> Created | HttpResponse:
    templates = alert_desk.templates()
    form = StartForm(templates, request.POST or None, initial={"area": incident.place})
    if request.method == "POST" and may(request, DRAFT) and form.is_valid():
        told = form.cleaned_data
        try:
            made = alert_desk.from_template(told.pop("template"), incident=incident, **told)
            return Created(made.pk)
        except ProblemError as error:
            form.add_error(None, error.problem.what)
    rows = queries.of_incident(incident)
    states = queries.states_of(rows)
    context = {
        "incident": incident, "tab": "alerts", "form": form, "may_draft": may(request, DRAFT),
        "lines": [line(row, states[row.pk]) for row in rows if not row.prepared],
        "loose": Alert.objects.filter(incident=None, state="draft").count() if incident.mode == "live" else 0,
    }  # fmt: skip
    return render(request, "emergency/release/desk.html", context, status=422 if form.errors else 200)


def found(key: UUID, incident: Incident | None = None) -> Alert:
    alert = queries.get(key)
    if alert is None or (incident is not None and alert.incident_id != incident.pk):
        raise Http404(str(key))
    return alert


def draw(request: HttpRequest, alert: Alert, refused: Problem | None = None, form: AlertForm | None = None,
         template: str = "one") -> HttpResponse:  # fmt: skip
    """One alert: as a draft to be changed, as it waits, as it went out."""
    state = queries.state_of(alert)
    calls = release.calls_of(alert)
    names = release.names_of(calls)
    mine = release.is_author(alert)
    context = {
        "incident": alert.incident, "tab": "alerts", "alert": alert, "state": state, "line": line(alert, state),
        "state_words": queries.state_words(state, lang()), "tag": STATE_TAGS[state], "refused": refused,
        "previews": preview(alert), "checks": checks(alert) if state in ("draft", "in_review", "approved") else [],
        "form": form or (AlertForm(alert) if state == "draft" and may(request, DRAFT) else None), "mine": mine,
        "author": release.author_name(alert), "calls": [(call, names.get(call.account, "")) for call in calls],
        "may_approve": may(request, APPROVE), "may_draft": may(request, DRAFT), "solo": bool(setting("solo_release")),
        "chain": [line(row, queries.state_of(row)) for row in queries.chain(alert) if row.pk != alert.pk],
    }  # fmt: skip
    status = 422 if refused or (form and form.errors) else 200
    return render(request, f"emergency/release/{template}.html", context, status=status)


@require_safe
@at_incident(SEE)
def one(request: HttpRequest, incident: Incident, key: UUID) -> HttpResponse:
    return draw(request, found(key, incident))


@require_POST
@at_incident(DRAFT)
def act(request: HttpRequest, incident: Incident, key: UUID) -> HttpResponseBase:
    """Save, submit, drop, begin an Update or a Cancel."""
    alert, to = found(key, incident), request.POST.get("to", "")
    form = AlertForm(alert, request.POST) if to in ("save", "submit") and alert.state == "draft" else None
    if form is not None and not form.is_valid():
        return draw(request, alert, form=form)
    try:
        row = ACTS[to](alert, form, request) if to in ACTS else alert
    except ProblemError as error:
        return draw(request, found(key, incident), error.problem, form)
    if row.state == "in_review":
        enqueue(CALLS, actor=release.ACTOR, purpose=release.PURPOSE, mode=row.mode)
        messages.success(request, gettext("เสนอประกาศ %(id)s แล้ว ระบบกำลังตามผู้อนุมัติ") % {"id": row.identifier})
    return redirect(url_of(row))


def _save(alert: Alert, form: AlertForm | None, _request: HttpRequest) -> Alert:
    return alerts.edit(alert.pk, form.new(), version=alert.version) if form else alert


def _submit(alert: Alert, form: AlertForm | None, request: HttpRequest) -> Alert:
    return alerts.submit(_save(alert, form, request).pk)


def _follow(alert: Alert, _form: AlertForm | None, _request: HttpRequest) -> Alert:
    """An Update in the words that stand, to be changed."""
    form = AlertForm(alert, AlertForm(alert).initial)
    form.is_valid()
    return alerts_follow.update(alert.pk, form.new())


ACTS: dict[str, Callable[[Alert, AlertForm | None, HttpRequest], Alert]] = {
    "save": _save,
    "submit": _submit,
    "drop": lambda alert, _form, _request: alerts.drop(alert.pk),
    "update": _follow,
    "cancel": lambda alert, _form, request: alerts_follow.cancel(alert.pk, request.POST.get("reason", "")),
    "take_back": lambda alert, _form, request: alerts.send_back(alert.pk, request.POST.get("reason", "")),
}


@at_incident(APPROVE)
def approve(request: HttpRequest, incident: Incident, key: UUID) -> HttpResponseBase:
    """The page of the second person: exactly what will be sent, its hash, one tap."""
    alert, account = found(key, incident), request.user
    if request.method != "POST":
        release.seen(alert, account)  # type: ignore[arg-type]
        return draw(request, alert, template="approve")
    to, sha256 = request.POST.get("to", ""), request.POST.get("sha256", "")
    reason = request.POST.get("reason", "")
    try:
        if to == "return":
            row = release.give_back(key, account, reason, sha256=sha256)  # type: ignore[arg-type]
            messages.success(request, gettext("ส่งคืนผู้ร่างแล้ว พร้อมเหตุผล"))
        elif to == "alone":
            row = release.release_alone(key, account, reason, sha256=sha256)  # type: ignore[arg-type]
        else:
            row = release.release(key, account, sha256=sha256)  # type: ignore[arg-type]
    except ProblemError as error:
        return draw(request, found(key, incident), error.problem, template="approve")
    if row.state == "published":
        messages.success(request, gettext("เผยแพร่ประกาศ %(id)s แล้ว") % {"id": row.identifier})
    return redirect(url_of(row))


@require(DRAFT)
def loose(request: HttpRequest) -> HttpResponseBase:
    """Drafts that a limit made, outside of any incident: read, take into an incident, or drop."""
    with acting_as(request.user, "emergency.command"):  # type: ignore[arg-type]
        rows = queries.rows().filter(incident=None, state="draft", prepared=False).order_by("-made_at")
        if request.method == "POST":
            alert = rows.filter(pk=request.POST.get("alert")).first()
            into = incidents.find(request.POST.get("incident", ""))
            if alert and into:
                return redirect(url_of(alert_desk.take_into(alert, into)))
            if alert and request.POST.get("to") == "drop":
                alerts.drop(alert.pk)
            return redirect("emergency:alert_loose")
        context = {"lines": [line(row, row.state) for row in rows], "incidents": incidents.open_ones()}
        return render(request, "emergency/release/loose.html", context)


@require_safe
@require(DRAFT)
def texts(request: HttpRequest) -> HttpResponse:
    """The templates of the town."""
    with acting_as(request.user, "emergency.command"):  # type: ignore[arg-type]
        found = list(alert_desk.templates().values())
    return render(request, "emergency/release/texts.html", {"templates": found, "english": lang() == "en"})


@require(DRAFT)
def text(request: HttpRequest, template: str) -> HttpResponseBase:
    """One template: its words, previewed for a place, kept with a date and undone by writing anew."""
    with acting_as(request.user, "emergency.command"):  # type: ignore[arg-type]
        found = alert_desk.templates().get(template)
    if found is None:
        raise Http404(template)
    form = TextForm(request.POST) if request.method == "POST" else TextForm.of(found)
    if request.method == "POST" and can(request.user, DRAFT) and form.is_valid():
        with acting_as(request.user, "emergency.command"):  # type: ignore[arg-type]
            alert_desk.word_template(template, *form.words())
        messages.success(request, gettext("บันทึกแบบข้อความ “%(name)s” แล้ว ใช้ตั้งแต่บัดนี้") % {"name": found.names[0]})
        return redirect("emergency:alert_texts")
    words = alert_desk.words_of(found.th, gettext("หมู่ 5"))
    context = {"template": found, "form": form, "words": words, "name": found.names[lang() == "en"]}
    return render(request, "emergency/release/text.html", context)
