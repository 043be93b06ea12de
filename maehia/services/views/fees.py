"""The desk of the fees: invoices, payments, the bank's file, receipts of the treasury, the daily file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maehia.access.permissions import acting_as, require
from maehia.base import ProblemError
from maehia.kit.clock import today
from maehia.kit.idempotency import Created, idempotent
from maehia.services.actions import fees as actions
from maehia.services.actions.payee import set_payee
from maehia.services.models import Invoice, PayeeSetting, Payment
from maehia.services.queries import fees as queries
from maehia.services.rules.treasury import bank_layouts, exports, write
from maehia.web import fields
from maehia.web.formats import show_baht, show_date, show_datetime
from maehia.web.registry import in_language
from maehia.web.table import Cell, Column, Table
from maehia.web.values import Chip, Crumb

PURPOSE = "services.fees"
PAGE = 50
MOST_BYTES = 10 * 2**20
WAYS = (("cash", gettext_lazy("เงินสด")), ("card", gettext_lazy("บัตร")), ("transfer", gettext_lazy("โอนเงิน")))
STATE_WORDS = {"": gettext_lazy("ทั้งหมด"), "open": gettext_lazy("รอชำระ"), "paid": gettext_lazy("ชำระแล้ว"),
               "cancelled": gettext_lazy("ยกเลิก")}  # fmt: skip
TAGS = {"open": "wait", "paid": "done", "cancelled": "open"}


class BankForm(forms.Form):
    """A file of the bank and its layout."""

    layout = forms.ChoiceField(label=gettext_lazy("รูปแบบไฟล์ของธนาคาร"))
    file = forms.FileField(label=gettext_lazy("ไฟล์ CSV จากธนาคาร"), help_text=gettext_lazy("ไม่เกิน 10 MB"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["layout"].choices = [(k, in_language(n.th, n.en)) for k, (_, n) in bank_layouts().items()]  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        return _small(self.cleaned_data["file"])


class ReceiptForm(forms.Form):
    """What the treasury's system gives back."""

    file = forms.FileField(
        label=gettext_lazy("ไฟล์เลขที่ใบเสร็จ (CSV)"), help_text=gettext_lazy("สองคอลัมน์: เลขที่ใบรับแจ้ง, เลขที่ใบเสร็จ")
    )

    def clean_file(self) -> Any:
        return _small(self.cleaned_data["file"])


class PayeeForm(forms.Form):
    """The town's contract with its bank."""

    biller_id = forms.CharField(
        label=gettext_lazy("รหัสผู้รับชำระ (Biller ID)"), required=False, max_length=20,
        help_text=gettext_lazy("15 หลัก ตามสัญญากับธนาคาร เว้นว่างเพื่อเลิกแสดง QR"),
    )  # fmt: skip
    name = forms.CharField(label=gettext_lazy("ชื่อบัญชีที่ผู้ชำระจะเห็น"), required=False, max_length=120)
    since = fields.ThaiDateField(label=gettext_lazy("ใช้ตั้งแต่วันที่"))


def _small(file: Any) -> Any:
    if file.size > MOST_BYTES:
        raise forms.ValidationError(gettext("ไฟล์ใหญ่เกิน 10 MB"))
    return file


def crumbs(*last: tuple[str, str]) -> list[Crumb]:
    return [Crumb(gettext("ค่าธรรมเนียม"), reverse("services:fees")), *(Crumb(words, url) for words, url in last)]


def words_of(error: ProblemError) -> str:
    return " ".join(part for part in (error.problem.what, error.problem.fix) if part)


@never_cache
@require_safe
@require("services.fees")
def listing(request: HttpRequest) -> HttpResponse:
    """What is owed and what came in today."""
    state, words = request.GET.get("state", "open"), request.GET.get("q", "")
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        counted = queries.counts()
        chips = [Chip(str(name), f"?state={key}", key == state, counted[key]) for key, name in STATE_WORDS.items()]
        page = Paginator(queries.invoices(state, words), PAGE).get_page(request.GET.get("page"))
        paid = queries.paid_on(today())
        number, baht = queries.owed()
        table = Table(
            gettext("ใบแจ้งค่าธรรมเนียม"), _columns(), [_row(row) for row in page.object_list], page=page,
            hide_caption=True, query=request.GET, empty_title=gettext("ไม่มีใบแจ้งในรายการนี้"), chips=chips,
        )  # fmt: skip
        context = {
            "table": table, "words": words, "chosen": state, "owed": number, "owed_baht": baht, "paid": len(paid),
            "paid_baht": queries.total(paid), "waiting": len(queries.open_lines()), "payee": queries.payee(),
        }  # fmt: skip
        return render(request, "services/fees/list.html", context)


def _columns() -> list[Column]:
    return [Column("number", gettext("เลขที่")), Column("about", gettext("รายการ")),
            Column("amount", gettext("จำนวนเงิน"), numeric=True), Column("due", gettext("ครบกำหนด")),
            Column("state", gettext("สถานะ"))]  # fmt: skip


