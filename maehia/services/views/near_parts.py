"""Around a pin: whether it is in the town, the registered thing that is meant, open cases that may be the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from maehia.city.models import Asset
from maehia.kit.acting import acting
from maehia.services.forms_report import ReportForm
from maehia.services.queries import near, places
from maehia.services.views.offered import VISITOR, Offer

NEARBY_M = 30


@dataclass(frozen=True, slots=True)
class Spot:
    """What is known of the place. point: (lon, lat), that of the registered thing where one was found.

    outside: why the town is not the one to ask, and who is; thing: the registered thing in words; how far: metres.
    """

    point: tuple[float, float] | None = None
    moo: int | None = None
    outside: str = ""
    neighbour: str = ""
    asset: UUID | None = None
    thing: str = ""
    metres: int = 0
    unknown_code: str = ""
    alike: Sequence[Any] = field(default_factory=tuple)


def look_around(offer: Offer, form: ReportForm) -> Spot:
    """What is known about the place of a form that was checked. Opens the context of a visitor for itself."""
    spot = _spot(offer, form)
    if spot.outside:
        return spot
    text = (form.cleaned_data.get("description") or "").strip()
    return replace(spot, alike=tuple(likely(offer, spot, text)))


def _spot(offer: Offer, form: ReportForm) -> Spot:
    d = offer.definition
    code, point = form.cleaned_data.get("asset_code", ""), form.point
    if code and (thing := _thing(Asset.objects.filter(code__iexact=code), d.asset_kinds)):
        return thing
    if point is None and form.asset_key and (thing := _thing(Asset.objects.filter(pk=form.asset_key), d.asset_kinds)):
        return thing
    if point is None:
        return Spot(unknown_code=code)
    found = places.where(*point)
    if not found.inside:
        return Spot(point, outside=outside_words(found.neighbour), neighbour=found.neighbour)
    snapped = None if form.no_asset else places.snap(*point, d.asset_kinds)
    if snapped is None:
        return Spot(point, found.moo, unknown_code=code)
    return Spot((snapped.lon, snapped.lat), found.moo, asset=snapped.key, thing=_words(snapped.name, snapped.code),
                metres=round(snapped.metres), unknown_code=code)  # fmt: skip


def _thing(found: QuerySet[Asset], kinds: Sequence[str]) -> Spot | None:
    """The registered thing that somebody named: by the number on its plate, or by a page about it."""
    row = found.filter(asset_kind__in=list(kinds)).exclude(geom=None).first()
    if row is None or row.geom is None:
        return None
    middle = row.geom.centroid
    moo = places.where(middle.x, middle.y).moo
    return Spot((middle.x, middle.y), moo, asset=row.key, thing=_words(row.name, row.code))


def _words(name: str, code: str) -> str:
    return " ".join(dict.fromkeys(part for part in (name, code) if part))


def outside_words(neighbour: str) -> str:
    """Who is responsible for a point outside the town."""
    if neighbour:
        return gettext("จุดนี้อยู่นอกเขตเทศบาล กรุณาแจ้ง %(who)s ซึ่งดูแลพื้นที่นี้") % {"who": neighbour}
    return gettext("จุดนี้อยู่นอกเขตเทศบาล กรุณาแจ้งท้องถิ่นที่ดูแลพื้นที่นั้น หรือศูนย์ดำรงธรรม โทร 1567")


def likely(offer: Offer, spot: Spot, text: str) -> list[Any]:
    """Open public cases that may be the same."""
    if spot.point is None or not offer.definition.visibility.is_public:
        return []
    with acting(VISITOR, "services.public"):
        radius = offer.definition.duplicate_radius_m
        return near.candidates(offer.code, spot.point, asset_key=spot.asset, text=text, radius_m=radius)
