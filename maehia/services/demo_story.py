"""A case of the demo as it goes on, line by line: the rows that the verbs would write, made without the database.

Columns, lines, clocks and hashes come from the functions that the verbs use; the clock stands at each moment. A test
holds the rows of a story against those of the verbs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import Point

from maehia.demo.cases import Step
from maehia.kit import clock
from maehia.services import workflow
from maehia.services.actions.base import answered, next_line, set_due, set_state
from maehia.services.actions.moving import CLOSED_CAUSE, PAUSE_CAUSES, between
from maehia.services.actions.opening import (
    NewCase,
    default_role,
    facts_of,
    first_line,
    hash_of,
    new_party,
    new_row,
    secret_of,
    trace_of,
)
from maehia.services.models import Case, CaseDetail, CaseEvent, CaseLink, CaseSecret, ClockPause, Party
from maehia.services.queries.current import Current
from maehia.services.queries.places import Where
from maehia.services.rules.clock import Pause
from maehia.services.rules.routing import route


@dataclass
class Picture:
    """A photo that will be drawn and attached. id: what the attachment will have; role: "photo" or "after"."""

    id: UUID
    role: str
    at: datetime
    released_at: datetime | None = None


@dataclass
class Story:
    """The rows of one case; nothing is stored. after: id of the photo that its repair will have, if any."""

    case: Case
    offer: Current
    detail: CaseDetail
    secret: CaseSecret
    events: list[CaseEvent]
    parties: list[Party]
    pauses: list[ClockPause] = field(default_factory=list)
    links: list[CaseLink] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    after: UUID | None = None

    @property
    def last_at(self) -> datetime:
        return self.events[-1].recorded_at


def begin(
    new: NewCase, offer: Current, place: Where, *, case_id: UUID, number: str, by: str, recorded: datetime | None = None
) -> Story:  # fmt: skip
    """A case is opened. new.event_at: when; number: as its series gave it."""
    with clock.at(recorded or new.event_at or clock.now()):
        case = new_row(new, offer, place, case_id)
        routed = route(offer.routing, facts_of(new, offer, place))
        case.unit_id, case.number = routed.unit or offer.definition.unit or None, number
        opened = first_line(case, new, by, case.state)
        detail = CaseDetail(
            case_id=case.pk, description=new.description, point=Point(*new.point, srid=4326) if new.point else None,
            address=new.address, answers=dict(new.answers), trace=trace_of(routed),
            suggested=[list(offer) for offer in new.suggested],
        )  # fmt: skip
        secret = CaseSecret(hash=hash_of(secret_of(case.pk)), case_id=case.pk, made_at=clock.now())
        parties = [] if new.contact.is_empty else [new_party(case, new.contact, default_role(case))]
        pictures = [Picture(photo, "photo", clock.now()) for photo in new.photos]
    return Story(case, offer, detail, secret, [opened], parties, pictures=pictures)


def happen(story: Story, step: Step, at: datetime, by: str) -> bool:
    """One step at its moment; False when the case does not allow it, and nothing was done."""
    with clock.at(at):
        return _HAPPENS[step.kind](story, step, by)


def _line(story: Story, kind: str, **told: Any) -> None:
    story.events.append(next_line(story.case, kind, **told))


def _touch(story: Story) -> None:
    story.case.updated_at = clock.now()


def _state(story: Story, step: Step, by: str) -> bool:
    case = story.case
    if workflow.find_move(case.kind, case.state, step.to, case.state_before) is None:
        return False
    was, will = workflow.state(case.kind, case.state), workflow.state(case.kind, step.to)
    answered(case, by)
    set_state(case, step.to)
    _run_clocks(story, was, will)
    reopened = was.type in ("fixed", "closed") and will.type == "open"
    case.closed_at = clock.now() if will.type in ("fixed", "closed") else None if reopened else case.closed_at
    case.reopened += reopened
    case.rating = None if reopened else case.rating
    if will.type != "hidden":
        case.last_note = case.last_note if between(by, step.note, step.question)[1] else step.note or case.last_note
        _touch(story)
    _write(story, step, by, reopened=reopened)
    return True


def _write(story: Story, step: Step, by: str, *, reopened: bool) -> None:
    after = [str(story.after)] if step.to == "fixed" and story.after else []
    planned = (clock.now() + timedelta(days=step.days)).date().isoformat() if step.days else ""
    given = {"from": story.case.state_before, "reopened": reopened, "receiver": step.receiver, "photos": after,
             "planned_on": planned}  # fmt: skip
    value = {name: part for name, part in given.items() if part}
    public = workflow.state(story.case.kind, step.to).type != "hidden"
    kind, private = between(by, step.note, step.question)
    _line(story, "state", by=by, state=step.to, value=value, note="" if private else step.note, is_public=public)
    if private:
        _line(story, kind, by=by, note=private, is_public=False)
    if step.internal:
        _line(story, "note", by=by, note=step.internal, is_public=False)
    if after and story.after:
        story.pictures.append(Picture(story.after, "after", clock.now()))
        story.after = None
        _release_photos(story, by)


def _release_photos(story: Story, by: str) -> None:
    for photo in story.pictures if story.case.is_public else ():
        if photo.released_at is None:
            photo.released_at = clock.now()
            _line(story, "release", by=by, value={"photo": str(photo.id)}, is_public=False)


def _run_clocks(story: Story, was: workflow.State, will: workflow.State) -> None:
    case = story.case
    if was.type in ("fixed", "closed") and will.clock == "run" and case.closed_at:
        _pause(story, case.closed_at, clock.now(), CLOSED_CAUSE)
    elif was.clock == "pause" and will.clock in ("run", "stop"):
        story.pauses[-1].end = clock.now()
    elif will.clock == "pause" and was.clock != "pause":
        _pause(story, clock.now(), None, PAUSE_CAUSES.get(will.code, will.th))
    else:
        return
    set_due(case, [Pause(row.start, row.end, row.cause) for row in story.pauses], story.offer.calendar)


def _pause(story: Story, start: datetime, end: datetime | None, cause: str) -> None:
    story.pauses.append(ClockPause(case_id=story.case.pk, start=start, end=end, cause=cause))


def _answer(story: Story, step: Step, by: str) -> bool:
    waiting = {"waiting_citizen": "in_progress", "returned": "resubmitted"}.get(story.case.state)
    if waiting is None:
        return False
    _line(story, "answer", by=by, note=step.note, is_public=False)
    return _state(story, Step(step.at, "state", to=waiting), by)


def _recommend(story: Story, step: Step, by: str) -> bool:
    if story.case.state not in ("submitted", "resubmitted"):
        return False
    _line(story, "recommend", by=by, value={"outcome": step.to}, is_public=False)
    return True


def _sign(story: Story, step: Step, by: str) -> bool:
    if story.case.state != "decision":
        return False
    _line(story, "sign", by=by, value={"outcome": step.to}, note=step.note, is_public=False)
    return True


def _rating(story: Story, step: Step, by: str) -> bool:
    if story.case.state_type not in ("fixed", "closed"):
        return False
    story.case.rating = step.stars
    _line(story, "rating", by=by, value={"stars": step.stars}, note=step.note, is_public=False)
    return True


def _me_too(story: Story, step: Step, by: str) -> bool:
    if story.case.state_type != "open":
        return False
    story.case.me_too += 1
    _line(story, "me_too", by=by, value={"count": story.case.me_too})
    _touch(story)
    return True


def _note(story: Story, step: Step, by: str) -> bool:
    _line(story, "note", by=by, note=step.internal, is_public=False)
    return True


def _release(story: Story, step: Step, by: str) -> bool:
    """The citizen's words, shown to everybody."""
    if not story.case.is_public or story.case.state_type == "hidden":
        return False
    story.case.public_text = story.detail.description
    _line(story, "release", by=by, is_public=False, value={"text": bool(story.case.public_text)})
    _release_photos(story, by)
    _touch(story)
    return True


_HAPPENS = {
    "state": _state, "answer": _answer, "recommend": _recommend, "sign": _sign, "rating": _rating, "me_too": _me_too,
    "note": _note, "release": _release,
}  # fmt: skip


def merged(child: Story, parent: Story, at: datetime, by: str) -> bool:
    """The child is the same as the parent: it closes, and who stood behind it stands behind the parent."""
    if parent.case.state_type != "open" or parent.last_at >= at or child.case.state_type != "open":
        return False
    with clock.at(at):
        link = CaseLink(kind="duplicate", parent_id=parent.case.pk, child_id=child.case.pk, by=by, at=at)
        child.links.append(link)
        child.case.parent_id = parent.case.pk
        for party in child.parties:
            party.case_id, party.moved_from_id = parent.case.pk, child.case.pk
        _state(child, Step(0, "state", to="duplicate"), by)
        parent.case.me_too += 1 + child.case.me_too
        _line(parent, "merge", by=by, value={"child": child.case.number, "count": parent.case.me_too})
        _touch(parent)
    return True
