"""Who cares for whom, and the one door through which a carer acts: every right to it is checked here, nowhere else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from maehia.access.actions import log_read
from maehia.access.models import Account
from maehia.access.permissions import acting_as
from maehia.access.queries import reads
from maehia.base import Problem, ProblemError
from maehia.kit import clock
from maehia.kit.acting import Scope, acting
from maehia.message.actions import Recipient
from maehia.services.models import Caring, CaringWho, Case

PURPOSE, OWN = "me.care", "me.services"


def standing() -> QuerySet[Caring]:
    """Authorities that hold today: not ended by either, not past their day."""
    lasting = Q(until=None) | Q(until__gte=clock.today())
    return Caring.objects.select_related("who").filter(lasting, ended_at=None)


def cared_by(person_key: UUID) -> list[Caring]:
    """Those who care for this person, under her own scope."""
    return list(standing().filter(cared_key=person_key).order_by("at"))


def caring_for(person_key: UUID) -> list[Caring]:
    """Those for whom this person cares, under her own scope."""
    return list(standing().filter(carer_key=person_key).order_by("at"))


def right_of(account: Account, cared_key: UUID, *, to_file: bool = False) -> Caring:
    """The authority of an account over somebody, as it holds at this moment.

    Raises ProblemError: purpose_not_yours, no_person (of the account), not_your_care, care_see_only.
    """
    with acting_as(account, OWN):
        own = account.person_key
        row = standing().filter(cared_key=cared_key, carer_key=own).first() if own else None
    if row is None:
        raise ProblemError(
            Problem("not_your_care", "คุณไม่ได้เป็นผู้ดูแลของบุคคลนี้ หรือการดูแลสิ้นสุดแล้ว", fix="ขอให้เจ้าของข้อมูลเพิ่มคุณเป็นผู้ดูแลอีกครั้ง")
        )
    if to_file and row.may != Caring.May.FILE:
        raise ProblemError(Problem("care_see_only", "คุณดูได้อย่างเดียว ยื่นแทนไม่ได้", fix="ขอให้เจ้าของข้อมูลให้สิทธิ์ยื่นแทน"))
    return row


@contextmanager
def acting_for(account: Account, cared_key: UUID, *, to_file: bool = False) -> Iterator[Caring]:
    """Act for somebody in one's care: her rows and no others, and a line in her log. Raises as `right_of`."""
    row = right_of(account, cared_key, to_file=to_file)
    with acting(account.actor, PURPOSE, scope=Scope.subject(cared_key)):
        log_read("person", [cared_key], via=f"care:{row.pk}:{'file' if to_file else 'see'}")
        yield row


def cases_for() -> list[Case]:
    """The cases of the one who is cared for, inside `acting_for`; sealed ones are not among them."""
    rows = Case.objects.filter(is_confidential=False).exclude(state_type="hidden")
    return list(rows.select_related("service").prefetch_related("events").order_by("-received_at")[:50])


@dataclass(frozen=True, slots=True)
class Done:
    """One line of what a carer did. filed: she sent something in, not only looked."""

    at: datetime
    carer: str
    filed: bool


def what_carers_did(person_key: UUID, limit: int = 50) -> list[Done]:
    """What was done in her name, newest first, from the read log; under her own scope."""
    both = CaringWho.objects.filter(caring__cared_key=person_key)
    names = {who.caring_id: who.carer_name for who in both}
    rows = reads(key=person_key, purpose=PURPOSE)[:limit]
    found = [(row.at, *_parts(row.via)) for row in rows]
    return [Done(at, names.get(key, ""), filed) for at, key, filed in found]


def _parts(via: str) -> tuple[int, bool]:
    """ "care:7:file" -> (7, True)."""
    _, key, what = [*via.split(":"), "", ""][:3]
    return int(key) if key.isdigit() else 0, what == "file"


def recipients(person_key: UUID | None) -> Sequence[Recipient]:
    """The carers who get the news of somebody, as far as the context at hand sees them."""
    if person_key is None:
        return ()
    rows = standing().filter(cared_key=person_key, alerts=True, who__isnull=False)
    return [to for to in map(recipient, rows) if to.index is not None]


def recipient(row: Caring) -> Recipient:
    who: CaringWho = getattr(row, "who")  # noqa: B009 (the checker knows the way back only sometimes)
    return Recipient(
        phone=who.carer_phone or "", email=who.carer_email or "", line_user=who.carer_line or "",
        account_key=f"user:{who.carer_account}" if who.carer_account else "",
    )  # fmt: skip
