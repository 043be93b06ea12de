"""Following a case in the chat: its state by number, one's own cases, an answer, stars, "still broken"."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from maehia.base import ProblemError
from maehia.forms import actions as forms
from maehia.kit.acting import acting
from maehia.kit.crypto import blind_index
from maehia.message.actions import Inbound, Talk, tap
from maehia.services import actions
from maehia.services.line.common import actor_of, button, own, say_problem, service_name, state_word, uuid_of, word
from maehia.services.models import Case, Party
from maehia.services.queries.following import FINDER, read_number
from maehia.thai import clean_text
from maehia.web.formats import show_date

ASKS = re.compile(
    r"(?:สถานะ|ติดตาม(?:เรื่อง)?|เลขที่|status|follow)?\s*(?:เรื่อง|เลขที่|#)?\s*([\d๐-๙][\d๐-๙\s\-/]*)", re.IGNORECASE
)
MINE = {"สถานะ", "ติดตาม", "ติดตามเรื่อง", "เรื่องของฉัน", "status", "my cases"}
SHOWN = 5
STOP = {"ยกเลิก", "หยุด", "cancel", "stop"}
C = "case:"
STARS = range(5, 0, -1)


def handle(event: Inbound, talk: Talk) -> bool:
    """The handler of the chat: True when this was about a case that stands already."""
    if event.kind == "postback" and event.data.startswith(C):
        return _tapped(event, talk)
    if event.kind != "message" or event.what not in {"text", "image"}:
        return False
    if talk.draft.get("about"):
        return _said(event, talk)
    return event.what == "text" and _asked(event, talk)


def _asked(event: Inbound, talk: Talk) -> bool:
    said = clean_text(event.text)
    if said.casefold() in MINE:
        _mine(event, talk)
        return True
    found = ASKS.fullmatch(said)
    number = read_number(found[1]) if found else ""
    if number:
        _status(event, talk, number)
    return bool(number)


def own_cases(user: str, number: str = "") -> list[UUID]:
    """Keys of the cases behind which this chat stands, the newest first. Gives nothing else away."""
    with acting(FINDER, "services.clock"):
        rows = Party.objects.filter(line_index=blind_index("line", user)).exclude(case__state_type="hidden")
        if number:
            rows = rows.filter(case__number=number)
        return list(dict.fromkeys(rows.order_by("-case__received_at").values_list("case_id", flat=True)[:SHOWN]))


def _read(user: str, case_id: UUID) -> Case | None:
    with own(user, case_id):
        return Case.objects.select_related("service").filter(pk=case_id).first()


def _mine(event: Inbound, talk: Talk) -> None:
    cases = [case for key in own_cases(event.user) if (case := _read(event.user, key))]
    if not cases:
        talk.tell("chat.none", {}, button("report", "report:begin", talk.lang))
        return
    lines = [f"{case.number} {service_name(case, talk.lang)}: {state_word(case, talk.lang)}" for case in cases]
    talk.say("\n".join(lines), *(tap(case.number, f"{C}show:{case.pk}") for case in cases))


def _status(event: Inbound, talk: Talk, number: str) -> None:
    """One's own case in full, a published one as everybody sees it, the same answer for all others."""
    keys = own_cases(event.user, number)
    if keys and (case := _read(event.user, keys[0])):
        _show(talk, case, taps(case.pk, case.state_type, case.state, talk.lang))
        return
    with acting("system:public", "services.public"):
        found = Case.objects.select_related("service").filter(number=number, is_public=True, is_confidential=False)
        case = found.exclude(state_type="hidden").first()
    if case is None:
        talk.tell("chat.unknown")
    else:
        _show(talk, case, ())


def _show(talk: Talk, case: Case, quick: Sequence[dict[str, Any]]) -> None:
    values = {
        "number": case.number,
        "service": service_name(case, talk.lang),
        "state": state_word(case, talk.lang),
        "due": show_date(case.due_at) if case.due_at else word("no_due", talk.lang),
        "note": case.last_note or word("no_note", talk.lang),
    }
    talk.tell("chat.status", values, *quick)


