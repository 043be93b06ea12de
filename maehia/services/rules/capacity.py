"""One capacity for those who booked and those who walk in: desks times slots of the opening hours.

In one slot a desk serves one group, as many visitors as fit by the planned minutes. Appointments take desk-slots at
their time, up to a share of the desks; whoever walks in gets what is left of the day. Desks may serve several
groups, so what fits is not a sum per group: it is asked of every set of groups at once (Hall's condition: a set of
groups needs at most as many desk-slots as there are desks that serve any of them).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache

MOST_GROUPS = 8  # sets of groups double with each one


@dataclass(frozen=True)
class Plan:
    """slot: minutes. minutes: group -> planned minutes of one visit, at most a slot. desks: groups of each desk.

    booked_percent: the share of the desks that appointments may take in one slot; the rest is for walk-ins.
    Raises ValueError for visits longer than a slot or too many groups.
    """

    slot: int
    booked_percent: int
    minutes: Mapping[str, int]
    desks: tuple[frozenset[str], ...]

    def __post_init__(self) -> None:
        if len(self.minutes) > MOST_GROUPS:
            raise ValueError(f"at most {MOST_GROUPS} groups")
        if not all(0 < planned <= self.slot for planned in self.minutes.values()):
            raise ValueError("a visit is planned for at most one slot")
        if not 0 <= self.booked_percent <= 100:
            raise ValueError("a share is 0 to 100 percent")

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(sorted(self.minutes))

    @property
    def most_booked(self) -> int:
        """Desks that appointments may take in one slot."""
        return len(self.desks) * self.booked_percent // 100

    @cached_property
    def reach(self) -> list[int]:
        """For each set of groups, as bits: how many desks serve any of them."""
        masks = [sum(1 << n for n, group in enumerate(self.groups) if group in desk) for desk in self.desks]
        return [sum(bool(mask & chosen) for mask in masks) for chosen in range(1 << len(self.groups))]

    def per_slot(self, group: str) -> int:
        """Visitors of a group that one desk serves in one slot."""
        return self.slot // self.minutes[group]

    def needed(self, group: str, visitors: int) -> int:
        """Desk-slots for so many visitors of a group."""
        return -(-visitors // self.per_slot(group))


Visitors = Mapping[str, int]  # group -> how many


def slot_starts(spans: Sequence[tuple[datetime, datetime]], slot: int) -> list[datetime]:
    """Starts of the whole slots inside the opening spans of a day."""
    step, found = timedelta(minutes=slot), []
    for opens, closes in spans:
        start = opens
        while start + step <= closes:
            found.append(start)
            start += step
    return found


def can_book(booked: Visitors, group: str, plan: Plan) -> bool:
    """Whether one more appointment of a group fits into a slot with these appointments."""
    if group not in plan.minutes:
        return False
    after = {**booked, group: booked.get(group, 0) + 1}
    return sum(_units(after, plan)) <= plan.most_booked and holds([after], {}, plan)


def holds(slots: Sequence[Visitors], here: Visitors, plan: Plan) -> bool:
    """Whether the slots that are left have room for their appointments and for everybody who is here."""
    kinds = Counter(_units(booked, plan) for booked in slots)
    waiting = _waiting_units(slots, here, plan)
    # A group in which nobody waits only adds desks to a set, so sets with it say nothing new.
    return all(
        _sum_of(waiting, walkers) <= sum(times * _room(units, walkers, plan.reach) for units, times in kinds.items())
        for walkers in _sets(waiting)
    )


def _room(units: tuple[int, ...], walkers: int, reach: Sequence[int]) -> int:
    """Desks of one slot that are left for this set of groups, however the appointments are seated."""
    return min(reach[walkers | booked] - _sum_of(units, booked) for booked in _sets(units))


def _units(visitors: Visitors, plan: Plan) -> tuple[int, ...]:
    return tuple(plan.needed(group, visitors.get(group, 0)) for group in plan.groups)


def _waiting_units(slots: Sequence[Visitors], here: Visitors, plan: Plan) -> tuple[int, ...]:
    """Desk-slots for those who are here, after the places that appointments of the same group leave empty."""
    found = []
    for group in plan.groups:
        size = plan.per_slot(group)
        spare = sum(-booked.get(group, 0) % size for booked in slots)
        found.append(plan.needed(group, max(0, here.get(group, 0) - spare)))
    return tuple(found)


def _sum_of(units: Sequence[int], chosen: int) -> int:
    return sum(amount for n, amount in enumerate(units) if chosen >> n & 1)


@lru_cache(maxsize=4096)
def _sets(units: tuple[int, ...]) -> tuple[int, ...]:
    """All sets of the groups that need something, as bits; the empty one too."""
    members = [1 << n for n, amount in enumerate(units) if amount]
    found = [0]
    for bit in members:
        found += [chosen | bit for chosen in found]
    return tuple(found)


def free_slots(
    starts: Sequence[datetime], booked: Mapping[datetime, Visitors], here: Visitors, group: str, plan: Plan
) -> Iterator[datetime]:
    """The slots in which a group can still be booked. starts: the slots that are left of the day."""
    slots = [booked.get(start, {}) for start in starts]
    for place, start in enumerate(starts):
        if not can_book(slots[place], group, plan):
            continue
        more = {**slots[place], group: slots[place].get(group, 0) + 1}
        # Where nobody waits, slots do not touch each other.
        if not any(here.values()) or holds([*slots[:place], more, *slots[place + 1 :]], here, plan):
            yield start


def can_take(slots: Sequence[Visitors], here: Visitors, group: str, plan: Plan) -> bool:
    """Whether one more who walks in can be served in the slots that are left."""
    return group in plan.minutes and holds(slots, {**here, group: here.get(group, 0) + 1}, plan)
