"""Telling a problem in the chat: words or a photo, a place, the kind, one tap. Kept while it is unfinished.

The draft: {"case": future key, "text", "photos": ids, "point": [lon, lat], "address", "service", "new": looked at what
is there already, "step": what is asked just now}. What the citizen sends is taken whatever was asked.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from maehia.base import ProblemError
from maehia.forms import actions as forms
from maehia.kit.acting import acting
from maehia.message.actions import Inbound, Talk, camera, place, tap
from maehia.services import actions
from maehia.services.line.common import actor_of, button, own, say_problem, service_name, state_word, word
from maehia.services.line.follow import STOP
from maehia.services.models import Case
from maehia.services.queries.catalogue import published
from maehia.services.queries.near import Candidate, candidates, snap
from maehia.services.rules.definition import Definition
from maehia.services.rules.emergencies import calls_for
from maehia.services.rules.finding import Entry, find
from maehia.services.rules.suggest import suggest
from maehia.thai import clean_text

BEGIN = {"แจ้งเรื่อง", "แจ้งปัญหา", "แจ้งเหตุ", "ร้องเรียน", "report"}
MOST_PHOTOS, LONGEST, SENTENCE, LIKELY = 5, 2000, 15, 0.4
OFFERED = 10
D = "report:"


def handle(event: Inbound, talk: Talk) -> bool:
    """The handler of the chat: True when this was about a report."""
    if event.kind == "postback":
        return _tapped(event, talk) if event.data.startswith(D) else False
    if event.kind != "message":
        return False
    return _sent(event, talk)


def _sent(event: Inbound, talk: Talk) -> bool:
    """A text, a photo or a place. A text begins a report only when it tells something."""
    taken = {"text": _text, "image": _photo, "location": _place}.get(event.what)
    return taken(event, talk) if taken else False


def is_open(talk: Talk) -> bool:
    return "case" in talk.draft


def _draft(talk: Talk) -> dict[str, Any]:
    if not is_open(talk):
        talk.draft.clear()
        talk.draft.update({"case": str(uuid4()), "photos": []})
    return talk.draft


def _text(event: Inbound, talk: Talk) -> bool:
    said = clean_text(event.text)[:LONGEST]
    if said.casefold() in BEGIN:
        talk.draft.clear()
        _draft(talk)["step"] = "what"
        talk.tell("chat.start", {}, camera(word("camera", talk.lang)), button("stop", f"{D}stop", talk.lang))
        return True
    if is_open(talk) and said.casefold() in STOP:
        return _stop(talk)
    if not is_open(talk) and not tells(said):
        return False
    draft = _draft(talk)
    if draft.get("step") == "where":
        draft["address"] = said[:300]
    elif draft.get("step") == "category" and (fitting := search(said)):
        draft["choices"] = [one.code for one in fitting]
    else:
        draft["text"] = f"{draft['text']}\n{said}"[:LONGEST] if draft.get("text") else said
        for call in calls_for(said):
            talk.tell("chat.urgent", {"number": call.number, "name": call.en if talk.lang == "en" else call.th})
    return go_on(event, talk)


def tells(said: str) -> bool:
    """Whether a text out of nothing tells of a problem: the model knows which, or it is a whole sentence."""
    best = next(iter(suggest(said)), None)
    if best is None or best.code == "other":
        return len(said) >= SENTENCE and best is None
    return len(said) >= SENTENCE or best.probability >= LIKELY


def _photo(event: Inbound, talk: Talk) -> bool:
    draft = _draft(talk)
    case_id = UUID(draft["case"])
    if len(draft["photos"]) < MOST_PHOTOS:
        try:
            with own(event.user, case_id, "services.report"):
                kept = forms.attach(case_id, "photo", io.BytesIO(event.photo or b""), "line.jpg")
            draft["photos"] = [*draft["photos"], str(kept.pk)]
        except ProblemError:
            talk.tell("chat.photo_bad", {}, camera(word("camera", talk.lang)))
            return True
    return go_on(event, talk)


def _place(event: Inbound, talk: Talk) -> bool:
    if event.lon is None or event.lat is None:
        return False
    draft = _draft(talk)
    draft["point"], draft["address"] = [event.lon, event.lat], event.address
    draft.pop("new", None)
    return go_on(event, talk)


def _tapped(event: Inbound, talk: Talk) -> bool:
    what, _, value = event.data.removeprefix(D).partition(":")
    if what == "stop":
        return _stop(talk)
    if not is_open(talk):
        talk.tell("chat.none", {}, button("report", f"{D}begin", talk.lang)) if what != "begin" else _begin(talk)
        return True
    taps: dict[str, Callable[[], Any]] = {
        "begin": lambda: _begin(talk),
        "kind": lambda: talk.draft.update(service=value) if _known(value) else None,
        "other": lambda: talk.draft.update(choices=[], service="", all=True),
        "new": lambda: talk.draft.update(new=True),
    }
    if what == "same":
        return _same(event, talk, value)
    if what == "send":
        return _send(event, talk)
    if what not in taps:
        return False
    taps[what]()
    return True if what == "begin" else go_on(event, talk)


def _begin(talk: Talk) -> None:
    talk.draft.clear()
    _draft(talk)["step"] = "what"
    talk.tell("chat.start", {}, camera(word("camera", talk.lang)))


def _stop(talk: Talk) -> bool:
    talk.draft.clear()
    talk.tell("chat.stopped", {}, button("report", f"{D}begin", talk.lang))
    return True


def go_on(event: Inbound, talk: Talk) -> bool:
    """Ask for the next thing that is missing; when nothing is, show what will be sent."""
    draft = talk.draft
    stop = button("stop", f"{D}stop", talk.lang)
    if not draft.get("text") and not draft["photos"]:
        draft["step"] = "what"
        talk.tell("chat.what", {"got": word("pin", talk.lang)}, camera(word("camera", talk.lang)), stop)
    elif not draft.get("point") and not draft.get("address"):
        draft["step"] = "where"
        talk.tell("chat.where", {}, place(word("place", talk.lang)), stop)
    elif not draft.get("service"):
        draft["step"] = "category"
        talk.tell("chat.category", {}, *_kinds(talk), stop)
    elif not draft.get("new") and (found := alike(draft)):
        draft["step"] = "same"
        _ask_same(talk, found[0])
    else:
        draft["step"] = "confirm"
        _confirm(talk)
    return True


def _kinds(talk: Talk) -> list[dict[str, Any]]:
    """What it may be: the model's guesses, or what was searched for, or what is offered first."""
    draft, offers = talk.draft, {one.code: one for one in published("report")}
    guessed = [] if draft.get("all") else [g.code for g in suggest(draft.get("text", "")) if g.code in offers][:3]
    codes = [code for code in draft.get("choices") or guessed if code in offers] or list(offers)[:OFFERED]
    found = [tap(offers[code].name.in_(talk.lang), f"{D}kind:{code}") for code in codes[:OFFERED]]
    return [*found, button("other", f"{D}other", talk.lang)] if len(codes) < OFFERED else found


