"""The recovery key on paper: any 2 of 3 sheets give it back (Shamir's sharing over GF(256)), one gives nothing.

A sheet's text is groups of letters that people can read to each other (Crockford's base 32, no I L O U)
with the key's id, the sheet's number and a check sum in front of mistakes.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from maehia.base import Problem, ProblemError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
KEY_BYTES = 32
CHECK_BYTES = 3


@dataclass(frozen=True, slots=True)
class Share:
    """One sheet: `number` (1..255), the key's bytes as seen at that point, and the key's id."""

    key_id: str
    number: int
    need: int
    value: bytes


def _multiply(a: int, b: int) -> int:
    """Product in GF(2^8) with the polynomial of AES (x^8 + x^4 + x^3 + x + 1)."""
    product = 0
    while b:
        product ^= a * (b & 1)
        a = (a << 1) ^ (0x11B * (a >> 7))
        b >>= 1
    return product


def _inverse(a: int) -> int:
    """1/a in GF(2^8): a to the power of 254."""
    result = 1
    for _ in range(254):
        result = _multiply(result, a)
    return result


def split(key: bytes, key_id: str, parts: int = 3, need: int = 2) -> list[Share]:
    """`parts` sheets of which any `need` give the key; `need` = 1 makes every sheet the whole key."""
    if not 1 <= need <= parts <= 16:
        raise ValueError("need 1 <= need <= parts <= 16")
    rows = [[byte, *secrets.token_bytes(need - 1)] for byte in key]
    return [Share(key_id, x, need, bytes(_value(row, x) for row in rows)) for x in range(1, parts + 1)]


def _value(row: Sequence[int], x: int) -> int:
    """The polynomial `row` (lowest first) at x, by Horner."""
    total = 0
    for coefficient in reversed(row):
        total = _multiply(total, x) ^ coefficient
    return total


def join(shares: Sequence[Share]) -> bytes:
    """The key from enough different sheets of one key; raises ProblemError with what is missing."""
    by_number = {share.number: share for share in shares}
    if len({(share.key_id, share.need) for share in shares}) != 1:
        raise ProblemError(Problem("sheets_differ", "ใบกู้คืนไม่ได้มาจากกุญแจเดียวกัน", fix="ตรวจรหัสกุญแจบนใบให้ตรงกัน"))
    need = shares[0].need
    if len(by_number) < need:
        raise ProblemError(
            Problem("sheets_missing", f"ต้องใช้ใบกู้คืน {need} ใบที่ต่างกัน แต่ให้มา {len(by_number)} ใบ", fix="นำใบกู้คืนอีกใบมาด้วย")
        )
    used = list(by_number.values())[:need]
    return bytes(_at_zero([(share.number, share.value[i]) for share in used]) for i in range(KEY_BYTES))


def _at_zero(points: Sequence[tuple[int, int]]) -> int:
    """Lagrange's interpolation at 0; in GF(2^8) minus is exclusive or."""
    total = 0
    for x, y in points:
        weight = 1
        for other, _y in points:
            if other != x:
                weight = _multiply(weight, _multiply(other, _inverse(other ^ x)))
        total ^= _multiply(y, weight)
    return total


def write(share: Share) -> str:
    """The sheet as text: groups of five letters."""
    raw = bytes.fromhex(share.key_id) + bytes([share.number, share.need]) + share.value
    raw += hashlib.sha256(raw).digest()[:CHECK_BYTES]
    bits = int.from_bytes(raw, "big") << (-len(raw) * 8 % 5)
    count = -(-len(raw) * 8 // 5)
    letters = "".join(ALPHABET[bits >> 5 * (count - 1 - i) & 31] for i in range(count))
    return " ".join(letters[i : i + 5] for i in range(0, count, 5))


def read(text: str) -> Share:
    """A sheet typed by hand: small letters, O for 0 and I or L for 1 are forgiven, mistakes are not."""
    letters = "".join(text.upper().translate(str.maketrans("OIL", "011")).split()).replace("-", "")
    size = 4 + 2 + KEY_BYTES + CHECK_BYTES
    if len(letters) != -(-size * 8 // 5) or any(letter not in ALPHABET for letter in letters):
        raise ProblemError(_mistyped())
    bits = 0
    for letter in letters:
        bits = bits << 5 | ALPHABET.index(letter)
    spare = len(letters) * 5 - size * 8  # bits of the last letter that carry nothing and are 0
    raw = (bits >> spare).to_bytes(size, "big")
    if bits & (1 << spare) - 1 or hashlib.sha256(raw[:-CHECK_BYTES]).digest()[:CHECK_BYTES] != raw[-CHECK_BYTES:]:
        raise ProblemError(_mistyped())
    return Share(raw[:4].hex(), raw[4], raw[5], raw[6:-CHECK_BYTES])


def _mistyped() -> Problem:
    return Problem("sheet_mistyped", "ตัวอักษรบนใบกู้คืนไม่ครบหรือพิมพ์ผิด", fix="พิมพ์ใหม่ทีละกลุ่ม ห้าตัวต่อกลุ่ม หรือสแกน QR บนใบ")
