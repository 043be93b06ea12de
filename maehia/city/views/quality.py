"""How good the register is, how fresh the lists are, and what each list's keeper should look at."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from maehia.access.permissions import can, require
from maehia.city import words
from maehia.city.exports import csv_response
from maehia.city.queries.quality import Known, ListDifference, differences_by_list, known_of_people, rows_to_fix
from maehia.city.queries.town import register_counts
from maehia.city.views.chips import list_name
from maehia.evidence.models import Source
from maehia.evidence.queries import Freshness, freshness
from maehia.kit import clock
from maehia.kit.acting import acting
from maehia.web.table import Cell, Column, Table
from maehia.web.values import Tile
from maehia.web.views import tasks_for

PURPOSE = "system.quality"  # totals for whoever may see totals; no row of a person leaves this page


@never_cache
@require_safe
@require("city.statistics")
def quality(request: HttpRequest) -> HttpResponse:
    with acting(request.user.actor, PURPOSE):  # type: ignore[union-attr]
        counts, known, differing = register_counts(), known_of_people(), differences_by_list()
        fresh = freshness(clock.today())
    hands_out = can(request.user, "intake.view")
    context = {
        "counts": count_tiles(counts), "known": [known_tile(one) for one in known], "fresh": fresh_table(fresh),
        "differing": differing_table(differing, hands_out), "waiting": tasks_for(request),
        "today": clock.today(),
    }  # fmt: skip
    return render(request, "city/quality.html", context)


def count_tiles(counts: dict[str, int]) -> list[Tile]:
    return [Tile(words.kind_word(kind), counts.get(kind, 0)) for kind in words.KIND]


def known_tile(known: Known) -> Tile:
    of = gettext("%(n)s จาก %(of)s คน") % {"n": words.show_number(known.count), "of": words.show_number(known.of)}
    return Tile(known.label, known.percent, "%", of)


FRESH_STATE = {"fresh": "done", "late": "late", "never": "wait"}


def fresh_table(rows: list[Freshness]) -> Table:
    columns = [
        Column("list", gettext("บัญชี")), Column("owner", gettext("ผู้ดูแล")), Column("as_of", gettext("ข้อมูล ณ")),
        Column("state", gettext("สถานะ")),
    ]  # fmt: skip
    return Table(
        gettext("ความสดของบัญชี"), columns, [fresh_row(row) for row in rows], id="fresh",
        empty_title=gettext("ยังไม่มีแหล่งข้อมูล"), empty_text=gettext("เมื่อเพิ่มแหล่งข้อมูล ความสดของแต่ละบัญชีจะขึ้นที่นี่"),
    )  # fmt: skip


def fresh_row(row: Freshness) -> dict[str, Any]:
    late = ngettext("ช้ากว่ากำหนด %(n)s วัน", "ช้ากว่ากำหนด %(n)s วัน", row.late_days) % {"n": row.late_days}
    said = {"fresh": gettext("เป็นปัจจุบัน"), "late": late, "never": gettext("ยังไม่เคยได้รับ")}[row.state]
    url = f"/staff/intake/deliveries/{row.newest.pk}/" if row.newest else ""
    day = words.show_day(row.newest.as_of) if row.newest else words.NOTHING
    return {
        "list": list_name(row.source.name_th, row.source.name_en), "owner": row.source.owner_unit,
        "as_of": Cell(day, url=url), "state": Cell(said, state=FRESH_STATE[row.state]),
    }  # fmt: skip


def differing_table(rows: list[ListDifference], hands_out: bool) -> Table:
    """Rows of each list that differ from the register, per field, with the list to hand back."""
    fields = ("first_name", "last_name", "sex", "birth", "national_id")
    columns = [
        Column("list", gettext("บัญชี")), Column("rows", gettext("แถวที่ใช้อยู่"), numeric=True),
        *(Column(name, words.field_word(name), numeric=True) for name in fields),
        Column("fix", gettext("ส่งคืนเจ้าของ")),
    ]  # fmt: skip
    body = [
        {"list": list_name(r.source.name_th, r.source.name_en), "rows": r.rows, **r.by_field,
         "fix": Cell(gettext("ดาวน์โหลด CSV"), url=f"fix/{r.source.pk}.csv") if hands_out and r.total else ""}
        for r in rows
    ]  # fmt: skip
    return Table(
        gettext("แถวที่ไม่ตรงกับทะเบียน รายบัญชี"), columns, body, id="differing",
        empty_title=gettext("ไม่มีบัญชีใดขัดกับทะเบียน"), empty_text=gettext("เมื่อบัญชีสองฉบับบอกไม่ตรงกัน จำนวนแถวจะขึ้นที่นี่"),
    )  # fmt: skip


@never_cache
@require_safe
@require("intake.view")
def fix_list(request: HttpRequest, source: str) -> HttpResponse:
    """Where in its own file a keeper should look; nothing of what other lists say."""
    if not can(request.user, "city.statistics"):
        raise Http404
    with acting(request.user.actor, PURPOSE):  # type: ignore[union-attr]
        if not Source.objects.filter(pk=source).exists():
            raise Http404
        rows = [(r.filename, r.sheet, r.row, words.field_word(r.field), r.words) for r in rows_to_fix(source)]
    heads = [gettext("ไฟล์"), gettext("แผ่น"), gettext("แถว"), gettext("ช่อง"), gettext("สิ่งที่ควรตรวจ")]
    return csv_response(f"fix-{source.replace(':', '-')}.csv", heads, rows)
