"""Ensembles: each member agrees with the stations, and together they doubt as kriging does, cell with cell."""

import gstools as gs
import numpy as np
import pytest
from scipy.spatial.distance import cdist

from maehia.hazards.smoke import Reach, Stations, Variogram, ensemble, make_field, members
from maehia.impact import ArgumentError, Grid

from .smoke_fields import NOISY, TRUTH, network

EVERYWHERE = Reach(max_m=1e9, hull_buffer_m=1e9, variance_share=1e9)
SMALL = Grid(0, 0, 2000, 2000, 6, 5)
PLAIN = Variogram(9000.0, 100.0, 6.0, log=False)


def field_of(variogram=TRUTH, grid=SMALL, **options):
    return make_field(network(), grid, variogram, method="kriging", reach=EVERYWHERE, **options)


def test_members_are_exact_at_stations_without_noise():
    stations = Stations.of([1000, 5000, 9000, 3000], [1000, 5000, 7000, 9000], [40.0, 60, 30, 50])
    field = make_field(stations, SMALL, Variogram(9000.0, 0.2), method="kriging", reach=EVERYWHERE)
    at = SMALL.cell_of(stations.x, stations.y)
    for member in members(field, 4, seed=1, modes=200):
        np.testing.assert_allclose(member.ravel()[at], stations.value, rtol=1e-6)


def test_the_same_seed_gives_the_same_members_and_another_does_not():
    field = field_of()
    one, two, other = (np.array(list(members(field, 3, seed=seed, modes=100))) for seed in (5, 5, 6))
    np.testing.assert_array_equal(one, two)
    assert not np.allclose(one, other)
    assert not np.allclose(one[0], one[1])


def test_more_members_begin_with_the_same_ones():
    field = field_of()
    few, many = list(members(field, 2, seed=5, modes=100)), list(members(field, 3, seed=5, modes=100))
    np.testing.assert_array_equal(few, many[:2])


def conditional_covariance(stations, variogram, cells):
    """Covariance between cells of the ordinary-kriging error, from the textbook system."""
    size = stations.size
    system = np.ones((size + 1, size + 1))
    noise = variogram.nugget * np.eye(size)
    system[:size, :size] = variogram.covariance(cdist(stations.points, stations.points)) + noise
    system[size, size] = 0
    right = np.ones((size + 1, len(cells)))
    right[:size] = variogram.covariance(cdist(stations.points, cells))
    return variogram.covariance(cdist(cells, cells)) - right.T @ np.linalg.solve(system, right)


def test_members_have_krigings_mean_and_covariance_between_cells():
    grid = Grid(3000, 3000, 800, 800, 2, 2)
    field = field_of(PLAIN, grid)
    shift = 1000.0  # so far above 0 that nothing is cut
    stations = Stations.of(field.stations.x, field.stations.y, field.stations.value + shift)
    field = make_field(stations, grid, PLAIN, method="kriging", reach=EVERYWHERE)
    drawn = np.array([m.ravel() for m in members(field, 700, seed=3, modes=100)])
    expected = conditional_covariance(stations, PLAIN, np.column_stack(grid.centre_of(np.arange(4))))
    np.testing.assert_allclose(np.cov(drawn.T), expected, rtol=0.2, atol=2.0)
    error = np.sqrt(np.diag(expected) / 700)
    assert (np.abs(drawn.mean(axis=0) - field.value.ravel()) < 4 * error).all()


def test_the_mean_of_cells_is_spread_as_kriging_says_and_not_as_condsrf_has_it():
    """Why members are not made by GSTools' CondSRF: it scales a free field, and cells stay too alike."""
    grid, noiseless = Grid(3000, 3000, 800, 800, 2, 2), Variogram(9000.0, 100.0, log=False)
    base = network()
    stations = Stations.of(base.x, base.y, base.value + 1000.0)
    field = make_field(stations, grid, noiseless, method="kriging", reach=EVERYWHERE)
    cells = np.column_stack(grid.centre_of(np.arange(4)))
    expected = conditional_covariance(stations, noiseless, cells).mean()
    ours = np.var([member.mean() for member in members(field, 700, seed=3, modes=100)])
    theirs = gs.CondSRF(gs.Krige(noiseless.model, [stations.x, stations.y], stations.value), mode_no=100)
    theirs.set_pos(list(cells.T))
    scaled = np.var([theirs(seed=n, store=False, krige_store=False).mean() for n in range(300)])
    assert ours == pytest.approx(expected, rel=0.2)
    assert scaled > 1.5 * expected


def test_lognormal_members_average_to_the_field():
    field = field_of(NOISY, Grid(3000, 3000, 2000, 2000, 2, 2))
    drawn = np.array(list(members(field, 400, seed=9, modes=100)))
    np.testing.assert_allclose(drawn.mean(axis=0), field.value, rtol=0.05)
    np.testing.assert_allclose(drawn.std(axis=0), field.std, rtol=0.15)


def test_the_interval_holds_its_share_of_the_members():
    field = field_of(NOISY)
    low, high = field.interval(0.9)
    drawn = np.array(list(members(field, 250, seed=2, modes=100)))
    assert ((low <= drawn) & (drawn <= high)).mean() == pytest.approx(0.9, abs=0.03)


def test_members_are_unknown_where_the_field_is():
    field = make_field(network(), SMALL, TRUTH, method="kriging", reach=Reach(max_m=2000.0))
    assert 0 < field.known.sum() < SMALL.size
    for member in members(field, 2, seed=0, modes=50):
        np.testing.assert_array_equal(np.isfinite(member), field.known)


def test_members_follow_the_elevation():
    stations = network()
    height, cells = 300 + stations.x / 20, 300 + SMALL.centre_of(np.arange(SMALL.size))[0] / 20
    steep = Stations.of(stations.x, stations.y, 80 * np.exp(-height / 500))
    field = make_field(steep, SMALL, Variogram(9000.0, 1e-4), method="kriging", reach=EVERYWHERE,
                       elevation=(height, cells.reshape(SMALL.shape)))  # fmt: skip
    drawn = np.mean(list(members(field, 5, seed=1, modes=100)), axis=0)
    np.testing.assert_allclose(drawn.ravel(), 80 * np.exp(-cells / 500), rtol=0.02)


def test_an_ensemble_is_a_hazard_whose_events_share_the_frequency():
    hazard = ensemble(field_of(), 4, seed=1, frequency=2.0, modes=50)
    assert hazard.events == 4
    assert hazard.frequency.tolist() == [0.5] * 4
    assert hazard.nnz == 4 * SMALL.size
    assert hazard.unit == "ug/m3"


def test_only_a_kriged_field_has_members():
    with pytest.raises(ArgumentError, match="says nothing of its doubt"):
        members(make_field(network(), SMALL, TRUTH, method="idw"), 3, seed=1)


@pytest.mark.parametrize(("count", "seed", "argument"), [(0, 1, "count"), (3, -1, "seed")])
def test_senseless_counts_and_seeds_are_refused(count, seed, argument):
    with pytest.raises(ArgumentError) as error:
        members(field_of(), count, seed=seed)
    assert error.value.argument == argument
