"""Answers as people read them, and questions as Open311 clients see them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from maehia.forms.engine import check, from_open311, summary, to_open311, value_words
from maehia.forms.tests.forms_cast import TODAY, TYPED, form_of, question, tree
from maehia.forms.tests.test_engine_checking import RAW, SCRIPT

ANSWERS = check(tree(), TYPED, today=TODAY).answers


def words(lang="th", **how):
    return {row.id: row.text for section in summary(tree(), ANSWERS, lang, **how) for row in section.rows}


class TestSummary:
    def test_each_answer_in_thai(self):
        assert words() == {
            "kind": "ข้อ branch", "height": "12.5", "danger": "ใช่", "near": "ข้อ road, ข้อ wire", "since": "1 ก.พ. 2569",
            "where": "18.74472, 98.95110", "photos": "1 ไฟล์", "note": "บรรทัดหนึ่ง\nบรรทัดสอง", "id": "1-2345-67890-12-1",
            "phone": "081-234-5678", "home": "บ้านเลขที่ 12/3 หมู่ที่ 5", "house": "5001-012345-6", "deed": "โฉนด 123",
            "plan": "1 ไฟล์",
        }  # fmt: skip

    def test_each_answer_in_english(self):
        english = words("en")
        assert english["since"] == "1 Feb 2026"
        assert english["danger"] == "Yes"
        assert english["home"] == "No. 12/3 Moo 5"
        assert english["photos"] == "1 file"

    def test_sections_follow_the_pages(self):
        assert [(s.id, s.title) for s in summary(tree(), ANSWERS)] == [("what", "ต้นไม้"), ("who", "ผู้ขอ")]
        assert [s.id for s in summary(tree(), {"kind": "branch"})] == ["what"]

    def test_numbers_of_a_person_can_be_masked(self):
        masked = words(masked=True)
        assert (masked["id"], masked["phone"]) == ("xxxxxxxxx0121", "xxxxxx5678")

    def test_an_unanswered_question_is_a_dash_when_asked_for(self):
        rows = {row.id: row.text for s in summary(tree(), {"kind": "branch"}, unanswered=True) for row in s.rows}
        assert rows["note"] == "–"
        assert "other_kind" not in rows

    def test_a_script_is_text(self):
        field = form_of(question("a")).fields[0]
        assert value_words(field, SCRIPT) == SCRIPT

    @settings(max_examples=100, deadline=None)
    @given(RAW)
    def test_whatever_is_kept_can_be_shown(self, raw):
        found = check(tree(), raw, today=TODAY)
        for lang in ("th", "en"):
            shown = [row.id for section in summary(tree(), found.answers, lang) for row in section.rows]
            assert set(shown) == set(found.answers)


class TestOpen311:
    def test_each_type_has_a_datatype_of_the_standard(self):
        types = {row["code"]: row["datatype"] for row in to_open311(tree())}
        assert types == {
            "kind": "singlevaluelist", "other_kind": "string", "height": "number", "danger": "singlevaluelist",
            "near": "multivaluelist", "since": "datetime", "note": "text", "phone": "string", "home": "text",
            "house": "string", "deed": "string",
        }  # fmt: skip

    def test_a_row_has_what_the_standard_names(self):
        row = to_open311(tree(), "en")[0]
        assert row == {
            "variable": True, "code": "kind", "datatype": "singlevaluelist", "required": True,
            "datatype_description": None, "order": 1, "description": "Question kind",
            "values": [{"key": v, "name": f"Option {v}"} for v in ("fallen", "branch", "other")],
        }  # fmt: skip
        assert [row["order"] for row in to_open311(tree())] == list(range(1, 12))

    def test_a_question_with_a_condition_is_not_required_and_says_when(self):
        row = to_open311(tree())[1]
        assert row["required"] is False
        assert row["datatype_description"] == "(ตอบเมื่อ คำถาม kind คือ ข้อ other)"

    @pytest.mark.parametrize(("sent", "kept"), [
        ({"kind": "branch", "since": "2026-02-01T10:00:00+07:00"}, {"kind": "branch", "since": "2026-02-01"}),
        ({"kind": ["branch"], "near": ["road", "wire"]}, {"kind": "branch", "near": ["road", "wire"]}),
        ({"kind": "branch", "near": "wire"}, {"kind": "branch", "near": ["wire"]}),
        ({"kind": "branch", "height": "12", "danger": "yes"}, {"kind": "branch", "height": "12", "danger": True}),
        ({"kind": "branch", "id": "1234567890121"}, {"kind": "branch"}),
    ])  # fmt: skip
    def test_what_a_client_sends_is_read(self, sent, kept):
        raw = from_open311(tree(), {**sent, "phone": "0812345678"})
        found = check(tree(), raw, today=TODAY, strict=True)
        assert found.good
        assert found.answers == {**kept, "phone": "0812345678"}

    def test_an_unknown_code_is_named(self):
        found = check(tree(), from_open311(tree(), {"colour": "red"}), today=TODAY, strict=True)
        assert "unknown_key" in {fault.code for fault in found.faults}
