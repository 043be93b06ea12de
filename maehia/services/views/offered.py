"""What citizens may report, as the pages show it: published categories with their current definition, in groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache
from django.db.models import Count
from django.urls import reverse
from django.utils.translation import get_language

from maehia.kit.acting import acting
from maehia.kit.clock import now
from maehia.services.catalogue_files import GROUPS
from maehia.services.models import Case
from maehia.services.queries.catalogue import published
from maehia.services.rules.definition import Definition
from maehia.services.rules.finding import Entry, find

VISITOR = "system:public"
ICONS = {
    "light": "light", "road": "road", "footpath": "road", "sign": "flag", "traffic": "warn", "drain": "water",
    "flood_street": "rain", "water_supply": "water", "canal": "water", "waste": "bin", "waste_dump": "bin",
    "burning": "fire", "smoke": "smoke", "noise": "bell", "smell": "smoke", "tree": "tree", "playground": "tree",
    "animal_stray": "pet", "animal_dead": "pet", "building": "building", "encroach": "parcel", "cctv": "camera",
    "wifi": "sensor", "elderly_help": "heart", "staff_conduct": "lock", "corruption": "lock", "market": "business",
    "public_toilet": "building", "mosquito": "pet",
}  # fmt: skip
GROUP_ICONS = {"streets": "road", "water": "water", "clean": "bin", "green": "tree", "order": "building",
               "people": "people"}  # fmt: skip
FIRST = ("light", "road", "waste", "drain", "tree", "animal_stray")
SHOWN_FIRST, COUNTED_DAYS, KEPT_SECONDS = 6, 90, 3600


def lang() -> str:
    """ "th" or "en", the language of the page."""
    return "en" if (get_language() or "th").startswith("en") else "th"


@dataclass(frozen=True, slots=True)
class Offer:
    """One category of reports with its current definition."""

    code: str
    definition: Definition

    @property
    def name(self) -> str:
        return self.definition.name.in_(lang())

    @property
    def text(self) -> str:
        return self.definition.description.in_(lang())

    @property
    def icon(self) -> str:
        return ICONS.get(self.code) or GROUP_ICONS.get(self.definition.group, "dot")

    @property
    def url(self) -> str:
        return reverse("services:report_write", args=[self.code])


@dataclass(frozen=True, slots=True)
class Group:
    """Categories under one heading."""

    key: str
    name: str
    icon: str
    offers: Sequence[Offer]


def offered(kind: str = "report") -> list[Offer]:
    """Everything of a kind that is published now, in the town's order."""
    return [Offer(definition.code, definition) for definition in published(kind)]


def offer_of(code: str, kind: str = "report") -> Offer | None:
    """The published category of a code, None when there is none."""
    return next((offer for offer in offered(kind) if offer.code == code), None)


def grouped(offers: Sequence[Offer]) -> list[Group]:
    """The categories under their group words; a group that the town invented keeps its key as its word."""
    found: dict[str, list[Offer]] = {}
    for offer in offers:
        found.setdefault(offer.definition.group, []).append(offer)
    order = {key: place for place, key in enumerate(GROUPS)}
    keys = sorted(found, key=lambda key: (order.get(key, len(order)), key))
    return [Group(key, group_name(key), GROUP_ICONS.get(key, "list"), found[key]) for key in keys]


def group_name(key: str) -> str:
    """The words of a group in the language of the page."""
    return GROUPS[key].in_(lang()) if key in GROUPS else key


def first_ones(offers: Sequence[Offer]) -> list[Offer]:
    """The categories that are reported most, from what the public may see of the last months."""
    counted: Mapping[str, int] = cache.get_or_set("services-reported-most", _counted, KEPT_SECONDS) or {}
    places = {code: place for place, code in enumerate(FIRST)}
    usual = [offer for offer in offers if offer.code in places or counted.get(offer.code)]
    usual.sort(key=lambda offer: (-counted.get(offer.code, 0), places.get(offer.code, len(places))))
    return usual[:SHOWN_FIRST]


def _counted() -> dict[str, int]:
    since = now() - timedelta(days=COUNTED_DAYS)
    with acting(VISITOR, "services.public"):
        rows = Case.objects.filter(kind="report", received_at__gte=since).values_list("service_id")
        return dict(rows.annotate(n=Count("id")).order_by())


def search(typed: str, offers: Sequence[Offer]) -> list[Offer]:
    """Categories that fit what was typed, the best first."""
    entries = [
        Entry(o.code, (o.definition.name.th, o.definition.name.en), o.definition.keywords,
              f"{o.definition.description.th} {o.definition.description.en}")
        for o in offers
    ]  # fmt: skip
    by_code = {offer.code: offer for offer in offers}
    return [by_code[code] for code in find(typed, entries)]
