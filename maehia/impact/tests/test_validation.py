"""Published numbers of other engines: ours reproduces them from the same inputs.

Each number is cited with the file that has it. The formulas behind them (fatality rates, JRC tables, the matrix of
CLIMADA's metrics) are also tested where they live; here are whole assessments.
"""

import datetime
import warnings

import numpy as np
import pytest

from maehia.impact import Curves, Exposure, Grid, Hazard, Terms, YearEvents, assess
from maehia.impact.costbenefit import discount_factors
from maehia.impact.curve_data import jrc_asia_curve

# --- OpenQuake engine 3.26.2, qa_tests_data/scenario_risk/case_1: peak ground acceleration (g) at asset a2 in ten
# realisations of one rupture (gmf_scenario.csv); asset a2 (exposure_model.xml): 2,000 USD of class RC, deductible 350,
# insurance limit 800; vulnerability.xml: RC without spread.
PGA = (
    0.60403156, 0.33487797, 0.39260185, 0.36763483, 0.34461257, 0.28035745, 0.4436092, 0.24184512, 0.50698245,
    0.45975763,
)  # fmt: skip
CONCRETE = Curves(np.array([0.1, 0.2, 0.3, 0.5, 0.7]), np.array([[0.0035, 0.07, 0.14, 0.28, 0.56]]))
VALUE, DEDUCTIBLE, LIMIT, LEAST_LOSS = 2000.0, 350.0, 800.0, 200.0
# expected/risk_by_event.csv, by event; event 7 is below minimum_asset_loss and not listed there.
LOSSES = {5: 252.500, 1: 328.829, 4: 342.458, 3: 374.689, 2: 409.643, 6: 481.053, 9: 503.661, 8: 579.551, 0: 851.288}


def messina(terms=None, path="auto"):
    """Ten equally likely shakings of one house: frequency 1/10 makes the yearly average their mean."""
    grid = Grid(0, 0, 1, 1, 1, 1)
    hazard = Hazard(grid, np.arange(11), np.zeros(10, np.int32), np.array(PGA), np.full(10, 0.1), unit="g")
    house = Exposure(np.array([0.5]), np.array([0.5]), np.array([0]), np.array([VALUE]))
    return assess(hazard, house, CONCRETE, terms=terms, path=path)


@pytest.mark.parametrize("path", ["scipy", "compiled", "per-asset"])
def test_openquakes_losses_by_event(path):
    found = messina(path=path).at_event
    for event, loss in LOSSES.items():
        assert found[event] == pytest.approx(loss, abs=1e-3)  # printed with six digits
    assert found[7] < LEAST_LOSS


def test_openquakes_mean_and_deviation_of_the_loss():
    # expected/asset-loss.csv: mean 4.3222545E+02, standard deviation 1.8686446E+02 (of a sample)
    found = messina()
    assert found.aal == pytest.approx(4.3222545e2, rel=1e-7)
    assert found.per_asset == pytest.approx([4.3222545e2], rel=1e-7)
    assert np.std(found.at_event, ddof=1) == pytest.approx(1.8686446e2, rel=1e-7)


def test_openquakes_aggregate_leaves_small_losses_out():
    # expected/agg.csv: 4.12367E+02, ratio 2.06184E-01, with minimum_asset_loss = 200
    losses = messina().at_event
    counted = losses[losses >= LEAST_LOSS].sum() / 10
    assert counted == pytest.approx(4.12367e2, rel=2e-6)
    assert counted / VALUE == pytest.approx(2.06184e-1, rel=3e-6)


@pytest.mark.parametrize("path", ["scipy", "per-asset"])
def test_openquakes_insured_loss(path):
    # expected/asset-ins.csv: mean 1.0485958E+02, standard deviation 1.4536984E+02. OpenQuake caps the loss at the
    # limit before the deductible; the cover here is what is left after it.
    found = messina(Terms(deductible=DEDUCTIBLE, cover=LIMIT - DEDUCTIBLE), path)
    assert found.aal == pytest.approx(1.0485958e2, rel=1e-7)
    assert np.std(found.at_event, ddof=1) == pytest.approx(1.4536984e2, rel=1e-7)


