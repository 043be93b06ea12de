"""How each class of planted dirt is judged in one row: what the register holds against what is true.

Pure functions. A judge answers True (found), False (missed) or None (this row cannot tell).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from maehia.demo.dirt_classes import CLASSES
from maehia.thai import clean_text, parse_title, to_arabic


class Truth(NamedTuple):
    """What is true of a person today; houses are true as of the row's own list."""

    sex: str
    birth: date
    first: str
    last: str
    id_index: bytes | None


class House(NamedTuple):
    house_no: str
    moo: int


@dataclass(frozen=True, slots=True)
class Said:
    """What the record of the row holds after intake."""

    first_name: str = ""
    last_name: str = ""
    birth: date | None = None
    birth_precision: str = ""
    sex: str = ""
    house_no: str = ""
    moo: int | None = None
    house_code: str = ""
    address: str = ""
    id_index: bytes | None = None
    phone_index: bytes | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One dirty row. said: None when intake holds no record of it. linked: None when its person has no other row."""

    person: Truth
    house: House | None
    said: Said | None
    linked: bool | None
    classes: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()


Judge = Callable[[Case, Said], bool | None]
WRONG_NAME = {"respelled", "name_slip"}
WRONG_ID = {"id_slip", "placeholder_id"}
WRONG_BIRTH = {"birth_slip", "impossible_day", "future_day"}
WRONG_HOUSE = {"moo_unknown", "central_register"}

#: the problems that answer to a class; any of them at the row counts
CODES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "id_slip": frozenset({"id_check_digit"}),
        "placeholder_id": frozenset({"placeholder_id"}),
        "impossible_day": frozenset({"no_such_day"}),
        "future_day": frozenset({"birth_in_future", "year_out_of_range"}),
        "moo_unknown": frozenset({"moo_unknown", "moo_unknown_in_address"}),
        "juristic_id_slip": frozenset({"owner_id_check_digit"}),
        "swapped_lat_lon": frozenset({"lat_lon_swapped", "lat_lon_swapped_back"}),
        "no_position": frozenset({"geometry_empty", "half_a_place", "no_position"}),
        "position_zero": frozenset({"place_outside_country", "place_outside_town"}),
        "duplicate_key": frozenset({"duplicate_row", "duplicate_key", "key_twice"}),
        "self_crossing": frozenset({"geometry_invalid"}),
        "area_disagrees": frozenset({"area_disagrees"}),
    }
)


def judge(kind: str, case: Case) -> bool | None:
    """Whether the dirt of this class was dealt with in this row."""
    fate = CLASSES[kind].fate
    if fate == "linked":
        return case.linked
    if fate == "reported":
        return bool(CODES[kind] & case.codes)
    if case.said is None:
        return False
    return JUDGES[kind](case, case.said)


def name_reads(case: Case, said: Said) -> bool | None:
    """No trace of the dirt is left, and the first or the last name is the true one.

    One of the two suffices: the other may have changed by marriage since the list. Where the row was also
    misspelled and neither is the true one, the row cannot tell."""
    if "swapped_names" in case.classes:
        return None
    names = (said.first_name, said.last_name)
    if any(name != clean_text(name) for name in names) or _has_title(said.first_name, case.person.first):
        return False
    if said.first_name == case.person.first or said.last_name == case.person.last != "":
        return True
    return None if case.classes & WRONG_NAME else False


def _has_title(first: str, true: str) -> bool:
    """A title still stuck to the first name: the text before the true name is one."""
    head = first.removesuffix(true) if true and first != true else ""
    return bool(head) and head != first and parse_title(head).sex is not None


def day_reads(case: Case, said: Said) -> bool | None:
    """The birth day is the true one, as far as the row could know it."""
    if case.classes & WRONG_BIRTH:
        return None
    if said.birth is None:
        return False
    if said.birth_precision == "year" or "first_of_january" in case.classes:
        return said.birth.year in _years(case)
    return said.birth == case.person.birth


def _years(case: Case) -> set[int]:
    """The Christian years that a Thai year alone can mean: before 2484 the Thai year began in April."""
    birth = case.person.birth
    before_april = birth.month < 4 or "first_of_january" in case.classes
    return {birth.year, birth.year - 1} if birth.year < 1941 and before_april else {birth.year}


def year_only(case: Case, said: Said) -> bool | None:
    """The year is the true one and no invented day stands beside it."""
    found = day_reads(case, said)
    return found and said.birth_precision == "year"


def phone_reads(case: Case, said: Said) -> bool | None:
    """It was read as a telephone number; which number is right the truth does not say."""
    return said.phone_index is not None


def address_reads(case: Case, said: Said) -> bool | None:
    """House number and moo are those of the true house."""
    if case.house is None or case.classes & WRONG_HOUSE:
        return None
    return said.house_no == case.house.house_no and said.moo == case.house.moo


def no_real_house(case: Case, said: Said) -> bool | None:
    """The office's own entry was not taken for a dwelling."""
    return said.moo is None and not said.house_code


