"""The cast of the evidence tests. All invented.

มาลี is an elder whom two lists know; บุญมา is her son, known to one; ใจดี is a neighbour.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from maehia.evidence.actions import Batch, commit_delivery, save_source
from maehia.evidence.actions.deliveries import open_internal
from maehia.evidence.models import Delivery, Source

MALEE_ID, BOONMA_ID, JAIDEE_ID = "3100600445635", "1112034563562", "1129900166199"

MALEE: dict[str, Any] = {
    "role": "resident", "title": "นาง", "first_name": "มาลี", "last_name": "สุขใจดี", "national_id": MALEE_ID,
    "birth": date(1949, 4, 13), "birth_precision": "day", "sex": "F", "house_no": "12/3", "moo": 5, "phone": "0812345678",
}  # fmt: skip
BOONMA: dict[str, Any] = {
    "role": "resident", "title": "นาย", "first_name": "บุญมา", "last_name": "สุขใจดี", "national_id": BOONMA_ID,
    "birth": date(1975, 2, 1), "birth_precision": "day", "sex": "M", "house_no": "12/3", "moo": 5,
}  # fmt: skip
JAIDEE: dict[str, Any] = {
    "role": "resident", "title": "นาย", "first_name": "ใจดี", "last_name": "มั่งมี", "national_id": JAIDEE_ID,
    "house_no": "45", "moo": 2,
}  # fmt: skip


def make_source(key: str, **values: Any) -> Source:
    """A source with a legal basis, as a town would enter it."""
    defaults = {
        "name_th": f"บัญชี {key} (ข้อมูลสมมติ)", "kind": "person", "legal_basis": "ภารกิจของรัฐ", "legal_section": "ม.24(4)",
    }  # fmt: skip
    return save_source(key, {**defaults, **values})


def row(ref: str, values: dict[str, Any], row_no: int = 1) -> dict[str, Any]:
    return {"ref": ref, "row_no": row_no, "sheet": "แผ่น1", **values}


def deliver(source: Source, as_of: date, rows: list[dict[str, Any]], kind: str = "person") -> Delivery:
    """Commit a delivery of `rows`."""
    delivery = open_internal(source.key, f"{source.key}-{as_of}.xlsx", as_of)
    commit_delivery(delivery, [Batch(kind, rows)])
    delivery.refresh_from_db()
    return delivery
