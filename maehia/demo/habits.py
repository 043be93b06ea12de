"""How each office writes: which cells it fills, in which shape, how often it slips. Rates are our guesses."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from .dice import Weighted

_SLASH = Weighted(("slash",), (1,))
_PLAIN = Weighted(("plain",), (1,))
_PHONES = Weighted(("plain", "dash", "one_dash"), (0.5, 0.35, 0.15))


@dataclass(frozen=True, slots=True)
class Habits:
    """Chances between 0 and 1. `dates`, `phones`, `ids` choose the shape of a cell."""

    full_name: float = 0.0  # title, first and last name in one cell
    title_in_first: float = 0.0
    no_title: float = 0.0
    first_only: float = 0.0
    respelled: float = 0.0
    slipped: float = 0.0
    swapped: float = 0.0
    has_id: float = 0.0
    id_slip: float = 0.0
    has_birth: float = 0.0
    birth_slip: float = 0.0
    has_sex: float = 0.0
    has_address: float = 1.0
    split_address: bool = False
    has_code: float = 0.0
    has_phone: float = 0.0
    thai_digits: float = 0.0
    hidden_mark: float = 0.0
    double_e: float = 0.0
    split_am: float = 0.0
    tone_order: float = 0.0
    extra_spaces: float = 0.0
    twice: float = 0.0
    stale: float = 0.0  # writes what was true two years before
    dates: Weighted = _SLASH
    ids: Weighted = _PLAIN
    phones: Weighted = _PHONES


_HAND_DATES = Weighted(
    (
        "slash",
        "short_month",
        "two_digit",
        "long_month",
        "compact",
        "year",
        "year_zeros",
        "iso_be",
        "christian",
    ),
    (0.34, 0.2, 0.14, 0.1, 0.06, 0.03, 0.03, 0.06, 0.04),
)
_HAND_PHONES = Weighted(
    ("plain", "dash", "one_dash", "space", "country", "no_zero"), (0.4, 0.25, 0.15, 0.1, 0.04, 0.06)
)

HABITS = MappingProxyType(
    {
        "civil": Habits(
            respelled=0.002,
            has_id=0.996,
            id_slip=0.001,
            has_birth=0.999,
            has_sex=1.0,
            has_address=0.997,
            split_address=True,
            has_code=0.995,
            twice=0.0008,
        ),
        "vhv": Habits(
            full_name=1.0,
            no_title=0.05,
            respelled=0.07,
            slipped=0.02,
            swapped=0.003,
            has_id=0.66,
            id_slip=0.016,
            has_birth=0.9,
            birth_slip=0.02,
            has_sex=0.97,
            has_address=0.985,
            has_code=0.1,
            has_phone=0.55,
            thai_digits=0.3,
            hidden_mark=0.012,
            double_e=0.25,
            split_am=0.2,
            tone_order=0.05,
            extra_spaces=0.05,
            twice=0.012,
            stale=0.02,
            dates=_HAND_DATES,
            phones=_HAND_PHONES,
            ids=Weighted(("plain", "dash", "space"), (0.5, 0.4, 0.1)),
        ),
        "welfare": Habits(
            title_in_first=0.06,
            respelled=0.03,
            slipped=0.01,
            swapped=0.005,
            has_id=0.95,
            id_slip=0.008,
            has_birth=0.98,
            birth_slip=0.008,
            has_sex=0.9,
            has_address=0.98,
            has_code=0.25,
            has_phone=0.4,
            thai_digits=0.1,
            hidden_mark=0.004,
            extra_spaces=0.03,
            twice=0.006,
            stale=0.02,
            ids=Weighted(("plain", "dash"), (0.3, 0.7)),
            dates=Weighted(
                ("short_month", "two_digit", "slash", "long_month", "year_zeros"), (0.5, 0.2, 0.2, 0.08, 0.02)
            ),
        ),
        "tax": Habits(
            full_name=1.0,
            no_title=0.03,
            respelled=0.06,
            slipped=0.015,
            has_id=0.58,
            id_slip=0.014,
            has_address=0.95,
            has_code=0.12,
            has_phone=0.35,
            double_e=0.08,
            extra_spaces=0.04,
            twice=0.03,
            stale=0.05,
            ids=Weighted(("plain", "dash"), (0.6, 0.4)),
        ),
        "utility": Habits(
            full_name=1.0,
            no_title=0.12,
            first_only=0.004,
            respelled=0.08,
            slipped=0.02,
            has_address=0.995,
            has_code=0.42,
            has_phone=0.72,
            hidden_mark=0.0,
            extra_spaces=0.06,
            twice=0.02,
            stale=0.12,
        ),
        "waste": Habits(
            full_name=1.0,
            no_title=0.2,
            respelled=0.07,
            slipped=0.02,
            has_address=0.99,
            has_phone=0.5,
            extra_spaces=0.04,
            twice=0.01,
            stale=0.06,
        ),
        "dog": Habits(
            full_name=0.65,
            title_in_first=0.12,
            no_title=0.3,
            first_only=0.008,
            respelled=0.09,
            slipped=0.02,
            swapped=0.01,
            has_id=0.1,
            id_slip=0.02,
            has_address=0.97,
            has_phone=0.86,
            thai_digits=0.2,
            hidden_mark=0.006,
            double_e=0.06,
            stale=0.01,
            phones=_HAND_PHONES,
        ),
        "complaint": Habits(
            full_name=1.0,
            no_title=0.42,
            first_only=0.012,
            respelled=0.09,
            slipped=0.025,
            has_id=0.1,
            id_slip=0.02,
            has_address=0.86,
            has_phone=0.9,
            hidden_mark=0.004,
            extra_spaces=0.03,
            phones=_HAND_PHONES,
        ),
    }
)
