"""One case as a viewer may see it: by its number in public, by its secret, or in full for those who work on it.

Which fields a viewer gets is decided by the visibility table alone; the policies of the database stand behind it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from maehia.kit.clock import now
from maehia.services import workflow
from maehia.services.models import Case, CaseDetail, CaseEvent, CaseLink, CaseSecret, ClockPause, Party
from maehia.services.queries.current import definition_of
from maehia.services.queries.photos import photos_of
from maehia.services.rules import visibility
from maehia.services.rules.chain import Line, broken_at
from maehia.services.rules.definition import Definition

LONGEST_SECRET = 64


@dataclass(frozen=True, slots=True)
class CasePage:
    """What a page shows of a case. Fields that the viewer may not see are None or empty.

    moves: states that the table allows from here. chain_broken_at: None when the whole history is untouched.
    """

    case: Case
    definition: Definition
    fields: frozenset[str]
    state: workflow.State
    events: Sequence[CaseEvent]
    pauses: Sequence[ClockPause]
    photos: Sequence[Any]
    detail: CaseDetail | None = None
    parties: Sequence[Party] = ()
    trace: Sequence[Mapping[str, Any]] = ()
    links: Sequence[CaseLink] = ()
    moves: Sequence[workflow.Move] = ()
    chain_broken_at: int | None = None
    viewer: str = "public"
    shown: datetime = field(default_factory=now)

    def sees(self, name: str) -> bool:
        return name in self.fields

    @property
    def is_late(self) -> bool:
        end = self.case.closed_at or self.shown
        return self.case.due_at is not None and end > self.case.due_at

    @property
    def description(self) -> str:
        if not self.sees("description"):
            return ""
        return self.detail.description if self.detail else self.case.public_text

    @property
    def point(self) -> Any:
        """The exact point for those who may see it, else the public one."""
        if self.sees("exact_point") and self.detail is not None and self.detail.point is not None:
            return self.detail.point
        return self.case.public_point if self.sees("blurred_point") else None


def _cases() -> Any:
    return Case.objects.select_related("definition", "service", "unit").defer("definition__definition")


def public(number: str) -> CasePage | None:
    """A published case; None for one that does not exist or is not public, without a difference between them.

    Needs purpose services.public (or any that reads open data).
    """
    case = _cases().filter(number=number, is_public=True, is_confidential=False).exclude(state_type="hidden").first()
    return page_of(case, "public") if case else None


def by_secret(secret: str) -> UUID | None:
    """The case that a secret link opens. Needs no context; what is read of the case then does."""
    from maehia.services.actions.opening import hash_of

    if not secret or len(secret) > LONGEST_SECRET or not secret.isascii():
        return None
    row = CaseSecret.objects.filter(pk=hash_of(secret), ended_at=None).values_list("case_id", flat=True).first()
    return row


def page(case_id: UUID | str, viewer: str) -> CasePage | None:
    """A case for a viewer of the visibility table, None when the policies hide it."""
    case = _cases().filter(pk=case_id).first()
    return page_of(case, viewer) if case else None


def page_of(case: Case, viewer: str) -> CasePage | None:
    """The page of a case that was read; None when this viewer sees nothing of it."""
    photos = photos_of(case.pk)
    fields = visibility.shipped().seen_by(viewer, about(case, photos))
    if not fields:
        return None
    inside = viewer != "public"
    events = list(CaseEvent.objects.filter(case_id=case.pk).order_by("seq"))
    return CasePage(
        case=case, definition=definition_of(case), fields=fields, state=workflow.state(case.kind, case.state),
        events=_shown(events, fields, viewer), photos=[p for p in photos if _photo_shown(p, fields, viewer)],
        pauses=list(ClockPause.objects.filter(case_id=case.pk)) if inside else (),
        detail=CaseDetail.objects.filter(pk=case.pk).first() if inside else None,
        parties=list(Party.objects.filter(case_id=case.pk)) if "reporter_contact" in fields else (),
        trace=_trace(case) if inside and "routing_trace" in fields else (),
        links=list(CaseLink.objects.filter(Q(child_id=case.pk) | Q(parent_id=case.pk))) if inside else (),
        moves=_moves(case) if viewer in STAFF else (),
        chain_broken_at=broken_at([_line(e) for e in events], bytes(case.head)) if inside else None, viewer=viewer,
    )  # fmt: skip


STAFF = ("own_unit", "other_unit", "supervisor", "confidential_desk")
# Kinds of lines that are the work of the desk; the rest tells the citizen what happened.
PUBLIC = ("opened", "state", "me_too", "service", "note", "merge")
TALK = ("opened", "state", "service", "question", "answer", "note", "me_too", "merge", "unmerge", "rating")


def about(case: Case, photos: Sequence[Any]) -> visibility.About:
    """What the visibility table asks of a case."""
    released = {"description"} if case.public_text else set()
    released |= {"photos"} if any(photo.released_at for photo in photos) else set()
    return visibility.About(case.is_public, case.is_confidential, case.state_type == "hidden", frozenset(released))


def _shown(events: Sequence[CaseEvent], fields: frozenset[str], viewer: str) -> list[CaseEvent]:
    if "internal_notes" in fields and viewer not in ("reporter", "link_holder"):
        return list(events)
    if viewer == "public":
        return [e for e in events if e.is_public and e.kind in PUBLIC]
    own = ("answer", "rating", "question")
    return [e for e in events if e.kind in TALK and (e.is_public or e.kind in own)]


def _photo_shown(photo: Any, fields: frozenset[str], viewer: str) -> bool:
    return "photos" in fields and (viewer != "public" or photo.released_at is not None)


def _trace(case: Case) -> Sequence[Mapping[str, Any]]:
    trace: Sequence[Mapping[str, Any]] = CaseDetail.objects.values_list("trace", flat=True).get(pk=case.pk)
    return trace


def _moves(case: Case) -> list[workflow.Move]:
    """What the table allows, without what only the system does and without the way back from hiding twice."""
    allowed = [m for m in workflow.state(case.kind, case.state).moves if not m.by_system]
    allowed = [m for m in allowed if not workflow.is_own_step(case.kind, case.state, m.to)]
    return [workflow.Move(case.state_before, m.guards, m.by_system) if m.to == workflow.BEFORE else m for m in allowed]


def _line(event: CaseEvent) -> tuple[Line, bytes, bytes]:
    line = Line(str(event.case_id), event.seq, event.kind, event.state, event.value, event.note, event.is_public,
                event.actor, event.event_at, event.recorded_at)  # fmt: skip
    return line, bytes(event.prev_hash), bytes(event.hash)


def check_chain(case_id: UUID | str) -> int | None:
    """The seq at which the history of a case does not fit, None when it holds."""
    head = Case.objects.values_list("head", flat=True).get(pk=case_id)
    return broken_at([_line(e) for e in CaseEvent.objects.filter(case_id=case_id).order_by("seq")], bytes(head))
