"""What stands on what: a service is down when its pump or its substation is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from maehia.impact.errors import ArgumentError
from maehia.impact.recovery import Functionality, all_of, at_least


@dataclass(frozen=True, slots=True)
class Needs:
    """That `count` of the parts work, each a name or again `Needs`. Use `needs_all`, `needs_any`, `needs_some`."""

    count: int
    parts: tuple[str | Needs, ...]

    def __post_init__(self) -> None:
        if not 1 <= self.count <= len(self.parts):
            raise ArgumentError("count", f"is {self.count}, expected 1 to {len(self.parts)}.")

    def names(self) -> Iterator[str]:
        """Every name below, in the order written, repeats included."""
        for part in self.parts:
            if isinstance(part, str):
                yield part
            else:
                yield from part.names()

    def level(self, known: Mapping[str, Functionality]) -> Functionality:
        return at_least(self.count, [known[p] if isinstance(p, str) else p.level(known) for p in self.parts])


def needs_all(*parts: str | Needs) -> Needs:
    """AND: as good as the weakest part."""
    return Needs(len(parts), parts)


def needs_any(*parts: str | Needs) -> Needs:
    """OR: as good as the best part (a generator beside the mains)."""
    return Needs(1, parts)


def needs_some(count: int, *parts: str | Needs) -> Needs:
    """At least `count` of the parts (two of three pumps)."""
    return Needs(count, parts)


def with_dependencies(
    own: Mapping[str, Functionality], needs: Mapping[str, str | Needs]
) -> dict[str, Functionality]:  # fmt: skip
    """Functionality of every service when what it needs is counted in: min(own, needs), from the ground up.

    own: what each service suffers by itself; a name that only appears in `needs` as a key works by itself.
    Raises ArgumentError for a needed name that nobody knows, and for a cycle, with the path named.
    """
    rules = {name: Needs(1, (rule,)) if isinstance(rule, str) else rule for name, rule in needs.items()}
    names = dict.fromkeys((*own, *rules))
    for name, rule in rules.items():
        missing = [part for part in rule.names() if part not in names]
        if missing:
            raise ArgumentError("needs", f"of {name!r} names {missing[0]!r}, which nobody knows.", code="unknown_need")
    solved: dict[str, Functionality] = {}
    for name in _from_the_ground(rules, names):
        alone = own.get(name, Functionality.always())
        solved[name] = all_of([alone, rules[name].level(solved)]) if name in rules else alone
    return {name: solved[name] for name in names}


def _from_the_ground(rules: Mapping[str, Needs], names: Mapping[str, None]) -> tuple[str, ...]:
    graph = {name: tuple(rules[name].names()) if name in rules else () for name in names}
    try:
        return tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        # The sorter lists the cycle from what is needed to who needs it; people read it the other way round.
        path = " -> ".join(reversed(error.args[1]))
        raise ArgumentError("needs", f"go in a circle: {path}.", code="dependency_cycle") from error
