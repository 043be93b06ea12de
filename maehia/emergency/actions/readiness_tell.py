"""A limit was reached: whoever is on duty gets a notice at once, and a message to her phone. Nobody else does."""

from __future__ import annotations

from collections.abc import Sequence

from maehia.access.queries import holders_of
from maehia.base import ProblemError
from maehia.city.models import Station
from maehia.emergency.models import ThresholdCrossing
from maehia.emergency.queries.readiness import OnDuty, on_duty
from maehia.emergency.rules.thresholds import MEASURES, UNITS
from maehia.kit.acting import acting
from maehia.kit.clock import now
from maehia.kit.notices import notify, register_text
from maehia.message.actions import Recipient, queue
from maehia.message.registry import Template

ACTOR = "system:readiness"
LINK = "/staff/thresholds/crossings/"
register_text("emergency.crossed", "{name}: {value} ที่ {station} ถึงเกณฑ์แล้ว กรุณาตรวจสอบว่าต้องเปิดเหตุการณ์หรือไม่",
              "{name}: {value} at {station} has reached its limit. Decide whether to open an incident")  # fmt: skip
CROSSED = Template(
    "emergency.crossed", "receipt",
    "{name}: {value} ที่ {station} ถึงเกณฑ์แล้ว กรุณาเปิดระบบเพื่อตรวจสอบ ยังไม่มีการประกาศใด ๆ",
    "{name}: {value} at {station} has reached its limit. Please open the system. Nothing has been announced",
    ("name", "value", "station"), "แจ้งเวรเมื่อค่าที่วัดถึงเกณฑ์", "To the duty officer when a limit is reached",
)  # fmt: skip


def on_watch() -> list[OnDuty]:
    """Duty officers on call now; without one, everybody on call."""
    moment = now()
    return on_duty(moment, "duty") or on_duty(moment)


def tell(crossing: ThresholdCrossing) -> None:
    """A notice to the duty officers; when nobody with a log-in is on call, to all who may open an incident."""
    accounts = [f"user:{one.account}" for one in on_watch() if one.account]
    accounts = accounts or [account.actor for account in holders_of("emergency.open")]
    for account in accounts:
        notify(account, "emergency.crossed", LINK, **words_of(crossing))


def words_of(crossing: ThresholdCrossing) -> dict[str, str]:
    name = Station.objects.filter(code=crossing.station).values_list("name", flat=True).first()
    limit = crossing.threshold
    unit = UNITS[MEASURES[limit.measure].unit][0]
    return {"name": limit.name_th, "value": f"{crossing.value:,.4g} {unit}", "station": name or crossing.station}


def send(crossings: Sequence[ThresholdCrossing]) -> int:
    """Put a message to the phones of those on call in the outbox. Live only; outside of any context. How many."""
    live = [one for one in crossings if one.mode == "live" and one.cleared_at is None]
    if not live:
        return 0
    count = 0
    with acting(ACTOR, "emergency.warn"):
        people = on_watch()
        for crossing in live:
            values = words_of(crossing)
            for one in people:
                count += _queue(one, values)
    return count


def _queue(one: OnDuty, values: dict[str, str]) -> int:
    to = Recipient(phone=one.phone, account_key=str(one.account or ""))
    try:
        queue("emergency.crossed", to=to, values=values, urgent=True)
    except ProblemError:
        return 0  # nowhere to send it: she still has the notice, and others are on call
    return 1