def _row(row: Invoice) -> dict[str, Any]:
    return {
        "number": Cell(row.number, reverse("services:fee", args=[row.pk])), "about": row.about,
        "amount": show_baht(row.amount), "due": show_date(row.due_on),
        "state": Cell(str(STATE_WORDS[row.state]), state=TAGS[row.state]),
    }  # fmt: skip


def _found(key: UUID) -> Invoice:
    found = Invoice.objects.select_related("case", "payment").filter(pk=key).first()
    if found is None:
        raise Http404
    return found


@never_cache
@require_safe
@require("services.fees")
def invoice(request: HttpRequest, key: UUID) -> HttpResponse:
    """One invoice: what for, the QR, and what may be done with it."""
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        row = _found(key)
        context = {**shown(row), "ways": WAYS, "crumbs": crumbs((row.number, ""))}
        return render(request, "services/fees/invoice.html", context)


def shown(row: Invoice) -> dict[str, Any]:
    """What the pages of an invoice show, for the desk and for the payer."""
    return {
        "invoice": row, "payment": getattr(row, "payment", None), "code": queries.pay_code(row),
        "state_words": STATE_WORDS[row.state], "tag": TAGS[row.state],
        "lines": [{"name": in_language(line.get("th", ""), line.get("en", "")), **line} for line in row.lines],
        "unverified": any(line.get("verified") == "no" for line in row.lines),
    }  # fmt: skip


def _show(request: HttpRequest, key: str) -> HttpResponse:
    return redirect("services:fee", key)


@never_cache
@require_POST
@require("services.fees")
@idempotent("services.fees.pay", show=_show)
def pay(request: HttpRequest, key: UUID) -> HttpResponse | Created:
    """Money was taken at the counter. A double click pays once."""
    way = request.POST.get("way", "")
    if way not in dict(WAYS):
        messages.error(request, gettext("เลือกวิธีชำระก่อนบันทึก"))
        return redirect("services:fee", key)
    try:
        with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
            done = actions.pay(key, way=way, by=request.user.actor)  # type: ignore[union-attr]
        messages.success(request, gettext("บันทึกการชำระแล้ว ใบรับแจ้งเลขที่ %(n)s") % {"n": done.acknowledgement})
        return Created(key)
    except ProblemError as error:
        messages.error(request, words_of(error))
        return redirect("services:fee", key)


@never_cache
@require_POST
@require("services.fees")
def cancel(request: HttpRequest, key: UUID) -> HttpResponse:
    try:
        with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
            row = actions.cancel_invoice(key, by=request.user.actor, why=request.POST.get("why", ""))  # type: ignore[union-attr]
        messages.success(request, gettext("ยกเลิกใบแจ้ง %(n)s แล้ว") % {"n": row.number})
    except ProblemError as error:
        messages.error(request, words_of(error))
    return redirect("services:fee", key)


