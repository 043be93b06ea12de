"""Reading alerts: drafts and what waits, what is in force, what became of each, chains. Inside the caller's context."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from maehia.emergency.models import Alert, Incident
from maehia.emergency.rules import cap
from maehia.emergency.rules.cap.times import written
from maehia.emergency.rules.cap.workflow import ALERT, LIVE_FEED, PENDING, PRACTICE_FEED
from maehia.kit.clock import now

HEAVY = ("xml",)


def rows() -> QuerySet[Alert]:
    return Alert.objects.defer(*HEAVY).prefetch_related("infos")


def get(key: UUID | str) -> Alert | None:
    """One alert with its bytes and words, None when the context does not see it."""
    return Alert.objects.prefetch_related("infos").select_related("incident", "parent").filter(pk=key).first()


def by_identifier(identifier: str) -> Alert | None:
    return Alert.objects.prefetch_related("infos").filter(identifier=identifier).first() if identifier else None


def drafts() -> list[Alert]:
    """Drafts of the context's mode, the newest first; Cancels made beforehand are not among them."""
    return list(rows().filter(state="draft", prepared=False).order_by("-made_at"))


def waiting() -> list[Alert]:
    """What waits for a second person or for release, the oldest first."""
    return list(rows().filter(state__in=PENDING).order_by("submitted_at"))


def published() -> list[Alert]:
    """Everything that went out in the context's mode, the newest first."""
    return list(rows().filter(state="published").order_by("-sent", "-identifier"))


def published_with_bytes() -> list[Alert]:
    """As `published`, with the bytes that went out."""
    return list(Alert.objects.prefetch_related("infos").filter(state="published").order_by("-sent", "-identifier"))


def of_incident(incident: Incident | UUID) -> list[Alert]:
    """All alerts of an incident but dropped drafts, the newest first."""
    key = incident.pk if isinstance(incident, Incident) else incident
    return list(rows().filter(incident_id=key).exclude(state="dropped").order_by("-made_at"))


def known_rows(statuses: Iterable[str] | None = None) -> list[cap.Known]:
    """Our published messages as chains see them."""
    found = Alert.objects.filter(state="published")
    if statuses is not None:
        found = found.filter(status__in=list(statuses))
    columns = ("sender", "identifier", "sent", "msg_type", "expires", "references", "status", "sha256")
    return [known_from(row) for row in found.values(*columns)]


def known_from(row: dict[str, Any]) -> cap.Known:
    triple = cap.Triple(row["sender"], row["identifier"], written(row["sent"]))
    named = tuple(cap.Triple(*parts) for parts in row["references"])
    return cap.Known(triple, row["msg_type"], row["sent"], row["expires"], named, row["status"], row["sha256"])


def known_of(alert: Alert) -> cap.Known:
    columns = ("sender", "identifier", "sent", "msg_type", "expires", "references", "status", "sha256")
    return known_from({name: getattr(alert, name) for name in columns})


def in_force(mode: str = "live", moment: datetime | None = None) -> list[Alert]:
    """Alerts that warn of a danger now, the newest first, with their words. mode: the one of the caller's context.

    Live: of status Actual alone. Exercise: of status Exercise.
    """
    wanted = LIVE_FEED if mode == "live" else ("Exercise",)
    known = known_rows(wanted)
    return in_order(cap.in_force(known, moment or now()))


def for_feed(live: bool, moment: datetime | None = None) -> list[Alert]:
    """What /cap/ (live) or /cap/exercise/ carries of the context's mode, the newest first."""
    return in_order(cap.in_feed(known_rows(LIVE_FEED if live else PRACTICE_FEED), moment or now()))


def in_order(known: Iterable[cap.Known]) -> list[Alert]:
    """The rows of known messages in the same order."""
    wanted = [one.triple.identifier for one in known]
    found = {row.identifier: row for row in Alert.objects.prefetch_related("infos").filter(identifier__in=wanted,
                                                                                       state="published")}  # fmt: skip
    return [found[identifier] for identifier in wanted if identifier in found]


def state_of(alert: Alert, moment: datetime | None = None) -> str:
    """The state of an alert as it is now: written, or derived from the messages that name it."""
    if alert.state != "published":
        return alert.state
    return cap.states(known_rows([alert.status]), moment or now())[cap.Triple(*alert.triple)]


def states_of(alerts: Iterable[Alert], moment: datetime | None = None) -> dict[UUID, str]:
    """States of many alerts in one query."""
    held = list(alerts)
    found = cap.states(known_rows(), moment or now())
    return {row.pk: found[cap.Triple(*row.triple)] if row.state == "published" else row.state for row in held}


def state_words(code: str, language: str = "th") -> str:
    state = ALERT.states[code]
    return state.en if language.startswith("en") else state.th


def chain(alert: Alert) -> list[Alert]:
    """Every published message that belongs to this one, the newest first."""
    start = [cap.Triple(*alert.triple)] if alert.sent and alert.state == "published" else []
    start += [cap.Triple(*parts) for parts in alert.references]
    return in_order(cap.chain_of(start, known_rows([alert.status])))


def open_alerts(incident: Incident) -> list[Alert]:
    """Alerts of an incident that keep it from being closed: in force, or on the way out."""
    mine = [row for row in of_incident(incident) if row.state in (*PENDING, "published")]
    state = states_of(mine)
    return [row for row in mine if row.state != "published" or (warns(row) and state[row.pk] == "published")]


def warns(row: Alert) -> bool:
    """Whether it tells people of a danger, or practises that: no Cancel, no test of the system."""
    return row.msg_type != "Cancel" and row.status in ("Actual", "Exercise")


def prepared_cancel(alert: Alert) -> Alert | None:
    """The Cancel that was made beforehand and has not gone out."""
    return rows().filter(parent=alert, prepared=True, state__in=("draft", *PENDING)).order_by("-made_at").first()
