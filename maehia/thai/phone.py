"""Telephone numbers of Thailand: national form, digits only, first 0."""

from __future__ import annotations

import re
from functools import lru_cache

from maehia.thai.text import clean_text

# Mobile 06/08/09 + 8; toll-free 1800 + 6; Bangkok 02 + 7; provinces 03-05 and 07 + 7.
_NUMBER = re.compile(r"0[689][0-9]{8}|1800[0-9]{6}|0[23457][0-9]{7}")
_COUNTRY = re.compile(r"(?:\+|00)?66(?:0(?=[2-9])|(?=[2-9]))(?=[0-9]{8,9}$)")
_CHUNK = re.compile(r"\+?[0-9][0-9\s\-.()\u2010-\u2015]*")
_TOKEN = re.compile(r"\+?[0-9]+")


def _national(digits: str) -> str | None:
    """One run of digits, perhaps with +66, in national form; None when it is no Thai number."""
    digits = _COUNTRY.sub("0", digits, count=1)
    if digits[0] != "0" and len(digits) in (8, 9):
        digits = "0" + digits  # a spreadsheet took the 0 away
    return digits if _NUMBER.fullmatch(digits) and len(set(digits[1:])) > 1 else None


def _first_in(tokens: list[str]) -> tuple[str | None, int]:
    """The number that the tokens begin with and how many of them it takes; (None, 1) when there is none."""
    joined = ""
    for taken, token in enumerate(tokens, start=1):
        joined += token
        if number := _national(joined):
            return number, taken
        if len(joined) > 14:
            break
    return None, 1


@lru_cache(maxsize=1 << 16)
def phone_numbers(text: str | None) -> tuple[str, ...]:
    """Every Thai number in the cell, in order, without repeats; extensions and ranges ("-3") are left out."""
    found: dict[str, None] = {}
    for chunk in _CHUNK.findall(clean_text(text)):
        tokens = _TOKEN.findall(chunk)
        while tokens:
            number, taken = _first_in(tokens)
            if number:
                found[number] = None
            tokens = tokens[taken:]
    return tuple(found)


def normalize_phone(text: str | None) -> str | None:
    """The first Thai number in the cell as digits ("0812345678", "053276491"), or None.

    Reads Thai digits, spaces, dashes, brackets, +66, and puts back a lost first 0.
    """
    numbers = phone_numbers(text)
    return numbers[0] if numbers else None


def format_phone(text: str | None) -> str:
    """081-234-5678, 053-276491, 02-123-4567, 1800-123-456; any other text comes back as it is."""
    d = normalize_phone(text)
    if d is None:
        return text or ""
    if d.startswith("02"):
        return f"{d[:2]}-{d[2:5]}-{d[5:]}"
    if d.startswith("1800"):
        return f"{d[:4]}-{d[4:7]}-{d[7:]}"
    return f"{d[:3]}-{d[3:6]}-{d[6:]}" if len(d) == 10 else f"{d[:3]}-{d[3:]}"


def is_mobile(text: str | None) -> bool:
    """Whether an SMS can reach it: first number of the cell is 06, 08 or 09."""
    number = normalize_phone(text)
    return number is not None and len(number) == 10 and number[1] in "689"


def e164(text: str | None) -> str | None:
    """+66812345678 for machines; None when there is no number or it cannot be dialled from abroad (1800)."""
    number = normalize_phone(text)
    return f"+66{number[1:]}" if number and number[0] == "0" else None
