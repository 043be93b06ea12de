"""Candidates compete: a tie is nobody's."""

from datetime import date

import pytest

from maehia.linkage.link import resolve
from maehia.linkage.model import Model
from maehia.linkage.tests.cast import BUNMI_ID, SOMCHAI, SOMCHAI_ID, cleaned, row, town_rows

AS_OF = {"civil": date(2024, 6, 30), "vhv": date(2025, 8, 15), "utility": date(2025, 12, 1)}
SON = SOMCHAI | {"national_id": BUNMI_ID, "birth": "7 ก.ค. 2542"}


def clusters(*rows: dict[str, str]) -> dict[str, str]:
    everybody = [*town_rows(), *rows]
    table = cleaned(*everybody, as_of=AS_OF)
    ids = table["rec_id"].to_pylist()
    root = resolve(table, Model.load())[0].root.tolist()
    return {rec: ids[r] for rec, r in zip(ids, root, strict=True)}


def test_a_row_without_birth_joins_the_only_person_of_the_name_and_house() -> None:
    found = clusters(row("c1", SOMCHAI), row("u1", source="utility", full_name="นายสมชาย แสนคำใส", address="123/4 ม.5"))
    assert found["u1"] == found["c1"]


def test_between_father_and_son_of_one_name_it_joins_nobody() -> None:
    found = clusters(
        row("c1", SOMCHAI), row("c2", SON),
        row("u1", source="utility", full_name="นายสมชาย แสนคำใส", address="123/4 ม.5"),
    )  # fmt: skip
    assert found["c1"] != found["c2"]
    assert found["u1"] == "u1"


def test_the_tie_goes_to_a_human() -> None:
    rows = [
        *town_rows(), row("c1", SOMCHAI), row("c2", SON),
        row("u1", source="utility", full_name="นายสมชาย แสนคำใส", address="123/4 ม.5"),
    ]  # fmt: skip
    table = cleaned(*rows, as_of=AS_OF)
    ids = table["rec_id"].to_pylist()
    review = {(ids[a], ids[b]) for a, b, _, _ in resolve(table, Model.load())[0].review}
    assert {("c1", "u1"), ("c2", "u1")} <= review


def test_a_birth_year_breaks_the_tie() -> None:
    found = clusters(
        row("c1", SOMCHAI), row("c2", SON),
        row("v1", source="vhv", full_name="นายสมชาย แสนคำใส", address="123/4 ม.5", birth="2542"),
    )  # fmt: skip
    assert found["v1"] == found["c2"]


def test_a_childs_title_breaks_the_tie() -> None:
    boy = SOMCHAI | {"title": "ด.ช.", "national_id": BUNMI_ID, "birth": "7 ก.ค. 2558"}
    found = clusters(
        row("c1", SOMCHAI), row("c2", boy),
        row("u1", source="utility", full_name="นายสมชาย แสนคำใส", address="123/4 ม.5"),
    )  # fmt: skip
    assert found["u1"] == found["c1"]


def test_a_slip_in_an_id_does_not_make_a_rival_of_oneself() -> None:
    slipped = SOMCHAI_ID[:2] + "9" + SOMCHAI_ID[3:]
    found = clusters(
        row("c1", SOMCHAI), row("v1", SOMCHAI | {"source": "vhv", "national_id": slipped}),
        row("u1", source="utility", full_name="นายสมชาย แสนคำใส", address="123/4 ม.5"),
    )  # fmt: skip
    assert found["c1"] != found["v1"]
    assert found["u1"] in (found["c1"], found["v1"])


@pytest.mark.parametrize("name", ["สมหมาย", "สมชัย"])
def test_a_twin_with_an_own_id_stays_apart(name: str) -> None:
    twin = SOMCHAI | {"first_name": name, "national_id": BUNMI_ID}
    found = clusters(row("c1", SOMCHAI), row("c2", twin))
    assert found["c1"] != found["c2"]


def test_a_wife_who_took_her_husbands_name_is_found_by_her_id() -> None:
    before = {"source": "vhv", "full_name": "น.ส.มาลี ปัญญาดี", "national_id": "1112034563562", "address": "9 ม.1"}
    after = {"source": "civil", "full_name": "นางมาลี แสนคำใส", "national_id": "1112034563562", "address": "123/4 ม.5"}
    found = clusters(row("v1", before), row("c1", after))
    assert found["v1"] == found["c1"]


def test_a_name_in_latin_letters_meets_itself_in_thai() -> None:
    found = clusters(
        row("v1", source="vhv", full_name="MR.DAVID NOVAK", birth="3 มี.ค. 2523", address="266/7 ม.3"),
        row("u1", source="utility", full_name="นายเดวิด โนวัค", birth="3 มี.ค. 2523", address="266/7 ม.3"),
    )
    assert found["v1"] == found["u1"]
