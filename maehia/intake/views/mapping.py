"""The officer says what the columns of a file mean; next time nobody asks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from maehia.access.permissions import acting_as, require
from maehia.base import ProblemError
from maehia.evidence.models import Delivery
from maehia.intake import actions
from maehia.intake.forms import MappingForm
from maehia.intake.mapping import Mapping
from maehia.intake.pages import crumbs, source_name
from maehia.intake.pages.mapping import asked, layout_words, mapping_rows
from maehia.intake.views.deliveries import start


@require("intake.deliver")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """One line per thing that the register knows: which column of the file says it."""
    delivery = get_object_or_404(Delivery.objects.select_related("source"), pk=pk)
    proposal = delivery.counts.get("proposal", {})
    held = delivery.mapping or proposal.get("mapping")
    if not delivery.is_open or not held:
        return redirect("intake:delivery", pk=pk)
    form = _form(request, delivery, Mapping.from_dict(held))
    if request.method == "POST" and form.is_valid():
        try:
            return _confirmed(request, delivery, form)
        except ProblemError as refused:
            form.add_error(None, f"{refused.problem.what} {refused.problem.fix}")
    here = reverse("intake:delivery", args=[pk])
    context = {
        "delivery": delivery, "form": form, "rows": mapping_rows(form, delivery), "layout": layout_words(delivery),
        "questions": asked(delivery), "unmapped": proposal.get("unmapped", ()),
        "crumbs": crumbs((source_name(delivery.source), reverse("intake:source", args=[delivery.source_id])),
                         (delivery.filename, here), (_("ความหมายของคอลัมน์"), "")),
    }  # fmt: skip
    return render(request, "intake/mapping.html", context)


def _form(request: HttpRequest, delivery: Delivery, mapping: Mapping) -> MappingForm:
    columns = [row["name"] for row in delivery.counts.get("columns", ())]
    header = columns or delivery.counts.get("proposal", {}).get("layout", {}).get("columns") or mapping.layout
    return MappingForm(mapping, header or sorted(mapping.used), asked(delivery), request.POST or None)


def _confirmed(request: HttpRequest, delivery: Delivery, form: MappingForm) -> HttpResponse:
    with acting_as(request.user, "intake.apply"):
        actions.confirm_mapping(delivery, form.confirmed())
        start(request, "intake.preview", delivery)
    return redirect("intake:delivery", pk=delivery.pk)
