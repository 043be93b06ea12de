"""Calling those who need help most, one after the other, until everybody is accounted for (ไล่เรียงโทรศัพท์)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from maehia.base.machine import Move, State, machine, to

ANSWERS = ("reached_safe", "reached_needs_help", "moved", "refused", "not_there")
LATER = (*to("reached_safe", "reached_needs_help", "moved", "refused"), Move("visited"))
CALL = machine(
    "calldown", "to_contact",
    State("to_contact", "รอติดต่อ", "To contact",
          (*to(*ANSWERS), Move("unreachable", ("tried",)), Move("visited")), "waiting"),
    State("not_there", "โทรติดแต่ไม่อยู่บ้าน", "Not there", LATER, "visit"),
    State("unreachable", "ติดต่อไม่ได้", "Unreachable", LATER, "visit"),
    State("refused", "ไม่ประสงค์ออก", "Refuses to leave", LATER, "spoken"),
    State("reached_safe", "ปลอดภัย", "Safe", to("reached_needs_help", "moved"), "spoken"),
    State("reached_needs_help", "ต้องการความช่วยเหลือ", "Needs help", to("reached_safe", "moved"), "spoken"),
    State("moved", "ย้ายออกแล้ว", "Has left", to("reached_needs_help"), "spoken"),
    State("visited", "ไปพบที่บ้านแล้ว", "Visited", to("reached_needs_help", "moved"), "spoken"),
)  # fmt: skip
TRIES = 3  # calls without an answer before somebody has to go there
NO_ANSWER = "no_answer"
REACHED = CALL.of_kind("spoken")
TO_VISIT = CALL.of_kind("visit")
STEP_MINUTES = 5


def after(state: str, answer: str, tries: int) -> str | None:
    """The state after an answer, tries counted with this call; None when the table does not allow it.

    A call without an answer leaves the state until it was tried often enough.
    """
    if answer == NO_ANSWER:
        if state != CALL.start:
            return state if state in TO_VISIT else None
        return "unreachable" if tries >= TRIES else state
    if answer == state and answer in REACHED:
        return state
    return answer if CALL.find(state, answer) else None


def from_door(result: str) -> str:
    """What a visit at the door means for the call-down of who lives there."""
    return {"moved": "moved", "refused": "refused", "reached": "visited"}.get(result, "")


def reached_curve(alerted: datetime, now: datetime, first: Iterable[datetime], total: int) -> list[tuple[int, float]]:
    """(minutes since the alert, per cent reached until then) every five minutes. first: when each was first reached."""
    if not total or now < alerted:
        return []
    minutes = sorted(max(0.0, (moment - alerted).total_seconds() / 60) for moment in first)
    last = (now - alerted).total_seconds() / 60
    marks = _marks(last)
    return [(mark, 100 * _until(minutes, mark) / total) for mark in marks]


def _marks(last: float) -> Sequence[int]:
    """Every five minutes, at most 60 marks; the last one is now, rounded up."""
    step = STEP_MINUTES
    while last / step > 60:
        step *= 2
    return range(0, int(-(-last // step)) * step + 1, step)


def _until(minutes: Sequence[float], mark: float) -> int:
    return sum(1 for one in minutes if one <= mark)
