"""Our published cases in Traffy's columns, a piece at a time; nothing that the public does not see."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Min

from maehia.city.queries.town import place_names, read_town
from maehia.services.api.stream import Last
from maehia.services.models import CaseEvent
from maehia.services.peers.traffy import columns, maps
from maehia.services.queries import open311 as cases

LAYOUTS: Mapping[str, tuple[tuple[str, ...], Callable[[columns.Row], dict[str, str]], bool]] = {
    "exchange": (columns.EXCHANGE, columns.exchange_line, True),
    "dump": (columns.DUMP, columns.dump_line, False),
}
AT_WORK = ("accepted", "in_progress", "planned")


def head(layout: str) -> str:
    """The first line, with the BOM where the layout has one. Raises KeyError for another layout."""
    names, _, bom = LAYOUTS[layout]
    return (columns.BOM if bom else "") + columns.line(names)


def piece(layout: str, photo_base: str, last: Last | None) -> tuple[bytes, Last | None]:
    """The next lines. photo_base: what stands before the id of a released photo."""
    names, shape, _ = LAYOUTS[layout]
    with cases.looking("live"):
        rows = cases.after(last, "live")
        photos, started = cases.first_photos([row.id for row in rows]), _started([row.id for row in rows])
    place = _place()
    lines = (shape(_row(row, place, started.get(row.id), _url(photo_base, photos.get(row.id)))) for row in rows)
    text = "".join(columns.line([columns.safe(line[name]) for name in names]) for line in lines)
    return text.encode(), (rows[-1].received_at, rows[-1].id) if len(rows) == cases.CHUNK else None


def _started(ids: Sequence[UUID]) -> Mapping[UUID, datetime]:
    """When work on each case began."""
    found = CaseEvent.objects.filter(case_id__in=ids, kind="state", state__in=AT_WORK, is_public=True)
    return dict(found.values_list("case_id").annotate(Min("event_at")))


def _place() -> tuple[str, str, str]:
    town = read_town()
    names = place_names(town.tambon_codes[0]) if town and town.tambon_codes else []
    padded = [*names, "", "", ""]
    return padded[0], padded[1], padded[2]


def _url(base: str, photo: UUID | None) -> str:
    return base.replace("PHOTO", str(photo)) if photo else ""


def _row(row: cases.Row, place: tuple[str, str, str], started: datetime | None, photo: str) -> columns.Row:
    return columns.Row(
        row.number, maps.type_of(row.service) or row.service_th, row.unit_th or "", row.text,
        (row.lon, row.lat) if row.lon is not None and row.lat is not None else None, row.address, row.received_at,
        maps.states().theirs(row.state), row.updated_at, photo, in_progress_at=started, finished_at=row.closed_at,
        star=row.rating, reopened=row.reopened, subdistrict=place[0], district=place[1], province=place[2],
    )  # fmt: skip