@never_cache
@require_safe
@require("services.fees")
def acknowledgement(request: HttpRequest, key: UUID) -> HttpResponse:
    """The paper that the payer takes along until the official receipt is there."""
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        row = _found(key)
        if not hasattr(row, "payment"):
            raise Http404
        context = {**shown(row), "back": reverse("services:fee", args=[key])}
        return render(request, "services/fees/acknowledgement.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@require("services.fees")
def bank(request: HttpRequest) -> HttpResponse:
    """Read the bank's file; list what a person must look at."""
    form = BankForm(request.POST or None, request.FILES or None)
    done, problem = None, None
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        if request.method == "POST" and form.is_valid():
            file, layout = form.cleaned_data["file"], bank_layouts()[form.cleaned_data["layout"]][0]
            try:
                done = actions.import_bank(file.read(), file.name, layout, by=request.user.actor)  # type: ignore[union-attr]
            except ProblemError as error:
                problem = error.problem
        context = {
            "form": form, "done": done, "problem": problem, "crumbs": crumbs((gettext("ไฟล์ของธนาคาร"), "")),
            "lines": queries.open_lines(),
        }  # fmt: skip
        return render(request, "services/fees/bank.html", context, status=422 if form.errors or problem else 200)


@never_cache
@require_POST
@require("services.fees")
def settle(request: HttpRequest, number: int) -> HttpResponse:
    try:
        with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
            actions.settle(number, by=request.user.actor, how=request.POST.get("how", ""))  # type: ignore[union-attr]
        messages.success(request, gettext("บันทึกวิธีดำเนินการแล้ว"))
    except ProblemError as error:
        messages.error(request, words_of(error))
    return redirect("services:fees_bank")


WRONG = {
    "unknown_acknowledgement": gettext_lazy("ไม่มีใบรับแจ้งเลขที่นี้"), "no_receipt": gettext_lazy("ไม่มีเลขที่ใบเสร็จ"),
    "other_receipt_stands": gettext_lazy("มีเลขที่ใบเสร็จอื่นอยู่แล้ว"),
    "receipt_twice": gettext_lazy("เลขที่ใบเสร็จนี้ใช้กับรายการอื่นแล้ว"),
}  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
@require("services.fees")
def receipts(request: HttpRequest) -> HttpResponse:
    """Official receipt numbers from the treasury's system; a bad row never stops the good ones."""
    form = ReceiptForm(request.POST or None, request.FILES or None)
    good, bad = 0, []
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["file"].read().decode("utf-8-sig", "replace")
        with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
            for number, row in enumerate(csv.reader(io.StringIO(text)), 1):
                cells = [cell.strip() for cell in row if cell.strip()]
                if len(cells) != 2 or not cells[0].startswith("รช"):
                    bad += [(number, gettext("แถวนี้ไม่ใช่สองคอลัมน์ตามแบบ"))] if cells and number > 1 else []
                    continue
                why = actions.set_receipt(cells[0], cells[1])
                good += not why
                bad += [(number, str(WRONG[why]))] if why else []
    context = {"form": form, "good": good, "bad": bad, "sent": form.is_bound and form.is_valid(),
               "crumbs": crumbs((gettext("เลขที่ใบเสร็จ"), ""))}  # fmt: skip
    return render(request, "services/fees/receipts.html", context, status=422 if form.errors else 200)


class DayForm(forms.Form):
    day = fields.ThaiDateField(label=gettext_lazy("วันที่รับชำระ"))
    layout = forms.ChoiceField(label=gettext_lazy("รูปแบบไฟล์"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["layout"].choices = [(k, in_language(e.name.th, e.name.en)) for k, e in exports().items()]  # type: ignore[attr-defined]


@never_cache
@require_safe
@require("services.fees")
def daily(request: HttpRequest) -> HttpResponse:
    """The payments of a day, on the page and as the treasury's file."""
    form = DayForm(request.GET if "layout" in request.GET else None, initial={"day": today()})
    day = form.cleaned_data["day"] if form.is_bound and form.is_valid() else today()
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        rows = queries.paid_on(day)
        if form.is_bound and form.is_valid() and "download" in request.GET:
            layout = exports()[form.cleaned_data["layout"]]
            content = write(layout, queries.for_treasury(rows))
            answer = HttpResponse(content, content_type=f"text/csv; charset={layout.encoding}")
            answer["Content-Disposition"] = f'attachment; filename="fees-{day:%Y%m%d}.csv"'
            return answer
        table = Table(
            gettext("รับชำระวันที่ %(day)s") % {"day": show_date(day)}, PAID, [_paid(row) for row in rows],
            totals={"number": gettext("รวม"), "amount": show_baht(queries.total(rows))},
            empty_title=gettext("ไม่มีการชำระในวันนี้"),
        )  # fmt: skip
        context = {"form": form, "table": table, "crumbs": crumbs((gettext("ไฟล์ส่งคลัง"), ""))}
        return render(request, "services/fees/daily.html", context, status=422 if form.errors else 200)


PAID = [Column("number", gettext_lazy("ใบรับแจ้ง")), Column("at", gettext_lazy("เวลา")),  # type: ignore[arg-type]
        Column("about", gettext_lazy("รายการ")), Column("way", gettext_lazy("วิธี")),  # type: ignore[arg-type]
        Column("receipt", gettext_lazy("ใบเสร็จ")), Column("amount", gettext_lazy("จำนวนเงิน"), numeric=True)]  # type: ignore[arg-type]  # fmt: skip


def _paid(row: Payment) -> Mapping[str, Any]:
    return {
        "number": Cell(row.acknowledgement, reverse("services:fee", args=[row.invoice_id])),
        "at": show_datetime(row.paid_at),
        "about": row.invoice.about, "way": row.get_way_display(), "receipt": row.official_receipt or "-",
        "amount": show_baht(row.amount),
    }  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
@require("services.fees")
def payee(request: HttpRequest) -> HttpResponse:
    """To whom the QR pays, by day, with what stood before."""
    form = PayeeForm(request.POST or None, initial={"since": today()})
    if request.method == "POST" and form.is_valid():
        try:
            set_payee(**form.cleaned_data, by=request.user.actor)  # type: ignore[union-attr]
            messages.success(request, gettext("บันทึกรหัสผู้รับชำระแล้ว"))
            return redirect("services:fees_payee")
        except ProblemError as error:
            form.add_error("biller_id", words_of(error))
    context = {"form": form, "rows": list(PayeeSetting.objects.all()[:20]), "current": queries.payee(),
               "crumbs": crumbs((gettext("ผู้รับชำระ"), ""))}  # fmt: skip
    return render(request, "services/fees/payee.html", context, status=422 if form.errors else 200)
