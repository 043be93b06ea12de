"""What the pages of the desk share: who looks, words of states and deadlines, rows as the lists show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from maehia.access.models import Account
from maehia.access.permissions import can
from maehia.base import BANGKOK
from maehia.services import workflow
from maehia.services.models import CHANNELS
from maehia.services.queries.inbox import Desk, desk_of, end_of_day
from maehia.web import registry as web
from maehia.web.formats import local_day, show_date, show_datetime, show_span
from maehia.web.values import Crumb

TAGS = {"submitted": "open", "booked": "open", "waiting_citizen": "wait", "waiting_other": "wait", "returned": "wait"}
TAG_OF_TYPE = {"open": "work", "fixed": "done", "closed": "wait", "hidden": "wait"}
CHANNELS_EN = {
    "web": "Website", "line": "LINE", "counter": "Service centre", "phone": "Phone", "letter": "Letter",
    "facebook": "Facebook", "damrongtham": "Damrongdhama centre", "volunteer": "Health volunteer",
    "officer": "Found by an officer", "open311": "Open311", "api": "API", "traffy": "Traffy Fondue",
}  # fmt: skip
CHANNEL_ICONS = {
    "web": "globe", "line": "phone", "counter": "people", "phone": "phone", "letter": "mail", "facebook": "globe",
    "damrongtham": "flag", "volunteer": "heart", "officer": "eye",
}  # fmt: skip
STOPPED = ("waiting_citizen", "returned", "payment")


def desk_for(request: HttpRequest) -> Desk:
    """The desk of whoever is logged in; asked for once a request."""
    found: Desk | None = getattr(request, "maehia_desk", None)
    if found is None:
        found = desk_of(request.user.pk, oversees=can(request.user, "services.supervise"))  # type: ignore[arg-type]
        request.maehia_desk = found  # type: ignore[attr-defined]
    return found


def crumbs(*last: tuple[str, str]) -> list[Crumb]:
    """The inbox, then what is given as (words, address)."""
    return [Crumb(gettext("กล่องงาน"), reverse("services:inbox")), *(Crumb(words, url) for words, url in last)]


def plain_crumbs(*last: tuple[str, str]) -> list[Crumb]:
    """For pages of those who set the desk up and need not work at it: no way to an inbox that is not theirs."""
    return [Crumb(words, url) for words, url in last]


def state_words(kind: str, code: str) -> str:
    """The state in the language of the page; its code when this version does not know it any more."""
    found = workflow.KINDS.get(kind, {}).get(code)
    return web.in_language(found.th, found.en) if found else code


def state_tag(state: str, state_type: str) -> str:
    return TAGS.get(state) or TAG_OF_TYPE.get(state_type, "wait")


def channel_words(code: str) -> str:
    return web.in_language(dict(CHANNELS).get(code, code), CHANNELS_EN.get(code, code))


def due_words(due: datetime | None, now: datetime, *, state: str = "", state_type: str = "open") -> tuple[str, str]:
    """(tag, words) of a deadline: late, today, in so many days, standing still, or none."""
    if state in STOPPED:
        return "wait", gettext("หยุดนาฬิกา")
    if state_type != "open":
        return "done" if state_type == "fixed" else "wait", gettext("จบแล้ว")
    if due is None:
        return "wait", gettext("ไม่มีกำหนด")
    if due < now:
        return "late", gettext("เกินกำหนด %(span)s") % {"span": show_span(now - due)}
    if due < end_of_day(now):
        return "work", gettext("วันนี้ %(time)s") % {"time": clock_time(due)}
    return "open", _in_days(due, now)


def clock_time(moment: datetime) -> str:
    """14:30 น."""
    return gettext("%(time)s น.") % {"time": f"{moment.astimezone(BANGKOK):%H:%M}"}


def _in_days(due: datetime, now: datetime) -> str:
    days = (local_day(due - timedelta(microseconds=1)) - local_day(now)).days
    return ngettext("อีก %(n)d วัน", "อีก %(n)d วัน", max(days, 1)) % {"n": max(days, 1)}


def place_words(row: Mapping[str, Any]) -> str:
    moo = gettext("หมู่ %(moo)s") % {"moo": row["moo"]} if row["moo"] is not None else ""
    return " · ".join(part for part in (moo, row["public_address"]) if part)


def names_of(accounts: Iterable[UUID | None]) -> dict[UUID, str]:
    """Account -> the name that colleagues see. One statement; inside `acting()`."""
    wanted = {key for key in accounts if key is not None}
    if not wanted:
        return {}
    return dict(Account.objects.filter(pk__in=wanted).values_list("pk", "display_name"))


def listed(rows: Sequence[Mapping[str, Any]], now: datetime, *, me: UUID | None = None) -> list[dict[str, Any]]:
    """Rows of `queries.inbox.rows` as the template shows them: words only, nothing left to work out there."""
    names = names_of(row["assignee"] for row in rows)
    found = []
    for row in rows:
        tag, words = due_words(row["due_at"], now, state=row["state"], state_type=row["state_type"])
        service = web.in_language(row["service__name_th"], row["service__name_en"])
        found.append({
            "url": reverse("services:case", args=[row["id"]]), "number": row["number"], "service": service,
            "title": " ".join(row["words"].split()) if row["words"] else service, "place": place_words(row),
            "unit": web.in_language(row["unit__name_th"] or "", row["unit__name_en"] or "") or gettext("ยังไม่มีหน่วยงาน"),
            "who": gettext("ฉัน") if row["assignee"] == me else names.get(row["assignee"], ""),
            "state": state_words(row["kind"], row["state"]), "state_tag": state_tag(row["state"], row["state_type"]),
            "due": words, "due_tag": tag, "due_at": show_datetime(row["due_at"]) if row["due_at"] else "",
            "received": show_date(row["received_at"]), "urgent": row["is_urgent"], "me_too": row["me_too"],
            "reopened": row["reopened"], "channel": channel_words(row["channel"]),
        })  # fmt: skip
    return found
