"""What the tests of recovery share."""

import numpy as np
from hypothesis import strategies as st

from maehia.impact.recovery import (
    Functionality,
)


@st.composite
def series(draw, end=64):
    """A step series on whole hours with levels in eighths: sums over it are exact in binary."""
    hours = sorted(draw(st.sets(st.integers(0, end), max_size=8)))
    levels = draw(st.lists(st.integers(0, 8), min_size=len(hours), max_size=len(hours)))
    before = draw(st.integers(0, 8)) / 8
    return Functionality(np.array(hours, float), np.array(levels) / 8, before)


spans = st.tuples(st.integers(-4, 60), st.integers(1, 40)).map(lambda pair: (float(pair[0]), float(sum(pair))))


DOWN = Functionality([0.0, 8.0], [0.0, 1.0])
