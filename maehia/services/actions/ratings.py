"""What visitors think of a service: once per ticket, and not to be traced back to it."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from maehia.base import BANGKOK
from maehia.kit import clock
from maehia.services.actions.queue import locked, refused
from maehia.services.models import VisitRating, VisitWords

STARS = range(1, 6)
LONGEST = 1000


@transaction.atomic
def rate_visit(ticket_id: UUID, stars: int, words: str = "") -> None:
    """Keep the stars without ticket, desk, hour or officer; the ticket only knows that it was rated.

    Raises ProblemError: bad_stars, not_served, rated_already.
    """
    if stars not in STARS:
        raise refused("bad_stars", "คะแนนต้องเป็น 1 ถึง 5", fix="เลือกจำนวนดาว")
    ticket = locked(ticket_id)
    if ticket.state != "done":
        raise refused("not_served", "ให้คะแนนได้เมื่อรับบริการเสร็จแล้ว")
    if ticket.rated:
        raise refused("rated_already", "บัตรคิวนี้ให้คะแนนไปแล้ว", fix="ขอบคุณที่บอกความเห็น")
    ticket.rated = True
    ticket.save(update_fields=["rated"])
    month = clock.now().astimezone(BANGKOK).date().replace(day=1)
    VisitRating(month=month, group=ticket.group_id, stars=stars).save(force_insert=True)
    if words.strip():
        VisitWords(month=month, group=ticket.group_id, words=words.strip()[:LONGEST]).save(force_insert=True)
