"""Who goes to which shelter when places are short: a transport problem, solved to a proven bound.

People of a house may go to any shelter they can reach; a shelter takes no more than its capacity; the sum of minutes
over people is least. As a linear programme (HiGHS through SciPy) only houses for which the choice is open take part:
the prices of full shelters fix all others, and it is checked against the final prices that none was fixed wrongly.
Then households that the programme has parted are put together again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from maehia.impact import ArgumentError, checks
from maehia.impact.checks import Floats, Ints

_SPLITS = (8, 11)  # powers of two: groups of houses in the first looks at the prices
_OPEN_CHOICES, _FIXED_SHARE, _LEVELS = 1500, 0.97, 100
_EXCHANGES = 4  # shelters nearest to a parted household in which an exchange is looked for first
_TOLERANCE = 1e-7


@dataclass(frozen=True, eq=False)
class Assignment:
    """Who goes where, one row for each part of a household (most have one).

    house, shelter, people: (R,) rows, in order of house. without_place: (N,) people of each house who can reach an
    open shelter but find no place. cannot_reach: (N,) people of houses that reach none. load: (S,) people.
    person_minutes: sum of minutes over the people placed. cost: the same with every person without a place counted as
    `no_place_minutes` times its level of priority; bound: no plan, with households parted or not, costs less.
    """

    house: Ints
    shelter: Ints
    people: Ints
    without_place: Ints
    cannot_reach: Ints
    load: Ints
    person_minutes: float
    cost: float
    bound: float
    no_place_minutes: float

    @property
    def gap(self) -> float:
        """How far the plan is above the bound, as a part of the cost; 0 is proven best."""
        return 0.0 if self.cost <= 0 else max(0.0, (self.cost - self.bound) / self.cost)

    @property
    def parted(self) -> Ints:
        """Houses whose people go to more than one place, or only some of whom have a place."""
        numbers, rows = np.unique(self.house, return_counts=True)
        some = numbers[self.without_place[numbers] > 0]
        return np.union1d(numbers[rows > 1], some)


@dataclass(frozen=True)
class _Task:
    """H houses with people, S shelters and, as the last column, no place. cost: (H, S + 1), infinite out of reach."""

    cost: Floats
    people: Ints
    capacity: Ints

    @property
    def places(self) -> int:
        return int(self.capacity.size)

    def take(self, rows: Ints, capacity: Ints) -> _Task:
        return _Task(self.cost[rows], self.people[rows], capacity)


def assign(minutes: Any, people: Any, capacity: Any, *, open_mask: Any = None, priority: Any = None) -> Assignment:
    """Shelters for N houses, least person-minutes, never above capacity, as many people as fit.

    minutes: (N, S) as from `travel_minutes`, infinite where there is no way. people: (N,) whole numbers. capacity:
    (S,) whole numbers of free places. priority: (N,) numbers, at most 100 different; when places are short, people of
    a higher one get them first. A household is parted only where no shelter, also after moving one other household,
    has room for all of it. Raises ArgumentError for NaN or negative values and lengths that do not fit.
    """
    times, heads, room = _checked(minutes, people, capacity, open_mask)
    reach = np.isfinite(times).any(axis=1)
    rows = np.flatnonzero(reach & (heads > 0))
    most = float(times[np.isfinite(times)].max(initial=0.0))
    no_place = (room.size + 1) * (most + 1.0)
    level = _levels(priority, heads.size)
    task = _Task(np.column_stack([times[rows], no_place * level[rows]]), heads[rows], room)
    flow, prices = _cheapest(task)
    plan = _whole_households(task, flow, level[rows])
    return _report(task, plan, rows, prices, (heads, reach, no_place))


def _checked(minutes: Any, people: Any, capacity: Any, open_mask: Any) -> tuple[Floats, Ints, Ints]:
    times = np.array(minutes, dtype=np.float64)
    if times.ndim != 2:
        raise ArgumentError("minutes", f"has {times.ndim} dimensions, expected 2 (houses, shelters).")
    checks.refuse(np.isnan(times), "minutes", "is NaN.", fix="Infinite means that there is no way.")
    checks.not_negative(times, "minutes")
    heads = checks.vector(people, "people", (np.int64,), size=times.shape[0])
    room = checks.vector(capacity, "capacity", (np.int64,), size=times.shape[1])
    checks.not_negative(heads, "people")
    checks.not_negative(room, "capacity")
    if open_mask is not None:
        mask = np.asarray(open_mask)
        if mask.shape != room.shape or mask.dtype != bool:
            raise ArgumentError("open_mask", f"has the shape {mask.shape}, expected {room.shape} of bool.")
        times[:, ~mask] = np.inf
    return times, heads, room


def _levels(priority: Any, size: int) -> Floats:
    """1 for the lowest priority, 2 for the next, ..."""
    if priority is None:
        return np.ones(size)
    values = checks.vector(priority, "priority", (np.float64,), size=size)
    checks.finite(values, "priority")
    different, level = np.unique(values, return_inverse=True)
    if different.size > _LEVELS:
        raise ArgumentError("priority", f"has {different.size} different values, expected at most {_LEVELS}.",
                            fix="Round it to classes.")  # fmt: skip
    return np.asarray(level + 1.0)


def _cheapest(task: _Task) -> tuple[npt.NDArray[np.int64], Floats]:
    """((H, S + 1) people of each house per place, (S + 1,) price of a place), the best with households parted."""
    nearest = np.argmin(task.cost, axis=1)
    load = np.bincount(nearest, weights=task.people, minlength=task.places + 1)[: task.places]
    if np.all(load <= task.capacity):
        return _only(task, nearest), np.zeros(task.places + 1)
    prices = np.zeros(task.places + 1)
    for splits in _SPLITS:
        if 2**splits < nearest.size:
            prices = _proven(_grouped(task, splits), prices)[1]
    return _proven(task, prices)


def _proven(task: _Task, prices: Floats) -> tuple[npt.NDArray[np.int64], Floats]:
    """The best flow: over the columns that the prices name, then over those that later prices name beside them.

    Prices of a programme with few columns swing far, so that most houses would ask for another place: those are heard
    first who lose least by it at the prices with the best bound so far.
    """
    columns, centre = _first_columns(task, prices), prices
    while True:
        flow, prices = _solve_open(task, columns, centre)
        if _bound(task, prices) >= _bound(task, centre):
            centre = prices
        if not _ask(task, columns, prices, centre):
            return flow, prices


def _ask(task: _Task, columns: npt.NDArray[np.bool_], prices: Floats, centre: Floats) -> bool:
    """Open, in place, the best column of houses that have none as good; False when every house has."""
    reduced = task.cost + prices
    wished = np.argmin(reduced, axis=1)
    row = np.arange(wished.size)
    lost = np.where(columns, reduced, np.inf).min(axis=1) - reduced[row, wished]
    missed = np.flatnonzero(lost > _TOLERANCE)
    steady = task.cost + centre
    loss = steady[missed, wished[missed]] - steady.min(axis=1)[missed]
    heard = missed[np.argsort(loss, kind="stable")[:_OPEN_CHOICES]]
    columns[heard, wished[heard]] = True
    return bool(missed.size)


def _bound(task: _Task, prices: Floats) -> float:
    """What every plan costs at least: prices that are not negative prove it (Lagrange)."""
    return float((task.people * (task.cost + prices).min(axis=1)).sum() - prices[:-1] @ task.capacity)


def _only(task: _Task, place: Ints) -> npt.NDArray[np.int64]:
    flow = np.zeros(task.cost.shape, dtype=np.int64)
    flow[np.arange(place.size), place] = task.people
    return flow


def _grouped(task: _Task, splits: int) -> _Task:
    """Houses with like costs as one: halved again and again at the middle of the shelter whose cost differs most."""
    near = np.where(np.isfinite(task.cost), task.cost, task.cost[:, -1:])
    group = np.zeros(task.people.size, dtype=np.int64)
    for _ in range(splits):
        count = np.bincount(group)
        mean, square = (_sums(group, values) / count[:, None] for values in (near, near**2))
        widest = np.argmax(square - mean**2, axis=1)
        order = np.lexsort((near[np.arange(group.size), widest[group]], group))
        rank = np.arange(group.size) - np.repeat(np.cumsum(count) - count, count)
        group[order] = 2 * group[order] + (rank >= np.repeat(count / 2, count))
        group = np.unique(group, return_inverse=True)[1]
    people = np.bincount(group, weights=task.people)
    cost = _sums(group, task.cost * task.people[:, None]) / people[:, None]
    return _Task(cost, people.astype(np.int64), task.capacity)


def _sums(group: Ints, values: Floats) -> Floats:
    size = int(group.max()) + 1
    gather = csr_array((np.ones(group.size), (group, np.arange(group.size))), shape=(size, group.size))
    return np.asarray(gather @ values)


def _first_columns(task: _Task, prices: Floats) -> npt.NDArray[np.bool_]:
    """For each house the places that may be its best: the closest races are left open."""
    reduced = task.cost + prices
    best, margin = _race(reduced)
    last = min(_OPEN_CHOICES, margin.size) - 1
    race = float(np.partition(margin, last)[last])
    race = race if np.isfinite(race) else 0.0
    return np.asarray(np.isfinite(task.cost) & (reduced <= best[:, None] + race))


def _race(reduced: Floats) -> tuple[Floats, Floats]:
    """(H,) the lowest price of a house, and how much more the next one is."""
    two = np.partition(reduced, 1, axis=1)
    return two[:, 0], two[:, 1] - two[:, 0]


def _solve_open(task: _Task, columns: npt.NDArray[np.bool_], prices: Floats) -> tuple[npt.NDArray[np.int64], Floats]:
    """The best flow over the columns; houses with one column are fixed as far as they fit (changes columns)."""
    _make_room(task, columns, task.cost + prices)
    fixed = columns.sum(axis=1) == 1
    place = np.argmax(columns, axis=1)
    columns[~fixed, -1] = True
    open_rows = np.flatnonzero(~fixed)
    flow = _only(task, place)
    prices = np.zeros(task.places + 1)
    if open_rows.size:
        load = np.bincount(place[fixed], weights=task.people[fixed], minlength=task.places + 1).astype(np.int64)
        rest = task.take(open_rows, task.capacity - load[: task.places])
        flow[open_rows], prices = _linear(rest, columns[open_rows])
    return flow, prices


def _make_room(task: _Task, columns: npt.NDArray[np.bool_], reduced: Floats) -> None:
    """Where houses that are fixed overfill a shelter, leave those open that lose least by another place."""
    fixed, place = columns.sum(axis=1) == 1, np.argmax(columns, axis=1)
    best, margin = _race(reduced)
    order = np.lexsort((-margin, place))
    order = order[fixed[order]]
    people = np.cumsum(task.people[order])
    begin = np.searchsorted(place[order], np.arange(task.places + 1))
    before = np.concatenate([[0], people])[begin]
    load = people - before[place[order]]
    over = load > (_FIXED_SHARE * np.append(task.capacity, np.inf))[place[order]]
    full = np.zeros(task.places + 1, dtype=bool)
    np.logical_or.at(full, place[order], load > np.append(task.capacity, np.inf)[place[order]])
    freed = order[over & full[place[order]]]
    columns[freed] |= reduced[freed] <= (best[freed] + margin[freed] + _TOLERANCE)[:, None]
    columns[freed, -1] = True  # the second best may be rounded away; a house that is freed has two places


def _linear(task: _Task, columns: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.int64], Floats]:
    """HiGHS on people per (house, place). Whole numbers come out, since capacities and households are whole."""
    from scipy.optimize import linprog  # half the start of this room, and only assigning needs it

    house, place = np.nonzero(columns)
    number, ones = np.arange(house.size), np.ones(house.size)
    limited = place < task.places
    found = linprog(
        task.cost[house, place],
        A_ub=csr_array((ones[limited], (place[limited], number[limited])), shape=(task.places, house.size)),
        b_ub=task.capacity,
        A_eq=csr_array((ones, (house, number)), shape=(task.people.size, house.size)),
        b_eq=task.people,
        method="highs-ds",
    )
    if found.status != 0:
        raise RuntimeError(f"The assignment was not solved: {found.message}")
    flow = np.zeros(task.cost.shape, dtype=np.int64)
    flow[house, place] = np.rint(found.x).astype(np.int64)
    return flow, np.append(np.maximum(-found.ineqlin.marginals, 0.0), 0.0)


def _whole_households(task: _Task, flow: npt.NDArray[np.int64], level: Floats) -> npt.NDArray[np.int64]:
    """The flow with parted households put together where a place for all of them is left, or one can be made.

    One household after the other gives up its own places first, and has them back when it cannot be kept whole: nobody
    loses a place by it. A second round, since later households may have left room for earlier ones.
    """
    plan = flow.copy()
    parts = (flow > 0).sum(axis=1)
    parted = np.flatnonzero(parts > 1)
    place = np.where(parts == 1, np.argmax(flow, axis=1), -1)
    room = task.capacity - plan[:, : task.places].sum(axis=0)
    order = parted[np.lexsort((-task.people[parted], -level[parted]))]
    for house in (*order, *order):
        if place[house] < 0:
            own = plan[house].copy()
            plan[house] = 0
            room += own[:-1]
            if not _put_whole(task, plan, (place, room), int(house)):
                plan[house] = own
                room -= own[:-1]
    return plan


def _put_whole(task: _Task, plan: npt.NDArray[np.int64], state: tuple[Ints, Ints], house: int) -> bool:
    """The cheapest of: a shelter with room for the household; an exchange with one other household."""
    place, room = state
    people, cost = int(task.people[house]), task.cost[house, : task.places]
    fits = np.where(room >= people, cost, np.inf) * people
    to = int(np.argmin(fits)) if fits.size else 0
    direct = float(fits[to]) if fits.size else np.inf
    moved = _exchange(task, state, house, np.argsort(cost, kind="stable")[:_EXCHANGES], direct)
    if moved is None and not np.isfinite(direct):
        moved = _exchange(task, state, house, np.arange(task.places), direct)
    if moved is not None:
        to, other, there = moved
        plan[other, to], plan[other, there] = 0, task.people[other]
        place[other] = there
        room[to] += task.people[other]
        room[there] -= task.people[other]
    elif not np.isfinite(direct):
        return False
    plan[house, to], place[house] = people, to
    room[to] -= people
    return True


def _exchange(
    task: _Task, state: tuple[Ints, Ints], house: int, shelters: Ints, direct: float
) -> tuple[int, int, int] | None:
    """(shelter for the house, household to move out of it, where that goes), cheaper than `direct`; None if none."""
    place, room = state
    needed = np.append(task.people[house] - room, 0)
    wanted = np.zeros(task.places + 1, dtype=bool)
    wanted[shelters] = np.isfinite(task.cost[house, shelters])
    other = np.flatnonzero((place >= 0) & wanted[place] & (task.people >= needed[place]))
    if not other.size:
        return None
    at, row = place[other], np.arange(other.size)
    move = np.where(room[None, :] >= task.people[other][:, None], task.cost[other][:, :-1], np.inf)
    move[row, at] = np.inf
    there = np.argmin(move, axis=1)
    change = (move[row, there] - task.cost[other, at]) * task.people[other] + task.cost[house, at] * task.people[house]
    best = int(np.argmin(change))
    return (int(at[best]), int(other[best]), int(there[best])) if change[best] < direct else None


def _report(
    task: _Task, plan: npt.NDArray[np.int64], rows: Ints, prices: Floats, whole: tuple[Ints, Any, float]
) -> Assignment:
    heads, reach, no_place = whole
    house, shelter = np.nonzero(plan[:, :-1])
    without = np.zeros(heads.size, dtype=np.int64)
    without[rows] = plan[:, -1]
    spent = np.where(plan > 0, task.cost, 0.0) * plan
    return Assignment(
        rows[house], shelter.astype(np.int64), plan[house, shelter], without, np.where(reach, 0, heads),
        plan[:, :-1].sum(axis=0), float(spent[:, :-1].sum()), float(spent.sum()), _bound(task, prices), no_place,
    )  # fmt: skip
