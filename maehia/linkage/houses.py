"""Houses linked across lists: by house code, by number and moo or village, by position; with guards.

A house has one code, one number, one moo and one place. What agrees on one and disagrees on another goes to
a human: that is how double numbers, old codes and misplaced points are found.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from maehia import thai

if TYPE_CHECKING:
    import pandas as pd

# Metres: points of one house lie within NEAR; a number without moo is the same house within CLOSE.
NEAR, CLOSE = 300.0, 40.0
_VILLAGE_ROWS, _VILLAGE_SHARE = 3, 0.8
_METRES_PER_DEGREE = 111_320.0
REASONS = {
    "code": "เลขรหัสประจำบ้านต่างกัน",
    "number": "บ้านเลขที่ต่างกัน",
    "moo": "หมู่ต่างกัน",
    "place": f"ตำแหน่งห่างกันเกิน {NEAR:.0f} เมตร",
    "number_only": "บ้านเลขที่ตรงกัน แต่ไม่ทราบหมู่ของฝ่ายหนึ่ง",
}


@dataclass(frozen=True)
class HouseResult:
    """assignment: rec_id -> cluster (its smallest rec_id); a row that names no house stands alone.

    review: rec_l, rec_r, reason (a key of REASONS).
    """

    assignment: dict[str, str]
    review: pd.DataFrame


@dataclass(slots=True)
class House:
    """What is known of one house: None where nothing is; at = metres."""

    rec: str
    code: str | None
    no: str | None
    moo: int | None
    village: str | None
    at: tuple[float, float] | None


def link_houses(df: pd.DataFrame) -> HouseResult:
    """Link rows with rec_id, source, house_code, house_no, moo, village, x, y (any may be missing or empty).

    x, y: metres (EPSG:32647), or degrees of longitude and latitude. Row order never matters.
    """
    import pandas as pd

    houses = sorted((_house(row) for row in df.to_dict("records")), key=lambda house: house.rec)
    _lend_moo(houses)
    groups = _Groups(houses)
    for a, b in _edges(houses):
        groups.join(a, b)
    review = groups.review + _half_known(houses, groups)
    rows = [(houses[a].rec, houses[b].rec, reason) for a, b, reason in sorted(set(review))]
    assignment = {house.rec: houses[groups.find(i)].rec for i, house in enumerate(houses)}
    return HouseResult(assignment, pd.DataFrame(rows, columns=["rec_l", "rec_r", "reason"]))


def _text(value: Any) -> str:
    missing = value is None or (isinstance(value, float) and math.isnan(value))
    return "" if missing else str(value).strip()


def _number(value: Any) -> float | None:
    try:
        number = float(_text(value))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _house(row: dict[Any, Any]) -> House:
    """A row cleaned. A house number cell that holds a whole address is taken apart."""
    address = thai.parse_address(_text(row.get("house_no")))
    moo = _number(thai.to_arabic(_text(row.get("moo"))))
    village = thai.clean_text(_text(row.get("village"))) or address.village or ""
    return House(
        _text(row["rec_id"]),
        thai.normalize_house_code(_text(row.get("house_code"))),
        thai.normalize_house_no(address.house_no or "") or None,
        int(moo) if moo else address.moo,
        village.removeprefix("หมู่บ้าน").removeprefix("บ้าน").strip() or None,
        _place(_number(row.get("x")), _number(row.get("y"))),
    )


def _place(x: float | None, y: float | None) -> tuple[float, float] | None:
    if x is None or y is None:
        return None
    if abs(x) <= 180 and abs(y) <= 90:
        return x * _METRES_PER_DEGREE * math.cos(math.radians(y)), y * _METRES_PER_DEGREE
    return x, y


def _lend_moo(houses: list[House]) -> None:
    """A village that lies in one moo tells the moo of rows that name only the village."""
    seen: dict[str, Counter[int]] = defaultdict(Counter)
    for house in houses:
        if house.village and house.moo:
            seen[house.village][house.moo] += 1
    for house in houses:
        if house.village and house.moo is None and seen[house.village]:
            moo, rows = seen[house.village].most_common(1)[0]
            if rows >= _VILLAGE_ROWS and rows >= _VILLAGE_SHARE * seen[house.village].total():
                house.moo = moo


def _edges(houses: list[House]) -> Iterator[tuple[int, int]]:
    """Pairs to join, the surest kind first: code; number + moo; number + village; number + position."""
    kinds = (
        lambda h: h.code,
        lambda h: (h.no, h.moo) if h.no and h.moo else None,
        lambda h: (h.no, h.village) if h.no and h.village else None,
    )
    for kind in kinds:
        first: dict[Any, list[int]] = {}
        for i, house in enumerate(houses):
            key = kind(house)
            if key is not None:
                members = first.setdefault(key, [])
                # With every earlier row of the key, as a guard may stop the first; giant keys stay cheap.
                yield from ((j, i) for j in members[:20])
                members.append(i)
    yield from _close_pairs(houses)


def _close_pairs(houses: list[House]) -> Iterator[tuple[int, int]]:
    by_number: dict[str, list[int]] = defaultdict(list)
    for i, house in enumerate(houses):
        if house.no and house.at:
            by_number[house.no].append(i)
    for members in by_number.values():
        for n, i in enumerate(members):
            for j in members[n + 1 :]:
                if _distance(houses[i], houses[j]) <= CLOSE:
                    yield i, j


def _distance(a: House, b: House) -> float:
    return math.dist(a.at, b.at) if a.at and b.at else 0.0


def _conflict(a: House, b: House) -> str | None:
    """The key of REASONS that forbids one house."""
    if a.code and b.code and a.code != b.code:
        return "code"
    if a.no and b.no and a.no != b.no:
        return "number"
    if a.moo and b.moo and a.moo != b.moo:
        return "moo"
    return "place" if _distance(a, b) > NEAR else None


class _Groups:
    """Union-find whose root knows what its house has; refused pairs are kept for review."""

    def __init__(self, houses: list[House]) -> None:
        self.parent = list(range(len(houses)))
        self.known = [House(h.rec, h.code, h.no, h.moo, h.village, h.at) for h in houses]
        self.review: list[tuple[int, int, str]] = []

    def find(self, x: int) -> int:
        while self.parent[x] != x:
            self.parent[x] = self.parent[self.parent[x]]
            x = self.parent[x]
        return x

    def join(self, a: int, b: int) -> None:
        keep, drop = sorted((self.find(a), self.find(b)))
        if keep == drop:
            return
        one, two = self.known[keep], self.known[drop]
        reason = _conflict(one, two)
        if reason:
            self.review.append((keep, drop, reason))
            return
        self.parent[drop] = keep
        one.code, one.no = one.code or two.code, one.no or two.no
        one.moo, one.village, one.at = one.moo or two.moo, one.village or two.village, one.at or two.at


def _half_known(houses: list[House], groups: _Groups) -> list[tuple[int, int, str]]:
    """Rows with a number but no moo, against the only house of that number."""
    roots: dict[str, set[int]] = defaultdict(set)
    for i, house in enumerate(houses):
        if house.no:
            roots[house.no].add(groups.find(i))
    found = []
    for number in roots.values():
        bare = [r for r in number if groups.known[r].moo is None]
        full = [r for r in number if groups.known[r].moo is not None]
        if len(full) == 1:
            found += [
                (min(r, full[0]), max(r, full[0]), "number_only")
                for r in bare
                if _conflict(groups.known[r], groups.known[full[0]]) is None
            ]
    return found
