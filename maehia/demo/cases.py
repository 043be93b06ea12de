"""Two invented years of reports and applications: who told what, where, when, and how it went on.

A plan is words and numbers only; the loader gives it places, people, promises and officers of the register. A step
stands at a share of the promised time, so that the plan needs no calendar.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

import yaml

from .dice import Dice, Weighted
from .reports import Phrasing, phrasings, say, with_manners
from .slips import slip

BANGKOK = timezone(timedelta(hours=7))
REPORTS, APPLICATIONS = 1500, 300
_WORD_LISTS = "]{place}{since}"  # a phrasing that is one list of bare words is no sentence to show
_HOURS = Weighted(range(24), [1, 1, 0, 0, 1, 2, 5, 9, 10, 9, 8, 7, 7, 6, 6, 6, 6, 8, 9, 9, 8, 6, 4, 2])
_FORGOTTEN = timedelta(days=60)  # what is older has been answered
_LIKE_NEIGHBOUR = 0.2  # of the reports whose category is easily taken for another
PICTURED = ("light", "road", "drain", "flood_street", "waste", "waste_dump", "burning", "tree", "footpath")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens. at: share of the promised time since receipt. kind: "state", "answer", "sign",
    "recommend", "rating", "me_too", "note" or "release". by: "staff", "citizen" or "clock"."""

    at: float
    kind: str
    to: str = ""
    by: str = "staff"
    note: str = ""
    question: str = ""
    internal: str = ""
    receiver: str = ""
    days: int = 0
    stars: int = 0


@dataclass(frozen=True, slots=True)
class Planned:
    """One case. moo: 1 to 10. spot, who: draws from 0 to 1 that choose the thing or house, and the person.

    who None: no contact was left. twin_of: index in the plan of the case that this one repeats.
    """

    kind: str
    service: str
    channel: str
    received: datetime
    text: str
    moo: int
    spot: float
    who: float | None
    steps: tuple[Step, ...]
    urgent: bool = False
    pictured: bool = False
    twin_of: int | None = None


