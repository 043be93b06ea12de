"""Training of the suggestion: what its figures mean, and that a packed model answers like the one that was fitted."""

from __future__ import annotations

import numpy as np
import pytest

from maehia.demo.reports import make_reports
from maehia.services.rules import suggest
from maehia.services.training import fit, score

SURE = np.array([[0.9, 0.1, 0.0], [0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.4, 0.3, 0.3]])
TRUE = np.array([0, 0, 1, 2])


def test_the_calibration_error_is_the_distance_between_being_sure_and_being_right():
    """0.9, 0.8 and 0.7 were right, 0.4 was wrong: (0.1 + 0.2 + 0.3 + 0.4) / 4."""
    assert score.calibration_error(SURE, TRUE) == pytest.approx(0.25)


def test_the_first_and_the_first_three_are_counted_apart():
    assert score.top(SURE, TRUE, 1) == 0.75
    assert score.top(SURE, TRUE, 3) == 1.0


def test_a_silent_hint_costs_recall_and_not_precision():
    found = score.per_category(SURE, TRUE, ("a", "b", "c"), 0.85)
    assert found["a"] == {"texts": 2, "precision": 1.0, "recall": 0.5}
    assert found["c"] == {"texts": 1, "precision": None, "recall": 0.0}


def test_the_threshold_is_the_least_at_which_enough_hints_are_right():
    assert fit.threshold(SURE, TRUE, 1.0) == 0.7
    assert fit.threshold(SURE, TRUE, 0.75) == 0.4
    assert fit.threshold(SURE, np.array([1, 1, 0, 1]), 0.5) == 1.0


def test_the_temperature_cools_scores_that_are_too_sure():
    """Scores that say 88 % and are right three times in four."""
    scores, wanted = np.tile([2.0, 0.0], (40, 1)), np.array([0, 0, 0, 1] * 10)
    cool = fit.temperature(scores, wanted)
    assert suggest.probabilities(scores / cool)[0, 0] == pytest.approx(0.75, abs=0.01)


def test_a_packed_model_says_what_the_fitted_one_says():
    codes = ("light", "road", "waste")
    reports = [report for report in make_reports(3) if report.category in codes]
    texts, wanted = fit.matrix([r.text for r in reports]), fit.labels(reports, codes)
    fitted = fit.fit(texts, wanted)
    model = suggest.unpack(fit.packed(fitted, codes, 0.5, 0.2))
    packed = np.array([model.scores(suggest.buckets(r.text)) for r in reports])
    exact = fitted.decision_function(texts) / 0.5
    assert np.abs(packed - exact).mean() < 0.03  # of scores from -3 to 3: what eight bits cost
    assert (packed.argmax(axis=1) == exact.argmax(axis=1)).all()
    assert (packed.argmax(axis=1) == wanted).mean() > 0.99
