"""Nothing counts in 32 bits: places beyond 2**31 in the arrays, and cells beyond 2**31 on the grid."""

from itertools import pairwise

import numpy as np
import pytest

from maehia.impact import Curves, Exposure, Grid, Hazard, Metric, Terms, assess, prepare
from maehia.impact.tests.cases import same

BEYOND = 2**31 + 12_345
CURVES = Curves([0.0, 2.0], [[0.0, 1.0], [0.0, 0.5]])


def assets(grid):
    rng = np.random.default_rng(1)
    x, y = grid.centre_of(np.arange(64))
    return Exposure(x, y, rng.integers(0, 2, 64), rng.random(64), group=rng.integers(0, 3, 64),
                    metrics={"people": Metric(1, rng.random(64))})  # fmt: skip


@pytest.fixture
def far(tmp_path):
    """Two events in sparse files: the first lists 2**31 + 12,345 cells, the second 50 beyond them.

    Nothing of the first but its first cell is ever read: it lies in a tile without assets, and cells only rise.
    """
    grid = Grid(0, 0, 1, 1, 1 << 16, 1)
    size = BEYOND + 50
    cell = np.memmap(tmp_path / "cell", np.int32, "w+", shape=size)
    intensity = np.memmap(tmp_path / "intensity", np.float32, "w+", shape=size)
    cell[0] = grid.size - 1
    cell[BEYOND:] = np.arange(0, 100, 2)
    intensity[BEYOND:] = np.linspace(0.1, 3, 50)
    indptr = np.array([0, BEYOND, size])
    return Hazard.trusted(grid, (indptr, cell, intensity, np.array([0.5, 0.25])))


def near(far):
    cells, intensity = far.event(1)
    none = np.zeros(0, np.int32)
    return Hazard.from_events(far.grid, [(none, none), (cells, intensity)], far.frequency)


@pytest.mark.parametrize("path", ["compiled", "per-asset"])
@pytest.mark.parametrize("simple", [True, False])
def test_an_event_beyond_two_thousand_million_pairs_is_read_in_its_place(far, path, simple):
    e = assets(far.grid)
    exposure = Exposure(e.x, e.y, e.curve, e.value) if simple else e
    # The short tiles of a wide exposure keep the long event's only read cell apart from the assets.
    assert prepare(exposure, far.grid, CURVES).arranged.assets.start.size > 2
    terms = Terms() if path == "per-asset" else None
    found = assess(far, exposure, CURVES, terms=terms, path=path)
    expected = assess(near(far), exposure, CURVES, path="scipy")
    assert found.at_event[1] > 0
    for name in found.metrics:
        same(found.by_group(name), expected.by_group(name))
        same(found.of(name).per_asset, expected.of(name).per_asset)


def test_rows_of_a_long_hazard_are_views(far):
    cells, intensity = far.event(1)
    assert cells.tolist() == list(range(0, 100, 2))
    assert intensity[-1] == 3.0
    assert np.shares_memory(cells, far.cell)


@pytest.mark.parametrize("path", ["compiled", "per-asset"])
def test_cells_beyond_two_thousand_million_are_linked_and_struck(path):
    grid = Grid(0, 0, 1, 1, 100_000, 50_000)
    cell = np.array([5, 2**31 - 1, 2**31, 2**32 + 7, grid.size - 1])
    hazard = Hazard(grid, np.array([0, 5]), cell, np.array([1.0, 0.5, 2.0, 1.5, 0.25]), np.array([1.0]))
    x, y = grid.centre_of(np.append(cell, 2**32 + 8))
    exposure = Exposure(np.append(x, -1.0), np.append(y, 1.0), 0, np.arange(1.0, 8.0))
    impact = assess(hazard, exposure, CURVES, path=path)
    assert impact.per_asset.tolist() == [0.5, 0.5, 3.0, 3.0, 0.625, 0.0, 0.0]
    assert impact.linked.cell.tolist() == [*cell, 2**32 + 8, -1]
    assert impact.at_event.tolist() == [7.625]


def test_the_arithmetic_of_tiles_and_lanes_is_whole_beyond_32_bits():
    from maehia.impact.layout import lane_cuts, lanes, steps

    nnz, tiles = 2**40, 2**22
    assert steps(nnz, 10_000, tiles, 1 << 18) == 1
    assert lanes(nnz, tiles, 80_000) == 16
    cuts = lane_cuts(np.zeros(tiles + 1, np.int64), 3, 16)
    assert [cuts[0][0], cuts[-1][1]] == [0, tiles]
    assert all(a[1] == b[0] for a, b in pairwise(cuts))
    assert sum(b - a for a, b in cuts) == tiles
