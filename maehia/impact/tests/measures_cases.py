"""What the tests of measures share."""

import numpy as np
from hypothesis import strategies as st

from maehia.impact import Grid, Hazard
from maehia.impact.curve_data import jrc_asia_curve
from maehia.impact.curves import Curves
from maehia.impact.exposure import Exposure, Metric
from maehia.impact.measures import (
    BlockBelow,
    FloodProof,
    LowerIntensity,
    ProtectTo,
    RaiseFloors,
    Relocate,
    Remove,
    ScaleDamage,
    ScaleValue,
)
from maehia.impact.vulnerability import step, together

GRID = Grid(0, 0, 10, 10, 6, 4)


CURVES = together([jrc_asia_curve("residential"), jrc_asia_curve("commercial"), step("affected", 0.25)])


# A curve that is not 0 at 0: what is stored as 0 does damage, what is dry does not.
ROUGH = Curves(np.array([0.0, 1.0, 2.0]), np.array([[0.2, 0.5, 1.0], [0.0, 0.25, 0.5], [0.125, 0.25, 0.25]]))


def _town(seed, events=6, assets=30):
    """Depths in eighths, values whole: sums and ties are exact."""
    random = np.random.default_rng(seed)
    wet = [np.flatnonzero(random.random(GRID.size) < 0.6) for _ in range(events)]
    depths = [random.integers(0, 24, cells.size) / 8 for cells in wet]
    hazard = Hazard.from_events(GRID, zip(wet, depths, strict=True), random.integers(1, 9, events) / 64)
    exposure = Exposure(
        random.uniform(-4, 64, assets), random.uniform(-4, 44, assets), random.integers(0, 2, assets),
        random.integers(1, 100, assets).astype(float),
        metrics={"people": Metric(2, random.integers(0, 6, assets).astype(float))},
    )  # fmt: skip
    return hazard, exposure


eighths = st.integers(0, 12).map(lambda k: k / 8)


masks = st.lists(st.booleans(), min_size=24, max_size=24).map(lambda cells: np.array(cells).reshape(4, 6))


some = st.lists(st.integers(0, 29), max_size=10, unique=True)


changes = st.one_of(
    st.builds(LowerIntensity, eighths, st.none() | masks),
    st.builds(lambda cells: LowerIntensity(np.array(cells).reshape(4, 6) / 8),
              st.lists(st.integers(0, 3), min_size=24, max_size=24)),
    st.builds(BlockBelow, eighths, st.none() | masks),
    st.builds(ProtectTo, st.sampled_from([3.0, 8.0, 30.0]), st.none() | masks),
    st.builds(FloodProof, eighths, st.none() | st.lists(st.integers(0, 2), max_size=2)),
    st.builds(ScaleDamage, st.integers(0, 4).map(lambda k: k / 4), st.none() | st.just([0]), st.none() | some),
    st.builds(RaiseFloors, eighths, st.none() | some),
    st.builds(Remove, some),
    st.builds(ScaleValue, eighths, st.none() | some, st.sampled_from(["value", "people"])),
    st.builds(Relocate, some, st.just(25.0), st.just(15.0)),
)  # fmt: skip


ONE = Exposure([15.0], [5.0], 0, [100.0])


LINE = Curves(np.array([0.0, 2.0]), np.array([[0.0, 1.0]]))


def _depths(*depths):
    return Hazard.from_events(GRID, [([1], [depth]) for depth in depths], np.full(len(depths), 0.25))
