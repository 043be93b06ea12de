"""Consonants of a name in any script."""

import pytest

from maehia.linkage.skeleton import skeleton


@pytest.mark.parametrize(
    ("thai", "latin"),
    [
        ("โนวัค", "NOVAK"), ("โซเฟีย", "Sofia"), ("คูเปอร์", "COOPER"), ("มุลเลอร์", "Müller"), ("เดวิด", "DAVID"),
        ("ทานากะ", "Tanaka"), ("ริต้า", "RITA"), ("มาร์ค", "MARK"), ("จอห์น", "John"), ("สมิธ", "SMITH"),
    ],
)  # fmt: skip
def test_a_foreign_name_has_the_same_bones_in_both_scripts(thai: str, latin: str) -> None:
    assert skeleton(thai) == skeleton(latin) != ""


def test_different_names_have_different_bones() -> None:
    assert skeleton("โนวัค") != skeleton("COOPER")


def test_nothing_is_left_of_a_name_without_letters() -> None:
    assert skeleton("123 -") == ""