@cache
def _data() -> Mapping[str, Any]:
    text = (Path(__file__).parent / "data" / "cases.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def fiscal_start(day: date) -> date:
    """1 October of two whole fiscal years before the one of this day."""
    return date(day.year - 2 - (day.month < 10), 10, 1)


def make_cases(seed: int, until: datetime, reports: int = REPORTS, applications: int = APPLICATIONS) -> list[Planned]:
    """The plan, in the order of receipt; what would happen after `until` has not happened yet."""
    days = _days(until)
    plan = [
        *(_report(Dice(seed, f"case-{n}"), days, until) for n in range(reports)),
        *_hot(Dice(seed, "hot-spots"), until),
        *(_application(Dice(seed, f"application-{n}"), days, until) for n in range(applications)),
    ]
    plan.sort(key=lambda planned: planned.received)
    return _with_twins(Dice(seed, "twins"), plan, until)


@dataclass(frozen=True, slots=True)
class _Days:
    """Days to draw from, by what is reported: sums of the weights of its months."""

    days: tuple[date, ...]
    kinds: Mapping[str, Weighted]
    sums: Mapping[str, Sequence[float]]

    def draw(self, dice: Dice, kind: str) -> tuple[str, date]:
        code = str(self.kinds[kind].pick(dice))
        sums = self.sums[code]
        return code, self.days[bisect(sums, dice.random() * sums[-1])]


def _days(until: datetime) -> _Days:
    start, last = fiscal_start(until.date()), until.date() - timedelta(days=1)
    days = tuple(start + timedelta(days=n) for n in range((last - start).days))
    kinds, sums = {}, {}
    for kind in ("reports", "applications"):
        rows = _data()[kind]
        kinds[kind] = Weighted(list(rows), [row["weight"] for row in rows.values()])
        for code, row in rows.items():
            sums[code] = list(accumulate(row["months"][day.month - 1] for day in days))
    return _Days(days, kinds, sums)


def _report(dice: Dice, days: _Days, until: datetime) -> Planned:
    code, day = days.draw(dice, "reports")
    return _reported(dice, code, _moment(dice, day), until)


def _reported(dice: Dice, code: str, moment: datetime, until: datetime) -> Planned:
    sealed = code in ("staff_conduct", "corruption")
    lives = _data()["sealed_lives" if sealed else "report_lives"]
    if until - moment > _FORGOTTEN:
        lives = [life for life in lives if life["steps"][-1]["to"] not in ("accepted", "submitted")]
    steps = _steps(dice, lives) if not _stuck(dice, moment, until) else ()
    if not sealed:
        steps = (*steps, *_around(dice, steps, code))
    return Planned(
        "report", code, _channel(dice, "channels"), moment, _text(dice, code), _moo(dice), dice.random(),
        None if dice.chance(0.45 if sealed else 0.12) else dice.random(), tuple(sorted(steps, key=lambda s: s.at)),
        urgent=code == "flood_street" and dice.chance(0.15), pictured=code in PICTURED and dice.chance(0.055),
    )  # fmt: skip


def _stuck(dice: Dice, moment: datetime, until: datetime) -> bool:
    """A few of the last weeks nobody has touched yet."""
    return until - moment < timedelta(days=30) and dice.chance(0.15)


def _application(dice: Dice, days: _Days, until: datetime) -> Planned:
    code, day = days.draw(dice, "applications")
    moment = _moment(dice, day)
    if _stuck(dice, moment, until):
        steps: tuple[Step, ...] = ()
    else:
        steps = _steps(dice, _data()["application_lives"])
        if steps[-1].to == "issued" and dice.chance(0.5):
            steps = (*steps, _rating(dice, steps[-1].at, late=steps[-1].at > 1))
    return Planned("service", code, _channel(dice, "desk_channels"), moment, "", _moo(dice), dice.random(),
                   dice.random(), steps)  # fmt: skip


def _hot(dice: Dice, until: datetime) -> Iterator[Planned]:
    """Spots that were reported again and again within the last twelve months."""
    for row in _data()["hot_spots"]:
        moo, spot = _moo(dice), dice.random()
        for _ in range(row["each"]):
            day = until.date() - timedelta(days=dice.between(4, 350))
            yield replace(_reported(dice, row["category"], _moment(dice, day), until), moo=moo, spot=spot)


def _with_twins(dice: Dice, plan: list[Planned], until: datetime) -> list[Planned]:
    """Some reports come a second time while the first is open, from somebody else, and are merged."""
    out = list(plan)
    for index, planned in enumerate(plan):
        if planned.kind != "report" or planned.service in ("staff_conduct", "corruption") or not dice.chance(0.05):
            continue
        again = planned.received + timedelta(hours=dice.spread(1, 20))
        if again < until - timedelta(hours=3):
            out.append(replace(planned, received=again, text=_text(dice, planned.service), who=dice.random(), steps=(),
                               channel=_channel(dice, "channels"), pictured=False, twin_of=index))  # fmt: skip
    return out


def _moment(dice: Dice, day: date) -> datetime:
    hour = int(str(_HOURS.pick(dice)))
    return datetime.combine(day, time(hour, dice.below(60), dice.below(60)), BANGKOK)


def _channel(dice: Dice, table: str) -> str:
    rows = _data()[table]
    return str(Weighted(list(rows), list(rows.values())).pick(dice))


def _moo(dice: Dice) -> int:
    weights = _data()["moos"]
    return int(str(Weighted(range(1, len(weights) + 1), weights).pick(dice)))


@cache
def _shown() -> Mapping[str, tuple[Phrasing, ...]]:
    found: dict[str, list[Phrasing]] = {}
    for phrasing in phrasings():
        if not phrasing.pattern.endswith(_WORD_LISTS) and phrasing.pattern not in ("test", "??", "😡😡😡"):
            found.setdefault(phrasing.category, []).append(phrasing)
    return {code: tuple(rows) for code, rows in found.items()}


def _text(dice: Dice, code: str) -> str:
    near = _data()["near"].get(code)
    written = near if near and dice.chance(_LIKE_NEIGHBOUR) else code
    text = with_manners(say(dice.pick(_shown()[written]).pattern, dice), dice)
    return slip(text, dice) if dice.chance(0.2) else text


def _words(dice: Dice, key: str) -> str:
    return dice.pick(_data()["words"][key]) if key else ""


def _steps(dice: Dice, lives: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    life: Any = Weighted(lives, [life["weight"] for life in lives]).pick(dice)
    stretch = dice.spread(0.75, 1.2)
    steps: list[Step] = []
    for row in life["steps"]:
        steps += _step(dice, row, row["at"] * stretch)
    return tuple(steps)


def _step(dice: Dice, row: Mapping[str, Any], at: float) -> Iterator[Step]:
    if "recommend" in row:
        yield Step(at, "recommend", to=row["recommend"])
    kind = next((kind for kind in ("sign", "answer") if kind in row), "state")
    yield Step(
        at, kind, to=row.get("sign") or row.get("to", ""), by="citizen" if kind == "answer" else row.get("by", "staff"),
        note=_words(dice, row.get("answer") or row.get("note", "")), question=_words(dice, row.get("question", "")),
        internal=_words(dice, row.get("internal", "")),
        receiver=dice.pick(_data()["receivers"]) if row.get("receiver") else "", days=row.get("days", 0),
    )  # fmt: skip


def _around(dice: Dice, steps: Sequence[Step], code: str) -> Iterator[Step]:
    """What happens beside the moves: released words, others who saw it, a note for the files, stars."""
    if dice.chance(0.6):
        yield Step(0.12, "release")
    if code in ("light", "road", "flood_street", "waste", "burning", "smoke") and dice.chance(0.25):
        yield from (Step(dice.spread(0.02, 0.25), "me_too", by="citizen") for _ in range(dice.between(1, 5)))
    if dice.chance(0.1):
        yield Step(0.45, "note", internal=_words(dice, "internal"))
    if steps and steps[-1].to == "fixed" and dice.chance(0.4):
        yield _rating(dice, steps[-1].at, late=steps[-1].at > 1)


def _rating(dice: Dice, at: float, *, late: bool) -> Step:
    stars = int(str(Weighted((5, 4, 3, 2, 1), (20, 25, 30, 15, 10) if late else (60, 26, 9, 3, 2)).pick(dice)))
    comment = _words(dice, "praise" if stars > 3 else "blame") if dice.chance(0.4) else ""
    return Step(at + dice.spread(0.1, 0.6), "rating", by="citizen", note=comment, stars=stars)
