"""Who holds a position and who signs in whose stead, with orders and days."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from maehia.access import actions, forms, queries
from maehia.access.models import Account, Delegation, LegalHolder
from maehia.access.permissions import acting_as, require
from maehia.base import ProblemError
from maehia.kit import clock
from maehia.kit.idempotency import Created, idempotent

MANAGE = "access.manage"
KINDS = {"holder": LegalHolder, "delegation": Delegation}


def _back(request: HttpRequest, pk: str) -> HttpResponse:
    return redirect("access-signing")


@require_http_methods(["GET", "POST"])
@require("access.signing")
@idempotent("access.signing", show=_back)
def index(request: HttpRequest) -> HttpResponse | Created:
    """The page, and both of its forms (told apart by `what`)."""
    what = request.POST.get("what", "")
    with acting_as(request.user, MANAGE):
        holder_form = forms.HolderForm(request.POST if what == "holder" else None)
        delegate_form = forms.DelegateForm(request.POST if what == "delegate" else None)
        chosen, act = (holder_form, _appoint) if what == "holder" else (delegate_form, _delegate)
        if request.method == "POST" and chosen.is_valid():
            try:
                return Created(act(dict(chosen.cleaned_data)).pk)
            except ProblemError as error:
                forms.refuse(chosen, error)
        return render(request, "access/signing.html", _context(holder_form, delegate_form))


def _appoint(values: dict[str, Any]) -> LegalHolder:
    account = Account.objects.get(pk=values.pop("account"))
    return actions.appoint(values.pop("position"), account, **values)


def _delegate(values: dict[str, Any]) -> Delegation:
    holder = LegalHolder.objects.get(pk=values.pop("holder"))
    deputy = Account.objects.get(pk=values.pop("deputy"))
    return actions.delegate(holder, deputy, chosen_powers=values.pop("powers"), **values)


def _context(holder_form: Any, delegate_form: Any) -> dict[str, Any]:
    today = clock.today()
    names = {str(account.pk): account for account in Account.objects.all()}
    standing = []
    for key, power in queries.powers().items():
        found = queries.signers(key, today)
        standing.append({"power": power, "signers": [_named(signer, names) for signer in found]})
    return {
        "holder_form": holder_form, "delegate_form": delegate_form, "standing": standing, "today": today,
        "positions": queries.positions(), "holders": LegalHolder.objects.select_related("account"),
        "delegations": Delegation.objects.select_related("holder__account", "deputy"), "powers": queries.powers(),
    }  # fmt: skip


def _named(signer: Any, names: dict[str, Account]) -> dict[str, Any]:
    return {
        "account": names.get(signer.account),
        "position": queries.positions()[signer.position],
        "instead_of": names.get(signer.instead_of or ""),
    }


@require_POST
@require("access.signing")
def end(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    with acting_as(request.user, MANAGE):
        actions.end_signing(get_object_or_404(KINDS[kind], pk=pk), clock.today())
    messages.success(request, gettext("บันทึกวันสุดท้ายเป็นวันนี้แล้ว"))
    return redirect("access-signing")
