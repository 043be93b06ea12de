"""What a POST says: locations, contacts, description, answers; every fault names its parameter. No database."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from django.test import SimpleTestCase

from maehia.services.api.open311.faults import Fault
from maehia.services.api.open311.questions import Question, check_answers, definition, sent_answers
from maehia.services.api.open311.report import Sent, read_report
from maehia.services.tests.open311_schemas import DEFINITION

LAMP = {"service_code": "lamp", "lat": "18.744", "long": "98.951"}
QUESTIONS = (
    Question("POLE", "singlevaluelist", "เสาแบบใด", 1, required=True, values=(("1", "เสาปูน"), ("2", "เสาเหล็ก"))),
    Question("SIGNS", "multivaluelist", "อาการ", 2, values=(("off", "ดับ"), ("blink", "กะพริบ"))),
    Question("NIGHTS", "number", "ดับมากี่คืน", 3),
    Question("SINCE", "datetime", "ตั้งแต่เมื่อไร", 4),
    Question("MORE", "text", "เล่าเพิ่ม", 5),
    Question("READ", "string", "ระวังสายไฟ", 6, variable=False),
)


def sent(**fields: Any) -> Sent:
    return read_report({name: [text] for name, text in fields.items()})


def refused(**fields: Any) -> str:
    with pytest.raises(Fault) as caught:
        sent(**fields)
    assert caught.value.status == 400
    return " ".join(caught.value.descriptions)


class Locations(SimpleTestCase):
    def test_each_of_the_three_forms_passes(self) -> None:
        assert sent(**LAMP).point == (98.951, 18.744)
        assert sent(service_code="lamp", address_string="หน้าวัดสมมติ").address == "หน้าวัดสมมติ"
        assert sent(service_code="lamp", address_id="moo:5").address_id == "moo:5"

    def test_no_location_names_all_three_forms(self) -> None:
        words = refused(service_code="lamp")
        assert all(name in words for name in ("lat", "long", "address_string", "address_id"))

    def test_half_a_pair_names_the_missing_half(self) -> None:
        assert refused(service_code="lamp", lat="18.7").startswith("long:")
        assert refused(service_code="lamp", long="98.9").startswith("lat:")
        assert refused(**LAMP | {"long": "", "address_string": "ที่ใดที่หนึ่ง"}).startswith("long:")

    def test_no_number_infinity_and_a_swapped_pair_are_refused(self) -> None:
        for text in ("nan", "inf", "-Infinity", "1e999", "18,7", "1_8", "north"):
            assert refused(**LAMP | {"lat": text}).startswith("lat:"), text
            assert refused(**LAMP | {"long": text}).startswith("long:"), text
        assert refused(service_code="lamp", lat="98.951", long="18.744").startswith("lat:")


class Fields(SimpleTestCase):
    def test_the_service_code_is_required(self) -> None:
        assert refused(lat="18", long="98").startswith("service_code:")
        assert refused(**LAMP | {"service_code": " "}).startswith("service_code:")

    def test_4000_characters_pass_and_4001_do_not(self) -> None:
        assert len(sent(**LAMP, description="ก" * 4000).description) == 4000
        assert refused(**LAMP, description="ก" * 4001).startswith("description:")

    def test_a_line_break_counts_once_and_stays(self) -> None:
        text = "ก\r\n" * 2000
        assert sent(**LAMP, description=text).description == "ก\n" * 2000

    def test_malformed_contacts_are_refused_by_name(self) -> None:
        for name, text in (("email", "malee"), ("phone", "12"), ("media_url", "file:///etc/passwd"),
                           ("media_url", "javascript:alert(1)"), ("media_url", "http://[x"), ("media_url", "/a.jpg"),
                           ("first_name", "ม" * 121), ("device_id", "d" * 201)):  # fmt: skip
            assert refused(**LAMP | {name: text}).startswith(f"{name}:"), (name, text)

    def test_contacts_are_read_as_people_write_them(self) -> None:
        found = sent(**LAMP, first_name="มาลี", last_name="สมมติ", phone="081-234-5678", email="malee@example.org")
        assert (found.name, found.phone, found.email) == ("มาลี สมมติ", "0812345678", "malee@example.org")
        assert sent(**LAMP, phone="+44 20 7946 0000").phone == "+442079460000"
        assert sent(**LAMP, media_url="https://example.org/a.jpg?x=1").media_url == "https://example.org/a.jpg?x=1"

    def test_several_faults_are_said_at_once(self) -> None:
        words = refused(**LAMP | {"lat": "x", "email": "y"})
        assert "lat:" in words
        assert "email:" in words

    def test_an_empty_field_is_an_absent_one(self) -> None:
        for name in ("address_string", "address_id", "email", "first_name", "last_name", "phone", "device_id",
                     "account_id", "description", "media_url", "attribute[POLE]"):  # fmt: skip
            assert sent(**LAMP | {name: ""}) == sent(**LAMP), name


class Answers(SimpleTestCase):
    def check(self, **answers: Any) -> dict[str, Any]:
        return check_answers(QUESTIONS, {code: [v] if isinstance(v, str) else v for code, v in answers.items()})

    def wrong(self, **answers: Any) -> str:
        with pytest.raises(Fault) as caught:
            self.check(**answers)
        assert caught.value.status == 400
        return " ".join(caught.value.descriptions)

    def test_both_spellings_of_an_answer_are_read(self) -> None:
        assert sent_answers({"attribute[A]": ["1"], "attribute[B][]": ["x", "y"], "attribute[C][]": ["z"],
                             "attribute[D]": [""], "lat": ["1"]}) == {"A": ["1"], "B": ["x", "y"], "C": ["z"]}  # fmt: skip

    def test_answers_become_values(self) -> None:
        assert self.check(POLE="1", SIGNS=["off", "blink"], NIGHTS="3", SINCE="2026-11-01", MORE="มืดมาก") == {
            "POLE": "1", "SIGNS": ["off", "blink"], "NIGHTS": 3, "SINCE": "2026-11-01", "MORE": "มืดมาก",
        }  # fmt: skip

    def test_missing_unknown_and_misfitting_answers_are_named(self) -> None:
        assert "attribute[POLE]" in self.wrong()
        assert "attribute[NEW]" in self.wrong(POLE="1", NEW="x")
        assert "attribute[READ]" in self.wrong(POLE="1", READ="x")
        assert "attribute[POLE]" in self.wrong(POLE="9")
        assert "attribute[POLE]" in self.wrong(POLE=["1", "2"])
        assert "attribute[SIGNS]" in self.wrong(POLE="1", SIGNS=["off", "gone"])
        assert "attribute[NIGHTS]" in self.wrong(POLE="1", NIGHTS="nan")
        assert "attribute[SINCE]" in self.wrong(POLE="1", SINCE="2569-11-01")

    def test_a_definition_lists_values_for_lists_only(self) -> None:
        jsonschema.validate(definition("lamp", QUESTIONS), DEFINITION)
