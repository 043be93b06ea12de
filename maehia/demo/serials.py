"""Numbers that look right and belong to nobody.

- National IDs carry a valid check digit, but their office digits (2nd to 5th) run from 9801 to 9899: no Thai
  province has the code 98, so no such ID was ever issued. The eight-digit serial keeps each one unique.
- House codes begin with the office 9801 for the same reason.
- Juristic numbers begin with 098: again no province.
- Mobile numbers are 060/080/090 followed by 0 and six digits, fixed lines 0530 and five digits: a subscriber
  number that begins with 0 does not exist on a Thai fixed line, and both shapes are only for trying out.
"""

from __future__ import annotations

from .dice import Dice

INVENTED_OFFICES = range(9801, 9900)
INVENTED_HOUSE_OFFICE = "9801"
_STRIDE, _SPAN = 6_180_339, 9_999_991  # coprime: serials look random and never repeat


def check_digit(first12: str) -> str:
    """The 13th digit of a national or juristic number, from its first twelve digits."""
    total = sum((13 - i) * int(digit) for i, digit in enumerate(first12))
    return str((11 - total % 11) % 10)


def national_id(serial: int, kind: str) -> str:
    """13 digits. serial: the person's number; kind: the first digit, '0' to '8'."""
    office = INVENTED_OFFICES[(serial * 7 + 3) % len(INVENTED_OFFICES)]
    body = f"{kind}{office}{(serial * _STRIDE + 271_828) % _SPAN:07d}"
    return body + check_digit(body)


def juristic_id(serial: int) -> str:
    body = f"098{550 + serial % 18}{(serial * 7_919 + 13) % 999_983:06d}"
    return body + check_digit(body)


def house_code(serial: int) -> str:
    """11 digits: office, running number, one closing digit (no public rule for it is known)."""
    return f"{INVENTED_HOUSE_OFFICE}{serial % 1_000_000:06d}{(serial * 7 + serial // 1_000_000) % 10}"


def mobile(serial: int) -> str:
    return f"0{'689'[serial % 3]}00{(serial * 618_033 + 7) % 999_983:06d}"


def landline(dice: Dice) -> str:
    return f"0530{dice.below(100_000):05d}"
