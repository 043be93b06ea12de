"""What the pages of relief and damage share: reading rows of goods, telling a refusal, one home's context."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from maehia import thai
from maehia.access.permissions import may, purposes_of, require
from maehia.base import ProblemError
from maehia.city.queries.places import moo_boxes
from maehia.emergency.actions.damage import papers
from maehia.emergency.actions.relief import Came
from maehia.emergency.models import Item
from maehia.emergency.queries import incidents
from maehia.kit import clock

PURPOSE = "emergency.relief"
ROWS = 4
UNMAPPED = 20  # villages offered where no outline says how many there are
View = Callable[..., HttpResponseBase]


def goods_rows(request: HttpRequest) -> Iterator[tuple[str, str, str, str, str]]:
    """(item, qty, unit, lot, last day) of each row that was filled in."""
    columns = [request.POST.getlist(name) for name in ("item", "qty", "unit", "lot", "expires")]
    width = max((len(c) for c in columns), default=0)
    filled = [[*c, *[""] * (width - len(c))] for c in columns]
    for row in zip(*filled, strict=True):
        if row[0] or row[1].strip():
            yield tuple(value.strip() for value in row)  # type: ignore[misc]


def read_goods(request: HttpRequest) -> list[Came]:
    """The rows as goods. Raises ProblemError no_item, bad_quantity, bad_day."""
    return [_came(*row) for row in goods_rows(request)]


def _came(item: str, qty: str, unit: str, lot: str, expires: str) -> Came:
    found = item_of(item)
    until = thai.parse_date(expires, clock.today()) if expires else None
    if expires and (until is None or until.precision != "day"):
        raise problem("bad_day", gettext("อ่านวันหมดอายุไม่ออก"), found.name_th, gettext("เขียนเช่น 31/12/2570"))
    return Came(found, number(qty, found.name_th), unit, lot, until.value if until else None)


def item_of(code: str) -> Item:
    found = Item.objects.filter(code=code, is_active=True).first()
    if found is None:
        raise problem("no_item", gettext("ยังไม่ได้เลือกสิ่งของ"), "item", gettext("เลือกจากรายการ"))
    return found


def number(typed: str, where: str) -> Decimal:
    """A typed quantity; Thai digits and commas are read. Raises ProblemError bad_quantity."""
    try:
        return Decimal(thai.to_arabic(typed).strip().replace(",", ""))
    except InvalidOperation:
        raise problem("bad_quantity", gettext("จำนวนต้องเป็นตัวเลข"), where, gettext("กรอกจำนวนใหม่")) from None


def problem(code: str, what: str, where: str = "", fix: str = "") -> ProblemError:
    from maehia.emergency.actions.incidents import refused

    return refused(code, what, where, fix)


def told(error: ProblemError) -> list[tuple[str, str]]:
    """A refusal for web/parts/error_summary.html."""
    p = error.problem
    return [("#main", " ".join(part for part in (p.what, f"({p.where})" if p.where else "", p.fix) if part))]


def key_or_404(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        raise Http404 from None


def moos() -> list[tuple[str, str]]:
    """(number, words) of the villages; plain numbers where none is mapped yet."""
    found = [(int(code[-2:]), name) for code, name, _ in moo_boxes() if code[-2:].isdigit()]
    found = found or [(n, "") for n in range(1, UNMAPPED + 1)]
    return [(str(n), (gettext("หมู่ %(n)s %(name)s") % {"n": n, "name": name}).strip()) for n, name in found]


def units(items: list[Item]) -> list[str]:
    """Names of packs, each once."""
    return sorted({pack["unit"] for item in items for pack in item.packs})


def back(name: str) -> Callable[[HttpRequest, str], HttpResponseBase]:
    """Where a form leads after it was taken, also the second time."""

    def show(request: HttpRequest, _id: str) -> HttpResponseBase:
        assert request.resolver_match is not None  # noqa: S101 (a request that reached a view was resolved)
        return redirect(reverse(f"emergency:{name}", args=[request.resolver_match.kwargs["number"]]))

    return show


def said(request: HttpRequest, words: str) -> None:
    messages.success(request, words)


def at_home(*permissions: str) -> Callable[[View], View]:
    """A view of one damaged home, for who has any of the permissions: `view(request, number, key, ...)`.

    It opens no context: the view opens `home(request, number, key)` for what it reads and writes of that home.
    """

    def decorate(view: View) -> View:
        @require("emergency.see")
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not any(may(request, p) for p in permissions) or PURPOSE not in purposes_of(request.user):  # type: ignore[arg-type]
                raise PermissionDenied(permissions[0])
            return view(request, *args, **kwargs)

        return page

    return decorate


@contextmanager
def home(request: HttpRequest, number: str, key: UUID) -> Iterator[Any]:
    """One home's papers, in the mode of the incident."""
    with papers(request.user.actor, key, incidents.mode_of(number)) as context:  # type: ignore[union-attr]
        yield context
