"""ร้องซ้ำ: places and registered things about which people tell the town again and again. For staff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

import yaml
from django.db import connection

from maehia.city.queries.labels import refs_of_things

# Cases that were merged or withdrawn say nothing new; a duplicate was told to be the same event.
LEFT_OUT = ("duplicate", "cancelled", "draft", "unconfirmed", "moderated", "erased", "not_ours", "withdrawn")
MOST = 500
SPOTS = """
WITH told AS (
    SELECT c.id, c.number, c.service_id, c.state, c.state_type, c.kind, c.received_at, c.asset_key, c.moo, d.point,
           d.address
    FROM services_case c JOIN services_casedetail d ON d.case_id = c.id
    WHERE c.kind = 'report' AND c.received_at >= %(since)s AND NOT c.state = ANY (%(left_out)s)
      AND NOT c.is_confidential
), placed AS (
    SELECT told.*, CASE WHEN asset_key IS NULL THEN ST_ClusterDBSCAN(ST_Transform(point, 32647), %(metres)s, %(least)s)
           OVER (PARTITION BY service_id, asset_key IS NULL) END AS spot
    FROM told WHERE point IS NOT NULL OR asset_key IS NOT NULL
), grouped AS (
    SELECT placed.*, count(*) OVER (PARTITION BY asset_key, CASE WHEN asset_key IS NULL THEN service_id END, spot) AS n
    FROM placed WHERE asset_key IS NOT NULL OR spot IS NOT NULL
)
SELECT id, number, service_id, state, state_type, kind, received_at, asset_key, spot, moo, ST_X(point), ST_Y(point),
       address
FROM grouped WHERE n >= %(least)s ORDER BY received_at DESC LIMIT 20000
"""
COLUMNS = ("id", "number", "service", "state", "state_type", "kind", "received_at", "asset", "spot", "moo", "lon",
           "lat", "address")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spot:
    """A place with its cases, newest first. label: of the registered thing, or the address that was told most."""

    asset: UUID | None
    label: str
    moo: int | None
    lon: float | None
    lat: float | None
    cases: tuple[dict[str, Any], ...]

    @property
    def open_now(self) -> int:
        return sum(case["state_type"] == "open" for case in self.cases)


@cache
def threshold() -> dict[str, Any]:
    """What counts as repeated, as shipped: {least, months, metres, source, verified}."""
    text = (files("maehia.services") / "data" / "repeated.yaml").read_text("utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def places(since: datetime, *, least: int, metres: float) -> list[Spot]:
    """Places with at least so many reports since then, the most first. One statement, and one for the labels."""
    asked: dict[str, Any] = {"since": since, "least": least, "metres": metres, "left_out": list(LEFT_OUT)}
    with connection.cursor() as cursor:
        cursor.execute(SPOTS, asked)
        rows = [dict(zip(COLUMNS, row, strict=True)) for row in cursor.fetchall()]
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[(row["asset"],) if row["asset"] else (None, row["service"], row["spot"])].append(row)
    labels = refs_of_things(("asset", key[0]) for key in groups if key[0])
    spots = [_spot(cases, labels) for cases in groups.values()]
    return sorted(spots, key=lambda spot: (-len(spot.cases), spot.label))[:MOST]


def _spot(cases: list[dict[str, Any]], labels: Any) -> Spot:
    asset = cases[0]["asset"]
    ref = labels.get(("asset", asset)) if asset else None
    label = ref.label if ref else _most(row["address"] for row in cases)
    return Spot(asset, label, cases[0]["moo"], _mean(row["lon"] for row in cases), _mean(row["lat"] for row in cases),
                tuple(cases))  # fmt: skip


def _most(texts: Iterable[str]) -> str:
    said = [text for text in texts if text]
    return max(said, key=said.count) if said else ""


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
