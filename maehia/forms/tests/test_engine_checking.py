"""Answers: read as people type them, refused in whole sentences, and nothing kept that was not asked."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.forms.engine import asked, check, holds, say
from maehia.forms.engine.definition import Condition
from maehia.forms.engine.plain import read_shown
from maehia.forms.tests.forms_cast import TODAY, TYPED, form_of, options, question, tree
from maehia.forms.tests.test_engine_definition import JSON

SCRIPT = '<script>alert("1")</script>'


def one(field, raw, **more):
    """The kept value, or the code of its fault."""
    found = check(form_of(field), {field["id"]: raw}, today=TODAY, **more)
    return found.answers.get(field["id"]) if found.good else found.faults[0].code


def test_everything_as_typed_on_a_phone_is_read():
    found = check(tree(), TYPED, today=TODAY)
    assert found.faults == ()
    assert found.answers == {
        "kind": "branch", "height": "12.5", "danger": True, "near": ["road", "wire"], "since": "2026-02-01",
        "where": {"lon": 98.9511, "lat": 18.74472}, "photos": ["00000000-0000-0000-0000-000000000001"],
        "note": "บรรทัดหนึ่ง\nบรรทัดสอง", "id": "1234567890121", "phone": "0812345678",
        "home": {"house_no": "12/3", "moo": "5"}, "house": "50010123456", "deed": "โฉนด 123",
        "plan": ["00000000-0000-0000-0000-000000000007"],
    }  # fmt: skip


@pytest.mark.parametrize(("field", "raw", "kept"), [
    (question("a"), f"  {SCRIPT}  ", SCRIPT),
    (question("a"), "สวน\r\nหลังบ้าน", "สวน หลังบ้าน"),
    (question("a"), "x\x00y\u202ez", "xyz"),
    (question("a"), "\ud83d", None),
    (question("a", "longtext", length=3), "a\r\nb", "a\nb"),
    (question("a", "longtext", length=3), "a\r\n\r\nb", "too_long"),
    (question("a", length=4), "ที่นี่", "too_long"),
    (question("a", length=6), "ที่นี่", "ที่นี่"),
    (question("a"), ["ก", "ข"], "unreadable"),
    (question("a"), {"x": 1}, "unreadable"),
    (question("a", "number"), "1,250", "1250"),
    (question("a", "number", decimals=2), "๑,๒๕๐.๕๐", "1250.5"),
    (question("a", "number"), 0, "0"),
    (question("a", "number"), "1.5", "whole"),
    (question("a", "number", decimals=1), "1.55", "decimals"),
    (question("a", "number"), "1e5", "number"),
    (question("a", "number"), "NaN", "number"),
    (question("a", "number"), "12,34", "number"),
    (question("a", "number"), True, "number"),
    (question("a", "number", min=3), "2", "too_small"),
    (question("a", "number", max=3), "3.0", "3"),
    (question("a", "number", max=3), "4", "too_large"),
    (question("a", "date"), "22 พ.ย. 2569", "2026-11-22"),
    (question("a", "date"), "๓๑/๐๒/๒๕๖๙", "date"),
    (question("a", "date"), "2569", "date"),
    (question("a", "date", min="2026-11-22"), "2026-11-21", "too_early"),
    (question("a", "date", max="2026-11-22"), "23/11/2569", "too_late"),
    (question("a", "choice", options=options("x", "y")), "x", "x"),
    (question("a", "choice", options=options("x", "y")), "z", "not_an_option"),
    (question("a", "choice", options=options("x", "y")), ["x", "y"], "not_an_option"),
    (question("a", "choices", options=options("x", "y")), "x", ["x"]),
    (question("a", "choices", options=options("x", "y")), ["y", "x", "y"], ["x", "y"]),
    (question("a", "choices", options=options("x", "y")), ["x", None], "not_an_option"),
    (question("a", "choices", options=options("x", "y"), min=2), ["x"], "too_few"),
    (question("a", "choices", options=options("x", "y"), max=1), ["x", "y"], "too_many"),
    (question("a", "yes_no"), False, False),
    (question("a", "yes_no"), "ไม่ใช่", False),
    (question("a", "yes_no"), "maybe", "yes_no"),
    (question("a", "person_id"), "123", "id_length"),
    (question("a", "person_id"), "1234567890123", "id_check"),
    (question("a", "phone"), "12", "phone"),
    (question("a", "address"), {"house_no": "", "moo": "", "note": " "}, None),
    (question("a", "address"), {"moo": "5"}, "address"),
    (question("a", "address"), {"house_no": "1", "moo": "ห้า"}, "moo"),
    (question("a", "address"), "ข้างวัด", {"note": "ข้างวัด"}),
    (question("a", "point"), {"lat": "18.7"}, "point_half"),
    (question("a", "point"), {"lat": "", "lon": ""}, None),
    (question("a", "point"), {"lat": "51.5", "lon": "0.1"}, "point"),
    (question("a", "point"), {"lat": "nan", "lon": "98"}, "point"),
    (question("a", "point"), "18.7,98.9", "point_half"),
    (question("a", "photo"), ["not-a-key"], "files"),
    (question("a", "photo", most=1), ["00000000-0000-0000-0000-000000000001"] * 2, "too_many_files"),
    (question("a", "house"), "123", "house"),
    (question("a", "house"), "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000001"),
    (question("a", "parcel"), "x" * 81, "unreadable"),
])  # fmt: skip
def test_one_answer(field, raw, kept):
    assert one(field, raw) == kept


def test_a_fault_is_a_whole_sentence_in_both_languages():
    field = question("a", length=4)
    found = check(form_of(field), {"a": "ที่นี่"}, today=TODAY)
    assert found.faults[0].text == "ข้อความยาว 6 ตัวอักษร เกินที่รับได้ 4 ตัวอักษร"
    assert found.faults[0].as_problem().where == "a"
    english = check(form_of(field), {"a": "ที่นี่"}, today=TODAY, lang="en")
    assert english.faults[0].text == "6 characters, but at most 4 are taken"


class TestAsked:
    def test_an_answer_to_a_hidden_question_is_dropped(self):
        found = check(tree(), {**TYPED, "other_kind": "ต้นยาง"}, today=TODAY)
        assert "other_kind" not in found.answers
        assert found.dropped == ("other_kind",)

    def test_a_required_question_is_required_only_when_it_is_asked(self):
        found = check(tree(), {**TYPED, "kind": "other"}, today=TODAY)
        assert [(fault.field, fault.code) for fault in found.faults] == [("other_kind", "required")]

    def test_what_hangs_on_a_hidden_question_is_hidden_too(self):
        found = check(tree(), {**TYPED, "height": "3"}, today=TODAY)
        assert "danger" not in found.answers
        assert "plan" not in found.answers

    def test_an_answer_that_was_refused_opens_nothing(self):
        found = check(tree(), {**TYPED, "height": "99"}, today=TODAY)
        assert "danger" not in found.answers
        assert found.faults[0].field == "height"

    def test_unknown_ids_are_dropped_from_people_and_refused_from_programs(self):
        raw = {**TYPED, "admin": "1"}
        assert check(tree(), raw, today=TODAY).dropped == ("admin",)
        assert check(tree(), raw, today=TODAY, strict=True).faults[-1].code == "unknown_key"

    def test_one_page_is_checked_with_the_answers_of_those_before(self):
        what = check(tree(), TYPED, today=TODAY, page="what")
        assert what.good
        assert set(what.answers) == {"kind", "height", "danger", "near", "since", "where", "photos", "note"}
        who = check(tree(), TYPED, today=TODAY, page="who", earlier=what.answers)
        assert "plan" in who.answers
        alone = check(tree(), TYPED, today=TODAY, page="who")
        assert "plan" not in alone.answers

    def test_the_questions_of_a_page(self):
        ids = [field.id for field in asked(tree(), {"kind": "fallen"}, "who")]
        assert ids == ["id", "phone", "home", "house", "deed", "plan"]
        assert "plan" not in [field.id for field in asked(tree(), {})]


class TestConditions:
    @pytest.mark.parametrize(("shown", "seen", "fits"), [
        ({"field": "a", "is": "x"}, "x", True),
        ({"field": "a", "is": "x"}, ["y", "x"], True),
        ({"field": "a", "is": 5}, "5.0", True),
        ({"field": "a", "is": True}, True, True),
        ({"field": "a", "is": 1}, True, False),
        ({"field": "a", "is_not": "x"}, "y", True),
        ({"field": "a", "is_not": "x"}, ["y", "x"], False),
        ({"field": "a", "is_not": "x"}, None, False),
        ({"field": "a", "in": ["x", "y"]}, "y", True),
        ({"field": "a", "in": ["x", "y"]}, "z", False),
        ({"field": "a", "at_least": 10}, "10", True),
        ({"field": "a", "at_least": 10}, "9.99", False),
        ({"field": "a", "less_than": 10}, "9", True),
        ({"field": "a", "less_than": 10}, "x", False),
        ({"field": "a", "at_least": "2026-02-01"}, "2026-11-22", True),
        ({"field": "a", "is_empty": True}, None, True),
        ({"field": "a", "is_empty": True}, [], True),
        ({"field": "a", "is_empty": False}, "x", True),
        ({"all": [{"field": "a", "is": "x"}, {"field": "b", "is_empty": True}]}, "x", True),
        ({"any": [{"field": "a", "is": "y"}, {"field": "b", "is": "x"}]}, "x", False),
    ])  # fmt: skip
    def test_each_operator(self, shown, seen, fits):
        assert holds(read_shown(shown), {"a": seen}) is fits

    def test_no_condition_always_holds(self):
        assert holds(None, {})

    def test_a_condition_is_said_in_words(self):
        plan = tree().field("plan").show_if
        assert say(tree(), plan) == (
            "คำถาม kind คือ ข้อ fallen หรือ คำถาม danger คือ ใช่ และ คำถาม near เป็นข้อใดข้อหนึ่งใน ข้อ wire"
        )
        assert say(tree(), Condition("height", "is_empty", False), "en") == "Question height is answered"
        assert say(tree(), Condition("height", "at_least", 10)) == "คำถาม height ตั้งแต่ 10"


RAW = st.dictionaries(st.sampled_from([*TYPED, "other_kind", "junk"]), JSON | st.sampled_from(list(TYPED.values())))


@settings(max_examples=200, deadline=None)
@given(RAW)
def test_whatever_is_sent_what_is_kept_is_clean(raw):
    form = tree()
    found = check(form, raw, today=TODAY)
    known = {field.id for field in asked(form, found.answers)}
    assert set(found.answers) <= known
    assert not set(found.answers) & {fault.field for fault in found.faults}
    assert set(found.answers) | set(found.dropped) | {f.field for f in found.faults} >= {k for k, v in raw.items() if v}
    json.dumps(found.answers, ensure_ascii=False, allow_nan=False).encode()
    assert all(fault.text for fault in found.faults)
    again = check(form, found.answers, today=TODAY)
    assert again.answers == found.answers
    assert all(fault.code == "required" for fault in again.faults)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.integers(1, 40))
def test_a_text_is_never_longer_than_its_limit_and_reading_it_again_changes_nothing(text, limit):
    for kind in ("text", "longtext"):
        form = form_of(question("a", kind, length=limit))
        found = check(form, {"a": text}, today=TODAY)
        kept = found.answers.get("a", "")
        assert len(kept) <= limit
        assert "\r" not in kept
        assert check(form, {"a": kept}, today=TODAY).answers.get("a", "") == kept


@settings(max_examples=150, deadline=None)
@given(st.decimals(min_value=-(10**9), max_value=10**9, places=3))
def test_a_number_is_kept_exactly(number):
    kept = one(question("a", "number", decimals=3), f"{number:f}")
    assert type(number)(kept) == number
