"""What of a month's quota is used, and what a send would cost."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from maehia.kit import clock
from maehia.message import rules, terms
from maehia.message.models import Attempt


@dataclass(frozen=True, slots=True)
class Quota:
    """Units of a channel this month. reserve: kept for emergencies. price: baht a unit."""

    channel: str
    quota: int
    used: int
    reserve: int
    price: Decimal
    verified: bool

    @property
    def left(self) -> int:
        """What may be sent without touching the reserve."""
        return max(0, self.quota - self.reserve - self.used)

    @property
    def left_urgent(self) -> int:
        return max(0, self.quota - self.used)


def used_this_month(channel: str) -> int:
    """Units sent since the first of the month. Needs a purpose that reads messages."""
    since = rules.month_start(clock.now())
    found = Attempt.objects.filter(channel=channel, at__gte=since, units__gt=0).aggregate(Sum("units"))
    return int(found["units__sum"] or 0)


def quota_of(channel: str) -> Quota | None:
    """None for a channel without a limit."""
    if f"{channel}.quota" not in terms.defaults():
        return None
    quota = terms.number(f"{channel}.quota")
    return Quota(
        channel, quota, used_this_month(channel), -(-quota * terms.number("reserve.percent") // 100),
        Decimal(terms.value(f"{channel}.price")), terms.verified(f"{channel}.quota"),
    )  # fmt: skip
