"""Money in Thai: baht in words for receipts and letters, and with commas for the screen. Decimal only."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

_DIGITS = ("", "หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า")
_PLACES = ("", "สิบ", "ร้อย", "พัน", "หมื่น", "แสน")
_MILLION = 1_000_000
_SATANG = Decimal("0.01")
_EXACT = Context(prec=52, rounding=ROUND_HALF_UP)


def _below_million(number: int, after: bool) -> str:
    """Words for 1-999999; `after`: something larger was said before, so a last 1 is เอ็ด."""
    words = []
    for place in range(5, -1, -1):
        digit = number // 10**place % 10
        if not digit:
            continue
        if place == 1 and digit < 3:
            words.append("สิบ" if digit == 1 else "ยี่สิบ")
        elif place == 0 and digit == 1 and (after or words):
            words.append("เอ็ด")
        else:
            words.append(_DIGITS[digit] + _PLACES[place])
    return "".join(words)


def number_text(number: int) -> str:
    """A whole number in Thai words: 121 -> หนึ่งร้อยยี่สิบเอ็ด, 10^12 -> หนึ่งล้านล้าน."""
    if number < 0:
        return "ลบ" + number_text(-number)
    if number == 0:
        return "ศูนย์"
    millions, rest = divmod(number, _MILLION)
    head = number_text(millions) + "ล้าน" if millions else ""
    return head + _below_million(rest, after=bool(millions))


def _to_satang(amount: Decimal | int) -> Decimal:
    if isinstance(amount, bool) or not isinstance(amount, Decimal | int):
        raise TypeError("money is Decimal or int, never float")
    exact = Decimal(amount)
    if not exact.is_finite() or exact.adjusted() >= _EXACT.prec - 2:
        raise ValueError("money is a finite amount below 10^50 baht")
    return exact.quantize(_SATANG, context=_EXACT)


def baht_text(amount: Decimal | int) -> str:
    """An amount in words: 1234.50 -> หนึ่งพันสองร้อยสามสิบสี่บาทห้าสิบสตางค์; rounds half up to the satang.

    Raises TypeError for a float and ValueError for NaN, infinity and 10^50 baht or more.
    """
    exact = _to_satang(amount)
    baht, satang = divmod(int(exact.copy_abs().scaleb(2, context=_EXACT)), 100)
    words = number_text(baht) + "บาท" if baht or not satang else ""
    words += number_text(satang) + "สตางค์" if satang else "ถ้วน"
    return "ลบ" + words if exact < 0 else words


def format_baht(amount: Decimal | int, *, unit: bool = True) -> str:
    """1,234.50 บาท; whole amounts without satang: 1,234 บาท."""
    exact = _to_satang(amount)
    shown = f"{exact if exact else exact.copy_abs():,.2f}".removesuffix(".00")
    return f"{shown} บาท" if unit else shown
