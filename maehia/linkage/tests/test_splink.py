"""The compiled query says what Splink says, and Splink's training gives a usable model."""

import numpy as np
import pyarrow as pa
import pytest

from maehia.linkage import Model, adopt, compare_models, train, training
from maehia.linkage.clean import clean_table
from maehia.linkage.compare import Verdict
from maehia.linkage.score import connect, load_scores, score_sql
from maehia.linkage.spec import COMPARISONS
from maehia.linkage.splinked import splink_settings
from maehia.linkage.tests.cast import TODAY, raw_table
from maehia.linkage.tests.town import make_records

MODEL = Model.load()


@pytest.fixture(scope="module")
def small() -> pa.Table:
    register = make_records(2000, 41, dirt=1.5, pool=2, kin=2.0)
    return clean_table(raw_table(register), register.as_of, TODAY)


def test_weights_are_splinks_own(small: pa.Table) -> None:
    from splink import DuckDBAPI, Linker

    con = connect()
    size = load_scores(con, small, MODEL)
    frame = DuckDBAPI(connection=con).register("score")
    predicted = Linker(frame, splink_settings(MODEL, size), log_level=40).inference.predict()
    con.register("splink_says", predicted.as_duckdbpyrelation().to_arrow_table())
    con.execute("CREATE TEMP TABLE pairs AS SELECT idx_l AS a, idx_r AS b, match_weight AS w FROM splink_says")
    rows = con.execute(f"SELECT weight, w FROM ({score_sql(MODEL, size)}) JOIN pairs USING (a, b)").fetchnumpy()
    assert len(rows["w"]) > 3000
    assert np.allclose(rows["weight"], rows["w"], atol=1e-6)


@pytest.fixture(scope="module")
def trained(small: pa.Table) -> Model:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "_SAMPLE", 3e5)
        return train(small, base=MODEL)


def test_training_without_labels_gives_every_rate(trained: Model) -> None:
    for comparison in COMPARISONS:
        for level in comparison.levels:
            rate = trained.rates[comparison.key][level.key]
            assert 0 < rate.m <= 1
            assert 0 < rate.u <= 1


def test_training_finds_agreement_likelier_among_matches(trained: Model) -> None:
    for comparison in ("first", "last", "birth", "phone"):
        rate = trained.rates[comparison]["same"]
        assert rate.m > 20 * rate.u


def test_a_trained_model_is_judged_on_hidden_ids(small: pa.Table, trained: Model) -> None:
    verdict = compare_models(MODEL, trained, small)
    assert verdict.pairs > 200
    assert 0.5 < verdict.old_f1 <= 1
    assert verdict.adopt == (verdict.new_f1 >= verdict.old_f1 - 0.001)


def test_a_worse_model_is_not_adopted(small: pa.Table) -> None:
    from dataclasses import replace

    from maehia.linkage.model import Rates

    blind = {c: {k: Rates(0.5, 0.5, 0.5) for k in levels} for c, levels in MODEL.rates.items()}
    chosen, verdict = adopt(MODEL, replace(MODEL, rates=blind), small)
    assert chosen is MODEL
    assert not verdict.adopt
    assert "คงแบบจำลองเดิม" in str(verdict)


def test_a_model_that_does_not_worsen_is_adopted_with_its_score(small: pa.Table) -> None:
    chosen, verdict = adopt(MODEL, MODEL, small)
    assert verdict.adopt
    assert chosen.metrics["held_out_f1"] == round(verdict.new_f1, 5)
    assert "ใช้แบบจำลองใหม่" in str(verdict)


def test_too_few_ids_cannot_speak_for_a_new_model() -> None:
    register = make_records(200, 5)
    table = clean_table(raw_table(register), register.as_of, TODAY)
    assert not compare_models(MODEL, MODEL, table).adopt


def test_a_verdict_is_a_sentence_in_two_languages() -> None:
    words = str(Verdict(0.98, 0.985, 500, True))
    assert "0.9850" in words
    assert "new model adopted" in words