def digits_read(case: Case, said: Said) -> bool | None:
    """No Thai digit is left; number, birth day and house that the row could know are the true ones."""
    texts = (said.first_name, said.last_name, said.house_no, said.house_code, said.address)
    checks = [all(text == to_arabic(text) for text in texts)]
    if said.id_index is not None and not case.classes & WRONG_ID:
        checks.append(said.id_index == case.person.id_index)
    if said.birth is not None:
        checks.append(day_reads(case, said) is not False)
    if said.moo is not None and case.house is not None:
        checks.append(address_reads(case, said) is not False)
    return all(checks)


NAMES = (
    "full_name_in_one_cell",
    "title_in_first_name",
    "extra_spaces",
    "hidden_mark",
    "double_e",
    "split_am",
    "tone_order",
)
DAYS = ("date_short_month", "date_long_month", "date_two_digit", "date_compact", "date_iso_be", "date_christian")
PHONES = ("phone_plain", "phone_dash", "phone_one_dash", "phone_space", "phone_country", "phone_no_zero")
ADDRESSES = (
    "address_moo_dot", "address_glued", "address_moo_word", "address_dash", "address_estate_moo", "address_soi",
    "address_long",
)  # fmt: skip
JUDGES: Mapping[str, Judge] = MappingProxyType(
    dict.fromkeys(NAMES, name_reads)
    | dict.fromkeys(DAYS, day_reads)
    | dict.fromkeys(PHONES, phone_reads)
    | dict.fromkeys(ADDRESSES, address_reads)
    | {
        "date_year": year_only,
        "date_year_zeros": year_only,
        "first_of_january": day_reads,
        "thai_digits": digits_read,
        "central_register": no_real_house,
    }
)


@dataclass(slots=True)
class Tally:
    """found + missed = judged; untold rows are planted but cannot tell. None judged: nobody looked row by row."""

    planted: int = 0
    found: int = 0
    missed: int = 0
    untold: int = 0
    by_source: dict[str, list[int]] = field(default_factory=dict)

    def add(self, source: str, answer: bool | None) -> None:
        self.planted += 1
        if answer is None:
            self.untold += 1
        else:
            self.count(source, int(answer), int(not answer))

    def count(self, source: str, found: int, missed: int) -> None:
        self.found += found
        self.missed += missed
        line = self.by_source.setdefault(source, [0, 0])
        line[0], line[1] = line[0] + found, line[1] + missed


class Pairs(NamedTuple):
    """Pairs of rows: truly one person, put together, and both."""

    true: int
    made: int
    right: int

    @property
    def precision(self) -> float:
        return self.right / self.made if self.made else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def count_pairs(rows: list[tuple[str, str]]) -> Pairs:
    """rows: (true person, key given). An empty key was put together with nothing."""
    from collections import Counter

    true = Counter(person for person, _ in rows)
    made = Counter(key for _, key in rows if key)
    right = Counter(row for row in rows if row[1])
    return Pairs(*(sum(n * (n - 1) // 2 for n in counter.values()) for counter in (true, made, right)))


def majority(rows: list[tuple[str, str]]) -> dict[str, str]:
    """The key that most rows of each person carry, for those of whom two rows or more share one."""
    from collections import Counter

    best: dict[str, tuple[int, str]] = {}
    for (person, key), n in Counter(row for row in rows if row[1]).items():
        best[person] = max(best.get(person, (0, "")), (n, key))
    return {person: key for person, (n, key) in best.items() if n > 1}