# --- CLIMADA 6.1.0, engine/test/test_impact.py: ten events, each of frequency 6.211180124223603e-04.
TEN = np.array([
    0, 0.400665463736549e9, 3.150330960044466e9, 3.715826406781887e9, 2.900244271902339e9, 0.778570745161971e9,
    0.698736262566472e9, 0.381063674256423e9, 0.569142464157450e9, 0.467572545849132e9,
])  # fmt: skip
DATES = (732801, 716160, 718313, 712468, 732802, 729285, 732931, 715419, 722404, 718351)


def ten_events():
    """An assessment whose at_event is TEN: one asset of 1e9, damage = intensity."""
    grid = Grid(0, 0, 1, 1, 1, 1)
    frequency = np.full(10, 6.211180124223603e-04)
    hazard = Hazard(grid, np.arange(11), np.zeros(10, np.int32), TEN / 1e9, frequency)
    asset = Exposure(np.array([0.5]), np.array([0.5]), np.array([0]), np.array([1e9]))
    return assess(hazard, asset, Curves(np.array([0.0, 10.0]), np.array([[0.0, 10.0]])))


def test_climadas_exceedance_curve_at_its_own_periods():
    # test_ref_value_pass
    periods = [1610, 805, 1610 / 3, 402.5, 322, 1610 / 6, 230, 201.25, 1610 / 9, 161]
    # a hair inside the range, where the last digit of a period would fall out of it
    asked = np.clip(periods, 161 * (1 + 1e-12), 1610 * (1 - 1e-12))
    assert ten_events().exceedance(asked) == pytest.approx(np.sort(TEN)[::-1], rel=1e-9, abs=1)


def test_climadas_exceedance_at_asked_periods():
    # test_ref_value_rp_pass: 500 and 1000; at 100, below the range, CLIMADA answers 0 and we say that we do not know
    found = ten_events().exceedance([100, 500, 1000])
    assert np.isnan(found[0])
    assert found[1:] == pytest.approx([2320408028.5695677, 3287314329.129928], rel=1e-12)


def test_climadas_impact_by_year():
    # test_impact_per_year_sum: 57 years, 3598980534.468811 in 2007, in 7 years anything happens at all
    years = np.array([datetime.date.fromordinal(day).year for day in DATES])
    table = YearEvents(years - years.min(), np.arange(10), int(np.ptp(years)) + 1)
    total = ten_events().year_events(table).total
    assert total.size == 57
    assert total[2007 - years.min()] == pytest.approx(3598980534.468811, rel=1e-12)
    assert total[1951 - years.min()] == pytest.approx(TEN[3], rel=1e-12)
    assert np.unique(years).size == 7
    assert total.sum() == pytest.approx(TEN.sum(), rel=1e-12)


def test_climadas_present_value_of_equal_years():
    # CLIMADA 6.1.0, entity/disc_rates/test/test_base.py: 2018 to 2040 at 2 %, 6.512201157564418e9 each
    assert (6.512201157564418e9 * discount_factors(0.02, 22)).sum() == pytest.approx(1.215049630691397e11, rel=1e-14)


# --- JRC Asia as a third program has it: hydromt_fiat 0.5.10, data/damage_functions/flooding/JRC_damage_functions.csv,
# continent asia, linear between these depths; two decimals, roads four.
KNOTS = (0, 0.5, 1, 1.5, 2, 3, 4, 5, 6)
FIAT = {
    "residential": (0, 0.33, 0.49, 0.62, 0.72, 0.87, 0.93, 0.98, 1),
    "commercial": (0, 0.38, 0.54, 0.66, 0.76, 0.88, 0.94, 0.98, 1),
    "roads": (0, 0.2144, 0.3728, 0.6039, 0.7097, 0.8084, 0.8872, 0.9688, 1),
}


@pytest.mark.parametrize("name", FIAT)
def test_jrc_asia_at_every_centimetre_is_fiats_within_its_rounding(name):
    depth = np.arange(0, 601) / 100
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        curve = jrc_asia_curve(name)
    # both tables are rounded: ours of roads to three decimals, theirs of buildings to two
    rounding = 0.5e-3 if name == "roads" else 0.5e-2
    assert np.abs(curve(depth) - np.interp(depth, KNOTS, FIAT[name])).max() <= rounding
