"""From the row of an alert to its message and its bytes, and the findings about them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import shapely
import yaml
from django.conf import settings
from shapely.geometry.base import BaseGeometry

from maehia.city.queries.town import read_town
from maehia.emergency.models import Alert, AlertInfo
from maehia.emergency.queries import alerts as queries
from maehia.emergency.queries.alerts_settings import Identity, identity, setting
from maehia.emergency.rules import cap
from maehia.emergency.rules.cap import sign
from maehia.emergency.rules.cap.areas import KM_PER_DEGREE, MOST_POINTS
from maehia.emergency.rules.cap.context import ABSENT
from maehia.emergency.rules.cap.level import parameter
from maehia.emergency.rules.cap.times import whole, written
from maehia.kit.clock import now

EVENTS = Path(__file__).resolve().parents[1] / "data" / "event_codes.yaml"
CODE_NAME, TAMBON, PROVINCE = "OET:v1.2", "TIS1099", "ISO3166-2"
LANGUAGE = {"th": "th-TH", "en": "en"}
KEY_FILE, CERTIFICATE_FILE = "cap-signing.pem", "cap-signing.crt"


@lru_cache
def events() -> dict[str, dict[str, Any]]:
    """Key -> {oet, categories, th, en}."""
    found: dict[str, dict[str, Any]] = yaml.safe_load(EVENTS.read_text(encoding="utf-8"))["events"]
    return found


@lru_cache
def event_of_hazard() -> dict[str, str]:
    """The event that an incident's kind of danger suggests."""
    found: dict[str, str] = yaml.safe_load(EVENTS.read_text(encoding="utf-8"))["hazards"]
    return found


def message_of(row: Alert, who: Identity | None = None) -> cap.Alert:
    """The message of a row as it stands; a draft gets the moment at hand as its `sent`."""
    who = who or identity()
    sent = row.sent or whole(now())
    return cap.Alert(
        identifier=row.identifier or "draft", sender=row.sender or who.sender, sent=written(sent), status=row.status,
        msg_type=row.msg_type, scope="Public", note=row.note or None,
        references=" ".join(",".join(parts) for parts in row.references) or None,
        incidents=row.incident.number if row.incident else None,
        infos=tuple(info_of(row, info, who, sent) for info in row.infos.all()),
    )  # fmt: skip


def info_of(row: Alert, words: AlertInfo, who: Identity, sent: datetime) -> cap.Info:
    """One language of the message; what is no words is the same in each."""
    event = events()[row.event]
    return cap.Info(
        language=LANGUAGE[words.language], categories=tuple(row.categories), event=words.event,
        responses=tuple(row.responses), urgency=row.urgency, severity=row.severity, certainty=row.certainty,
        event_codes=(cap.Pair(CODE_NAME, event["oet"]),), effective=written(sent),
        onset=written(row.onset) if row.onset else None, expires=written(row.expires),
        sender_name=words.sender_name or None, headline=words.headline, description=words.description or None,
        instruction=words.instruction or None, web=row.web or f"{who.site}/alerts/", contact=row.contact or None,
        parameters=(parameter(row.level),), areas=(area_of(row, words),),
    )  # fmt: skip


def area_of(row: Alert, words: AlertInfo) -> cap.Area:
    rings = tuple(ring_text(part) for part in json.loads(row.geom.geojson)["coordinates"]) if row.geom else ()
    return cap.Area(desc=words.area, polygons=rings, circles=(row.circle,) if row.circle else (),
                    geocodes=tuple(cap.Pair(*pair) for pair in row.geocodes))  # fmt: skip


def ring_text(part: list[list[list[float]]]) -> str:
    """The outer ring of a polygon (lon, lat) as CAP writes it: lat,lon, six decimals, at most a hundred points.

    CAP knows no holes: a hole is warned as well.
    """
    ring = part[0]
    if len(ring) > MOST_POINTS:
        ring = thinned(ring)
    return " ".join(f"{lat:.6f},{lon:.6f}" for lon, lat in (point[:2] for point in ring))


def thinned(ring: list[list[float]]) -> list[list[float]]:
    """A ring of at most a hundred points that leaves no more out than it must."""
    shape, step = shapely.Polygon(ring), 1e-5
    while len(shape.exterior.coords) > MOST_POINTS:
        shape, step = shapely.Polygon(ring).simplify(step), step * 1.5
    return [list(point) for point in shape.exterior.coords]


def signing_key() -> sign.Key | None:
    """The town's key and certificate from the folder of keys, None when it has none."""
    folder = Path(settings.KEYS_DIR)
    private, certificate = folder / KEY_FILE, folder / CERTIFICATE_FILE
    if not (private.is_file() and certificate.is_file()):
        return None
    return sign.Key(private.read_bytes(), certificate.read_bytes())


def bytes_of(row: Alert) -> bytes:
    """The bytes of a submitted alert, signed when the town has a key. Raises ValueError for what XML cannot carry."""
    data, key = cap.build(message_of(row)), signing_key()
    return sign.sign(data, key) if key else data


def town_place() -> BaseGeometry | None:
    """The municipality with its buffer (x = lon), None while its outline is not known."""
    town = read_town()
    if town is None or town.outline is None:
        return None
    return shapely.from_wkb(bytes(town.outline.wkb)).buffer(float(setting("buffer_km")) / KM_PER_DEGREE)


def context_of(row: Alert, data: bytes = b"") -> cap.Context:
    """What our own message is checked against now."""
    key = signing_key()
    others = [one for one in queries.known_rows() if one.triple.identifier != row.identifier or not row.identifier]
    return cap.Context(
        publishing=True, now=now(), known=tuple(others), place=town_place(), sender=row.sender or identity().sender,
        life=timedelta(hours=float(setting("life_hours"))), key=key is not None,
        signed=sign.verify(data, key.certificate) if key and data else ABSENT,
    )  # fmt: skip


def findings(row: Alert) -> tuple[cap.Finding, ...]:
    """Everything that speaks against an alert, at this moment: of its bytes, or of a draft as it stands."""
    if row.xml is not None and row.state != "draft":
        data = bytes(row.xml)
        return cap.proof(data, context_of(row, data))
    try:
        data = cap.build(message_of(row))
    except ValueError:
        return (cap.Finding("cap21_letters", cap.ERROR),)
    found = cap.proof(data, context_of(row))
    return tuple(finding for finding in found if finding.code != "cap22_unsigned")