def taps(case_id: UUID, state_type: str, state: str, lang: str = "th") -> list[dict[str, Any]]:
    """What can be done with one's own case in its state."""
    if state_type in {"fixed", "closed"}:
        return [*stars(case_id, lang), button("again", f"{C}again:{case_id}", lang)]
    return [button("answer", f"{C}answer:{case_id}", lang)] if state == "waiting_citizen" else []


def stars(case_id: UUID, lang: str) -> list[dict[str, Any]]:
    return [tap(f"{n} {word('stars', lang)}", f"{C}rate:{case_id}:{n}") for n in STARS]


def closed_items(about: UUID, lang: str) -> list[dict[str, Any]]:
    """Under the message that a case was closed."""
    return [*stars(about, lang), button("again", f"{C}again:{about}", lang)]


def question_items(about: UUID, lang: str) -> list[dict[str, Any]]:
    return [button("answer", f"{C}answer:{about}", lang)]


def opened_items(about: UUID, lang: str) -> list[dict[str, Any]]:
    return [button("status", f"{C}show:{about}", lang)]


def _tapped(event: Inbound, talk: Talk) -> bool:
    """Only those who stand behind the case are heard; for all others it does not exist."""
    what, _, rest = event.data.removeprefix(C).partition(":")
    key, _, value = rest.partition(":")
    case_id = uuid_of(key)
    case = _read(event.user, case_id) if case_id and case_id in own_cases(event.user, _number(case_id)) else None
    if case is None:
        talk.tell("chat.unknown")
    elif what == "show":
        _show(talk, case, taps(case.pk, case.state_type, case.state, talk.lang))
    elif what == "rate" and value in {"1", "2", "3", "4", "5"}:
        _rate(event, talk, case, int(value))
    elif what in {"again", "answer"}:
        talk.draft.clear()
        talk.draft.update(about=str(case.pk), step=what)
        talk.tell("chat.again" if what == "again" else "chat.ask_answer", {}, button("stop", "report:stop", talk.lang))
    return True


def _number(case_id: UUID) -> str:
    with acting(FINDER, "services.clock"):
        return Case.objects.filter(pk=case_id).values_list("number", flat=True).first() or "-"


def _rate(event: Inbound, talk: Talk, case: Case, count: int) -> None:
    try:
        with own(event.user, case.pk):
            actions.rate(case.pk, count, by=actor_of(event.user))
    except ProblemError as error:
        say_problem(talk, error)
        return
    quick = [button("again", f"{C}again:{case.pk}", talk.lang)] if count <= 2 else []
    talk.tell("chat.rated", {"stars": str(count), "number": case.number}, *quick)


def _said(event: Inbound, talk: Talk) -> bool:
    """The reason or photo of "still broken", or the answer to an officer."""
    case_id, step = UUID(talk.draft["about"]), talk.draft.get("step")
    text = clean_text(event.text)
    if text.casefold() in STOP:
        talk.draft.clear()
        talk.tell("chat.stopped")
        return True
    try:
        with own(event.user, case_id):
            photos = [_keep(case_id, event)] if event.what == "image" else []
            if step == "again":
                case = actions.reopen(case_id, by=actor_of(event.user), reason=text, photos=photos)
            else:
                case = actions.answer(case_id, text or word("photo", talk.lang), by=actor_of(event.user), photos=photos)
    except ProblemError as error:
        say_problem(talk, error)
        talk.draft.clear()
        return True
    talk.draft.clear()
    talk.tell("chat.reopened" if step == "again" else "chat.answered", {"number": case.number})
    return True


def _keep(case_id: UUID, event: Inbound) -> UUID:
    return forms.attach(case_id, "photo", io.BytesIO(event.photo or b""), "line.jpg").pk
