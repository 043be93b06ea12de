"""What each list holds, how its clerks write, and how often they err (shares of its rows)."""

from dataclasses import dataclass, field

import numpy as np

from bench.second.formats import (
    DATE_CODES,
    FIRST_AGE_CODE,
    ID_DASH,
    ID_EXCEL,
    ID_NO_ZERO,
    ID_PLAIN,
    ID_QUOTE,
    ID_SPACE,
    ID_THAI,
)
from bench.second.houses import (
    BARE,
    DASH,
    ESTATE,
    FULL,
    FULLER,
    GLUED,
    NO_MOO,
    REVERSED,
    SHORT,
    SPACED,
    STREET,
    THAI,
    VILLAGE,
    WORD,
)

Weights = dict[int, float]


@dataclass(frozen=True)
class Profile:
    """Habits and errors of one list. `holds` = share of rows with the cell filled by design."""

    holds: dict[str, float]
    errors: dict[str, float]  # name of error -> share at dirt 1
    full_name: float  # share of clerks who write the whole name into one cell
    dates: Weights = field(default_factory=dict)
    coarse: Weights = field(default_factory=dict)
    addresses: Weights = field(default_factory=dict)
    ids: Weights = field(default_factory=lambda: {ID_PLAIN: 1.0})
    phones: Weights = field(default_factory=dict)
    codes: Weights = field(default_factory=lambda: {0: 0.5, 1: 0.5})
    latin: float = 0.3
    ranks: float = 0.4
    polite: float = 0.0  # "คุณ" instead of the title
    filler: float = 0.0  # share of empty cells written as "-" or "ไม่ทราบ"
    landline: float = 0.0


def _dates(**shares: float) -> Weights:
    return {DATE_CODES[name]: share for name, share in shares.items()}


_AGES = {FIRST_AGE_CODE: 0.18, FIRST_AGE_CODE + 1: 0.12, FIRST_AGE_CODE + 2: 0.06, FIRST_AGE_CODE + 3: 0.04}
_PHONES = {0: 0.35, 1: 0.35, 2: 0.1, 3: 0.08, 4: 0.01, 5: 0.07, 6: 0.02, 7: 0.02}
_HAND_ADDRESSES = {
    SHORT: 0.22,
    WORD: 0.16,
    FULLER: 0.1,
    GLUED: 0.08,
    VILLAGE: 0.1,
    ESTATE: 0.08,
    THAI: 0.05,
    DASH: 0.04,
    BARE: 0.05,
    REVERSED: 0.03,
    SPACED: 0.05,
    NO_MOO: 0.04,
}

