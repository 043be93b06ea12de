"""A definition as a form: works without a script, and the engine has the last word."""

from __future__ import annotations

import io
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.datastructures import MultiValueDict
from lxml import html

from maehia.forms.actions import attach
from maehia.forms.queries import attachments, build_form
from maehia.forms.tests.files_cast import CASE, PLAIN_PDF, FilesCase, picture
from maehia.forms.tests.forms_cast import TODAY, TREE, options, question, select, tree
from maehia.forms.tests.test_engine_checking import SCRIPT
from maehia.kit.testing import AppTestCase
from maehia.web.values import Source

KEPT = "00000000-0000-0000-0000-000000000009"
POSTED = {
    "kind": "branch", "height": "๑๒.๕", "danger": "yes", "near": ["road", "wire"], "since_day": "1", "since_month": "2",
    "since_year": "2569", "where_lat": "18.74472", "where_lon": "98.9511", "note": "ก\r\nข", "id": "1-2345-67890-12-1",
    "phone": "081-234-5678", "home_house_no": "12/3", "home_moo": "๕", "home_note": "", "house": "", "deed": "โฉนด ๑๒๓",
}  # fmt: skip


def posted(**changes):
    data = QueryDict(mutable=True)
    for name, value in {**POSTED, **changes}.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def upload(name="IMG.jpg", content=None):
    return SimpleUploadedFile(name, picture().getvalue() if content is None else content)


def sent(*, files=None, definition=TREE, data=None, **how):
    return build_form(definition, data or posted(), MultiValueDict(files or {}), today=TODAY, **how)


def page_of(form):
    request = RequestFactory().get("/")
    return html.fromstring(f"<form>{render_to_string('forms/parts/questions.html', {'form': form}, request)}</form>")


def text_of(node):
    return " ".join(" ".join(node.itertext()).split())


class PostedTest(AppTestCase):
    def test_what_a_browser_sends_is_what_the_engine_keeps(self):
        form = sent()
        assert form.is_valid(), form.errors
        assert form.checked.answers == {
            "kind": "branch", "height": "12.5", "danger": True, "near": ["road", "wire"], "since": "2026-02-01",
            "where": {"lon": 98.9511, "lat": 18.74472}, "note": "ก\nข", "id": "1234567890121", "phone": "0812345678",
            "home": {"house_no": "12/3", "moo": "5"}, "deed": "โฉนด 123",
        }  # fmt: skip
        assert form.cleaned_data == form.checked.answers

    def test_a_whole_date_in_the_first_box_is_read(self):
        form = sent(data=posted(since_day="1 ก.พ. 2569", since_month="", since_year=""))
        assert form.is_valid()
        assert form.checked.answers["since"] == "2026-02-01"

    def test_each_fault_stands_at_its_question_and_in_the_summary(self):
        form = sent(data=posted(phone="12", height="99", where_lon=""))
        assert not form.is_valid()
        assert set(form.errors) == {"height", "phone", "where"}
        page = page_of(form)
        links = [link.get("href") for link in select(page, ".error-summary a")]
        assert links == ["#id_height", "#id_where_0", "#id_phone"]
        assert all(select(page, link) for link in links)
        assert select(page, "[name=phone]")[0].get("value") == "12"

    def test_the_language_is_that_of_the_page(self):
        form = sent(data=posted(kind="other"), lang="en")
        assert form.errors["other_kind"] == ["Please answer this question"]
        assert form.fields["kind"].label == "Question kind"

    def test_a_forged_choice_is_refused(self):
        form = sent(data=posted(kind="admin"))
        assert not form.is_valid()
        assert form.errors["kind"] == ["คำตอบนี้ไม่อยู่ในตัวเลือก กรุณาเลือกใหม่"]

    def test_a_field_of_another_form_is_not_kept(self):
        form = sent(data=posted(is_staff="1"))
        assert form.is_valid()
        assert "is_staff" not in form.checked.answers


