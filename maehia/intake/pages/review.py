"""The review queue and one pair: two records side by side, with the evidence in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import pandas as pd
from django.core.paginator import Page
from django.urls import reverse
from django.utils.translation import gettext as _

from maehia.evidence.models import RECORDS, Link, LinkRun, Record, Source, Verdict
from maehia.evidence.queries import latest_as_of
from maehia.intake.linking import ADDRESSED, PERSON_COLUMNS, address_text, birth_text
from maehia.intake.models import ReviewItem
from maehia.intake.pages import labels
from maehia.intake.pages.common import actor_names, field_label, source_name
from maehia.linkage import clean_records, explain_pair
from maehia.thai import format_partial_date, normalize_house_no, parse_address, parse_date, parse_name
from maehia.web import values
from maehia.web.formats import show_date, show_datetime, show_house_code, show_national_id, show_phone
from maehia.web.table import Cell, Column, Table

# What a reviewer compares, in the order in which a person is recognised.
PERSON_ROWS = (
    "name", "national_id", "birth", "sex", "address", "house_code", "phone", "relation", "nationality", "died",
)  # fmt: skip
HOUSE_ROWS = ("house_no", "moo", "village", "house_code", "house_kind", "place")
CERTAIN = 0.99  # a model is never surer than this on a screen
STRENGTH = ((8.0, 3), (4.0, 2), (0.0, 1))


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of the comparison. match: "same", "alike" (written otherwise), "differ" or "one" (one list says it)."""

    label: str
    a: str
    b: str
    match: str


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: its list, the day of the list, its row, and with which lists it is joined already."""

    title: str
    source: values.Source | None
    joined: list[str] = field(default_factory=list)
    url: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """One piece of evidence; marks: 1 to 3, how much it weighs."""

    text: str
    marks: int


@dataclass(slots=True)
class Found:
    """A pair as the page shows it. keys: the people whose data is shown, for the read log."""

    a: Side
    b: Side
    rows: list[Compared]
    in_favour: list[Word] = field(default_factory=list)
    against: list[Word] = field(default_factory=list)
    unknown: list[Word] = field(default_factory=list)
    keys: list[UUID] = field(default_factory=list)
    gone: bool = False

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.a, self.b


def likelihood(p: float) -> str:
    """A probability as a person says it, with the number beside."""
    words = (
        (0.8, _("น่าจะใช่")), (0.5, _("ก้ำกึ่งไปทางใช่")), (0.2, _("ก้ำกึ่งไปทางไม่ใช่")), (0.0, _("น่าจะไม่ใช่")),
    )  # fmt: skip
    shown = _("มากกว่า 99%") if p > CERTAIN else f"{p:.0%}"
    return f"{next(text for least, text in words if p >= least)} ({shown})"


def ordered(kind: str) -> Any:
    """Open pairs of a kind: what was not put off, then what depends on it, then the likeliest."""
    return ReviewItem.objects.filter(kind=kind, verdict=None).order_by("skipped", "-weight", "-p", "pk")


def next_in_line(item: ReviewItem) -> ReviewItem | None:
    """The first open pair of the same kind beside this one."""
    found: ReviewItem | None = ordered(item.kind).exclude(pk=item.pk).first()
    return found


def neighbours(item: ReviewItem) -> tuple[int | None, int | None]:
    """The pairs before and after this one in the queue, to look without deciding."""
    keys = list(ordered(item.kind).values_list("pk", flat=True))
    if item.pk not in keys:
        return None, keys[0] if keys else None
    at = keys.index(item.pk)
    return (keys[at - 1] if at else None), (keys[at + 1] if at + 1 < len(keys) else None)


def queue_table(page: Page[ReviewItem]) -> Table:
    """The queue names lists, not people: names are shown on the pair's page, where the reading is logged."""
    names = source_names()
    columns = (
        Column("pair", _("คู่")), Column("waits", _("สิ่งที่รอคำตอบ")), Column("p", _("ความน่าจะเป็น")),
        Column("reason", _("เหตุที่ต้องให้คนดู")), Column("skipped", _("ข้ามมาแล้ว"), numeric=True),
    )  # fmt: skip
    rows = [
        {
            "pair": Cell(pair_words(item, names), reverse("intake:pair", args=[item.pk])),
            "waits": waits_words(item), "p": likelihood(item.p),
            "reason": str(labels.REASON.get(item.reason, item.reason)), "skipped": item.skipped or "",
        }
        for item in page
    ]  # fmt: skip
    return Table(
        _("คู่ที่รอคนตรวจ"), columns, rows, page=page, hide_caption=True, id="queue", empty_title=_("ไม่มีคู่ที่รอตรวจ"),
        empty_text=_("เมื่อมีไฟล์ใหม่เข้า คู่ที่ระบบไม่แน่ใจจะมารอที่นี่ คู่ที่วินิจฉัยแล้วจะไม่ถูกถามซ้ำ"),
    )  # fmt: skip


