"""One delivery on the page: its history, what it would change, what is wrong in it."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page
from django.db.models import Count, Min
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from maehia.evidence.models import Delivery
from maehia.intake.models import ProblemRow, ReviewItem
from maehia.intake.pages import labels
from maehia.intake.pages.changes import FOLLOWS
from maehia.intake.pages.common import actor_names, field_label
from maehia.web.formats import show_number
from maehia.web.table import Cell, Column, Table
from maehia.web.values import Chip, Event, Tile

FIELDS_SHOWN = 8
# Tables of the register whose rows a person counts as things; the rest are threads between them.
REGISTER = {
    "city_person": "person", "city_house": "house", "city_household": "household", "city_building": "building",
    "city_parcel": "parcel", "city_business": "business", "city_place": "place", "city_asset": "asset",
    "city_pet": "pet", "city_area": "area", "city_road": "road", "city_waterway": "waterway",
    "city_station": "station", "city_need": "need", "city_placecode": "place_code",
}  # fmt: skip


def delivery_steps(delivery: Delivery) -> list[Event]:
    """Who did what to this delivery, oldest first."""
    names = actor_names((delivery.received_by, delivery.committed_by, delivery.withdrawn_by))
    steps = [Event(delivery.received_at, _("ได้รับไฟล์"), _received_text(delivery), names.get(delivery.received_by, ""))]
    if delivery.state == "parsed":
        steps.append(Event(None, _("รอคุณยืนยันว่าแต่ละคอลัมน์คืออะไร"), state="now"))
    if delivery.state == "previewed":
        steps.append(Event(None, _("ตรวจแล้ว รอคุณยืนยันการนำเข้า"), state="now"))
    if delivery.state == "refused":
        steps.append(Event(None, _("ไม่รับไฟล์นี้"), delivery.counts.get("refused", {}).get("what", ""), state="late"))
    if delivery.committed_at:
        by = names.get(delivery.committed_by, "")
        steps.append(Event(delivery.committed_at, _("นำเข้าฐานข้อมูลเมืองแล้ว"), _applied_text(delivery), by))
    if delivery.withdrawn_at:
        by = names.get(delivery.withdrawn_by, "")
        steps.append(Event(delivery.withdrawn_at, _("ถอนรอบส่งนี้แล้ว"), delivery.withdrawn_why, by, "late"))
    return steps


def _received_text(delivery: Delivery) -> str:
    """What is known of the file itself."""
    from maehia.web.formats import show_size

    parts = [show_size(delivery.size), delivery.file_format, delivery.encoding]
    return " · ".join(part for part in parts if part)


def _applied_text(delivery: Delivery) -> str:
    done = delivery.counts.get("applied", {})
    return _("เพิ่ม %(new)s แก้ %(changed)s สิ้นสุด %(gone)s รายการ") % {
        name: show_number(done.get(name, 0)) for name in ("new", "changed", "gone")
    }


def kind_tiles(delivery: Delivery) -> list[dict[str, Any]]:
    """Per kind: four numbers, and the fields that change most. Before applying, and kept afterwards."""
    return [
        {"label": labels.kind_label(row["kind"]), "tiles": _tiles(delivery, row), "fields": _fields(row)}
        for row in delivery.counts.get("difference", ())
        if any(row[name] for name in ("new", "changed", "gone", "same"))
    ]


def _tiles(delivery: Delivery, row: dict[str, Any]) -> list[Tile]:
    additions = delivery.source.coverage != "snapshot"
    gone = _("บัญชีนี้ส่งเฉพาะที่เพิ่มหรือแก้ จึงไม่มีรายการสิ้นสุด") if additions else _("ไม่มีในไฟล์นี้แล้ว ประวัติยังอยู่")
    return [
        Tile(_("รายการใหม่"), row["new"], change=_("ยังไม่เคยมีในบัญชีนี้")),
        Tile(_("ค่าเปลี่ยน"), row["changed"], change=_("มีอยู่แล้วแต่ค่าต่างไป")),
        Tile(_("สิ้นสุด"), row["gone"], change=gone), Tile(_("เหมือนเดิม"), row["same"], change=_("ไม่แตะต้อง")),
    ]  # fmt: skip


def _fields(row: dict[str, Any]) -> list[tuple[str, int]]:
    most = sorted(row.get("fields", {}).items(), key=lambda pair: (-pair[1], pair[0]))  # jsonb keeps no order
    return [(field_label(name), count) for name, count in most if name not in FOLLOWS][:FIELDS_SHOWN]


def row_tiles(delivery: Delivery) -> list[Tile]:
    """How many rows were read, how many go on, how many wait."""
    counts = delivery.counts
    rows, good = counts.get("rows"), counts.get("good")
    if rows is None or good is None:
        return []
    waiting = ProblemRow.objects.filter(delivery=delivery, severity="error").values("sheet", "row").distinct().count()
    tiles = [
        Tile(_("แถวในไฟล์"), rows), Tile(_("แถวที่นำเข้าได้"), good),
        Tile(_("แถวที่รอแก้"), waiting, url=_problems_url(delivery, "") if waiting else ""),
    ]  # fmt: skip
    if "readings" in counts:
        tiles.append(Tile(_("ค่าตรวจวัด"), counts["readings"]))
    return tiles


def register_table(delivery: Delivery) -> Table | None:
    """What applying or withdrawing did to the register; None while nobody has counted."""
    changes = delivery.counts.get("returned" if delivery.state == "withdrawn" else "register")
    if changes is None:
        return None
    columns = (
        Column("what", _("ทะเบียน")), Column("new", _("เพิ่มแล้ว"), numeric=True),
        Column("changed", _("แก้แล้ว"), numeric=True), Column("gone", _("นำออกแล้ว"), numeric=True),
    )  # fmt: skip
    rows = [_register_row(kind, changes[table]) for table, kind in REGISTER.items() if any(changes.get(table, ()))]
    return Table(_("สิ่งที่เปลี่ยนในทะเบียนเมือง"), columns, rows, id="register", hide_caption=True,
                 empty_title=_("ทะเบียนเมืองไม่เปลี่ยน"), empty_text=_("ข้อมูลในไฟล์นี้ตรงกับที่ทะเบียนมีอยู่แล้ว"))  # fmt: skip


def _register_row(kind: str, counts: list[int]) -> dict[str, Any]:
    new, changed, gone = counts
    return {"what": labels.kind_label(kind), "new": new, "changed": changed, "gone": gone}


def waiting_pairs(kinds: tuple[str, ...] = ("person", "house")) -> int:
    """How many doubtful pairs wait for a person."""
    return ReviewItem.objects.filter(verdict=None, kind__in=kinds).count()


def _problems_url(delivery: Delivery, code: str) -> str:
    url = reverse("intake:problems", args=[delivery.pk])
    return f"{url}?code={code}" if code else url


def problem_chips(delivery: Delivery, code: str = "") -> list[Chip]:
    """One chip per kind of problem, the most frequent first; "" = all of them."""
    counts = dict(sorted(delivery.counts.get("problems", {}).items(), key=lambda pair: (-pair[1], pair[0])))
    if not counts:
        return []
    everything = Chip(_("ทั้งหมด"), _problems_url(delivery, ""), on=not code, count=sum(counts.values()))
    return [
        everything,
        *(Chip(labels.problem_label(c), _problems_url(delivery, c), on=c == code, count=n) for c, n in counts.items()),
    ]


def problem_groups(delivery: Delivery) -> Table:
    """Problems by kind: how many, what becomes of the rows, how to put it right."""
    found = (
        ProblemRow.objects.filter(delivery=delivery).values("code", "severity").annotate(n=Count("pk"), how=Min("fix"))
    )
    ordered = sorted(found, key=lambda row: (labels.SEVERITY_ORDER.index(row["severity"]), -row["n"]))
    columns = (
        Column("what", _("ปัญหา")), Column("count", _("จำนวน"), numeric=True), Column("severity", _("ผล")),
        Column("fix", _("วิธีแก้")),
    )  # fmt: skip
    rows = [
        {
            "what": Cell(labels.problem_label(row["code"]), _problems_url(delivery, row["code"])), "count": row["n"],
            "severity": Cell(labels.severity_words(row["severity"]), state=labels.SEVERITY_TAG[row["severity"]]),
            "fix": row["how"],
        }
        for row in ordered
    ]  # fmt: skip
    return Table(_("ปัญหาที่พบ แยกตามชนิด"), columns, rows, csv_url=reverse("intake:problems-csv", args=[delivery.pk]),
                 hide_caption=True, id="problem-groups", empty_title=_("ไม่พบปัญหาในไฟล์นี้"),
                 empty_text=_("ทุกแถวผ่านการตรวจ"), found=sum(row["n"] for row in ordered))  # fmt: skip


def problem_table(request: HttpRequest, delivery: Delivery, page: Page[ProblemRow]) -> Table:
    """One line per problem: where, what, how to fix, what becomes of the row."""
    columns = (
        Column("where", _("ที่")), Column("what", _("ปัญหา")), Column("fix", _("วิธีแก้")), Column("severity", _("ผล")),
        Column("value", _("ค่าในไฟล์ (ปิดบางส่วน)")),
    )  # fmt: skip
    return Table(
        _("รายการปัญหา"), columns, [_problem_row(row) for row in page], page=page, hide_caption=True, id="problems",
        query=request.GET, csv_url=reverse("intake:problems-csv", args=[delivery.pk]),
        empty_title=_("ไม่พบปัญหา"), empty_text=_("ไม่มีปัญหาชนิดนี้ในไฟล์"),
    )  # fmt: skip


def _problem_row(row: ProblemRow) -> dict[str, Any]:
    return {
        "where": where(row.sheet, row.row, row.column), "what": row.what, "fix": row.fix,
        "severity": Cell(labels.severity_words(row.severity), state=labels.SEVERITY_TAG[row.severity]),
        "value": row.value,
    }  # fmt: skip


def where(sheet: str, row: int | None, column: str) -> str:
    """Where in the file, as a person would look it up."""
    parts = [
        _("แผ่น %(sheet)s") % {"sheet": sheet} if sheet else "",
        _("แถว %(row)s") % {"row": show_number(row)} if row else _("ทุกแถว"),
        _("ช่อง %(column)s") % {"column": column} if column else "",
    ]
    return " ".join(part for part in parts if part)
