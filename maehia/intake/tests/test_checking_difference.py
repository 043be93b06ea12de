from __future__ import annotations

import time

import pandas as pd
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from maehia.intake.checking import difference

OLD = pa.table(
    {"ext_id": ["1", "2", "3"], "row_no": [2, 3, 4], "name": ["สมชาย", "มาลี", "บุญมี"], "phone": ["081", None, "083"]}
)


def test_new_changed_gone_and_same_are_told_apart():
    new = pa.table(
        {"ext_id": ["4", "3", "2"], "row_no": [9, 8, 7], "name": ["ใหม่", "บุญมี", "มาลี"], "phone": [None, "083", "082"]}
    )
    diff = difference(OLD, new)
    assert diff.counts() == {"new": 1, "changed": 1, "gone": 1, "same": 1}
    assert diff.new["ext_id"].to_pylist() == ["4"]
    assert diff.gone["ext_id"].to_pylist() == ["1"]
    assert diff.changed.to_pylist() == [{"key": "2", "column": "phone", "before": None, "after": "082"}]


def test_every_changed_field_is_listed_with_before_and_after():
    new = pa.table({"ext_id": ["1"], "name": ["สมชัย"], "phone": ["089"]})
    diff = difference(OLD.slice(0, 1), new)
    assert [(row["column"], row["before"], row["after"]) for row in diff.changed.to_pylist()] == [
        ("name", "สมชาย", "สมชัย"), ("phone", "081", "089")
    ]  # fmt: skip
    assert diff.changed_rows == 1


def test_the_same_file_again_changes_nothing():
    assert difference(OLD, OLD).counts() == {"new": 0, "changed": 0, "gone": 0, "same": 3}


def test_another_order_or_place_in_the_file_is_no_change():
    moved = OLD.take([2, 0, 1]).set_column(1, "row_no", pa.array([11, 12, 13]))
    assert difference(OLD, moved).counts()["same"] == 3


def test_a_new_column_counts_as_filled_and_a_lost_one_as_emptied():
    diff = difference(OLD, OLD.drop_columns(["phone"]).append_column("sex", pa.array(["M", None, "M"])))
    assert {(row["key"], row["column"]) for row in diff.changed.to_pylist()} == {
        ("1", "phone"), ("3", "phone"), ("1", "sex"), ("3", "sex")
    }  # fmt: skip


def test_pandas_frames_are_taken_too():
    assert difference(OLD.to_pandas(), pd.DataFrame({"ext_id": ["1"], "name": ["สมชาย"], "phone": ["081"]})).counts() == {
        "new": 0, "changed": 0, "gone": 2, "same": 1
    }  # fmt: skip


def test_shapes_that_differ_in_the_last_digits_are_the_same():
    def shapes(*points):
        return pa.table({"ext_id": ["1", "2"], "geometry": pa.array([shapely.to_wkb(point) for point in points])})

    diff = difference(
        shapes(shapely.Point(98.95, 18.74), shapely.Point(1, 2)),
        shapes(shapely.Point(98.95000000001, 18.74), shapely.Point(1, 3)),
    )
    assert [(row["key"], row["before"], row["after"]) for row in diff.changed.to_pylist()] == [
        ("2", "POINT (1 2)", "POINT (1 3)")
    ]


def test_a_key_that_stands_twice_is_refused():
    with pytest.raises(ValueError, match="1 keys"):
        difference(OLD, pa.table({"ext_id": ["1", "1"], "name": ["a", "b"]}))


def test_the_first_delivery_is_all_new():
    assert difference(OLD.slice(0, 0), OLD).counts() == {"new": 3, "changed": 0, "gone": 0, "same": 0}


@given(
    st.dictionaries(st.integers(0, 20), st.integers(0, 2), max_size=15),
    st.dictionaries(st.integers(0, 20), st.integers(0, 2), max_size=15),
)
def test_the_difference_carries_old_to_new(old, new):
    def frame(rows):
        return pa.table(
            {
                "ext_id": pa.array([str(key) for key in rows], pa.string()),
                "v": pa.array([str(v) for v in rows.values()], pa.string()),
            }
        )

    diff = difference(frame(old), frame(new))
    rebuilt = {str(key): str(value) for key, value in old.items()}
    for key in diff.gone["ext_id"].to_pylist():
        del rebuilt[key]
    rebuilt |= {row["key"]: row["after"] for row in diff.changed.to_pylist()}
    rebuilt |= {row["ext_id"]: row["v"] for row in diff.new.to_pylist()}
    assert rebuilt == {str(key): str(value) for key, value in new.items()}


def test_two_hundred_thousand_rows_are_compared_in_seconds():
    count = 200_000
    old = pa.table(
        {"ext_id": [str(n) for n in range(count)], **{f"c{c}": [f"{n % 97}" for n in range(count)] for c in range(6)}}
    )
    new = old.slice(1000).set_column(1, "c0", pa.array([f"{n % 97 if n % 50 else 'x'}" for n in range(1000, count)]))
    start = time.perf_counter()
    diff = difference(old, new)
    assert time.perf_counter() - start < 15
    assert diff.counts() == {"new": 0, "changed": 3980, "gone": 1000, "same": count - 1000 - 3980}
