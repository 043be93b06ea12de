"""Facts that belong to a person for life or for long: ID numbers, booked birth, phone, rank, robe."""

from dataclasses import dataclass

import numpy as np

from bench.second.family_names import NICKNAMES
from bench.second.given import MALE
from bench.second.tables import NEVER, day_of, year_of
from bench.second.town import FOREIGN, LOCAL, STATELESS, Town

_ID_ACT = day_of(1984)
_HOUSE_BOOK_DAY = day_of(1984, 5, 31)
# Row 0: no rank. A person climbs one ladder with the years.
LADDERS = (
    (),
    ("ส.ต.ต.", "ส.ต.ท.", "ส.ต.อ.", "จ.ส.ต.", "ด.ต.", "ร.ต.ต.", "ร.ต.ท."),
    ("ร.ต.ต.", "ร.ต.ท.", "ร.ต.อ.", "พ.ต.ต.", "พ.ต.ท.", "พ.ต.อ."),
    ("ส.ต.", "ส.ท.", "ส.อ.", "จ.ส.ต.", "จ.ส.ท.", "จ.ส.อ.", "ร.ต."),
    ("ร.ต.", "ร.ท.", "ร.อ.", "พ.ต.", "พ.ท.", "พ.อ."),
    ("ดร.", "ผศ.ดร.", "รศ.ดร."),
    ("ว่าที่ ร.ต.",),
)
ACADEMIC = 5


@dataclass(frozen=True)
class Identity:
    """One entry per person; days are days since 1 Jan 1970, empty text = none."""

    national_id: np.ndarray
    former_id: np.ndarray
    id_changed: np.ndarray
    booked_birth: np.ndarray
    year_only: np.ndarray
    heir: np.ndarray
    phones: np.ndarray  # two numbers per person: before and after the change
    phone_changed: np.ndarray
    phoneless: np.ndarray
    nickname: np.ndarray
    ladder: np.ndarray
    robe_from: np.ndarray
    robe_to: np.ndarray
    disabled: np.ndarray
    poor: np.ndarray


def identify(town: Town) -> Identity:
    """Give everybody who ever lived in the town these facts."""
    rng, people = town.rng, town.people
    count = len(people)
    booked, year_only = _booked_birth(town)
    national_id, former, changed = _national_ids(town, booked)
    robe_from, robe_to = _robes(town)
    elder = people["birth"] < day_of(1964)
    return Identity(
        national_id=national_id,
        former_id=former,
        id_changed=changed,
        booked_birth=booked,
        year_only=year_only,
        heir=_heirs(town),
        phones=np.stack([_phone_numbers(rng, count), _phone_numbers(rng, count)]),
        phone_changed=rng.integers(day_of(2017), day_of(2031), count),
        phoneless=rng.random(count) < np.where(elder, 0.45, 0.07),
        nickname=rng.integers(0, len(NICKNAMES), count),
        ladder=_ladders(town),
        robe_from=robe_from,
        robe_to=robe_to,
        disabled=rng.random(count) < np.where(elder, 0.07, 0.018),
        poor=rng.random(count) < 0.3,
    )


def _booked_birth(town: Town) -> tuple[np.ndarray, np.ndarray]:
    """Birth as the register has it; elders and the stateless often have only a year (1 January)."""
    people, rng = town.people, town.rng
    birth = people["birth"]
    count = len(birth)
    chance = np.select([birth < day_of(1945), birth < day_of(1960)], [0.3, 0.16], 0.004)
    chance = np.where((people["kind"] == STATELESS) & (birth < day_of(2000)), 0.45, chance)
    vague = rng.random(count) < chance
    year = year_of(birth) + np.where(rng.random(count) < 0.35, rng.integers(-2, 3, count), 0)
    first_january = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(int)
    late = rng.random(count) < np.where(birth < day_of(1984), 0.04, 0.006)
    booked = np.where(late, birth + rng.integers(3, 90, count), birth)
    return np.where(vague, first_january, booked), vague