def waits_words(item: ReviewItem) -> str:
    if not item.waits_on:
        return "–"
    return _("ความช่วยเหลือในภาวะฉุกเฉิน") if item.waits_on in labels.WAITS_ON else item.waits_on


def pair_words(item: ReviewItem, names: dict[str, str]) -> str:
    return f"{ref_words(item.ref_a, names)} ↔ {ref_words(item.ref_b, names)}"


def source_names() -> dict[str, str]:
    return {source.key: source_name(source) for source in Source.objects.all()}


def ref_words(ref: str, names: dict[str, str]) -> str:
    """A ref as words: the name of the list, or the address itself."""
    if ref.startswith("addr:"):
        return address_words(ref)
    key = next((k for k in names if ref.startswith((f"{k}:", f"{k}."))), "")
    return names.get(key, ref.partition(":")[0])


def address_parts(ref: str) -> dict[str, str]:
    """The parts of an address ref "addr:code|no|moo|village"."""
    parts = [*ref.removeprefix("addr:").split("|"), "", "", ""][:4]
    return dict(zip(("house_code", "house_no", "moo", "village"), parts, strict=True))


def address_words(ref: str) -> str:
    said = address_parts(ref)
    moo = _("หมู่ %(moo)s") % {"moo": said["moo"]} if said["moo"] else ""
    parts = [said["house_no"] or show_house_code(said["house_code"]), moo, said["village"]]
    return " ".join(part for part in parts if part)


def side_by_side(item: ReviewItem) -> Found:
    """Read both records under the context's purpose and lay them beside each other."""
    return _houses(item) if item.kind == "house" else _people(item)


def _people(item: ReviewItem) -> Found:
    held = _records("person", (item.ref_a, item.ref_b))
    a, b = held.get(item.ref_a), held.get(item.ref_b)
    links = _links("person", (item.ref_a, item.ref_b))
    found = Found(_side(a, item.ref_a, links), _side(b, item.ref_b, links), [], keys=sorted(set(links.values())))
    if a is None or b is None:
        found.gone = True
        return found
    said_a, said_b = person_values(a), person_values(b)
    found.rows = compared(PERSON_ROWS, said_a, said_b)
    _weigh(found, a, b)
    return found


def _records(kind: str, refs: Sequence[str]) -> dict[str, Record]:
    rows = RECORDS[kind].objects.current().filter(ref__in=refs).select_related("source", "delivery")
    return {row.ref: row for row in rows}


def _links(kind: str, refs: Sequence[str]) -> dict[str, UUID]:
    return dict(Link.objects.filter(kind=kind, ref__in=refs, ended_run=None).values_list("ref", "key"))


def _side(record: Record | None, ref: str, links: dict[str, UUID]) -> Side:
    if record is None:
        return Side(ref_words(ref, source_names()), None)
    name = source_name(record.source)
    row = _("แถว %(row)s ของไฟล์ %(file)s") % {"row": record.row_no, "file": record.delivery.filename}
    url = reverse("intake:delivery", args=[record.delivery_id])
    return Side(name, values.Source(name, record.delivery.as_of, row, url), _joined(ref, links.get(ref)))


def _joined(ref: str, key: UUID | None) -> list[str]:
    """The other lists that already say this is one entity with them."""
    if key is None:
        return []
    names = source_names()
    refs = Link.objects.filter(key=key, ended_run=None).exclude(ref=ref).order_by("ref").values_list("ref", flat=True)
    return sorted({ref_words(other, names) for other in refs if not other.startswith("addr:")})


