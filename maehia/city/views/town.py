"""The town's contacts: the form, what would change, what was changed before, and putting it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from maehia.access.permissions import require
from maehia.base import ProblemError
from maehia.city import actions
from maehia.city.forms import PhoneRow, PhoneRows, TownForm
from maehia.city.models import Town, TownChange
from maehia.city.queries.town import phone_parts, read_town
from maehia.kit.idempotency import Created, idempotent

SHOWN = 20


def saved(request: HttpRequest, change_id: str) -> HttpResponse:
    messages.success(request, gettext("บันทึกข้อมูลติดต่อแล้ว ทุกหน้าแสดงค่าใหม่ทันที"))
    return redirect("city:town")


@never_cache
@require_http_methods(["GET", "POST"])
@require("town.settings")
@idempotent("city.town", show=saved)
def town(request: HttpRequest) -> HttpResponse | Created:
    """The form; the first POST shows what would change, the second stores it."""
    now = read_town()
    form, phones = _forms(request, now)
    changes: list[tuple[Any, Any, Any]] | None = None
    if request.method == "POST" and now and form.is_valid() and phones.is_valid():
        values = {**form.cleaned_data, "phones": _numbers(phones.cleaned_data, now.phones)}
        changes = [(word(form, name), shown(a), shown(b)) for name, (a, b) in actions.differences(now, values).items()]
        if request.POST.get("step") == "save":
            try:
                return Created(actions.change_town(values, by=request.user.actor).pk)  # type: ignore[union-attr]
            except ProblemError as error:
                form.add_error(None, str(error))
    rows = [(row, [(word(form, n), shown(row.before[n]), shown(v)) for n, v in row.after.items()])
            for row in TownChange.objects.select_related("undone_by")[:SHOWN]]  # fmt: skip
    return render(request, "city/town.html", {"form": form, "phones": phones, "changes": changes, "rows": rows})


def _forms(request: HttpRequest, now: Town | None) -> tuple[TownForm, Any]:
    typed = request.POST or None
    held = {name: getattr(now, name, "") for name in TownForm.base_fields}
    numbers = [dict(zip(PhoneRow.base_fields, phone_parts(p), strict=True)) for p in (now.phones if now else [])]
    return TownForm(typed, initial=held), PhoneRows(typed, initial=numbers, prefix="phone")


def _numbers(rows: list[dict[str, Any]], before: list[dict[str, str]]) -> list[dict[str, str]]:
    """The numbers in the form in which a profile has them; rows that did not change stay as they were written."""
    made = [{"label": r["label"], **({"label_en": r["label_en"]} if r.get("label_en") else {}), "number": r["number"]}
            for r in rows if r.get("number")]  # fmt: skip
    same = {phone_parts(p): p for p in before}
    return [same.get(phone_parts(row), row) for row in made]


def word(form: TownForm, name: str) -> Any:
    return gettext("โทรศัพท์") if name == "phones" else form.fields[name].label


def shown(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(" ".join(phone_parts(p)[::2]) for p in value)
    return str(value)


@never_cache
@require_POST
@require("town.settings")
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Put back what stood there before a change."""
    try:
        actions.undo_town_change(number, by=request.user.actor)  # type: ignore[union-attr]
        messages.success(request, gettext("คืนค่าเดิมแล้ว"))
    except ProblemError as error:
        messages.error(request, str(error))
    return redirect("city:town")
