"""Scattered centroids: the nearest within reach, or none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.impact import ArgumentError, Curves, Exposure, Grid, Hazard, assess, nearest_cell


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 40), st.floats(0, 3))
def test_it_is_the_nearest_of_all_if_it_is_near_enough(seed, count, within):
    rng = np.random.default_rng(seed)
    points, centroids = rng.uniform(0, 10, (50, 2)), rng.uniform(0, 10, (count, 2))
    found = nearest_cell(points, centroids, within)
    distance = np.hypot(*(points[:, np.newaxis] - centroids[np.newaxis]).transpose(2, 0, 1))
    reached = distance.min(axis=1) <= within
    assert (found[~reached] == -1).all()
    assert distance[reached, found[reached]] == pytest.approx(distance.min(axis=1)[reached])


def test_a_centroid_exactly_at_the_limit_counts():
    assert nearest_cell([[0, 0], [0, 1]], [[3, 0]], 3.0).tolist() == [0, -1]


def test_nothing_to_link_to_links_nothing():
    assert nearest_cell(np.zeros((2, 2)), np.zeros((0, 2)), 1.0).tolist() == [-1, -1]
    assert nearest_cell(np.zeros((0, 2)), np.zeros((2, 2)), 1.0).size == 0


@pytest.mark.parametrize(
    ("points", "within", "where"),
    [([[0, np.nan]], 1, r"points\[1\]: is NaN"), ([0, 1], 1, "points: has shape"), ([[0, 0]], -1, "within: is -1")],
)
def test_bad_points_are_refused(points, within, where):
    with pytest.raises(ArgumentError, match=where):
        nearest_cell(points, [[0, 0]], within)


def test_scattered_centroids_are_assessed_as_a_row_of_cells():
    centroids = np.array([[512000.0, 1556000.0], [512900.0, 1556400.0]])
    assets = np.array([[512880.0, 1556390.0], [512010.0, 1556010.0], [530000.0, 1556000.0]])
    cell = nearest_cell(assets, centroids, within=100.0)
    grid = Grid(0, 0, 1, 1, len(centroids), 1)
    hazard = Hazard(grid, np.array([0, 2]), np.array([0, 1]), np.array([1.0, 2.0]), np.array([0.5]))
    exposure = Exposure(cell + 0.5, np.full(3, 0.5), 0, np.ones(3))
    impact = assess(hazard, exposure, Curves([0, 10], [[0, 10]]))
    assert impact.per_asset.tolist() == [1.0, 0.5, 0.0]
    assert impact.off_grid.tolist() == [2]