def person_values(record: Any) -> dict[str, str]:
    """What a list said of a person, as a reviewer reads it. The ID and the phone are needed in full to compare."""
    said = {name: str(getattr(record, name) or "") for name in PERSON_ROWS if hasattr(record, name)}
    name = record.full_name or " ".join(part for part in (record.title + record.first_name, record.last_name) if part)
    address = record.address or address_text(_address_row(record))
    sex = {"M": _("ชาย"), "F": _("หญิง")}.get(record.sex, "")
    return said | {
        "name": name, "address": address, "sex": sex, "birth": _birth_words(record), "died": _day(record.died),
        "national_id": show_national_id(record.national_id, "full") if record.national_id else "",
        "phone": show_phone(record.phone) if record.phone else "",
        "house_code": show_house_code(record.house_code) if record.house_code else "",
    }  # fmt: skip


def _address_row(record: Any) -> dict[str, Any]:
    return {"house_no": record.house_no, "moo": record.moo, "village": record.village}


def _day(day: date | None) -> str:
    return show_date(day) if day else ""


def _birth_words(record: Any) -> str:
    if record.birth is None:
        return str(record.birth_text)
    text = birth_text({"birth": record.birth, "birth_precision": record.birth_precision, "birth_text": ""})
    partial = parse_date(text)
    return format_partial_date(partial) if partial and partial.precision != "day" else show_date(record.birth)


def compared(names: Iterable[str], a: dict[str, str], b: dict[str, str]) -> list[Compared]:
    """Line by line; what neither list says is left out."""
    rows = []
    for name in names:
        one, two = a.get(name, ""), b.get(name, "")
        if one or two:
            rows.append(Compared(row_label(name), one, two, match_of(name, one, two)))
    return rows


def match_of(name: str, one: str, two: str) -> str:
    """How two values stand to each other; an address is compared by what it means."""
    if not (one and two):
        return "one"
    if _folded(one) == _folded(two):
        return "same"
    return "alike" if name in MEANING and MEANING[name](one) == MEANING[name](two) else "differ"


def _address_meaning(text: str) -> tuple[Any, ...]:
    found = parse_address(text)
    return (normalize_house_no(found.house_no) if found.house_no else text, found.moo)


def _name_meaning(text: str) -> tuple[Any, ...]:
    found = parse_name(text)
    return found.first, found.last


MEANING = {"address": _address_meaning, "name": _name_meaning}


def row_label(name: str) -> str:
    return {"name": _("ชื่อและนามสกุล"), "place": _("ตำแหน่งบนแผนที่")}.get(name) or field_label(name)


def _folded(text: str) -> str:
    return "".join(text.split()).lower()


def _weigh(found: Found, a: Any, b: Any) -> None:
    """Evidence in words, by the same model that doubted."""
    frame = pd.DataFrame([_as_linked(a), _as_linked(b)], columns=list(PERSON_COLUMNS), dtype=str)
    cleaned = clean_records(frame, latest_as_of()).set_index("rec_id", drop=False)
    for evidence in explain_pair(cleaned.loc[a.ref].to_dict(), cleaned.loc[b.ref].to_dict()):
        word = Word(evidence.words_th, marks(evidence.weight))
        side = {"for": found.in_favour, "against": found.against}.get(evidence.for_against, found.unknown)
        side.append(word)


def marks(weight: float) -> int:
    """A weight in bits as one to three marks."""
    return next(count for least, count in STRENGTH if abs(weight) >= least)


def _as_linked(record: Any) -> dict[str, str]:
    """A record as the linkage takes it."""
    said = {name: str(getattr(record, name, "") or "") for name in PERSON_COLUMNS}
    birth = {"birth": record.birth, "birth_precision": record.birth_precision, "birth_text": record.birth_text}
    return said | {
        "rec_id": record.ref, "source": record.source_id, "birth": birth_text(birth),
        "address": record.address or address_text(_address_row(record)),
    }  # fmt: skip


def _houses(item: ReviewItem) -> Found:
    refs = (item.ref_a, item.ref_b)
    held, links = _records("house", refs), _links("house", refs)
    sides = [_house_side(ref, held.get(ref), links) for ref in refs]
    said = [_house_values(ref, held.get(ref)) for ref in refs]
    return Found(sides[0], sides[1], compared(HOUSE_ROWS, said[0], said[1]), against=[_doubt(item)])


