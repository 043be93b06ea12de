"""The figures of a situation, read off the lines of the log up to a moment. One pass, so 100,000 lines take a second.

Each part of the room writes its numbers into its lines; what is counted here names the kind and value that it reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from maehia.emergency.rules.recovery import LogLike


@dataclass(slots=True)
class Tally:
    """What the lines so far add up to. numbers: by key of FIGURES; last: newest value by (what, key)."""

    numbers: dict[str, float] = field(default_factory=dict)
    last: dict[tuple[str, str], Any] = field(default_factory=dict)
    lines: int = 0
    late: int = 0


Reader = Callable[[Tally, LogLike], None]
_readers: dict[str, list[Reader]] = {}


def reads(kind: str) -> Callable[[Reader], Reader]:
    """Register a reader of the lines of one kind."""

    def add(reader: Reader) -> Reader:
        _readers.setdefault(kind, []).append(reader)
        return reader

    return add


def tally(lines: Iterable[LogLike]) -> Tally:
    """Add up lines, in the order of writing."""
    found = Tally()
    for line in lines:
        found.lines += 1
        found.late += bool(getattr(line, "late", False))
        for reader in _readers.get(line.kind, ()):
            reader(found, line)
    return found


def count(found: Tally, key: str, amount: float = 1) -> None:
    found.numbers[key] = found.numbers.get(key, 0) + amount


def keep(found: Tally, what: str, key: Any, value: Any) -> None:
    found.last[what, str(key)] = value


def total(found: Tally, what: str) -> float:
    """Sum of the newest values of one kind of thing."""
    return float(sum(value for (kind, _), value in found.last.items() if kind == what))


def standing(found: Tally, what: str) -> dict[str, int]:
    """How many things of a kind stand in each state."""
    counts: dict[str, int] = {}
    for (kind, _), state in found.last.items():
        if kind == what:
            counts[state] = counts.get(state, 0) + 1
    return counts


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a report. public: everybody may see it. read: from the tally, None when the log says nothing."""

    key: str
    th: str
    en: str
    read: Callable[[Tally], float | None]
    public: bool = True
    unit_th: str = "คน"
    unit_en: str = "people"


def read_off(found: Tally) -> dict[str, float]:
    """Every figure that the log knows about, by key."""
    read = {one.key: one.read(found) for one in FIGURES}
    return {key: number for key, number in read.items() if number is not None}


def _number(key: str) -> Callable[[Tally], float | None]:
    return lambda found: found.numbers.get(key)


def _last(what: str, key: str = "") -> Callable[[Tally], float | None]:
    return lambda found: found.last.get((what, key))


def _states(what: str, *codes: str) -> Callable[[Tally], float | None]:
    """How many things of a kind stand in some states; None when the log names no such thing."""

    def read(found: Tally) -> float | None:
        counts = standing(found, what)
        return sum(counts.get(code, 0) for code in codes) if counts else None

    return read


def _sum(what: str) -> Callable[[Tally], float | None]:
    return lambda found: total(found, what) if any(kind == what for kind, _ in found.last) else None


def _told(line: LogLike) -> dict[str, Any]:
    return line.value if isinstance(line.value, dict) else {}


@reads("footprint")
def _footprint(found: Tally, line: LogLike) -> None:
    told = _told(line)
    for name in ("people", "households", "houses"):
        if name in told:
            keep(found, name, "", told[name])


@reads("help")
def _help(found: Tally, line: LogLike) -> None:
    keep(found, "help", _told(line).get("request"), line.after)


@reads("safe")
def _safe(found: Tally, line: LogLike) -> None:
    if not _told(line).get("again"):
        count(found, "safe", _told(line).get("people", 1))


@reads("stay")
def _stay(found: Tally, line: LogLike) -> None:
    told = _told(line)
    if "inside" in told:
        keep(found, "sheltered", told.get("shelter"), told["inside"])


@reads("doors")
def _doors(found: Tally, line: LogLike) -> None:
    """Visits are told in batches, as the phones bring them."""
    told = _told(line)
    for result in ("reached", "moved", "refused"):
        if told.get(result):
            count(found, "doors_met", told[result])
    if told.get("not_there"):
        count(found, "doors_empty", told["not_there"])


@reads("damage")
def _damage(found: Tally, line: LogLike) -> None:
    keep(found, "damage", _told(line).get("survey"), line.after)


@reads("alert")
def _alert(found: Tally, line: LogLike) -> None:
    if line.after == "published":
        count(found, "alerts")


@reads("order")
def _order(found: Tally, line: LogLike) -> None:
    count(found, "orders")


@reads("claim")
def _claim(found: Tally, line: LogLike) -> None:
    told = _told(line)
    keep(found, "claim", told.get("claim"), line.after)
    if line.after == "paid":
        count(found, "paid_baht", float(told.get("baht", 0)))


FIGURES = (
    Figure("people", "อยู่ในพื้นที่ประสบภัย", "Inside the footprint", _last("people")),
    Figure("households", "ครัวเรือนในพื้นที่", "Households inside", _last("households"), unit_th="ครัวเรือน", unit_en=""),
    Figure("sheltered", "อยู่ในศูนย์พักพิง", "In shelters", _sum("sheltered")),
    Figure("safe", "แจ้งว่าปลอดภัย", "Said that they are safe", _number("safe")),
    Figure("help_open", "คำขอความช่วยเหลือที่ยังไม่จบ", "Requests for help still open",
           _states("help", "new", "triaged", "assigned", "en_route", "on_scene"), unit_th="คำขอ", unit_en="requests"),
    Figure("help_done", "คำขอที่ช่วยแล้ว", "Requests done", _states("help", "resolved", "referred"),
           unit_th="คำขอ", unit_en="requests"),
    Figure("doors_met", "บ้านที่ไปพบแล้ว", "Doors reached", _number("doors_met"),
           unit_th="หลัง", unit_en="doors"),
    Figure("doors_empty", "บ้านที่ไปแล้วไม่พบใคร", "Doors where nobody was", _number("doors_empty"), False,
           "หลัง", "doors"),
    Figure("alerts", "ประกาศเตือนที่ออก", "Alerts published", _number("alerts"), unit_th="ฉบับ", unit_en="alerts"),
    Figure("orders", "คำสั่ง", "Orders given", _number("orders"), False, "คำสั่ง", "orders"),
    Figure("homes", "บ้านที่สำรวจความเสียหายแล้ว", "Homes surveyed",
           _states("damage", "surveyed", "reviewed", "certified"), unit_th="หลัง", unit_en="homes"),
    Figure("claims_open", "คำขอเงินช่วยเหลือที่รอจ่าย", "Claims waiting",
           _states("claim", "draft", "submitted", "approved", "appealed"),
           unit_th="ราย", unit_en="claims"),
    Figure("paid_baht", "เงินช่วยเหลือที่จ่ายแล้ว", "Relief money paid", _number("paid_baht"), unit_th="บาท", unit_en="baht"),
)  # fmt: skip