class ShownTest(AppTestCase):
    def test_a_script_in_an_answer_is_shown_as_text(self):
        page = page_of(sent(data=posted(note=SCRIPT, deed=SCRIPT, phone=SCRIPT)))
        assert select(page, "textarea[name=note]")[0].text.strip() == SCRIPT
        assert select(page, "[name=deed]")[0].get("value") == SCRIPT
        assert [node.get("src") for node in select(page, "script:not([type='application/json'])")] == [
            "/static/forms/js/questions.js"
        ]

    def test_prefilled_answers_are_in_the_boxes_with_their_source(self):
        known = {"kind": "branch", "since": "2026-02-01", "danger": True, "home": {"house_no": "12/3", "moo": "5"}}
        form = build_form(tree(), initial=known, sources={"home": Source("ทะเบียนบ้าน")})
        page = page_of(form)
        assert select(page, "[name=kind][value=branch]")[0].get("checked") is not None
        assert select(page, "[name=danger][value=yes]")[0].get("checked") is not None
        assert [select(page, f"[name=since_{p}]")[0].get("value") for p in ("day", "year")] == ["1", "2569"]
        assert select(page, "[name=home_house_no]")[0].get("value") == "12/3"
        assert "ทะเบียนบ้าน" in text_of(select(page, "[data-question=home]")[0])

    def test_a_question_with_a_condition_says_when_and_carries_it_for_the_script(self):
        page = page_of(build_form(tree()))
        asked = select(page, "[data-question=other_kind]")[0]
        assert asked.get("data-show-if") == '{"field": "kind", "is": "other"}'
        assert text_of(select(asked, ".asked-when")[0]) == "ตอบเฉพาะเมื่อ คำถาม kind คือ ข้อ other"

    def test_every_box_has_a_label_and_no_browser_check_stands_in_the_way(self):
        page = page_of(build_form(tree()))
        for box in select(page, "input:not([type=hidden]), select, textarea"):
            named = select(page, f"label[for='{box.get('id')}']") or box.iterancestors("label")
            assert list(named), box.get("name")
            assert box.get("required") is None

    def test_many_options_become_a_list_to_open(self):
        values = [f"v{n}" for n in range(8)]
        form = build_form({"fields": [question("a", "choice", options=options(*values))]})
        assert len(select(page_of(form), "select[name=a] option")) == 9

    def test_moos_are_chosen_when_the_town_is_known(self):
        form = build_form({"fields": [question("a", "address")]}, moos=[("5", "หมู่ 5 บ้านตัวอย่าง")])
        assert "หมู่ 5 บ้านตัวอย่าง" in text_of(select(page_of(form), "select[name=a_moo]")[0])


class PagesTest(AppTestCase):
    def test_one_page_asks_only_its_questions(self):
        form = sent(page="what")
        assert form.is_valid()
        assert list(form.fields) == [f.id for f in tree().on_page("what")]

    def test_a_condition_on_an_earlier_page_is_decided_by_the_server(self):
        assert "plan" not in build_form(tree(), page="who", earlier={"kind": "branch"}).fields
        form = build_form(tree(), page="who", earlier={"kind": "fallen", "note": "x"})
        assert "plan" in form.fields
        assert form.fields["plan"].when == ""
        assert form.earlier_json == '{"kind": "fallen"}'


class FilesTest(FilesCase):
    def test_photos_are_read_once_and_attached_under_the_ids_in_the_answer(self):
        form = sent(files={"photos": [upload("ก.jpg"), upload("ข.jpg")]})
        assert form.is_valid(), form.errors
        assert form.checked.answers["photos"] == [str(made.id) for made in form.uploads]
        with self.reporting():
            for made in form.uploads:
                attach(CASE, made.role, made.ready, made.name, id=made.id)
            assert {str(row.pk) for row in attachments(CASE)} == set(form.checked.answers["photos"])

    def test_a_program_named_as_a_photo_is_said_at_the_question(self):
        form = sent(files={"photos": [upload("ภาพ.jpg.exe", b"MZ\x90\x00")]})
        assert not form.is_valid()
        assert form.errors["photos"][0].startswith("ภาพ.jpg.exe: ไฟล์นี้ไม่ใช่ภาพถ่าย")
        assert form.uploads == ()

    def test_too_many_are_counted_and_not_opened(self):
        class Shut(io.BytesIO):
            name = "x.jpg"

            def read(self, *_size):
                raise AssertionError("opened")

        form = build_form(TREE, posted(), MultiValueDict({"photos": [Shut() for _ in range(4)]}), today=TODAY)
        assert not form.is_valid()
        assert form.errors["photos"] == ["แนบได้ไม่เกิน 3 ไฟล์"]

    def test_what_came_before_stays_until_it_is_taken_out(self):
        kept = {"photos": [(KEPT, "เดิม.jpg")]}
        assert sent(kept=kept).is_valid()
        stays = sent(kept=kept, files={"photos": [upload()]})
        assert stays.is_valid()
        assert stays.checked.answers["photos"][0] == KEPT
        assert len(stays.checked.answers["photos"]) == 2
        taken_out = sent(kept=kept, data=posted(photos_drop=KEPT))
        assert taken_out.is_valid()
        assert "photos" not in taken_out.checked.answers
        assert "เดิม.jpg" in text_of(page_of(sent(kept=kept)))

    def test_ids_that_somebody_made_up_are_not_taken(self):
        form = sent(data=posted(photos=[KEPT]))
        assert form.is_valid()
        assert "photos" not in form.checked.answers

    def test_a_file_of_a_question_that_is_not_asked_is_dropped(self):
        form = sent(files={"plan": [upload("แบบ.pdf", PLAIN_PDF)]}, data=posted(near="road"))
        assert form.is_valid()
        assert form.uploads == ()
        asked = sent(files={"plan": [upload("แบบ.pdf", PLAIN_PDF)]})
        assert asked.is_valid()
        assert [made.role for made in asked.uploads] == ["document"]


def test_a_prefilled_day_is_shown_as_its_buddhist_year():
    from maehia.forms.engine import Field, Text
    from maehia.forms.questions import initial_of

    assert initial_of(Field("a", "date", Text("ก", "a")), date(2026, 2, 1).isoformat()) == ["1", "2", "2569"]
