"""What the public sees of alerts: pages, feeds and documents, made beforehand as files (`maehia.web.prerendered`).

`write_all` makes them for now and for every moment ahead at which something expires; the views here answer only where
the files are missing.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import override as language
from django.views.decorators.http import require_safe

from maehia.emergency.models import Alert
from maehia.emergency.queries import alerts as queries
from maehia.emergency.queries.alerts_settings import Identity, identity
from maehia.emergency.rules import cap
from maehia.emergency.rules.cap import feed
from maehia.emergency.views.public_alerts_cards import Card, card_of, gravest_first, strip_of
from maehia.kit.acting import acting
from maehia.kit.clock import now
from maehia.web import prerendered
from maehia.web.prerendered import IMMUTABLE, SHORT, Edition, Page

ACTOR, PURPOSE = "system:alerts", "emergency.publish"
NAME = "alerts"  # of the publisher
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)  # of a feed in which nothing has ever stood
MOST_EDITIONS, MOST_DOCUMENTS = 12, 60
HTML = "text/html; charset=utf-8"
ATOM, RSS, CAP, JSON = "application/atom+xml", "application/rss+xml", "application/cap+xml", "application/json"
LIVE, PRACTICE = "/cap/", "/cap/exercise/"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Side:
    """Live, or practice: all that was published there and how it stands at a moment."""

    live: bool
    known: list[cap.Known]
    rows: dict[str, Alert]
    moment: datetime

    @property
    def base(self) -> str:
        return LIVE if self.live else PRACTICE

    def listed(self, known: Iterable[cap.Known]) -> list[Alert]:
        return [self.rows[one.triple.identifier] for one in known if one.triple.identifier in self.rows]

    def in_force(self) -> list[Alert]:
        return self.listed(cap.in_force(self.known, self.moment))

    def in_feed(self) -> list[Alert]:
        return self.listed(cap.in_feed(self.known, self.moment))

    def changed(self) -> datetime:
        """When this side last changed: something went out, or ran out."""
        moments = [one.sent for one in self.known]
        moments += [one.expires for one in self.known if one.expires and one.over(self.moment)]
        return max(moments, default=BEGIN)

    def at(self, moment: datetime) -> Side:
        return Side(self.live, self.known, self.rows, moment)


def sides(moment: datetime) -> list[Side]:
    """Both sides, each read in its own mode. Test messages are live rows that practise."""
    found = {}
    for mode in ("live", "exercise"):
        with acting(ACTOR, PURPOSE, mode=mode):
            for row in queries.published_with_bytes():
                found[row.identifier] = row
    made = []
    for live, statuses in ((True, cap.LIVE_FEED), (False, cap.PRACTICE_FEED)):
        rows = {key: row for key, row in found.items() if row.status in statuses}
        made.append(Side(live, [queries.known_of(row) for row in rows.values()], rows, moment))
    return made


def editions(moment: datetime) -> list[Edition]:
    """What the public sees from now on, and from each moment ahead at which something expires."""
    who, both = identity(), sides(moment)
    moments = [moment, *cap.turns((one for side in both for one in side.known), moment)][:MOST_EDITIONS]
    return [Edition(at, dict(pages([side.at(at) for side in both], who))) for at in moments]


def write_all() -> None:
    """Write the files anew. Called after each release, each minute, and when the service starts. Outside `acting()`."""
    prerendered.write(NAME, editions(now()))


def write_calmly() -> None:
    """As `write_all`; a full disk must not take back a release. The job of the next minute tries again."""
    try:
        write_all()
    except OSError:
        log.exception("the public pages of alerts could not be written")


def pages(both: list[Side], who: Identity) -> Iterator[tuple[str, Page]]:
    """Every address of one edition."""
    live = both[0]
    strip = strip_of(live.in_force())
    yield "/alerts/strip.json", Page(json.dumps(strip, ensure_ascii=False).encode(), JSON, live.changed())
    for side in both:
        yield from programs(side, who)
        yield from readers(side, strip)


def programs(side: Side, who: Identity) -> Iterator[tuple[str, Page]]:
    """Feeds and documents."""
    address = f"{who.site}{side.base}"
    title = f"ประกาศเตือนภัย {who.name_th}" if side.live else f"ฝึกซ้อมและทดสอบ: ประกาศเตือนภัย {who.name_th}"
    page = f"{who.site}{'/alerts/' if side.live else '/alerts/exercise/'}"
    head = feed.Feed(address, page, title, who.name_th, side.changed(), len(side.in_force()))
    entries = [entry_of(row, address, page) for row in side.in_feed()]
    yield side.base, Page(feed.atom(head, entries), ATOM, side.changed())
    yield f"{side.base}rss.xml", Page(feed.rss(head, entries), RSS, side.changed())
    newest = sorted(side.rows.values(), key=lambda row: row.sent or BEGIN, reverse=True)[:MOST_DOCUMENTS]
    for row in newest:
        yield f"{side.base}{row.identifier}.xml", document(row)


def entry_of(row: Alert, address: str, page: str) -> feed.Entry:
    """An entry from the bytes that went out, not from the row."""
    message = cap.parse(bytes(row.xml or b"")).alert
    if message is None:
        raise ValueError(f"the bytes of {row.identifier} cannot be read")
    return feed.Entry(message, f"{address}{row.identifier}.xml", f"{page}{row.identifier}/")


def document(row: Alert) -> Page:
    return Page(bytes(row.xml or b""), CAP, row.sent or BEGIN, IMMUTABLE)


def readers(side: Side, strip: dict[str, Any]) -> Iterator[tuple[str, Page]]:
    """Pages for people, in both languages: what is in force, and one page for each alert."""
    base = "/alerts/" if side.live else "/alerts/exercise/"
    state = cap.states(side.known, side.moment)
    cards = {row.identifier: card_of(row, state[cap.Triple(*row.triple)], base) for row in side.rows.values()}
    current = gravest_first(cards[row.identifier] for row in side.in_force())
    newest = sorted(cards.values(), key=lambda card: card.sent, reverse=True)[:MOST_DOCUMENTS]
    for code, prefix in (("th", ""), ("en", "/en")):
        with language(code):
            earlier = [card for card in newest if card not in current][:10]
            context = {"cards": current, "earlier": earlier, "live": side.live}
            yield f"{prefix}{base}", html(f"{prefix}{base}", "alerts", context, strip, side.changed())
            for card in newest:
                path = f"{prefix}{base}{card.identifier}/"
                told = {"card": card, "live": side.live, "home": f"{prefix}{base}", "newer": newer(card, side, cards)}
                yield path, html(path, "alert", told, strip, side.changed())


def newer(card: Card, side: Side, cards: dict[str, Card]) -> Card | None:
    """The latest message of the chain, when it is not this one."""
    chain = cap.chain_of([cap.Triple(*side.rows[card.identifier].triple)], side.known)
    found = cards[chain[0].triple.identifier] if chain else card
    return found if found.identifier != card.identifier else None


def html(path: str, name: str, context: dict[str, Any], strip: dict[str, Any], changed: datetime) -> Page:
    """A page as a visitor without a session gets it."""
    request = HttpRequest()
    request.method, request.path, request.path_info = "GET", path, path
    request.user = AnonymousUser()
    request.alert_strip = strip  # type: ignore[attr-defined]
    body = render_to_string(f"emergency/public/{name}.html", context, request)
    return Page(body.encode(), HTML, changed, SHORT)


def answer(request: HttpRequest, path: str) -> HttpResponse:
    """The page of an address made anew, where no file was there to answer. 404 for an unknown one."""
    found = editions(now())[0].pages.get(path)
    if found is None:
        raise Http404(path)
    write_calmly()
    return HttpResponse(found.body, content_type=found.kind, headers={"Cache-Control": found.cache})


def went_out(identifier: str) -> bool:
    for mode in ("live", "exercise"):
        with acting(ACTOR, PURPOSE, mode=mode):
            if Alert.objects.filter(identifier=identifier, state="published").exists():
                return True
    return False


@require_safe
def show(request: HttpRequest, identifier: str = "") -> HttpResponse:
    """`/alerts/`, `/alerts/exercise/` and the page of one alert, in both languages.

    An identifier that never went out is answered before anything is drawn: guessing costs the town nothing.
    """
    if identifier and not went_out(identifier):
        raise Http404(identifier)
    return answer(request, request.path)
