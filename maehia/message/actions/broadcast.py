"""One text to many followers: who, how many, what it costs, what is left; then, confirmed, one row for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from maehia.base import Problem, ProblemError
from maehia.kit import clock
from maehia.kit.modes import current_mode
from maehia.message.actions.queue import Recipient, new_row, render
from maehia.message.channels import EVERY
from maehia.message.models import Broadcast, LineFollower, Message
from maehia.message.queries.quota import Quota, quota_of
from maehia.web.registry import town

TEMPLATE = "message.broadcast"
BATCH = 2000


@dataclass(frozen=True, slots=True)
class Preview:
    """What a send would be. after: units left without the reserve (below zero: it does not fit)."""

    text: str
    people: int
    units: int
    cost: Decimal
    quota: Quota | None
    urgent: bool

    @property
    def after(self) -> int:
        if self.quota is None:
            return 0
        return self.quota.quota - self.quota.used - (0 if self.urgent else self.quota.reserve) - self.units

    @property
    def fits(self) -> bool:
        return self.quota is None or self.after >= 0


def audience(moos: Sequence[str]) -> list[LineFollower]:
    """Followers who take news, of some villages (empty: of the whole town)."""
    rows = LineFollower.objects.filter(unfollowed_at=None, news=True)
    return list(rows.filter(moo__in=moos) if moos else rows)


def preview(text_th: str, text_en: str, moos: Sequence[str], *, urgent: bool = False) -> Preview:
    """Count before anything is written. The caller acts under message.send. Raises ProblemError placeholder_empty."""
    people = audience(moos)
    shown = body_of(text_th, text_en, "th")
    units = len(people) * EVERY["line"].units(shown)
    quota = quota_of("line")
    return Preview(shown, len(people), units, (quota.price if quota else Decimal(0)) * units, quota, urgent)


def body_of(text_th: str, text_en: str, lang: str) -> str:
    """The whole text as it arrives, with the town's name."""
    name = town()
    english = lang == "en" and bool(text_en)
    values = {"town": name.name_en if english else name.name_th, "text": text_en if english else text_th}
    return render(TEMPLATE, values, "en" if english else "th")[0]


def broadcast(text_th: str, text_en: str, moos: Sequence[str], *, by: str, urgent: bool = False) -> Broadcast:
    """Queue the text for every follower of the villages. The caller acts under message.send.

    Raises ProblemError: nobody_to_tell, over_quota.
    """
    found = preview(text_th, text_en, moos, urgent=urgent)
    if not found.people:
        raise ProblemError(Problem("nobody_to_tell", "ไม่มีผู้ติดตามในพื้นที่ที่เลือก", fix="เลือกหมู่อื่น หรือส่งถึงทั้งเมือง"))
    if not found.fits:
        raise ProblemError(
            Problem("over_quota", f"โควตาเดือนนี้ไม่พอ ขาด {-found.after} ข้อความ", fix="เลือกพื้นที่ให้แคบลง หรือซื้อโควตาเพิ่ม")
        )
    made = Broadcast.objects.create(
        text_th=text_th, text_en=text_en, channel="line", moos=list(moos), urgent=urgent, people=found.people,
        units=found.units, cost=found.cost, by=by, at=clock.now(), mode=current_mode(),
    )  # fmt: skip
    bodies = {lang: body_of(text_th, text_en, lang) for lang in ("th", "en")}
    rows = [
        new_row(TEMPLATE, bodies[row.lang if row.lang in bodies else "th"], about=made.pk, lang=row.lang,
                to=Recipient(line_user=row.line_user, wants=("line",)), urgent=urgent)
        for row in audience(moos)
    ]  # fmt: skip
    Message.objects.bulk_create(rows, batch_size=BATCH)
    return made
