"""DuckDB compares bytes; the fold makes bytes of letters."""

import unicodedata

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maehia.linkage.fold import UNKNOWN, fold, unfold

THAI = st.text(st.sampled_from([chr(c) for c in (*range(0x0E01, 0x0E3B), *range(0x0E40, 0x0E4F))]))


def jaro_winkler(a: str, b: str) -> float:
    row = duckdb.execute("SELECT jaro_winkler_similarity(?, ?)", [a, b]).fetchone()
    return float(row[0]) if row else -1.0


@pytest.mark.parametrize(("a", "b", "false_share"), [("ก", "ข", 0.822), ("บุญมี", "วิชัย", 0.678)])
def test_unfolded_thai_looks_alike_to_duckdb_and_folded_does_not(a: str, b: str, false_share: float) -> None:
    assert jaro_winkler(a, b) == pytest.approx(false_share, abs=0.001)
    assert jaro_winkler(fold(a), fold(b)) < 0.5


def test_two_different_letters_share_nothing() -> None:
    assert jaro_winkler(fold("ก"), fold("ข")) == 0


def test_likeness_after_the_fold_is_that_of_letters() -> None:
    assert jaro_winkler(fold("สมชาย"), fold("สมชัย")) == pytest.approx(jaro_winkler("SMCAY", "SMCEY"))


@given(THAI)
def test_each_thai_letter_becomes_one_byte_and_comes_back(text: str) -> None:
    assert len(fold(text).encode()) == len(unicodedata.normalize("NFC", text))
    assert unfold(fold(text)) == unicodedata.normalize("NFC", text)


@given(st.text())
def test_any_text_folds_to_ascii(text: str) -> None:
    assert fold(text).isascii()


def test_foreign_names_become_plain_capitals() -> None:
    assert fold("Müller") == "MULLER"


def test_a_sign_never_passes_for_a_thai_letter() -> None:
    assert set(fold("!ก$")) == {UNKNOWN, fold("ก")}