PROFILES = {
    "civil": Profile(
        holds={"title": 1.0, "national_id": 0.997, "birth": 1.0, "sex": 1.0, "address": 1.0, "house_code": 0.985},
        errors={"name": 0.006, "id_slip": 0.001, "birth_slip": 0.002, "lost_cell": 0.002, "zero_width": 0.002},
        full_name=0.0,
        dates=_dates(be_slash=0.7, compact=0.2, iso_be=0.1),
        coarse=_dates(year_zeros=0.7, year=0.3),
        addresses={FULL: 0.5, FULLER: 0.4, STREET: 0.1},
        latin=0.4,
        ranks=1.0,
    ),
    "vhv": Profile(
        holds={
            "title": 0.93,
            "national_id": 0.76,
            "birth": 0.88,
            "sex": 0.8,
            "address": 0.97,
            "house_code": 0.1,
            "phone": 0.45,
        },
        errors={
            "name": 0.15,
            "id_slip": 0.045,
            "kin_id": 0.01,
            "birth_slip": 0.045,
            "birth_coarse": 0.13,
            "true_birth": 0.06,
            "title_glued": 0.02,
            "swapped": 0.006,
            "misplaced": 0.012,
            "nickname": 0.02,
            "only_first": 0.006,
            "spaces": 0.03,
            "zero_width": 0.008,
            "wrong_sex": 0.012,
            "phone_slip": 0.02,
            "address_slip": 0.035,
            "lost_cell": 0.03,
        },
        full_name=0.45,
        dates=_dates(
            be_slash=0.22,
            be_bare=0.2,
            abbr=0.16,
            long=0.06,
            abbr_two=0.08,
            slash_two=0.07,
            iso=0.04,
            ce_slash=0.03,
            compact=0.03,
            thai=0.06,
            dash=0.03,
            no_dots=0.02,
        ),
        coarse={**_dates(year=0.28, year_era=0.12, month=0.1, month_word=0.1), **_AGES},
        addresses=_HAND_ADDRESSES,
        ids={ID_PLAIN: 0.55, ID_DASH: 0.25, ID_SPACE: 0.1, ID_THAI: 0.05, ID_NO_ZERO: 0.04, ID_EXCEL: 0.01},
        phones=_PHONES,
        ranks=0.35,
        latin=0.15,
        filler=0.12,
    ),
    "welfare": Profile(
        holds={"title": 0.99, "national_id": 0.985, "birth": 0.97, "sex": 0.55, "address": 0.85, "phone": 0.3},
        errors={
            "name": 0.03,
            "id_slip": 0.006,
            "kin_id": 0.002,
            "birth_slip": 0.012,
            "birth_coarse": 0.02,
            "title_glued": 0.012,
            "misplaced": 0.003,
            "spaces": 0.01,
            "zero_width": 0.004,
            "wrong_sex": 0.004,
            "phone_slip": 0.01,
            "address_slip": 0.015,
            "lost_cell": 0.012,
        },
        full_name=0.08,
        dates=_dates(be_slash=0.4, abbr=0.2, long=0.1, iso=0.1, compact=0.1, stamp=0.06, thai=0.04),
        coarse={**_dates(year=0.5, year_zeros=0.2, month=0.1), FIRST_AGE_CODE: 0.2},
        addresses={FULLER: 0.35, SHORT: 0.25, FULL: 0.15, WORD: 0.15, THAI: 0.05, VILLAGE: 0.05},
        ids={ID_PLAIN: 0.5, ID_DASH: 0.35, ID_THAI: 0.06, ID_QUOTE: 0.05, ID_NO_ZERO: 0.04},
        phones=_PHONES,
        ranks=0.3,
    ),
    "tax": Profile(
        holds={"title": 0.9, "national_id": 0.55, "address": 0.8, "house_code": 0.2, "phone": 0.15},
        errors={
            "name": 0.07,
            "id_slip": 0.02,
            "title_glued": 0.03,
            "swapped": 0.002,
            "misplaced": 0.02,
            "only_first": 0.008,
            "spaces": 0.02,
            "zero_width": 0.006,
            "phone_slip": 0.015,
            "address_slip": 0.03,
            "lost_cell": 0.02,
        },
        full_name=0.35,
        addresses={FULLER: 0.3, SHORT: 0.25, FULL: 0.15, STREET: 0.1, WORD: 0.1, DASH: 0.04, ESTATE: 0.06},
        ids={ID_PLAIN: 0.6, ID_DASH: 0.3, ID_NO_ZERO: 0.06, ID_EXCEL: 0.04},
        phones=_PHONES,
        ranks=0.7,
        latin=0.5,
        landline=0.2,
    ),
    "utility": Profile(
        holds={"title": 0.85, "national_id": 0.03, "address": 0.99, "house_code": 0.02, "phone": 0.28},
        errors={
            "name": 0.12,
            "only_first": 0.015,
            "nickname": 0.006,
            "spaces": 0.04,
            "phone_slip": 0.02,
            "address_slip": 0.035,
            "lost_cell": 0.01,
            "id_slip": 0.02,
        },
        full_name=1.0,
        addresses={SHORT: 0.4, GLUED: 0.15, WORD: 0.15, FULLER: 0.1, ESTATE: 0.1, SPACED: 0.05, DASH: 0.05},
        phones=_PHONES,
        ranks=0.5,
        latin=0.6,
        polite=0.08,
        landline=0.35,
    ),
    "dog": Profile(
        holds={"title": 0.72, "national_id": 0.07, "address": 0.92, "phone": 0.66},
        errors={
            "name": 0.15,
            "only_first": 0.045,
            "nickname": 0.05,
            "spaces": 0.03,
            "zero_width": 0.006,
            "phone_slip": 0.025,
            "address_slip": 0.04,
            "lost_cell": 0.02,
            "id_slip": 0.03,
        },
        full_name=0.9,
        addresses=_HAND_ADDRESSES,
        phones=_PHONES,
        ranks=0.15,
        latin=0.2,
        polite=0.06,
        filler=0.1,
    ),
    "complaint": Profile(
        holds={"title": 0.45, "national_id": 0.04, "address": 0.38, "phone": 0.86},
        errors={
            "name": 0.12,
            "only_first": 0.1,
            "nickname": 0.06,
            "spaces": 0.03,
            "zero_width": 0.01,
            "phone_slip": 0.02,
            "address_slip": 0.05,
            "lost_cell": 0.01,
            "id_slip": 0.03,
        },
        full_name=0.95,
        addresses=_HAND_ADDRESSES,
        phones=_PHONES,
        ranks=0.1,
        latin=0.35,
        polite=0.3,
        filler=0.04,
    ),
}


class Clerks:
    """Who wrote which row: clerks differ in care and keep to their own shapes for the most part."""

    def __init__(self, rng: np.random.Generator, rows: int) -> None:
        self.rng = rng
        self.count = rows // 60 + 10
        self.of_row = rng.integers(0, self.count, rows)
        care = rng.lognormal(0.0, 0.5, self.count)
        self._hurry = (care / care.mean())[self.of_row]

    def erring(self, share: float) -> np.ndarray:
        """Flag per row: an error of this share happens, more often with hasty clerks."""
        return self.rng.random(len(self.of_row)) < np.minimum(share * self._hurry, 0.9)

    def habit(self, weights: Weights, loyal: float = 0.85) -> np.ndarray:
        """A code per row: the clerk's own with probability `loyal`, else any by the list's weights."""
        codes = np.array(list(weights))
        share = np.array(list(weights.values()))
        share = share / share.sum()
        own = self.rng.choice(codes, self.count, p=share)[self.of_row]
        other = self.rng.choice(codes, len(self.of_row), p=share)
        return np.where(self.rng.random(len(own)) < loyal, own, other)
