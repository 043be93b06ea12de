"""The one transition table: which states a case can have, and which moves each allows.

A move carries the names of its guards: what must hold before it is made. Nothing else decides what may follow what:
pages, counters, standards and peers are to ask `find_move`. The table is checked when it is loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Type = Literal["open", "closed", "fixed", "hidden"]
Clock = Literal["run", "pause", "stop", "none"]
BEFORE = "*before*"  # a move back to the state that the case had


@dataclass(frozen=True, slots=True)
class Move:
    """To a state, under guards by name. by_system: no person makes it (retention, time run out)."""

    to: str
    guards: tuple[str, ...] = ()
    by_system: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """open311: "open", "closed" or "" (never shown there). traffy: its Thai word, or "" (never sent).

    clock: what the clocks of the promise do while the case is in it; hidden states keep what stood before.
    """

    code: str
    type: Type
    clock: Clock
    th: str
    en: str
    open311: str
    traffy: str
    moves: tuple[Move, ...]

    @property
    def is_final(self) -> bool:
        return not self.moves

    def move_to(self, code: str) -> Move | None:
        """The move to that state, or None when the table has none."""
        return next((move for move in self.moves if move.to == code), None)


WAITING, WORKING, DONE, PASSED_ON = "รอรับเรื่อง", "กำลังดำเนินการ", "เสร็จสิ้น", "ส่งต่อ"
GUARDS: Mapping[str, tuple[str, ...]] = {
    "fixed": ("after_photo",),
    "cannot_fix": ("public_reason",),
    "not_ours": ("public_reason",),
    "forwarded": ("public_reason", "named_receiver"),
    "duplicate": ("parent_stands",),
    "closure_requested": ("second_pair_of_eyes",),
    "waiting_citizen": ("question",),
    "planned": ("planned_date",),
    "moderated": ("internal_reason",),
    "refused": ("public_reason",),
    "returned": ("gaps_once",),
}
ANSWERS = ("fixed", "cannot_fix", "not_ours", "duplicate", "forwarded", "cancelled", "moderated")
AT_WORK = ("waiting_citizen", "waiting_other", "closure_requested", *ANSWERS)


def _to(*codes: str) -> tuple[Move, ...]:
    return tuple(Move(code, GUARDS.get(code, ())) for code in codes)


def _again(code: str) -> tuple[Move, ...]:
    """Open again, from a state that was an end: with a photo or a reason, inside the window of the service."""
    return (Move(code, ("reopen_ground", "reopen_window")),)


ERASE = (Move("erased", ("kept_long_enough",), by_system=True),)


def _state(  # noqa: PLR0917 (one line of the table reads best as a line)
    code: str, type_: Type, clock: Clock, th: str, en: str, open311: str, traffy: str, *moves: tuple[Move, ...]
) -> State:
    return State(code, type_, clock, th, en, open311, traffy, tuple(move for part in moves for move in part))


REPORT = (
    _state("draft", "hidden", "none", "ร่าง", "Draft", "", "", _to("unconfirmed", "submitted"), ERASE),
    _state("unconfirmed", "hidden", "none", "รอยืนยัน", "To be confirmed", "", "",
           _to("submitted", "cancelled", "moderated")),
    _state("submitted", "open", "run", "รอรับเรื่อง", "Received", "open", WAITING,
           _to("accepted", "in_progress", "planned", "waiting_citizen", "waiting_other", "forwarded", "not_ours",
               "duplicate", "cancelled", "moderated")),
    _state("accepted", "open", "run", "รับเรื่องแล้ว", "Accepted", "open", WORKING,
           _to("in_progress", "planned", *AT_WORK)),
    _state("in_progress", "open", "run", "กำลังดำเนินการ", "In progress", "open", WORKING, _to("planned", *AT_WORK)),
    _state("planned", "open", "run", "มีแผนดำเนินการ", "Planned", "open", WORKING, _to("in_progress", *AT_WORK)),
    _state("waiting_citizen", "open", "pause", "ขอข้อมูลเพิ่มเติม", "Waiting for you", "open", WORKING,
           _to("in_progress", "moderated"), (Move("cancelled", ("told_before",)),)),
    _state("waiting_other", "open", "run", "รอหน่วยงานอื่น", "Waiting for another agency", "open", WORKING,
           _to("in_progress", "forwarded", "cannot_fix", "moderated")),
    _state("closure_requested", "open", "run", "ขอปิดเรื่อง", "Closing is being checked", "open", WORKING,
           (Move("fixed", ("after_photo", "other_person")), Move("cannot_fix", ("public_reason", "other_person"))),
           _to("in_progress")),
    _state("fixed", "fixed", "stop", "เสร็จสิ้น", "Fixed", "closed", DONE, _again("in_progress"), ERASE),
    _state("cannot_fix", "closed", "stop", "ดำเนินการไม่ได้", "Cannot be fixed", "closed", DONE,
           _again("submitted"), ERASE),
    _state("not_ours", "closed", "stop", "ไม่อยู่ในอำนาจหน้าที่", "Not our duty", "closed", DONE,
           _again("submitted"), ERASE),
    _state("forwarded", "closed", "stop", "ส่งต่อ", "Passed on", "closed", PASSED_ON, _again("submitted"), ERASE),
    _state("duplicate", "closed", "stop", "แจ้งซ้ำ", "Reported before", "closed", DONE, _to("submitted"), ERASE),
    _state("cancelled", "closed", "stop", "ยกเลิก", "Cancelled", "closed", DONE, _again("submitted"), ERASE),
    _state("moderated", "hidden", "none", "ซ่อน", "Hidden", "", "", (Move(BEFORE, ("internal_reason",)),), ERASE),
    _state("erased", "hidden", "none", "ลบแล้ว", "Erased", "", ""),
)  # fmt: skip
WITHDRAW = _to("withdrawn")
SERVICE = (
    _state("draft", "hidden", "none", "ร่าง", "Draft", "", "", _to("submitted"), ERASE),
    _state("submitted", "open", "run", "ยื่นคำขอแล้ว", "Submitted", "open", WAITING,
           (Move("accepted", ("complete",)),), _to("returned", "not_ours"), WITHDRAW),
    _state("returned", "open", "pause", "ขอเอกสารเพิ่มเติม", "More is needed from you", "open", WORKING,
           (Move("resubmitted"), Move("withdrawn", ("told_before",)))),
    # Gaps are listed once: from here on nothing more is asked for at the desk.
    _state("resubmitted", "open", "run", "ยื่นเพิ่มเติมแล้ว", "Completed by you", "open", WORKING,
           (Move("accepted", ("complete",)),), _to("refused"), WITHDRAW),
    _state("accepted", "open", "run", "รับคำขอแล้ว", "Accepted", "open", WORKING,
           _to("inspection", "decision"), WITHDRAW),
    _state("inspection", "open", "run", "นัดตรวจสถานที่", "Site visit", "open", WORKING, _to("decision"), WITHDRAW),
    _state("decision", "open", "run", "รอลงนาม", "Waiting for the signature", "open", WORKING,
           _to("inspection", "refused"), (Move("payment", ("signed",)), Move("issued", ("signed", "nothing_due"))),
           WITHDRAW),
    _state("payment", "open", "pause", "รอชำระเงิน", "Waiting for payment", "open", WORKING,
           (Move("issued", ("signed", "nothing_due")),), WITHDRAW),
    _state("issued", "fixed", "stop", "อนุมัติแล้ว", "Granted", "closed", DONE,
           (Move("revoked", ("public_reason", "signed")),), ERASE),
    _state("refused", "closed", "stop", "ไม่อนุมัติ", "Refused", "closed", DONE,
           (Move("decision", ("appeal",)),), ERASE),
    _state("revoked", "closed", "stop", "เพิกถอนแล้ว", "Revoked", "closed", DONE,
           (Move("decision", ("appeal",)),), ERASE),
    _state("not_ours", "closed", "stop", "ไม่อยู่ในอำนาจหน้าที่", "Not our duty", "closed", DONE,
           _to("submitted"), ERASE),
    _state("withdrawn", "closed", "stop", "ผู้ยื่นขอถอน", "Withdrawn", "closed", DONE, _again("submitted"), ERASE),
    _state("erased", "hidden", "none", "ลบแล้ว", "Erased", "", ""),
)  # fmt: skip
APPOINTMENT = (
    _state("booked", "open", "none", "จองแล้ว", "Booked", "", "", _to("checked_in", "no_show", "cancelled")),
    _state("checked_in", "open", "none", "มาถึงแล้ว", "Here", "", "", _to("serving", "cancelled")),
    _state("serving", "open", "none", "กำลังรับบริการ", "Being served", "", "", _to("done")),
    _state("done", "fixed", "none", "เสร็จแล้ว", "Done", "", "", ERASE),
    _state("no_show", "closed", "none", "ไม่มาตามนัด", "Did not come", "", "", _to("checked_in"), ERASE),
    _state("cancelled", "closed", "none", "ยกเลิก", "Cancelled", "", "", ERASE),
    _state("erased", "hidden", "none", "ลบแล้ว", "Erased", "", ""),
)
KINDS: Mapping[str, Mapping[str, State]] = {
    "report": {state.code: state for state in REPORT},
    "service": {state.code: state for state in SERVICE},
    "appointment": {state.code: state for state in APPOINTMENT},
}
# Steps of an application that are more than a move (an opinion, a signature, a document): `actions.permit` makes them.
OWN_STEPS = frozenset({"accepted", "inspection", "decision", "payment", "issued", "refused", "revoked"})
START = {"report": "draft", "service": "draft", "appointment": "booked"}
VERSION = "1"  # kept with each case: a later table never rewrites what was allowed then


def state(kind: str, code: str) -> State:
    """The state of a kind of case. Raises KeyError for a code that the kind does not have."""
    return KINDS[kind][code]


def is_own_step(kind: str, here: str, to: str) -> bool:
    """Whether a move is more than a move, so that only its own action makes it. An appeal is noted as a plain one."""
    appeal = to == "decision" and state(kind, here).type == "closed"
    return kind == "service" and to in OWN_STEPS and not appeal


def find_move(kind: str, here: str, to: str, before: str = "") -> Move | None:
    """The move from here to `to`, None when the table has none. before: the state that a hidden case had."""
    found = state(kind, here).move_to(to)
    back = state(kind, here).move_to(BEFORE)
    if found is None and back is not None and to == before:
        return Move(to, back.guards, back.by_system)
    return found


def faults(states: Iterable[State], start: str) -> list[str]:
    """What is wrong with a table: targets that do not exist, states out of reach, dead ends, missing words."""
    table = {state.code: state for state in states}
    found = [f"{state.code}: no state {move.to}" for state in table.values() for move in state.moves
             if move.to != BEFORE and move.to not in table]  # fmt: skip
    found += [f"{code}: nothing leads to it" for code in table.keys() - _reached(table, start)]
    found += [f"{state.code}: no way out" for state in table.values() if state.is_final and state.code != "erased"]
    found += [f"{state.code}: a word is missing" for state in table.values() if not (state.th and state.en)]
    return sorted(found)


def _reached(table: Mapping[str, State], start: str) -> set[str]:
    seen, wave = {start}, [start]
    while wave:
        state = table.get(wave.pop())
        new = {move.to for move in state.moves} - seen - {BEFORE} if state else set()
        seen |= new
        wave += new
    return seen


for _kind, _table in KINDS.items():
    if _found := faults(_table.values(), START[_kind]):
        raise ValueError(f"workflow of {_kind}: " + "; ".join(_found))