def _national_ids(town: Town, booked: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng, count = town.rng, len(booked)
    digit = _first_digit(town, booked)
    numbers = _number(town, digit, booked)
    has = digit >= 0
    text = np.where(has, _as_text(numbers), "").astype(object)
    status = (town.people["kind"] == STATELESS) & (rng.random(count) < 0.06)
    later = np.where(rng.random(count) < 0.6, 8, 5)
    newer = _as_text(_number(town, np.where(status, later, digit), booked, seed_step=500_000))
    changed = np.where(status, rng.integers(day_of(2022), day_of(2026), count), -NEVER)
    return np.where(status, newer, text), text, changed


def _first_digit(town: Town, booked: np.ndarray) -> np.ndarray:
    people, rng = town.people, town.rng
    luck = rng.random(len(booked))
    late_born = booked >= _ID_ACT
    thai = np.where(late_born, np.where(luck < 0.94, 1, 2), np.select([luck < 0.9, luck < 0.96], [3, 4], 5))
    born_here = people["came"] == people["birth"]
    stateless = np.where(born_here, np.select([luck < 0.6, luck < 0.9], [7, 0], -1), 0)
    grown = np.select([luck < 0.4, luck < 0.75], [6, 0], -1)
    stateless = np.where(born_here, stateless, grown)
    foreign = np.select([luck < 0.4, luck < 0.52], [6, 8], -1)
    kind = people["kind"]
    digit = np.select([kind == STATELESS, kind == FOREIGN], [stateless, foreign], thai)
    return _as_elder_twin(town, digit)


def _as_elder_twin(town: Town, values: np.ndarray) -> np.ndarray:
    twin = town.people["twin"]
    follows = (twin >= 0) & (twin < np.arange(len(values)))
    return np.where(follows, values[twin], values)


def _number(town: Town, digit: np.ndarray, booked: np.ndarray, seed_step: int = 0) -> np.ndarray:
    """13-digit numbers, unique within a digit and office.

    Digit 3 counts through the houses of 1984, digit 1 through the days of birth, so that
    families and twins hold neighbouring numbers, as they do on real cards.
    """
    people, rng = town.people, town.rng
    count = len(digit)
    everyone = np.arange(count)
    home = town.at("book_house", everyone, _HOUSE_BOOK_DAY)
    office = _office(town, digit)
    order_key = np.select([digit == 3, digit == 1], [home * 1.0, booked * 1.0], rng.random(count))
    order = np.lexsort((people["birth"], people["mother"], order_key, office, digit))
    family = np.where(digit == 3, home, people["mother"])[order]
    near = (family[1:] == family[:-1]) & (digit[order][1:] == digit[order][:-1]) & (family[1:] >= 0)
    near &= order_key[order][1:] == order_key[order][:-1]
    gap = np.where(np.concatenate([[False], near]), 1, rng.integers(1, 9, count))
    running = np.zeros(count, np.int64)
    running[order] = np.cumsum(gap)
    group = digit.astype(np.int64) * 10_000 + office
    start = np.full(int(group.max()) + 20_001, np.iinfo(np.int64).max)
    np.minimum.at(start, group + 10_000, running)
    # Each office is somewhere else in its number range.
    running += seed_step + 100 + (group * 7919) % 3_000_000 - start[group + 10_000]
    body = np.maximum(digit, 0).astype(np.int64) * 10**11 + office * 10**7 + running % 10**7
    return body * 10 + check_digits(body)


def _office(town: Town, digit: np.ndarray) -> np.ndarray:
    rng, count = town.rng, len(digit)
    here = np.where(rng.random(count) < 0.6, 5001, 5099)
    province = rng.choice([10, 12, 20, 30, 40, 47, 50, 51, 52, 53, 54, 55, 56, 57, 58, 60, 65, 80, 90], count)
    there = province * 100 + rng.integers(1, 13, count)
    local = (town.people["kind"] == LOCAL) & (rng.random(count) < 0.96)
    return _as_elder_twin(town, np.where(local, here, there)).astype(np.int64)


def check_digits(body: np.ndarray) -> np.ndarray:
    """Last digit of the Thai ID for the first twelve digits (given as whole numbers)."""
    total = np.zeros(len(body), np.int64)
    rest = body.copy()
    for weight in range(2, 14):
        total += weight * (rest % 10)
        rest //= 10
    return (11 - total % 11) % 10


def _as_text(numbers: np.ndarray) -> np.ndarray:
    return np.array([f"{n:013d}" for n in numbers.tolist()], dtype=object)


def _heirs(town: Town) -> np.ndarray:
    """A child (the one noted last) whose phone an elder gives; -1 without children."""
    people = town.people
    heir = np.full(len(people), -1)
    for parent in ("father", "mother"):
        child = np.flatnonzero((people[parent] >= 0) & (people["birth"] < day_of(2006)) & town.alive())
        heir[people[parent][child]] = child
    return heir


def _phone_numbers(rng: np.random.Generator, count: int) -> np.ndarray:
    head = rng.choice([6, 8, 9], count, p=[0.2, 0.5, 0.3]).astype(np.int64)
    return head * 10**8 + rng.integers(10**7, 10**8, count)


def _ladders(town: Town) -> np.ndarray:
    """Row of `LADDERS` for the few with a rank, 0 for all others."""
    people, rng = town.people, town.rng
    chance = np.where(people["sex"] == MALE, 0.035, 0.012) * (people["kind"] != FOREIGN)
    chance = chance * (people["kind"] != STATELESS)
    ladder = rng.choice(np.arange(1, 7), len(people), p=[0.3, 0.1, 0.3, 0.1, 0.12, 0.08])
    return np.where(rng.random(len(people)) < chance, ladder, 0)


def _robes(town: Town) -> tuple[np.ndarray, np.ndarray]:
    people, rng = town.people, town.rng
    count = len(people)
    monk = (people["sex"] == MALE) & (people["kind"] != FOREIGN) & (rng.random(count) < 0.02)
    start = people["birth"] + (rng.uniform(11, 70, count) * 365.25).astype(int)
    years = rng.gamma(1.2, 5.0, count)
    stop = start + (years * 365.25).astype(int)
    return np.where(monk, start, NEVER), np.where(monk, stop, NEVER)
