"""State machines as data: which states a thing can have, which moves each allows, and the guards of a move by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Move:
    """To a state, under guards by name: what must hold before it is made. by_system: no person makes it."""

    to: str
    guards: tuple[str, ...] = ()
    by_system: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """kind: a word of the machine's own (open, closed ...) by which lists sort states."""

    code: str
    th: str
    en: str
    moves: tuple[Move, ...] = ()
    kind: str = "open"


@dataclass(frozen=True, slots=True)
class Machine:
    """The states of one kind of thing. Checked when it is made: raises ValueError with every fault."""

    key: str
    start: str
    states: Mapping[str, State]

    def __post_init__(self) -> None:
        if found := faults(self):
            raise ValueError(f"machine {self.key}: " + "; ".join(found))

    def find(self, here: str, to: str) -> Move | None:
        """The move from here to there, None when the table has none. Raises KeyError for an unknown state."""
        return next((move for move in self.states[here].moves if move.to == to), None)

    def guards(self) -> frozenset[str]:
        """Names of all guards of the table."""
        return frozenset(g for state in self.states.values() for move in state.moves for g in move.guards)

    def of_kind(self, *kinds: str) -> tuple[str, ...]:
        """Codes of the states of some kinds."""
        return tuple(code for code, state in self.states.items() if state.kind in kinds)

    def choices(self) -> list[tuple[str, str]]:
        return [(code, state.th) for code, state in self.states.items()]


def machine(key: str, start: str, *states: State) -> Machine:
    """A machine of states in order; the same code twice is a fault."""
    codes = [state.code for state in states]
    if len(set(codes)) != len(codes):
        raise ValueError(f"machine {key}: a state stands twice")
    return Machine(key, start, {state.code: state for state in states})


def to(*codes: str, guards: tuple[str, ...] = ()) -> tuple[Move, ...]:
    """Moves to several states under the same guards."""
    return tuple(Move(code, guards) for code in codes)


def faults(table: Machine) -> list[str]:
    """What is wrong with a table: targets that do not exist, states out of reach, missing words."""
    if table.start not in table.states:
        return [f"no state {table.start} to start from"]
    found = [f"{code}: no state {move.to}" for code, state in table.states.items() for move in state.moves
             if move.to not in table.states]  # fmt: skip
    found += [f"{code}: nothing leads to it" for code in table.states.keys() - _reached(table)]
    found += [f"{state.code}: a word is missing" for state in table.states.values() if not (state.th and state.en)]
    return sorted(found)


def _reached(table: Machine) -> set[str]:
    seen, wave = {table.start}, [table.start]
    while wave:
        state = table.states.get(wave.pop())
        new = {move.to for move in state.moves} - seen if state else set()
        seen |= new
        wave += new
    return seen
