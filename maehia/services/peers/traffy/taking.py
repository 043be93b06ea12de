"""What Traffy tells us: hints are kept once, tickets are read, cases are opened and moved by the one write path.

A change that came from there carries origin `traffy`, so that it never goes back.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction

from maehia.base import ProblemError
from maehia.kit.acting import acting
from maehia.kit.clock import now
from maehia.services import actions, workflow
from maehia.services.models import Case, Peer, PeerHint, PeerTicket, Service
from maehia.services.peers.traffy import link, maps
from maehia.services.peers.traffy.client import Client
from maehia.services.peers.traffy.hooks import Hint
from maehia.services.peers.traffy.wire import Issue, TraffyError

ORIGIN = "traffy"
OTHER = "other"  # the service of types that nobody knows
RECEIVER = "ตามที่ระบุใน Traffy Fondue"
AT_ONCE = 50
MOST_TRIES = 8
CACHE = timedelta(minutes=11)  # an answer of theirs may be this old
WAYS = frozenset({"submitted", "accepted", "in_progress", "fixed", "forwarded"})
logger = logging.getLogger(__name__)


def keep_hint(hint: Hint) -> bool:
    """Keep a webhook until its ticket was read. False: it came before."""
    with acting(link.BY, link.PURPOSE):
        values = {"remote_id": hint.ticket_id, "event": hint.event, "words": hint.words or None,
                  "from_reporter": hint.from_reporter, "came_at": now(), "next_at": now()}  # fmt: skip
        _, is_new = PeerHint.objects.get_or_create(peer=link.peer(), digest=hint.digest, defaults=values)
        return is_new


def work_on_hints(client: Client) -> int:
    """Read the tickets of the hints that wait. Returns how many were settled."""
    with acting(link.BY, link.PURPOSE):
        due = PeerHint.objects.filter(peer_id=link.KEY, done_at=None, next_at__lte=now()).order_by("id")
        waiting = list(due.values_list("pk", flat=True)[:AT_ONCE])
    return sum(_settle(pk, client) for pk in waiting)


def _settle(pk: int, client: Client) -> bool:
    with acting(link.BY, link.PURPOSE):
        hint = PeerHint.objects.select_for_update(skip_locked=True).filter(pk=pk, done_at=None).first()
        if hint is None:
            return False
        hint.tries += 1
        try:
            with transaction.atomic():
                hint.error = _read(hint, client)
            hint.done_at = now()
        except (TraffyError, ProblemError) as error:
            _later(hint, error)
        hint.save()
        return hint.done_at is not None


def _later(hint: PeerHint, error: Exception) -> None:
    """A ticket that could not be taken: again for a while when the line was bad, else shown to staff."""
    again = isinstance(error, TraffyError) and error.kind not in ("input", "refused")
    hint.error = str(error)[:300]
    hint.next_at = now() + timedelta(minutes=2**hint.tries)
    if not again or hint.tries >= MOST_TRIES:
        hint.done_at = now()
    link.went_wrong(str(error))


def _read(hint: PeerHint, client: Client) -> str:
    issue = client.get_issue(hint.remote_id)
    if issue is None:
        return "ไม่มีเรื่องนี้ใน Traffy"
    ticket = take(issue, link.peer())
    if hint.words and ticket is not None:
        who = "ผู้แจ้งใน Traffy" if hint.from_reporter else "เจ้าหน้าที่ใน Traffy"
        # Also a chat of staff only comes in here: never public.
        actions.add_note(ticket.case_id, f"{who} ({hint.event}): {hint.words}"[:4000], by=link.BY)
    return ""


def take_all(issues: Iterable[Issue | str], row: Peer) -> dict[str, int]:
    """Take many tickets (a poll or a file), each for itself. Counts: opened, known, refused."""
    counts = {"opened": 0, "known": 0, "refused": 0}
    for issue in issues:
        if isinstance(issue, str):
            counts["refused"] += 1
            continue
        with acting(link.BY, link.PURPOSE):
            stood = PeerTicket.objects.filter(peer=row, remote_id=issue.ticket_id).exists()
            try:
                with transaction.atomic():
                    take(issue, row)
                counts["known" if stood else "opened"] += 1
            except ProblemError as error:
                logger.info("traffy %s: %s", issue.ticket_id, error.problem.code)
                counts["refused"] += 1
    return counts


def take(issue: Issue, row: Peer) -> PeerTicket | None:
    """Bring our case to where the ticket stands; open it when there is none. Raises ProblemError.

    Call inside acting(services.peer).
    """
    ticket = PeerTicket.objects.select_for_update().filter(peer=row, remote_id=issue.ticket_id).first()
    if ticket is None:
        ticket = _our_own(issue, row) or _opened(issue, row)
    _follow(ticket, issue, row)
    return ticket


def _our_own(issue: Issue, row: Peer) -> PeerTicket | None:
    """The echo of a case that we sent and whose number we were not told yet: our number stands in its words."""
    for ticket in PeerTicket.objects.filter(peer=row, remote_id="").select_related("case"):
        if mark_of(ticket.case.number) in issue.description:
            ticket.remote_id, ticket.state = issue.ticket_id, issue.status
            ticket.save(update_fields=["remote_id", "state"])
            return ticket
    return None


def mark_of(number: str) -> str:
    """How our number stands in the words of a ticket of ours."""
    return f"[{number}]"


def _opened(issue: Issue, row: Peer) -> PeerTicket:
    known = frozenset(Service.objects.filter(kind="report", state="published").values_list("pk", flat=True))
    new = actions.NewCase(
        maps.service_of(issue.type, known) or OTHER, "traffy", issue.description[:4000], issue.point,
        issue.address[:400], origin=ORIGIN, origin_id=issue.ticket_id, event_at=issue.at,
    )  # fmt: skip
    case = actions.open_case(new, by=link.BY).case
    # A new case stands where a new ticket does; what happened to the ticket since is followed from there.
    return PeerTicket.objects.create(peer=row, case=case, remote_id=issue.ticket_id, state="รอรับเรื่อง")


def _follow(ticket: PeerTicket, issue: Issue, row: Peer) -> None:
    """Move the case when their state changed since it was last seen or sent."""
    status, kind = issue.state_of(row.org_id)
    reopened = issue.reopened > ticket.reopened
    stale = bool(ticket.seen_at and issue.last_activity and issue.last_activity < ticket.seen_at - CACHE)
    if (status != ticket.state or reopened) and not stale:
        _move(ticket, maps.states().ours(status, kind), issue, status)
        ticket.state = status[:60]
    ticket.reopened = max(ticket.reopened, issue.reopened)
    ticket.seen_at = max(filter(None, (ticket.seen_at, issue.last_activity)), default=ticket.seen_at)
    ticket.save(update_fields=["state", "reopened", "seen_at"])
    if issue.star:
        _rate(ticket, issue.star)


def _move(ticket: PeerTicket, to: str, issue: Issue, status: str) -> None:
    case = Case.objects.get(pk=ticket.case_id)
    if not to:
        actions.add_note(case.pk, f"Traffy แจ้งสถานะ “{status}” ซึ่งระบบไม่รู้จัก จึงไม่เปลี่ยนสถานะ", by=link.BY)
        return
    words = maps.states()
    if words.theirs(case.state) in ("", words.theirs(to)):  # hidden here, or there already
        return
    try:
        with transaction.atomic():
            for step in way(case, to):
                actions.move(
                    case.pk, step, by=link.BY, note=issue.note or f"Traffy: {status}", receiver=RECEIVER,
                    origin=ORIGIN, event_at=issue.last_activity,
                )  # fmt: skip
    except ProblemError as error:
        actions.add_note(case.pk, f"Traffy แจ้งว่า “{status}” แต่ยังทำตามไม่ได้: {error.problem}", by=link.BY)


def way(case: Case, to: str) -> list[str]:
    """The shortest way by the transition table; a direct move (that will be refused in words) when there is none."""
    seen: set[str] = {case.state}
    wave: deque[tuple[str, tuple[str, ...]]] = deque([(case.state, ())])
    while wave:
        here, steps = wave.popleft()
        for move in workflow.state(case.kind, here).moves:
            if move.to == to:
                return [*steps, to]
            if move.to in WAYS - seen and not move.by_system:
                seen.add(move.to)
                wave.append((move.to, (*steps, move.to)))
    return [to]


def _rate(ticket: PeerTicket, stars: int) -> None:
    case = Case.objects.get(pk=ticket.case_id)
    if case.rating is None and case.state_type in ("fixed", "closed"):
        actions.rate(case.pk, stars, by=link.BY)
