"""Cleaning whole tables."""

from datetime import date

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.linkage import CLEANING_VERSION, clean_records, columns
from maehia.linkage.clean import INPUT_COLUMNS, clean_table
from maehia.linkage.tests.cast import MALI, SOMCHAI, TODAY, clean_one, cleaned, frame, raw_table, row
from maehia.linkage.tests.town import make_records

AS_OF = {"vhv": date(2025, 8, 15)}


def days(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def test_the_version_of_the_cleaning_is_told() -> None:
    assert CLEANING_VERSION


def test_whole_name_and_parts_give_the_same() -> None:
    parts = clean_one(title="นาย", first_name="สมชาย", last_name="แสนคำใส")
    whole = clean_one(full_name="นายสมชาย  แสนคำใส")
    assert parts == whole


def test_a_whole_name_in_the_first_name_cell_is_taken_apart() -> None:
    found = clean_one(first_name="นายสมชาย แสนคำใส")
    assert (found["first"], found["last"], found["sex"]) == ("สมชาย", "แสนคำใส", "M")


def test_unseen_dirt_does_not_change_a_name() -> None:
    clean, dirty = clean_one(first_name="คำแก้ว"), clean_one(first_name=" คํา\u200bเเก้ว ")
    assert clean["first_c"] == dirty["first_c"]


def test_sex_comes_from_the_title_when_the_cell_is_empty() -> None:
    assert clean_one(title="น.ส.", first_name="มาลี")["sex"] == "F"


def test_sex_is_unknown_where_cell_and_title_disagree() -> None:
    assert clean_one(title="นาย", first_name="มาลี", sex="หญิง")["sex"] is None


def test_a_childs_title_proves_a_late_birth() -> None:
    child = clean_one(AS_OF, source="vhv", full_name="ด.ช.ธนพล ใจดี")
    assert child["born_lo"] == pytest.approx(days(date(2010, 8, 15)), abs=2)
    assert child["born_hi"] == 40_000


def test_a_grown_ups_title_proves_an_early_birth() -> None:
    grown = clean_one(AS_OF, source="vhv", full_name="นายธนพล ใจดี")
    assert grown["born_hi"] == pytest.approx(days(date(2010, 8, 15)), abs=2)


def test_a_list_of_unknown_day_proves_less() -> None:
    told = clean_one(AS_OF, source="vhv", full_name="ด.ช.ธนพล ใจดี")
    untold = clean_one(source="vhv", full_name="ด.ช.ธนพล ใจดี")
    assert int(str(untold["born_lo"])) < int(str(told["born_lo"]))


def test_the_title_tells_the_century_of_a_two_digit_year() -> None:
    assert clean_one(AS_OF, source="vhv", title="นาย", birth="15/6/64")["birth"] == 19210615
    assert clean_one(AS_OF, source="vhv", title="ด.ช.", birth="15/6/64")["birth"] == 20210615


def test_an_age_means_a_year_on_the_lists_day() -> None:
    assert clean_one(AS_OF, source="vhv", birth="57 ปี")["birth"] == 19680101


def test_nobody_is_born_after_the_list() -> None:
    assert clean_one({"civil": date(2024, 6, 30)}, source="civil", birth="1 ต.ค. 2567")["birth"] is None


def test_every_cell_may_be_empty() -> None:
    found = clean_one()
    assert found["first"] is None
    assert found["nid"] is None
    assert found["nid_ok"] is False
    assert found["house_no"] is None


def test_columns_may_be_missing() -> None:
    found = clean_table(pa.table({"rec_id": ["a"], "full_name": ["นายสมชาย ใจดี"]}))
    assert found.to_pylist()[0]["first"] == "สมชาย"


def test_no_rows_give_no_rows() -> None:
    assert clean_table(pa.table({"rec_id": pa.array([], pa.string())})).num_rows == 0


def test_a_frame_with_missing_values_is_read_as_empty() -> None:
    data = frame(row("b", MALI), row("a", SOMCHAI)).replace("", None)
    data.loc[0, "birth"] = float("nan")
    found = clean_records(data, {"civil": date(2024, 6, 30)})
    assert isinstance(found, pd.DataFrame)
    assert list(found["rec_id"]) == ["a", "b"]
    assert pd.isna(found["birth"][1])


def test_row_order_does_not_matter() -> None:
    one = cleaned(row("a", SOMCHAI), row("b", MALI))
    two = cleaned(row("b", MALI), row("a", SOMCHAI))
    assert one.equals(two)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(INPUT_COLUMNS[2:]), st.text(max_size=30)))
def test_no_text_breaks_the_cleaning(cells: dict[str, str]) -> None:
    assert clean_one(**cells)["rec_id"] == "r"


def test_two_processes_give_the_same_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    register = make_records(600, 3)
    alone = clean_table(raw_table(register), register.as_of, TODAY)
    monkeypatch.setattr(columns, "PARALLEL_FROM", 50)
    monkeypatch.setattr(columns, "_CHUNK", 40)
    assert clean_table(raw_table(register), register.as_of, TODAY).equals(alone)


def test_an_id_that_many_names_carry_is_nobodys() -> None:
    filler = "1234567890121"
    rows = [
        row(f"r{i}", first_name=name, national_id=filler)
        for i, name in enumerate(["สมชาย", "มาลี", "บุญมี", "วิชัย", "กัลยา"])
    ]
    assert cleaned(*rows)["nid"].null_count == 5
    assert cleaned(*rows)["nid_ok"].to_pylist() == [False] * 5
    assert cleaned(*rows[:2])["nid"].null_count == 0


def test_blanks_around_a_source_do_not_make_another_list() -> None:
    assert clean_one(AS_OF, source=" vhv ", full_name="ด.ช.ธนพล ใจดี") == clean_one(
        AS_OF, source="vhv", full_name="ด.ช.ธนพล ใจดี"
    )
