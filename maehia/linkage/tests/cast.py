"""Invented people that the tests speak of, as rows of the command line's contract. No real person's data."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pyarrow as pa

from maehia.linkage.clean import INPUT_COLUMNS, clean_table
from maehia.linkage.tests.town import COLUMNS, Register

TODAY = date(2026, 11, 21)
SOMCHAI_ID, MALI_ID, BUNMI_ID = "3100600445635", "1112034563562", "1129900166199"
SOMCHAI = {
    "source": "civil", "title": "นาย", "first_name": "สมชาย", "last_name": "แสนคำใส", "national_id": SOMCHAI_ID,
    "birth": "13 เม.ย. 2515", "sex": "ชาย", "address": "123/4 ม.5", "house_code": "50010123456",
}  # fmt: skip
MALI = {
    "source": "civil", "title": "นาง", "first_name": "มาลี", "last_name": "แสนคำใส", "national_id": MALI_ID,
    "birth": "2 ก.พ. 2518", "sex": "หญิง", "address": "123/4 ม.5", "house_code": "50010123456",
}  # fmt: skip
BUNMI = {
    "source": "civil", "title": "นาย", "first_name": "บุญมี", "last_name": "ปัญญาวงศ์ลือ", "national_id": BUNMI_ID,
    "birth": "9 ก.ย. 2533", "sex": "ชาย", "address": "77 ม.2",
}  # fmt: skip


def row(rec_id: str, base: dict[str, str] | None = None, **cells: str) -> dict[str, str]:
    """A row with every column; cells override the base person."""
    return dict.fromkeys(INPUT_COLUMNS, "") | (base or {}) | cells | {"rec_id": rec_id}


def frame(*rows: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(INPUT_COLUMNS), dtype=str)


def cleaned(*rows: dict[str, str], as_of: dict[str, date] | None = None) -> pa.Table:
    return clean_table(pa.Table.from_pylist(list(rows)), as_of, TODAY)


def clean_one(as_of: dict[str, date] | None = None, **cells: str) -> dict[str, object]:
    """The cleaned form of one row."""
    return cleaned(row("r", None, **cells), as_of=as_of).to_pylist()[0]


def raw_table(register: Register) -> pa.Table:
    return pa.table({name: pa.array([r[i] for r in register.rows]) for i, name in enumerate(COLUMNS)})


def town_rows(count: int = 300) -> list[dict[str, str]]:
    """Neighbours with names and houses of their own, so that the cast lives in a town."""
    firsts = ["ชัย", "ธน", "ณัฐ", "ศิริ", "กิตติ", "ภูมิ", "วร", "พง", "อภิ", "สุร"]
    tails = ["พงษ์", "วัฒน์", "ศักดิ์", "เดช", "ภัทร", "กร", "วุฒิ", "นันท์", "ดล", "ยุทธ"]
    lasts = ["ใจงาม", "แก้วมา", "คำดี", "บุญเรือง", "ทองสุข", "ศรีใส", "วงศ์ตา", "สุขใจ", "จันทร์ดี", "อินทร์มูล"]
    return [
        row(f"z{i:04d}", None, source="vhv", first_name=firsts[i % 10] + tails[i // 10 % 10],
            last_name=lasts[i // 100 % 10] + "วงศ์", address=f"{i + 200} ม.{i % 9 + 1}", sex="ชาย")
        for i in range(count)
    ]  # fmt: skip
