"""Charts tell the truth: from zero, labelled, accessible, with a table twin."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from maehia.web import charts
from maehia.web.charts import Series, Target, frame

MONTHS = ["ม.ค.", "ก.พ.", "มี.ค.", "เม.ย."]
NS = {"s": "http://www.w3.org/2000/svg"}


def tree(svg: str) -> etree._Element:
    return etree.fromstring(svg.encode())


def bars(svg: str, css: str = "s1") -> list[etree._Element]:
    return tree(svg).xpath(f"//s:rect[@class='{css}']", namespaces=NS)


def number(element: etree._Element, name: str) -> float:
    return float(element.get(name))


ALL = {
    "bar": lambda **o: charts.bar(MONTHS, [1, 2, 3, 4], title="ฝน", **o),
    "hbar": lambda **o: charts.hbar(MONTHS, [1, 2, 3, 4], title="ฝน", **o),
    "line": lambda **o: charts.line(MONTHS, [Series("ฝน", [1, 2, 3, 4])], title="ฝน", **o),
    "stacked": lambda **o: charts.stacked(
        MONTHS, [Series("ก", [1, 2, 3, 4]), Series("ข", [1, 0, 2, 1])], title="ฝน", **o
    ),
    "step": lambda **o: charts.step(MONTHS, [1, 2, 3, 4], title="ฝน", **o),
}


@pytest.mark.parametrize("draw", ALL.values(), ids=ALL)
def test_every_chart_is_one_named_image_without_inline_style(draw):
    root = tree(draw())
    assert root.get("role") == "img"
    assert root.get("aria-label").startswith("ฝน: ")
    assert root.findtext("s:title", namespaces=NS) == "ฝน"
    assert root.findtext("s:desc", namespaces=NS)
    assert not root.xpath("//@style | //s:style | //s:script", namespaces=NS)


@pytest.mark.parametrize("draw", ALL.values(), ids=ALL)
def test_nothing_is_drawn_outside_a_narrow_picture(draw):
    root = tree(draw(width=frame.NARROW))
    for rect in root.xpath("//s:rect", namespaces=NS):
        assert number(rect, "x") >= 0
        assert number(rect, "x") + number(rect, "width") <= frame.NARROW


def test_bars_start_at_zero_and_are_in_proportion():
    low, high = bars(charts.bar(["ก", "ข"], [50, 100], title="x"))
    assert number(high, "height") == pytest.approx(2 * number(low, "height"), abs=0.2)
    assert number(low, "y") + number(low, "height") == pytest.approx(
        number(high, "y") + number(high, "height"), abs=0.2
    )


def test_a_negative_bar_hangs_from_zero():
    up, down = bars(charts.bar(["ก", "ข"], [10, -10], title="x"))
    assert number(down, "y") == pytest.approx(number(up, "y") + number(up, "height"), abs=0.2)


def test_values_are_written_on_the_bars():
    svg = charts.hbar(["หมู่ 1"], [1234.5], title="x", unit="คน")
    assert "1,234.5 คน" in svg


def test_the_highlighted_bar_alone_has_full_colour():
    svg = charts.hbar(["ก", "ข"], [1, 2], title="x", highlight="ข")
    assert len(bars(svg)) == 1
    assert len(bars(svg, "muted")) == 1


def test_an_unknown_value_is_a_gap_not_zero():
    assert len(bars(charts.bar(["ก", "ข"], [1, None], title="x"))) == 1
    paths = tree(charts.line(MONTHS, [Series("ฝน", [1, None, 3, 4])], title="x")).xpath(
        "//s:path[contains(@class,'line')]", namespaces=NS
    )
    assert len(paths) == 1
    assert "–" in charts.hbar(["ก"], [None], title="x")


def test_a_line_may_leave_zero_only_when_told():
    from_zero = charts.line(MONTHS, [Series("", [101, 102, 103, 102])], title="x")
    close = charts.line(MONTHS, [Series("", [101, 102, 103, 102])], title="x", zero=False)
    assert 'class="zero"' in from_zero
    assert 'class="zero"' not in close


def test_lines_carry_their_names_and_last_values():
    svg = charts.line(MONTHS, [Series("ปีนี้", [1, 2, 3, 9]), Series("ปีก่อน", [1, 2, 3, 8.5])], title="x")
    words = [t.text for t in tree(svg).xpath("//s:text[contains(@class,'label')]", namespaces=NS)]
    assert words == ["ปีนี้ 9", "ปีก่อน 8.5"]


def test_labels_of_lines_that_end_together_do_not_touch():
    svg = charts.line(MONTHS, [Series(f"เส้น {i}", [1, 2, 3, 5 + i / 100]) for i in range(6)], title="x")
    places = sorted(number(t, "y") for t in tree(svg).xpath("//s:text[contains(@class,'label')]", namespaces=NS))
    assert min(b - a for a, b in pairwise(places)) >= 19


def test_a_target_is_a_thin_line_with_words():
    svg = charts.bar(["ก"], [4], title="x", target=Target(10, "เป้าหมาย 10"))
    assert "เป้าหมาย 10" in svg
    assert svg.count('class="target"') == 2


def test_a_target_above_all_values_is_inside_the_scale():
    svg = charts.line(MONTHS, [Series("น้ำ", [1, 1, 1, 1])], title="x", target=Target(50, "ล้นตลิ่ง"))
    assert all(number(e, "y1") >= 0 for e in tree(svg).xpath("//s:line[@class='target']", namespaces=NS))


def test_a_band_shows_the_uncertainty():
    svg = charts.line(MONTHS, [Series("ฝุ่น", [2, 3, 4, 5], [1, 2, None, 4], [3, 4, None, 6])], title="x")
    assert svg.count('class="band"') == 2


def test_a_step_holds_its_value_until_it_changes():
    path = tree(charts.step(["1", "2"], [1, 2], title="x")).xpath("//s:path[contains(@class,'line')]", namespaces=NS)[0]
    assert re.fullmatch(r"M[\d. ]+H[\d.]+V[\d.]+", path.get("d"))


def test_parts_of_a_stack_add_up_to_the_whole():
    svg = charts.stacked(["หมู่ 1"], [Series("ก", [30]), Series("ข", [10])], title="x")
    first, second = bars(svg, "part s1")[0], bars(svg, "part s2")[0]
    assert number(first, "width") == pytest.approx(3 * number(second, "width"), rel=0.01)
    assert number(second, "x") == pytest.approx(number(first, "x") + number(first, "width"), abs=0.2)
    assert ">40<" in svg


def test_negative_parts_of_a_whole_are_refused():
    with pytest.raises(ValueError, match="negative"):
        charts.stacked(["ก"], [Series("ก", [-1])], title="x")


def test_more_than_six_series_are_refused():
    with pytest.raises(ValueError, match="6 series"):
        charts.line(MONTHS, [Series(str(i), [1, 2, 3, 4]) for i in range(7)], title="x")


def test_rows_of_another_length_are_refused():
    with pytest.raises(ValueError, match="one value for each label"):
        charts.bar(MONTHS, [1, 2], title="x")


def test_words_of_the_data_are_escaped():
    svg = charts.hbar(["<script>alert(1)</script>"], [1], title='"><b>', unit="<i>")
    assert "<script" not in svg
    assert "<b>" not in svg
    tree(svg)


def test_a_long_thai_label_is_cut_between_letters():
    cut = frame.shorten("หมู่ที่สิบบ้านตัวอย่างสันทรายน้อยเหนือ", 90)
    assert cut.endswith("…")
    assert "หมู่ที่สิบบ้านตัวอย่างสันทรายน้อยเหนือ".startswith(cut[:-1])
    assert frame.text_width("ที่") == frame.text_width("ท")


def test_a_figure_brings_its_table_and_its_source():
    made = charts.figure(
        "line", MONTHS, [Series("ฝุ่น", [2, 3, 4, 5], [1, 2, 3, 4], [3, 4, 5, 6])],
        finding="ฝุ่นเพิ่มขึ้นทุกเดือน", what="ฝุ่นรายเดือน", source="สถานีสมมติ", as_of=date(2026, 11, 21), first_header="เดือน",
    )  # fmt: skip
    assert made.headers == ["เดือน", "ฝุ่น", "ฝุ่น (ต่ำ)", "ฝุ่น (สูง)"]
    assert made.rows[0] == ["ม.ค.", 2, 1, 3]
    assert made.svg.count("<svg") == 2


def test_a_figure_without_a_source_is_refused():
    with pytest.raises(ValueError, match="source"):
        charts.figure("bar", ["ก"], [1], finding="x", what="y", source="")


def test_an_empty_chart_is_still_a_picture():
    tree(charts.bar([], [], title="x"))
    tree(charts.line([], [Series("ก", [])], title="x"))
    tree(charts.sparkline([], title="x"))
    tree(charts.bar(["ก"], [None], title="x"))


def test_a_sparkline_marks_only_its_last_value():
    assert charts.sparkline([3, None, 4, 5], title="x").count("<circle") == 1


numbers = st.floats(-1e9, 1e9, allow_nan=False).filter(lambda v: v == 0 or abs(v) > 1e-6)


@given(st.lists(numbers, min_size=1, max_size=12))
def test_ticks_are_round_and_hold_every_value(values):
    marks = frame.ticks(min(values), max(values))
    less_than_a_pixel = 1e-6 * max(1, max(values) - min(values))
    assert marks[0] <= min(values) + less_than_a_pixel
    assert marks[-1] >= max(values) - less_than_a_pixel
    assert len(marks) <= 9


@given(st.lists(st.one_of(st.none(), numbers), min_size=1, max_size=20))
def test_any_numbers_make_a_well_formed_picture(values):
    labels = [str(i) for i in range(len(values))]
    for svg in (charts.bar(labels, values, title="x"), charts.line(labels, [Series("ก", values)], title="x")):
        assert "nan" not in svg
        tree(svg)


@given(st.lists(st.floats(0, 300), min_size=1, max_size=6))
def test_spread_keeps_the_order_and_the_gap(places):
    moved = frame.spread(places, 20, 0, 300)
    order = sorted(range(len(places)), key=lambda i: places[i])
    inside = [moved[i] for i in order]
    assert all(b - a >= 20 - 1e-6 for a, b in pairwise(inside))
    assert max(inside) <= 300 + 1e-6
