"""Serving one file, and the page on which an officer makes parts unreadable and releases a photo."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag, url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from maehia.access.permissions import acting_as, purposes_of, require
from maehia.access.purposes import published
from maehia.base import ProblemError
from maehia.forms import actions, queries
from maehia.forms.blurring import MOST_BOXES, Box
from maehia.forms.models import Attachment
from maehia.forms.signing import read_token, same_person
from maehia.kit.acting import Context, acting

TYPES = {"jpeg": ("image/jpeg", "jpg"), "pdf": ("application/pdf", "pdf")}
VISITOR = Context("system:public", "services.public")
SANDBOX = "default-src 'none'; sandbox"
DESK = "services.desk"


@require_safe
def show(request: HttpRequest, id: UUID) -> HttpResponse:
    return serve(request, id, small=False)


@require_safe
def show_small(request: HttpRequest, id: UUID) -> HttpResponse:
    return serve(request, id, small=True)


def serve(request: HttpRequest, id_: UUID, *, small: bool) -> HttpResponse:
    """The file, or the same 404 for unknown, hidden, erased, another's token and one past its time."""
    with context_of(request, id_) as context:
        row = Attachment.objects.filter(pk=id_, erased_at=None).first()
        if row is None:
            raise Http404
        headers = headers_of(row, public=context is VISITOR, small=small)
        unchanged = get_conditional_response(request, etag=headers["ETag"])
        if isinstance(unchanged, HttpResponseNotModified):
            return with_headers(unchanged, headers)
        body = queries.open_attachment(id_, small=small)
        return with_headers(HttpResponse(body, content_type=TYPES[row.kind][0]), headers)


@contextmanager
def context_of(request: HttpRequest, id_: UUID) -> Iterator[Context]:
    """Who looks: what the token says, else a visitor."""
    context = allowed_context(request, id_)
    with acting(context.actor, context.purpose, mode=context.mode, scope=context.scope):
        yield context


def allowed_context(request: HttpRequest, id_: UUID) -> Context:
    token = request.GET.get("t", "")
    if not token:
        return VISITOR
    found = read_token(token)
    if found is None or found.id != id_:
        raise Http404
    if not (same_person(request, found.context) and still_has(request, found.context)):
        raise Http404
    return found.context


def still_has(request: HttpRequest, context: Context) -> bool:
    """An officer who lost a duty since the page was made loses its pictures too."""
    if not context.actor.startswith("user:") or not published()[context.purpose].roles:
        return True
    return context.purpose in purposes_of(request.user)  # type: ignore[arg-type]


def headers_of(row: Attachment, *, public: bool, small: bool) -> dict[str, str]:
    """Nothing of a stranger's file runs in the town's name. A released photo may be shown by other sites; it is asked
    for again each time, so that one that was taken back is gone."""
    how = "inline" if row.is_photo else "attachment"
    ending = TYPES[row.kind][1]
    return {
        "Content-Security-Policy": SANDBOX,
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": f'{how}; filename="{row.pk}.{ending}"',
        "Cache-Control": "public, no-cache" if public else "private, no-cache",
        "ETag": quote_etag(f"{row.sha256[:32]}{'s' if small else ''}"),
        "Cross-Origin-Resource-Policy": "cross-origin" if public else "same-origin",
        "Referrer-Policy": "no-referrer",
    }


def with_headers(response: HttpResponse, headers: dict[str, str]) -> HttpResponse:
    for name, value in headers.items():
        response.headers[name] = value
    return response


@require_http_methods(["GET", "POST"])
@require("services.release")
def release(request: HttpRequest, id: UUID) -> HttpResponse:
    """One photo: mark what must not be seen, then release the copy; or release it as it is; or take it back."""
    with acting_as(request.user, DESK):  # type: ignore[arg-type]
        row = Attachment.objects.filter(pk=id, erased_at=None, kind="jpeg").first()
        if row is None:
            raise Http404
        if request.method == "POST":
            return decide(request, row)
        return render(request, "forms/release.html", page_of(request, row))


def decide(request: HttpRequest, row: Attachment) -> HttpResponse:
    try:
        said = DECISIONS[request.POST.get("decision", "")](request, row)
    except KeyError:
        raise Http404 from None
    except ProblemError as error:
        return render(request, "forms/release.html", page_of(request, row, error), status=400)
    messages.success(request, said)
    return redirect(back_of(request))


def as_it_is(_request: HttpRequest, row: Attachment) -> str:
    actions.release(row)
    return gettext("เผยแพร่ภาพแล้ว ทุกคนเห็นภาพนี้ได้")


def blurred(request: HttpRequest, row: Attachment) -> str:
    boxes = read_boxes(request)
    actions.release(actions.blur(row, boxes))
    return gettext("ปิดบัง %(n)d จุดและเผยแพร่ฉบับที่ปิดบังแล้ว ต้นฉบับยังเห็นได้เฉพาะเจ้าหน้าที่") % {"n": len(boxes)}


def taken_back(_request: HttpRequest, row: Attachment) -> str:
    actions.unrelease(row)
    return gettext("นำภาพออกจากการเผยแพร่แล้ว")


DECISIONS: dict[str, Any] = {"release": as_it_is, "blur": blurred, "unrelease": taken_back}


def read_boxes(request: HttpRequest) -> list[Box]:
    """Boxes from the four numbers of each row, in hundredths of the picture; empty rows are left out."""
    columns = [request.POST.getlist(name)[: MOST_BOXES + 1] for name in ("x", "y", "width", "height")]
    rows = zip(*columns, strict=False)
    return [Box(*map(fraction, row)) for row in rows if any(value.strip() for value in row)]


def fraction(typed: str) -> float:
    """Hundredths as a fraction; -1 for what is no number, which no picture has."""
    try:
        return float(typed) / 100
    except ValueError:
        return -1.0


def page_of(request: HttpRequest, row: Attachment, error: ProblemError | None = None) -> dict[str, Any]:
    return {
        "photo": row,
        "url": queries.signed_url(row),
        "copies": [(copy, queries.signed_url(copy, small=True)) for copy in row.blurred.filter(erased_at=None)],
        "rows": range(1, 4),
        "back": back_of(request),
        "errors": [("#boxes", str(error.problem))] if error else [],
    }


def back_of(request: HttpRequest) -> str:
    """Where the officer came from; an address of ours only."""
    typed = request.POST.get("next") or request.GET.get("next") or "/staff/"
    return typed if url_has_allowed_host_and_scheme(typed, allowed_hosts=None) else "/staff/"
