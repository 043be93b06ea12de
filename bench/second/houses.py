"""House numbers, villages and codes, and the many shapes in which lists write an address."""

from dataclasses import dataclass

import numpy as np

from bench.second.tables import day_of
from bench.second.town import OUTSIDE, Town
from bench.second.words import words

TAMBON, DISTRICT, PROVINCE, POSTCODE = "แม่สมมติ", "เมืองเชียงใหม่", "เชียงใหม่", "50100"
_VILLAGES = words(
    "ดอนมะปราง ป่าซางน้อย ท่าหินงาม ใหม่ร่มเย็น ธารน้ำใส ดอนจิกใต้ ไร่ขิงทอง สันต้นเปา หนองบัวคำ "
    "ห้วยทรายขาว ทุ่งดอกฝ้าย กู่คำน้อย ร้องผักบุ้ง ต้นลานเหนือ หัวฝายแก้ว ป่าเป้างาม กองทรายมูล "
    "เด่นสักทอง น้ำบ่อใส วังผาแดง สันกอเก็ด ทุ่งข้าวเหนียว"
)
_ESTATES = words("ร่มโพธิ์ สวนสุขใจ ธารทองวิลล์ บ้านดินดี เดอะเลคไซด์ กุลพันธ์ตัวอย่าง พิมานเพลส ลานนาการ์เด้น ภูคำวิว ศศิธร")
_ROADS = ("", "เลียบคลองชลประทาน", "สมมตินคร", "วงแหวนใน")
_PROVINCES = words("กรุงเทพมหานคร ลำพูน ลำปาง เชียงราย พะเยา แพร่ น่าน แม่ฮ่องสอน ชลบุรี สมุทรปราการ ระยอง ขอนแก่น ภูเก็ต")
_FAR_TAMBONS = words("สันสมมติ ในเมือง หนองตัวอย่าง บางสมมุติ ป่าแดงน้อย ท่าตัวอย่าง บ้านกลางใหม่")
_TO_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")

(SHORT, WORD, FULLER, FULL, GLUED, VILLAGE, ESTATE, THAI, STREET, DASH, BARE, REVERSED, SPACED, NO_MOO) = range(14)


@dataclass(frozen=True)
class Houses:
    """Text facts of each house; `old_number` differs where houses were renumbered in 2024."""

    number: np.ndarray
    old_number: np.ndarray
    moo: np.ndarray
    estate: np.ndarray
    soi: np.ndarray
    road: np.ndarray
    code: np.ndarray
    kind: np.ndarray
    landline: np.ndarray

    def address(self, house: int, style: int, old: bool) -> str:
        """One address in one of the 14 shapes."""
        if self.kind[house] == OUTSIDE:
            return _far_address(self, house, style)
        number = self.old_number[house] if old else self.number[house]
        return _SHAPES[style](self, house, number)

    def addresses(self, house: np.ndarray, style: np.ndarray, old: np.ndarray) -> np.ndarray:
        """Addresses of many rows; equal ones are written once."""
        key = (house.astype(np.int64) * 16 + style) * 2 + old
        unique, back = np.unique(key, return_inverse=True)
        texts = [self.address(k >> 5, (k >> 1) & 15, bool(k & 1)) for k in unique.tolist()]
        return np.array(texts, dtype=object)[back] if texts else np.zeros(0, object)


def _village(h: Houses, i: int) -> str:
    return _VILLAGES[(h.moo[i] - 1) % len(_VILLAGES)]


def _tail(h: Houses, i: int) -> str:
    return f"ต.{TAMBON} อ.{DISTRICT} จ.{PROVINCE}"


def _street(h: Houses, i: int, n: str) -> str:
    soi = f" ซ.{h.soi[i]}" if h.soi[i] else ""
    road = f" ถ.{_ROADS[h.road[i]]}" if h.road[i] else ""
    return f"เลขที่ {n} ม.{h.moo[i]}{soi}{road} {_tail(h, i)}"


def _estate(h: Houses, i: int, n: str) -> str:
    name = h.estate[i]
    if name < 0:
        return f"{n} บ.{_village(h, i)} ม.{h.moo[i]} ต.{TAMBON}"
    prefix = "ม.บ." if i % 2 else "หมู่บ้าน"
    moo = f" ม.{h.moo[i]}" if i % 3 else ""
    return f"{n} {prefix}{_ESTATES[name]}{moo}"


def _no_moo(h: Houses, i: int, n: str) -> str:
    return f"{n} บ้าน{_village(h, i)} ต.{TAMBON}"


