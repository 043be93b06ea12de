"""Open public cases that may be the same as what somebody is about to report, or what an officer looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import Point

from maehia.services.models import Case
from maehia.services.queries.places import Snapped, snap
from maehia.services.rules.likeness import Likely, Report, likely_same

__all__ = ["Candidate", "Snapped", "candidates", "snap"]
DEFAULT_RADIUS_M = 50
MOST = 200  # of one category within its radius; more would be a town without duplicates' hints anyway
METRIC = 32647


@dataclass(frozen=True, slots=True)
class Candidate:
    """An open case, with how near and how alike it is (alike: 0 to 1)."""

    id: UUID
    number: str
    state: str
    public_text: str
    received_at: datetime
    me_too: int
    same_asset: bool
    metres: float
    alike: float


def candidates(
    service: str, point: tuple[float, float] | None, *, asset_key: UUID | None = None, text: str = "",
    radius_m: int = DEFAULT_RADIUS_M, leave_out: UUID | None = None, inside: bool = False,
) -> list[Candidate]:  # fmt: skip
    """At most five, best first. point: (lon, lat). inside: for staff, compared by exact points and full words.

    Needs services.public, or for `inside` a purpose that reads cases.
    """
    rows = _rows(service, point, asset_key, radius_m, inside=inside)
    reports = {row["id"]: _report(row, inside=inside) for row in rows if row["id"] != leave_out}
    here = _metric(Point(*point, srid=4326)) if point else (0.0, 0.0)
    new = Report(leave_out, service, *here, text, asset_key)
    known = {row["id"]: row for row in rows}
    return [_candidate(known[found.report.key], found) for found in likely_same(new, reports.values(), radius_m)]


def _rows(
    service: str, point: tuple[float, float] | None, asset_key: UUID | None, radius_m: int, *, inside: bool
) -> Sequence[dict[str, Any]]:
    where = "detail__point" if inside else "public_point"
    words = "detail__description" if inside else "public_text"
    open_cases = Case.objects.filter(state_type="open", is_confidential=False)
    if not inside:
        open_cases = open_cases.filter(is_public=True)
    found = open_cases.none()
    if asset_key is not None:
        found = open_cases.filter(asset_key=asset_key)
    if point is not None and radius_m > 0:
        spot = Point(*point, srid=4326)
        degrees = radius_m / 100_000
        box = spot.buffer(degrees).envelope
        found = found | open_cases.filter(service_id=service, **{f"{where}__bboverlaps": box})
    columns = (
        "id",
        "number",
        "state",
        "kind",
        "received_at",
        "me_too",
        "asset_key",
        "service_id",
        "public_text",
        where,
        words,
    )
    return [{**row, "where": row[where], "words": row[words]} for row in found.values(*set(columns))[:MOST]]


def _report(row: dict[str, Any], *, inside: bool) -> Report:
    x, y = _metric(row["where"]) if row["where"] else (float("inf"), float("inf"))
    return Report(row["id"], row["service_id"], x, y, row["words"] or "", row["asset_key"])


def _metric(point: Any) -> tuple[float, float]:
    projected = point.transform(METRIC, clone=True)
    return projected.x, projected.y


def _candidate(row: dict[str, Any], found: Likely) -> Candidate:
    return Candidate(row["id"], row["number"], row["state"], row["public_text"], row["received_at"], row["me_too"],
                     found.same_asset, found.metres, found.alike)  # fmt: skip
