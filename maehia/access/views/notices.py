"""My notices."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from maehia.kit import notices

PER_PAGE = 30


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    page = Paginator(notices.of(request.user.actor), PER_PAGE).get_page(request.GET.get("page"))
    rows = [{"notice": row, "text": notices.text_of(row)} for row in page]
    return render(request, "access/notices.html", {"page": page, "rows": rows})


@require_POST
@login_required
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one as read and go to what it is about."""
    notice = get_object_or_404(notices.of(request.user.actor), pk=pk)
    notices.mark_read(request.user.actor, notice.pk)
    return redirect(notice.link if notice.link.startswith("/") else "notices")


@require_POST
@login_required
def read_all(request: HttpRequest) -> HttpResponse:
    notices.mark_read(request.user.actor)
    return redirect("notices")
