"""Tables of sources and deliveries: how fresh, under what law, what is waiting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from maehia.evidence.models import Delivery, Source
from maehia.evidence.queries import Freshness
from maehia.intake.pages import labels
from maehia.intake.pages.common import field_label, source_name
from maehia.intake.sources import ground_label, need_ground
from maehia.intake.words import kinds
from maehia.web.formats import show_date, show_number
from maehia.web.table import Cell, Column, Table
from maehia.web.values import Action, Term

STATE_FIRST = {"late": 0, "locked": 1, "never": 2, "fresh": 3}


def freshness_state(row: Freshness) -> str:
    """locked, late, never or fresh: a list without its written leave is locked, however fresh it is."""
    return "locked" if row.source.is_locked else row.state


def freshness_words(row: Freshness) -> tuple[str, str]:
    """(tag, words) of how a list stands against its promise."""
    return {
        "locked": ("wait", _("ยังไม่มีหนังสืออนุญาต")),
        "late": ("late", _("เกินกำหนด %(n)s วัน") % {"n": show_number(row.late_days)}),
        "never": ("wait", _("ยังไม่เคยส่ง")),
        "fresh": ("done", _("เป็นปัจจุบัน")),
    }[freshness_state(row)]


def freshness_table(rows: Sequence[Freshness]) -> Table:
    """Every list of the town: what needs somebody stands first."""
    columns = (
        Column("name", _("แหล่งข้อมูล")), Column("state", _("สถานะ")), Column("as_of", _("ข้อมูล ณ")),
        Column("promise", _("รอบการส่ง")), Column("data_class", _("ชั้นของข้อมูล")), Column("law", _("ฐานกฎหมาย")),
    )  # fmt: skip
    ordered = sorted(rows, key=lambda row: (STATE_FIRST[freshness_state(row)], -row.late_days, row.source.rank))
    return Table(
        _("บัญชีทั้งหมดของเมือง"), columns, [_source_row(row) for row in ordered], id="sources", hide_caption=True,
        empty_title=_("ยังไม่มีแหล่งข้อมูล"), empty_text=_("เพิ่มบัญชีแรกของเมือง แล้วจึงส่งไฟล์"),
        empty_action=Action(_("เพิ่มแหล่งข้อมูล"), reverse("intake:source-new"), "primary", "plus"),
    )  # fmt: skip


def _source_row(row: Freshness) -> dict[str, object]:
    source = row.source
    tag, words = freshness_words(row)
    return {
        "name": Cell(source_name(source), reverse("intake:source", args=[source.key])),
        "state": Cell(words, state=tag),
        "as_of": show_date(row.newest.as_of) if row.newest else "–",
        "promise": promise(source),
        "data_class": str(labels.DATA_CLASS[source.data_class]),
        "law": law(source),
    }


def promise(source: Source) -> str:
    """How often it comes and how long it counts as fresh."""
    words = {"cadence": labels.CADENCE[source.cadence], "days": show_number(source.fresh_days)}
    return _("%(cadence)s ใช้ได้ %(days)s วัน") % words


def law(source: Source) -> str:
    """The section of law; what no lawyer has confirmed says so."""
    if not source.legal_section:
        return source.licence or "–"
    unverified = "" if source.legal_verified else f" ({_('ยังไม่ได้ตรวจกับตัวบท')})"
    return f"{source.legal_section}{unverified}"


def source_terms(source: Source) -> list[Term]:
    """What is agreed about a list."""
    rows = [
        Term(_("หน่วยงานเจ้าของ"), source.owner_unit or "–"), Term(_("รอบการส่ง"), promise(source)),
        Term(_("ไฟล์หนึ่งไฟล์หมายถึง"), str(labels.COVERAGE[source.coverage])),
        Term(_("หนึ่งแถวคือ"), labels.kind_label(source.kind)),
        Term(_("ชั้นของข้อมูล"), str(labels.DATA_CLASS[source.data_class])),
        Term(_("ฐานกฎหมาย"), source.legal_basis or "–", note=law(source) if source.legal_section else ""),
        Term(_("เก็บไว้"), _kept(source)),
        Term(_("ลำดับความน่าเชื่อถือ"), source.rank, note=_("เมื่อบัญชีขัดกัน เลขน้อยกว่าเป็นค่าที่แสดง")),
    ]  # fmt: skip
    if ground := need_ground(source):
        rows.insert(6, Term(_("ฐานของข้อมูลสุขภาพ"), ground_label(ground)))
    if source.licence:
        rows.append(Term(_("สัญญาอนุญาต"), source.licence))
    return rows


def _kept(source: Source) -> str:
    if source.retention_days is None:
        return _("ไม่กำหนดวัน")
    return _("%(n)s วัน") % {"n": show_number(source.retention_days)}


def mapping_terms(source: Source) -> list[Term]:
    """Which column of the file says what, as it was confirmed."""
    fields = source.mapping.get("fields", {}) if source.mapping else {}
    known = kinds()[source.mapping["kind"]].fields if fields else ()
    return [Term(field_label(name), _headings(fields[name])) for name in known if name in fields]


def _headings(column: str | list[str]) -> str:
    return column if isinstance(column, str) else " + ".join(column)


def delivery_table(deliveries: Iterable[Delivery], caption: str) -> Table:
    columns = (
        Column("file", _("ไฟล์")), Column("source", _("แหล่งข้อมูล")), Column("state", _("สถานะ")),
        Column("as_of", _("ข้อมูล ณ")), Column("new", _("รายการใหม่"), numeric=True),
        Column("changed", _("ค่าเปลี่ยน"), numeric=True), Column("gone", _("สิ้นสุด"), numeric=True),
        Column("problems", _("ปัญหา"), numeric=True),
    )  # fmt: skip
    return Table(caption, columns, [_delivery_row(d) for d in deliveries], hide_caption=True, id="deliveries")


def _delivery_row(delivery: Delivery) -> dict[str, object]:
    totals = difference_totals(delivery)
    return {
        "file": Cell(delivery.filename, reverse("intake:delivery", args=[delivery.pk])),
        "source": source_name(delivery.source),
        "state": Cell(str(labels.DELIVERY[delivery.state]), state=labels.DELIVERY_TAG[delivery.state]),
        "as_of": show_date(delivery.as_of),
        "problems": sum(delivery.counts.get("problems", {}).values()) if "problems" in delivery.counts else "",
        **totals,
    }


def difference_totals(delivery: Delivery) -> dict[str, int | str]:
    """new, changed, gone over all kinds; "" while nobody has counted."""
    rows = delivery.counts.get("difference")
    names = ("new", "changed", "gone")
    if rows is None:
        return dict.fromkeys(names, "")
    return {name: sum(int(row[name]) for row in rows) for name in names}
