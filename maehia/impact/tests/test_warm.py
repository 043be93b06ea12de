"""After `warm` no question waits for a compiler."""

from itertools import pairwise

import numpy as np
import pytest

from maehia.impact import Exposure, Grid, Metric, Terms, assess, warm
from maehia.impact.lanes import cuts, open_to_write, share_out
from maehia.impact.tests.cases import curves_of, exposure_of, hazard_of


def compiled_so_far():
    from maehia.impact import kernels, kernels_link

    passes = (kernels.pass_one, kernels.pass_many, kernels.pass_each)
    links = (kernels_link.cells_of, kernels_link.count_keys, kernels_link.place_keys, kernels_link.pick,
             kernels_link.sort_tile_cells)  # fmt: skip
    return [len(kernel.signatures) for kernel in passes + links]


@pytest.mark.parametrize("intensity", ["float32", "float64"])
def test_all_that_assess_needs_is_loaded(intensity):
    warm()
    before = compiled_so_far()
    rng = np.random.default_rng(1)
    grid = Grid(0, 0, 1, 1, 90, 90)
    hazard, curves = hazard_of(rng, grid, 4, 0.2, "int32", intensity), curves_of(rng, 5, 4)
    e = exposure_of(rng, grid, 200, 5)
    locked = hazard.intensity.copy()
    locked.flags.writeable = False
    for exposure in (
        e,
        Exposure(e.x, e.y, e.curve.astype(np.int32), e.value),
        Exposure(e.x, e.y, e.curve, e.value, group=rng.integers(0, 9, 200)),
        Exposure(e.x, e.y, e.curve, e.value, metrics={"people": Metric(0, e.value)}),
    ):
        assess(hazard, exposure, curves)
        assess(hazard.with_intensity(locked), exposure, curves)
        assess(hazard, exposure, curves, terms=Terms(deductible=1.0, floor=0.2, std=curves.damage, seed=4))
    assert compiled_so_far() == before


def test_importing_the_room_loads_neither_compiler_nor_scipy():
    import subprocess
    import sys

    heavy = "{'numba', 'scipy.spatial', 'scipy.sparse', 'pyarrow', 'shapely', 'pandas'}"
    code = f"import sys, maehia.impact; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_opening_files_loads_no_scipy():
    import subprocess
    import sys

    code = "import sys, maehia.impact.formats.files; print('scipy' in sys.modules, 'numba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"


def test_parts_are_whole_and_in_order():
    for size, parts in [(0, 3), (1, 3), (10, 3), (10, 1)]:
        found = cuts(size, parts)
        assert found[0][0] == 0
        assert found[-1][1] == size
        assert all(a[1] == b[0] for a, b in pairwise(found))
    assert share_out(lambda k: k * k, range(5)) == [0, 1, 4, 9, 16]


def test_a_failure_in_one_lane_is_raised():
    def work(number):
        if number == 2:
            raise ValueError("lane 2")
        return number

    with pytest.raises(ValueError, match="lane 2"):
        share_out(work, range(4))


def test_read_only_memory_is_shared_and_crooked_memory_copied():
    locked = np.arange(4.0)
    locked.flags.writeable = False
    opened = open_to_write(locked)
    assert np.shares_memory(opened, locked)
    assert opened.flags.writeable
    crooked = np.zeros(33, np.uint8)[1:].view(np.float64)
    assert open_to_write(crooked).flags.aligned