_SHAPES = {
    SHORT: lambda h, i, n: f"{n} ม.{h.moo[i]}",
    WORD: lambda h, i, n: f"{n} หมู่ {h.moo[i]}",
    FULLER: lambda h, i, n: f"{n} หมู่ที่ {h.moo[i]} ต.{TAMBON}",
    FULL: lambda h, i, n: f"บ้านเลขที่ {n} หมู่ที่ {h.moo[i]} {_tail(h, i)} {POSTCODE}",
    GLUED: lambda h, i, n: f"{n}ม.{h.moo[i]}",
    VILLAGE: lambda h, i, n: f"{n} ม.{h.moo[i]} บ.{_village(h, i)}",
    ESTATE: _estate,
    THAI: lambda h, i, n: f"{n} หมู่ {h.moo[i]}".translate(_TO_THAI),
    STREET: _street,
    DASH: lambda h, i, n: f"{n.replace('/', '-')} หมู่{h.moo[i]}",
    BARE: lambda h, i, n: n,
    REVERSED: lambda h, i, n: f"หมู่ที่ {h.moo[i]} บ้านเลขที่ {n}",
    SPACED: lambda h, i, n: f"{n.replace('/', ' / ')} ม. {h.moo[i]}",
    NO_MOO: _no_moo,
}


def _far_address(h: Houses, i: int, style: int) -> str:
    province = _PROVINCES[i * 7 % len(_PROVINCES)]
    tambon = _FAR_TAMBONS[i * 5 % len(_FAR_TAMBONS)]
    if style in (SHORT, GLUED, BARE, DASH):
        return f"{h.number[i]} ม.{h.moo[i]} ต.{tambon} จ.{province}"
    if province == "กรุงเทพมหานคร":
        return f"{h.number[i]} แขวง{tambon} เขตสมมติ กทม."
    return f"{h.number[i]} หมู่ที่ {h.moo[i]} ต.{tambon} อ.เมือง จ.{province}"


def address_houses(town: Town) -> Houses:
    """Number the houses of each village: the oldest plain, later ones as parts or in estates."""
    rng, houses = town.rng, town.houses
    count = len(houses)
    moo = np.where(houses["kind"] == OUTSIDE, rng.integers(1, 13, count), houses["moo"])
    in_estate = (houses["built"] > day_of(1992)) & (rng.random(count) < 0.4)
    estate = np.where(in_estate & (houses["kind"] != OUTSIDE), (moo * 3 + rng.integers(0, 2, count)) % 10, -1)
    number = _numbers(rng, houses["built"], moo, houses["kind"] == OUTSIDE, estate)
    renumbered = rng.random(count) < 0.03
    old = np.where(renumbered, _plain(rng.integers(1, 400, count)), number)
    return Houses(
        number=number,
        old_number=old,
        moo=moo,
        estate=estate,
        soi=np.where(rng.random(count) < 0.35, rng.integers(1, 20, count), 0),
        road=np.where(rng.random(count) < 0.3, rng.integers(1, len(_ROADS), count), 0),
        code=_codes(rng, houses["built"], houses["kind"]),
        kind=houses["kind"].copy(),
        landline=np.where(houses["built"] < day_of(2008), rng.integers(200_000, 1_000_000, count), 0),
    )


def _plain(numbers: np.ndarray) -> np.ndarray:
    return np.array([str(n) for n in numbers.tolist()], dtype=object)


def _numbers(
    rng: np.random.Generator, built: np.ndarray, moo: np.ndarray, far: np.ndarray, estate: np.ndarray
) -> np.ndarray:
    """ "123", "123/4" or "222/56": unique within a village."""
    count = len(moo)
    zone = np.where(far, 100 + np.arange(count) % 500, moo)
    order = np.lexsort((built, zone))
    place = np.zeros(count, np.int64)
    first = np.searchsorted(zone[order], zone[order], "left")
    place[order] = np.arange(count) - first
    size = np.bincount(zone)[zone]
    plain = place < np.maximum(size * 0.45, 5)
    base = np.where(plain, place + 1, rng.integers(1, np.maximum(size * 0.45, 5).astype(int) + 1))
    base = np.where(~plain & (estate >= 0), 200 + estate * 11, base)
    sub = _count_up(zone * 100_000 + base, plain)
    return np.array(
        [f"{b}/{s}" if s else str(b) for b, s in zip(base.tolist(), sub.tolist(), strict=True)], dtype=object
    )


def _count_up(key: np.ndarray, skip: np.ndarray) -> np.ndarray:
    """1, 2, 3 ... within equal keys, 0 where skipped."""
    rows = np.flatnonzero(~skip)
    order = rows[np.argsort(key[rows], kind="stable")]
    place = np.arange(len(order)) - np.searchsorted(key[order], key[order], "left")
    result = np.zeros(len(key), np.int64)
    result[order] = place + 1
    return result


def _codes(rng: np.random.Generator, built: np.ndarray, kind: np.ndarray) -> np.ndarray:
    """11 digits: office (the town's own from 2000 on), six running digits, one more digit."""
    count = len(kind)
    office = np.where(built < day_of(2000), 5001, 5099)
    running = 12_000 + np.cumsum(rng.integers(1, 4, count))
    last = rng.integers(0, 10, count)
    parts = zip(office.tolist(), (running % 10**6).tolist(), last.tolist(), strict=True)
    codes = np.array([f"{o:04d}{r:06d}{c}" for o, r, c in parts], dtype=object)
    codes[kind == OUTSIDE] = ""
    return codes
