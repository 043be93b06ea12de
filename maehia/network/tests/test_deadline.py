"""By when a house must be left so that the water does not close the way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.network import closed_edges, closures, driving, leave_by, nearest_open, nothing_closed, snap
from maehia.network.tests.towns import at, lattice, one_metre_a_second, row, some_spots, square


def latest(graph, houses, shelters, closing, open_mask=None):
    """Seconds."""
    return leave_by(graph, houses, shelters, open_mask, closing=closing, pace=one_metre_a_second(graph)) * 60


def test_without_water_there_is_no_hurry():
    graph = square()
    assert (
        latest(graph, at(graph, (10, 0), (50, 100)), at(graph, (90, 0)), nothing_closed(graph)).tolist() == [np.inf] * 2
    )


def test_the_stretch_must_be_behind_when_it_closes():
    graph = row(100, 100)
    closing = closures(graph, [1], [40], [60], closes_s=[1000.0])
    assert latest(graph, at(graph, (30, 0)), at(graph, (200, 0)), closing)[0] == pytest.approx(1000 - 130, abs=1e-2)
    assert latest(graph, at(graph, (30, 7)), at(graph, (200, 0)), closing)[0] == pytest.approx(1000 - 137, abs=1e-2)


def test_the_way_back_passes_the_stretch_from_its_other_end():
    graph = row(100, 100)
    closing = closures(graph, [0], [40], [60], closes_s=[1000.0])
    assert latest(graph, at(graph, (170, 0)), at(graph, (0, 0)), closing)[0] == pytest.approx(1000 - 130, abs=1e-2)


def test_a_house_in_the_coming_water_leaves_by_the_nearer_side():
    graph = row(100)
    closing = closures(graph, [0], [40], [60], closes_s=[1000.0])
    found = latest(graph, at(graph, (45, 0), (55, 0)), at(graph, (0, 0), (100, 0)), closing)
    assert found == pytest.approx([995, 995], abs=1e-2)


def test_house_and_shelter_on_one_street_count_only_the_water_between():
    graph = row(100)
    closing = closures(graph, [0, 0], [40, 80], [60, 90], closes_s=[1000.0, 10.0])
    found = latest(graph, at(graph, (20, 0), (75, 0)), at(graph, (70, 0)), closing)
    assert found[0] == pytest.approx(1000 - 40, abs=1e-2)
    assert found[1] == np.inf


def test_a_detour_that_stays_dry_sets_no_deadline():
    graph = square()
    closing = closures(graph, [0], [40], [60], closes_s=[100.0])
    assert latest(graph, at(graph, (20, 0)), at(graph, (80, 0)), closing)[0] == np.inf


def test_of_several_ways_the_one_open_longest_counts():
    graph = square()
    closing = closed_edges(graph, [0], closes_s=500.0) | closed_edges(graph, [2], closes_s=2000.0)
    house, shelter = at(graph, (0, 50)), at(graph, (100, 50))
    assert latest(graph, house, shelter, closing)[0] == pytest.approx(2000 - 150, abs=1e-2)


def test_what_was_always_closed_is_never_in_time():
    graph = row(100, 100)
    assert latest(graph, at(graph, (20, 0)), at(graph, (180, 0)), closed_edges(graph, [1]))[0] == -np.inf
    assert latest(graph, at(graph, (20, 90), max_access_m=9), at(graph, (180, 0)), nothing_closed(graph))[0] == -np.inf
    assert latest(graph, at(graph, (20, 0)), snap(graph, [], []), nothing_closed(graph))[0] == -np.inf


def test_a_shut_shelter_is_no_goal():
    graph = row(100)
    house, shelters = at(graph, (20, 0)), at(graph, (30, 0), (90, 0))
    closing = closures(graph, [0], [50], [60], closes_s=[300.0])
    assert latest(graph, house, shelters, closing)[0] == np.inf
    assert latest(graph, house, shelters, closing, np.array([False, True]))[0] == pytest.approx(300 - 40, abs=1e-2)


def test_a_deadline_before_the_clock_starts_is_negative():
    graph = row(100, 100)
    closing = closures(graph, [1], [40], [60], closes_s=[30.0])
    assert latest(graph, at(graph, (20, 0)), at(graph, (200, 0)), closing)[0] == pytest.approx(30 - 140, abs=1e-2)


def walks_in_time(graph, house, start, closing, shelters, depth=7):
    """Does someone who starts then come through? Every way without a turn, tried one after the other."""
    goals = {}
    for n in range(len(shelters)):
        goals.setdefault(int(shelters.edge[n]), []).append(float(shelters.offset_m[n]))

    def clear(edge, a, b, now):
        for e, s, t, c in zip(closing.edge, closing.start_m, closing.end_m, closing.closes_s, strict=True):
            if e == edge and s <= max(a, b) and t >= min(a, b):
                behind = (min(t, b) - a) if b >= a else (a - max(s, b))
                if now + max(behind, 0.0) > c + 1e-6:
                    return False
        return True

    def go(node, now, seen):
        for edge in np.flatnonzero((graph.tail == node) | (graph.head == node)):
            length = float(graph.length[edge])
            begin = 0.0 if graph.tail[edge] == node else length
            if any(clear(edge, begin, o, now) for o in goals.get(int(edge), [])):
                return True
            after = int(graph.head[edge] if begin == 0.0 else graph.tail[edge])
            new = after not in seen and len(seen) < depth
            if new and clear(edge, begin, length - begin, now) and go(after, now + length, seen | {after}):
                return True
        return False

    edge, offset = int(house.edge[0]), float(house.offset_m[0])
    now = start + float(house.access_m[0])
    if any(clear(edge, offset, o, now) for o in goals.get(edge, [])):
        return True
    for node, end in ((int(graph.tail[edge]), 0.0), (int(graph.head[edge]), float(graph.length[edge]))):
        if clear(edge, offset, end, now) and go(node, now + abs(offset - end), {node}):
            return True
    return False


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 6))
def test_a_second_before_is_in_time_and_a_second_after_is_too_late(seed, count):
    graph = lattice(seed, nx=3, ny=2)
    dice = np.random.default_rng(seed)
    edge = dice.integers(0, graph.edges, count)
    a, b = np.sort(dice.uniform(0, 1, (2, count)), axis=0) * graph.length[edge]
    closing = closures(graph, edge, a, b, closes_s=dice.uniform(0, 600, count))
    houses, shelters = some_spots(graph, 6, seed), some_spots(graph, 2, seed + 1)
    shelters = shelters.take(shelters.edge >= 0)
    found = latest(graph, houses, shelters, closing)
    for n in np.flatnonzero(houses.edge >= 0):
        house = houses.take([n])
        if np.isfinite(found[n]):
            assert walks_in_time(graph, house, found[n] - 1, closing, shelters)
            assert not walks_in_time(graph, house, found[n] + 1, closing, shelters)
        else:
            assert walks_in_time(graph, house, 1e7, closing, shelters) == (found[n] > 0)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_who_never_needs_to_hurry_has_a_way_that_stays_dry(seed):
    graph = lattice(seed, nx=3, ny=3)
    closing = closed_edges(graph, np.random.default_rng(seed).random(graph.edges) < 0.3, closes_s=100.0)
    houses, shelters = some_spots(graph, 10, seed), some_spots(graph, 2, seed + 1)
    found = latest(graph, houses, shelters, closing)
    dry = nearest_open(graph, houses, shelters, None, closing).shelter >= 0
    inside = closing.sides(shelters)[2] < 0
    if not inside.any():
        assert np.array_equal(found == np.inf, dry)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 8))
def test_a_car_that_always_could_drive_never_has_a_deadline_that_is_no_number(seed, count):
    graph = lattice(seed, nx=3, ny=3, oneway=True)
    dice = np.random.default_rng(seed)
    edge = dice.integers(0, graph.edges, count)
    a, b = np.sort(dice.uniform(0, 1, (2, count)), axis=0) * graph.length[edge]
    closing = closures(graph, edge, a, b, closes_s=dice.uniform(0, 600, count))
    houses, shelters = some_spots(graph, 12, seed), some_spots(graph, 2, seed + 1)
    found = leave_by(graph, houses, shelters, closing=closing, pace=driving(graph))
    open_now = nearest_open(graph, houses, shelters, pace=driving(graph)).shelter >= 0
    assert not np.isnan(found).any()
    assert np.array_equal(found > -np.inf, open_now)
