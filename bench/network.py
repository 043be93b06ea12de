"""How fast the road graph answers for a whole town.

    python -m bench.network                    20,000 houses, 30 shelters, 2,700 crossings
    python -m bench.network --houses 200000    another size

The town is an invented lattice of bent streets, the flood a band across it. Each line is the best of some warm runs
(a service keeps its graph and its compiled parts) with its processor seconds; "cold" is the first run in the process.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from maehia.impact import Grid
from maehia.network import (
    RoadGraph,
    assign,
    cut_off,
    door_route,
    flooded,
    leave_by,
    nearest_open,
    snap,
    travel_minutes,
    walking,
)

ANSWER_S = 1.0  # snapping, flooded edges, nearest shelter and who is cut off, together, for 20,000 houses
SHELTERS, DOORS, WARM_RUNS = 30, 300, 3
STEP_M, ACROSS, UP = 110.0, 55, 50
WIDTH, HEIGHT = STEP_M * (ACROSS - 1), STEP_M * (UP - 1)


def streets(seed: int = 1, keep: float = 0.8) -> list[Any]:
    """Lines of a bent lattice with a fifth of the streets missing."""
    dice = np.random.default_rng(seed)
    place = np.stack(np.meshgrid(np.arange(ACROSS), np.arange(UP), indexing="ij"), axis=-1) * STEP_M
    place = place + dice.normal(0, 8, place.shape)
    east = np.stack([place[:-1], place[1:]], axis=2).reshape(-1, 2, 2)
    north = np.stack([place[:, :-1], place[:, 1:]], axis=2).reshape(-1, 2, 2)
    lines = np.concatenate([east, north])
    return list(lines[dice.random(len(lines)) < keep])


def flood() -> tuple[Grid, Any, Any]:
    """(grid of 10 m, depth, arrival): a bent band of water across the town that spreads from west to east."""
    grid = Grid(-200, -200, 10, 10, int(WIDTH / 10) + 40, int(HEIGHT / 10) + 40)
    x, y = (v.reshape(grid.shape) for v in grid.centre_of(np.arange(grid.size)))
    depth = np.clip(1 - np.abs(y - HEIGHT / 2 - 400 * np.sin(x / 700)) / 100, 0, None)
    return grid, depth, np.where(depth > 0, 1800 + np.maximum(x, 0) / 2, np.nan)


def measured(work: Callable[[], Any]) -> tuple[Any, float, float, float]:
    """(result, cold seconds, best warm seconds, processor seconds of that run)."""
    begin = time.perf_counter()
    result = work()
    cold, best, cpu = time.perf_counter() - begin, float("inf"), 0.0
    for _ in range(WARM_RUNS):
        begin, spent = time.perf_counter(), time.process_time()
        work()
        if time.perf_counter() - begin < best:
            best, cpu = time.perf_counter() - begin, time.process_time() - spent
    return result, cold, best, cpu


class Table:
    """Prints lines and remembers their seconds."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        print(f"{'':<44}{'cold s':>10}{'warm s':>10}{'cpu s':>10}")

    def line(self, name: str, work: Callable[[], Any], note: Callable[[Any], str] = lambda _: "") -> Any:
        result, cold, warm, cpu = measured(work)
        self.seconds[name] = warm
        print(f"{name:<44}{cold:>10.3f}{warm:>10.3f}{cpu:>10.3f}  {note(result)}", flush=True)
        return result


def answers(table: Table, graph: RoadGraph, houses: int) -> tuple[Any, Any, Any]:
    """The questions of the first minutes. Returns houses, shelters and what is closed."""
    dice = np.random.default_rng(2)
    xs, ys = dice.uniform(0, WIDTH, houses), dice.uniform(0, HEIGHT, houses)
    grid, depth, arrival = flood()
    pace = walking(graph, "elderly")
    homes = table.line("snap houses onto roads", lambda: snap(graph, xs, ys))
    places = snap(graph, dice.uniform(0, WIDTH, SHELTERS), dice.uniform(0, HEIGHT, SHELTERS))
    shut = table.line("flooded stretches", lambda: flooded(graph, grid, depth), lambda c: f"{len(c)} stretches")
    table.line("nearest open shelter, walking time", lambda: nearest_open(graph, homes, places, None, shut, pace=pace),
               lambda n: f"median {np.median(n.minutes[n.shelter >= 0]):.1f} min")  # fmt: skip
    table.line("who is cut off, and by what", lambda: cut_off(graph, homes, places, None, shut, exits=places.take([0])),
               lambda c: f"{int(c.from_shelter.sum())} houses from every shelter")  # fmt: skip
    closing = flooded(graph, grid, depth, arrival_s=arrival)
    table.line("by when must they leave", lambda: leave_by(graph, homes, places, closing=closing, pace=pace),
               lambda m: f"{int(np.isfinite(m).sum())} houses with a deadline")  # fmt: skip
    return homes, places, shut


def plans(table: Table, graph: RoadGraph, found: tuple[Any, Any, Any]) -> None:
    """What takes longer: the matrix, the assignment with room and without, a volunteer's doors."""
    homes, places, shut = found
    minutes = table.line("travel times, houses x shelters", lambda: travel_minutes(graph, homes, places, shut))
    dice = np.random.default_rng(3)
    people = dice.integers(1, 6, len(homes))
    share = dice.dirichlet(np.full(SHELTERS, 3.0)) * people.sum()
    for room in (1.3, 1.05, 0.9):
        capacity = (share * room).astype(np.int64)
        table.line(f"assignment, capacity {room:.0%} of the people", partial(assign, minutes, people, capacity),
                   lambda a: f"gap {a.gap:.1e}, {int(a.without_place.sum())} people without a place")  # fmt: skip
    doors = homes.take(dice.choice(len(homes), DOORS, replace=False))
    table.line(f"order of {DOORS} doors", lambda: door_route(graph, places.take([0]), doors, shut),
               lambda r: f"{1 - r.minutes / r.nearest_minutes:.0%} shorter than nearest first")  # fmt: skip


def run(arguments: list[str]) -> int:
    """Print the table; 1 when the town's first answers take more than a second."""
    parser = argparse.ArgumentParser(prog="bench.network", description=__doc__)
    parser.add_argument("--houses", type=int, default=20_000)
    args = parser.parse_args(arguments)
    table = Table()
    lines = streets()
    graph = table.line("graph from lines", lambda: RoadGraph.from_lines(lines),
                       lambda g: f"{g.nodes} nodes, {g.edges} edges")  # fmt: skip
    found = answers(table, graph, args.houses)
    first = ("snap houses onto roads", "flooded stretches", "nearest open shelter, walking time",
             "who is cut off, and by what")  # fmt: skip
    total = sum(table.seconds[name] for name in first)
    bar = ANSWER_S * max(1.0, args.houses / 20_000)
    kept = total <= bar
    print(f"{f'the four together, {args.houses:,} houses':<54}{total:>10.3f}  bar {bar:g} s "
          f"{'kept' if kept else 'MISSED'}")  # fmt: skip
    plans(table, graph, found)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