def _doubt(item: ReviewItem) -> Word:
    return Word(str(labels.REASON.get(item.reason, item.reason)), 2)


def _house_side(ref: str, record: Record | None, links: dict[str, UUID]) -> Side:
    if record is not None:
        return _side(record, ref, links)
    return Side(address_words(ref), None, _writers(ref))


def _writers(ref: str) -> list[str]:
    """The lists that write an address in this way."""
    said = {name: text for name, text in address_parts(ref).items() if text}
    names = source_names()
    found: set[str] = set()
    for kind in ADDRESSED:
        model = RECORDS[kind]
        asked = {name: text for name, text in said.items() if name in model.VALUES}
        if "house_no" in asked or "house_code" in asked:
            keys = model.objects.current().filter(**asked).order_by("source_id").values_list("source_id", flat=True)
            found |= {names.get(key, key) for key in keys.distinct()}
    return sorted(found)


def _house_values(ref: str, record: Any) -> dict[str, str]:
    if record is None:
        said = address_parts(ref)
        return said | {"house_code": show_house_code(said["house_code"]) if said["house_code"] else ""}
    at = record.geom
    return {
        "house_no": record.house_no, "moo": str(record.moo or ""), "village": record.village,
        "house_code": show_house_code(record.house_code) if record.house_code else "", "house_kind": record.house_kind,
        "place": f"{at.y:.5f}, {at.x:.5f}" if at else "",
    }  # fmt: skip


def verdict_table(page: Page[Verdict]) -> Table:
    """What people ruled, newest first; each can be taken back."""
    names = actor_names([v.by for v in page] + [v.undone_by for v in page])
    lists = source_names()
    columns = (
        Column("pair", _("คู่")), Column("ruling", _("คำวินิจฉัย")), Column("why", _("เหตุผล")), Column("by", _("ผู้วินิจฉัย")),
        Column("at", _("เมื่อ")), Column("undo", _("ยกเลิก")),
    )  # fmt: skip
    return Table(
        _("คู่ที่วินิจฉัยแล้ว"), columns, [_verdict_row(v, names, lists) for v in page], page=page, hide_caption=True,
        id="decided", empty_title=_("ยังไม่มีคำวินิจฉัย"), empty_text=_("คู่ที่ตรวจแล้วจะอยู่ที่นี่ และยกเลิกได้ทุกเมื่อ"),
        empty_action=values.Action(_("ไปที่คู่ที่รอตรวจ"), reverse("intake:review"), "primary", "people"),
    )  # fmt: skip


def _verdict_row(verdict: Verdict, names: dict[str, str], lists: dict[str, str]) -> dict[str, Any]:
    pair = f"{ref_words(verdict.ref_a, lists)} ↔ {ref_words(verdict.ref_b, lists)}"
    kind = labels.kind_label(verdict.kind)
    if verdict.undone_at:
        undo: Any = _("ยกเลิกแล้ว %(at)s โดย %(by)s: %(why)s") % {
            "at": show_datetime(verdict.undone_at), "by": names.get(verdict.undone_by, ""), "why": verdict.undone_why,
        }  # fmt: skip
    else:
        undo = Cell(_("ยกเลิกคำวินิจฉัยนี้"), reverse("intake:undo", args=[verdict.pk]))
    return {
        "pair": f"{kind}: {pair}", "ruling": Cell(ruling_words(verdict), state="wait" if verdict.undone_at else "done"),
        "why": verdict.why, "by": names.get(verdict.by, ""), "at": show_datetime(verdict.at), "undo": undo,
    }  # fmt: skip


def ruling_words(verdict: Verdict) -> str:
    return _("เป็นรายเดียวกัน") if verdict.same else _("เป็นคนละราย")


def not_yet_applied() -> int:
    """Rulings made or undone since the last run: the register does not know them yet."""
    last = LinkRun.objects.filter(kind="person").order_by("-at").values_list("at", flat=True).first()
    made = Verdict.objects.filter(undone_at=None)
    undone = Verdict.objects.exclude(undone_at=None)
    if last is None:
        return made.count()
    return made.filter(at__gt=last).count() + undone.filter(undone_at__gt=last, at__lte=last).count()
