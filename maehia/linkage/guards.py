"""What one person cannot be: the state of a cluster and why two clusters may not become one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

# Days of tolerance where a title bounds a birth: titles change late.
TITLE_SLACK = 366
# Digits of yyyymmdd that may differ between two writings of one birth day.
BIRTH_DIGITS = 2
REASONS = {
    "nid": "เลขประจำตัวประชาชนที่ถูกต้องสองเลขไม่ใช่คนเดียวกัน",
    "sex": "เพศต่างกัน",
    "birth": "วันเกิดต่างกันเกินสองหลัก",
    "age": "อายุตามคำนำหน้าชื่อขัดกับวันเกิด",
    "list": "บัญชีเดียวกันมีคนหนึ่งคนได้เพียงแถวเดียว",
    "never": "เจ้าหน้าที่ตัดสินแล้วว่าไม่ใช่คนเดียวกัน",
}


@dataclass(slots=True)
class States:
    """One entry per record, later per cluster (at its root): what is proved about the person.

    nid, sex: 0 = not known; births: exact birth days; lo, hi: days between which the person was born;
    lists: bits of the sources in which the person stands; single: bits of those that hold a person once.
    """

    nid: list[int]
    sex: list[int]
    births: list[tuple[int, ...]]
    lo: list[int]
    hi: list[int]
    lists: list[int]
    single: int = 0

    def conflict(self, a: int, b: int) -> str | None:
        """The key of REASONS that forbids a and b to be one person, or None."""
        if self.nid[a] and self.nid[b] and self.nid[a] != self.nid[b]:
            return "nid"
        if self.sex[a] and self.sex[b] and self.sex[a] != self.sex[b]:
            return "sex"
        if self.lists[a] & self.lists[b] & self.single:
            return "list"
        if self.lo[a] > self.hi[b] + TITLE_SLACK or self.lo[b] > self.hi[a] + TITLE_SLACK:
            return "age"
        if self.births[a] != self.births[b] and not all(
            may_be_one_day(x, y) for x in self.births[a] for y in self.births[b]
        ):
            return "birth"
        return None

    def merge(self, keep: int, drop: int) -> None:
        """`keep` takes what is known of `drop`."""
        self.nid[keep] = self.nid[keep] or self.nid[drop]
        self.sex[keep] = self.sex[keep] or self.sex[drop]
        self.lists[keep] |= self.lists[drop]
        self.lo[keep] = max(self.lo[keep], self.lo[drop])
        self.hi[keep] = min(self.hi[keep], self.hi[drop])
        if self.births[drop] and self.births[drop] != self.births[keep]:
            self.births[keep] = tuple(sorted({*self.births[keep], *self.births[drop]}))


def may_be_one_day(x: int, y: int) -> bool:
    """Two yyyymmdd that one person may have: at most two digits differ, or day and month stand swapped."""
    if x == y:
        return True
    a, b = str(x), str(y)
    if sum(p != q for p, q in zip(a, b, strict=True)) <= BIRTH_DIGITS:
        return True
    return a[:4] == b[:4] and a[4:6] == b[6:] and a[6:] == b[4:6]


def source_bits(cleaned: pa.Table) -> dict[str, int]:
    """One bit for each source, by name."""
    return {name: 1 << i for i, name in enumerate(sorted(pc.unique(cleaned["source"]).to_pylist()))}


def states_of(cleaned: pa.Table, single_lists: set[str]) -> States:
    """The state of each record alone. single_lists: sources that hold a person once."""
    ids = pc.if_else(cleaned["nid_ok"], cleaned["nid"], "0").cast(pa.int64())
    sexes = pc.if_else(pc.equal(cleaned["sex"], "M"), 1, 2).fill_null(0)
    births = pc.if_else(cleaned["birth_ok"], cleaned["birth"], 0).fill_null(0)
    exact = births.to_numpy() > 0
    # Exact days are compared by digits (a slip may sit in the year); the interval keeps what is vaguer.
    lo = np.where(exact, cleaned["title_lo"].to_numpy(), cleaned["born_lo"].to_numpy())
    hi = np.where(exact, cleaned["title_hi"].to_numpy(), cleaned["born_hi"].to_numpy())
    bits = source_bits(cleaned)
    return States(
        ids.fill_null(0).to_pylist(),
        sexes.to_pylist(),
        [(b,) if b else () for b in births.to_pylist()],
        lo.tolist(),
        hi.tolist(),
        [bits[name] for name in cleaned["source"].to_pylist()],
        sum(bits.get(name, 0) for name in single_lists),
    )