def search(said: str) -> list[Definition]:
    """Categories that fit some words."""
    offers = {one.code: one for one in published("report")}
    entries = [Entry(o.code, (o.name.th, o.name.en), o.keywords, o.description.th) for o in offers.values()]
    return [offers[code] for code in find(said, entries)][:OFFERED]


def _known(code: str) -> Definition | None:
    return next((one for one in published("report") if one.code == code), None)


def alike(draft: dict[str, Any]) -> list[Candidate]:
    """Open public cases that may be the same."""
    offer = _known(draft["service"])
    if offer is None or not draft.get("point") or offer.confidential:
        return []
    with acting("system:public", "services.public"):
        return candidates(
            offer.code, tuple(draft["point"]), asset_key=_asset(draft, offer), text=draft.get("text", ""),
            radius_m=offer.duplicate_radius_m,
        )  # fmt: skip


def _asset(draft: dict[str, Any], offer: Definition) -> UUID | None:
    """The registered thing at the pin, of the kinds that the category is about."""
    if not draft.get("point") or not offer.asset_kinds:
        return None
    lon, lat = draft["point"]
    found = snap(lon, lat, list(offer.asset_kinds))
    return found.key if found else None


def _ask_same(talk: Talk, found: Candidate) -> None:
    with acting("system:public", "services.public"):
        case = Case.objects.select_related("service").get(pk=found.id)
    values = {"service": service_name(case, talk.lang), "number": case.number, "state": state_word(case, talk.lang)}
    talk.tell("chat.same", values, button("same", f"{D}same:{case.pk}", talk.lang), button("new", f"{D}new", talk.lang))


def _same(event: Inbound, talk: Talk, value: str) -> bool:
    """One tap counts and subscribes; the report is not sent a second time."""
    try:
        case_id = UUID(value)
    except ValueError:
        return False
    contact = actions.Contact(line_user=event.user, wants=("line",), lang=talk.lang)
    try:
        case = actions.follow_case(case_id, contact, by=actor_of(event.user))
    except ProblemError as error:
        say_problem(talk, error)
        return True
    talk.draft.clear()
    talk.tell("chat.counted", {"number": case.number})
    return True


def _confirm(talk: Talk) -> None:
    draft = talk.draft
    offer = _known(draft["service"])
    values = {
        "service": offer.name.in_(talk.lang) if offer else "–",
        "text": draft.get("text") or "–",
        "place": draft.get("address") or word("pinned", talk.lang),
        "photos": str(len(draft["photos"])),
        "seen": word("sealed" if offer and offer.confidential else "public", talk.lang),
    }
    talk.tell(
        "chat.confirm", values, button("send", f"{D}send", talk.lang), button("change", f"{D}other", talk.lang),
        camera(word("camera", talk.lang)), button("stop", f"{D}stop", talk.lang),
    )  # fmt: skip


def _send(event: Inbound, talk: Talk) -> bool:
    """Open the case. What it is called and when it is due comes with the message that every reporter gets."""
    draft = talk.draft
    offer = _known(draft.get("service", ""))
    if offer is None or draft.get("step") != "confirm":
        return go_on(event, talk)
    new = actions.NewCase(
        service=offer.code, channel="line", description=draft.get("text", ""),
        point=tuple(draft["point"]) if draft.get("point") else None, address=draft.get("address", ""),
        asset_key=_asset(draft, offer), photos=[UUID(one) for one in draft["photos"]], lang=talk.lang,
        contact=actions.Contact(line_user=event.user, wants=("line",), lang=talk.lang), event_at=event.at,
        suggested=[(guess.code, round(guess.probability, 3)) for guess in suggest(draft.get("text", ""))],
    )  # fmt: skip
    try:
        actions.file_case(new, by=actor_of(event.user), case_id=UUID(draft["case"]))
    except ProblemError as error:
        draft["step"] = "where"
        draft.pop("point", None)
        draft.pop("address", None)
        say_problem(talk, error, place(word("place", talk.lang)), button("stop", f"{D}stop", talk.lang))
        return True
    talk.draft.clear()
    return True
