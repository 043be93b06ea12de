"""The frozen model is a file that refuses what it does not fit."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from maehia.base import ProblemError
from maehia.linkage import CLEANING_VERSION, Model
from maehia.linkage.blocking import make_keys, pair_parts
from maehia.linkage.model import Rates
from maehia.linkage.score import connect, load_scores
from maehia.linkage.spec import BLOCKS, COMPARISONS, Block
from maehia.linkage.tests.cast import SOMCHAI, cleaned, row, town_rows


def test_the_shipped_model_loads_and_knows_every_level() -> None:
    model = Model.load()
    assert model.cleaning == CLEANING_VERSION
    for comparison in COMPARISONS:
        assert set(model.rates[comparison.key]) == {level.key for level in comparison.levels}


def test_the_shipped_model_carries_its_metrics_and_origin() -> None:
    model = Model.load()
    assert model.made_from
    assert {"f1", "precision", "recall"} <= set(model.metrics)


def test_saved_and_loaded_it_is_the_same(tmp_path: Path) -> None:
    model = Model.load()
    model.save(tmp_path / "m.json")
    again = Model.load(tmp_path / "m.json")
    assert again == model
    assert again.hash == model.hash


def test_the_hash_names_what_decides_and_not_the_metrics() -> None:
    model = Model.load()
    rates = model.rates | {"sex": {"same": Rates(0.9, 0.5, 0.5), "differ": Rates(0.1, 0.5, 0.5)}}
    assert replace(model, rates=rates).hash != model.hash
    assert model.with_metrics(f1=0.1).hash == model.hash


def test_another_cleaning_version_is_refused(tmp_path: Path) -> None:
    data = Model.load().to_dict() | {"cleaning": "0"}
    (tmp_path / "m.json").write_text(json.dumps(data), "utf-8")
    with pytest.raises(ProblemError) as refused:
        Model.load(tmp_path / "m.json")
    assert refused.value.problem.code == "model_other_cleaning"


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 1}', "ไม่ใช่ json"])
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "m.json").write_text(text, "utf-8")
    with pytest.raises(ProblemError):
        Model.load(tmp_path / "m.json")


def test_a_model_with_an_impossible_rate_is_refused(tmp_path: Path) -> None:
    data = Model.load().to_dict()
    data["rates"]["sex"]["same"] = [0.0, 0.5, 0.5]
    (tmp_path / "m.json").write_text(json.dumps(data), "utf-8")
    with pytest.raises(ProblemError):
        Model.load(tmp_path / "m.json")


def test_two_random_rows_are_one_person_less_often_in_a_larger_town() -> None:
    model = Model.load()
    assert model.match_prior(20_000) > 9 * model.match_prior(200_000) > 0
    assert model.match_prior(0) <= 0.25


def test_a_shared_id_decides_alone_in_a_town_of_any_size() -> None:
    model, nid = Model.load(), next(c for c in COMPARISONS if c.key == "nid")
    for size in (2_000, 1_000_000):
        odds = model.match_prior(size) * 2 ** model.weight(nid, nid.levels[0], size)
        assert odds > 100


def test_each_pair_is_compared_once() -> None:
    con = connect()
    load_scores(con, cleaned(*town_rows(), row("a", SOMCHAI), row("b", SOMCHAI)), Model.load())
    seen: list[tuple[int, int]] = []
    for name in pair_parts(con, BLOCKS):
        seen += con.execute(f"SELECT a, b FROM {name}").fetchall()
    assert len(seen) == len(set(seen)) > 0
    assert all(a < b for a, b in seen)


def test_a_giant_key_compares_nobody() -> None:
    con = connect()
    crowd = [row(f"r{i:03d}", source="dog", phone="053111111") for i in range(50)]
    load_scores(con, cleaned(*crowd), Model.load())
    assert make_keys(con, (Block(("phone",), 40),)) == 0
    assert make_keys(con, (Block(("phone",), 50),)) == 50 * 49 // 2


def test_a_mixed_key_needs_both_scripts() -> None:
    con = connect()
    rows = [row("a", full_name="เดวิด โนวัค"), row("b", full_name="เดวิด โนวัค"), row("c", full_name="JOHN COOPER")]
    load_scores(con, cleaned(*rows), Model.load())
    assert make_keys(con, (Block(("xk",), 40, mixed=True),)) == 0
    load_scores(con, cleaned(*rows, row("d", full_name="DAVID NOVAK")), Model.load())
    assert make_keys(con, (Block(("xk",), 40, mixed=True),)) == 3
