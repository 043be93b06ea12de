"""The officer says what the columns of a file mean; next time nobody asks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from maehia.access.permissions import acting_as, require
from maehia.evidence.models import Delivery
from maehia.intake import actions
from maehia.intake.forms import MappingForm
from maehia.intake.mapping import Mapping
from maehia.intake.pages import crumbs
from maehia.intake.views.deliveries import start


@require("intake.deliver")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    delivery = get_object_or_404(Delivery.objects.select_related("source"), pk=pk)
    proposal = delivery.counts.get("proposal", {})
    mapping = Mapping.from_dict(proposal.get("mapping") or delivery.mapping)
    header = proposal.get("layout", {}).get("columns") or sorted(mapping.used)
    form = MappingForm(mapping, header, request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = form.confirmed(request.POST.get("crs", ""), request.POST.getlist("repair"))
        with acting_as(request.user, "intake.apply"):
            actions.confirm_mapping(delivery, chosen)
            start(request, "intake.preview", delivery)
        return redirect("intake:delivery", pk=pk)
    context = {
        "delivery": delivery, "form": form, "questions": proposal.get("questions", ()), "unmapped": proposal.get("unmapped", ()),
        "repairs": delivery.counts.get("repairs", ()),
        "crumbs": crumbs((delivery.filename, f"/staff/intake/deliveries/{pk}/"), (_("ความหมายของคอลัมน์"), "")),
    }  # fmt: skip
    return render(request, "intake/mapping.html", context)
