"""Documents: numbers without gaps, a paper that holds together, a verify page that tells no more than it must."""

from __future__ import annotations

import re
import subprocess
import tempfile
import uuid
from datetime import date, timedelta
from unittest.mock import patch

import pytest
from django.db import DatabaseError, transaction
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from maehia.base import ProblemError
from maehia.forms.actions import Signer, erase_documents, issue_document, revoke_document, set_pattern
from maehia.forms.codes import LENGTH, LETTERS, new_code, read_code, show_code, verify_key
from maehia.forms.letters import with_thai_digits
from maehia.forms.models import Document
from maehia.forms.numbering import Series, check_pattern
from maehia.forms.printing import OnlyFonts, Outside, write_pdf
from maehia.forms.queries import document_url, documents, open_document, verify
from maehia.forms.queries.documents import initials
from maehia.forms.tests.files_cast import CASE, OTHER, FilesCase
from maehia.forms.tests.forms_cast import select
from maehia.forms.tests.test_engine_checking import SCRIPT
from maehia.kit import clock
from maehia.kit.acting import Scope, acting
from maehia.kit.testing import ConcurrentTestCase, in_threads

MAYOR = Signer("นายสมชาย ใจดีตัวอย่าง", "ปลัดเทศบาล", "ปฏิบัติราชการแทน นายกเทศมนตรี")
VALUES = {"to": "นางมาลี สุขใจดี", "paragraphs": ["ตามที่ท่านแจ้งเรื่องเลขที่ 2569-000123"], "rows": [("หมู่ที่", "5")]}
LETTER = "forms/documents/letter.html"


def issue(about=CASE, **changes):
    how = {"series": "letter", "signer": MAYOR, "title": "แจ้งผลการพิจารณา", "holder": "นางมาลี สุขใจดี", **changes}
    return issue_document("answer", about, how.pop("template", LETTER), how.pop("values", VALUES), **how)


def words_of(pdf: bytes) -> str:
    """What is printed, without spaces."""
    found = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout
    return re.sub(r"\s", "", found.decode())


class IssueTest(FilesCase):
    def test_the_paper_carries_number_day_and_names_in_thai(self):
        with self.desk():
            row = issue()
            pdf = open_document(row.pk)
        assert pdf.startswith(b"%PDF-")
        assert all(path.read_bytes().startswith(b"MHF1") for path in self.on_disk())
        words = words_of(pdf)
        for text in ("ชม52001/1", "18พฤศจิกายน2569", "2569-000123", "(นายสมชายใจดีตัวอย่าง)", show_code(row.code)):
            assert text in words, text

    def test_it_is_set_in_our_own_font_and_loads_nothing_else(self):
        with self.desk():
            pdf = open_document(issue().pk)
        found = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True).stdout
        fonts = [line.split()[0] for line in found.decode().splitlines()[2:]]
        assert fonts
        assert all("Sarabun" in font for font in fonts), fonts

    def test_thai_digits_by_the_setting_of_the_series(self):
        with self.desk():
            set_pattern("letter", "ชม 52001/{number}", thai_digits=True)
            words = words_of(open_document(issue().pk))
        assert "ชม๕๒๐๐๑/๑" in words
        assert "๑๘พฤศจิกายน๒๕๖๙" in words
        assert "/verify/" in words

    def test_numbers_follow_each_other_and_start_again_in_a_new_year(self):
        with self.desk():
            texts = [issue().number_text, issue(series="permit").number_text, issue().number_text]
            with clock.at(self.now + timedelta(days=60)):
                texts.append(issue(series="permit").number_text)
        assert texts == ["ชม 52001/1", "1/2569", "ชม 52001/2", "1/2570"]

    def test_a_failure_gives_its_number_back(self):
        with self.desk():
            issue()
            outside = mark_safe('<img src="https://example.org/x.png">')
            foreign = patch("maehia.forms.actions.documents.drawing", return_value=outside)
            with foreign, pytest.raises(Outside), transaction.atomic():
                issue()
            with pytest.raises(DatabaseError), transaction.atomic():
                issue(title="x" * 300)
            assert issue().number == 2
        assert len(self.on_disk()) == 2

    def test_a_script_in_an_answer_is_printed_as_text(self):
        with self.desk():
            words = words_of(open_document(issue(values={"paragraphs": [SCRIPT]}, holder=SCRIPT).pk))
        assert SCRIPT.replace(" ", "") in words

    def test_an_exercise_has_numbers_of_its_own_and_says_so(self):
        with self.desk():
            issue()
        with acting(self.officer.actor, "services.desk", mode="exercise"):
            row = issue()
            assert row.number_text == "ฝึกซ้อม ชม 52001/1"
            assert "ไม่มีผลใช้บังคับ" in words_of(open_document(row.pk))
        assert verify(row.code) is None

    def test_nobody_signs_for_nobody_and_no_series_is_made_up(self):
        with self.desk():
            with pytest.raises(ValueError, match="signed"):
                issue(signer=Signer(" ", "นายก"))
            with pytest.raises(ProblemError):
                issue(series="love")

    def test_a_permit_shows_conditions_and_last_day(self):
        values = {"form": "แบบ อ.1", "conditions": ["แสดงใบอนุญาตที่สถานที่ก่อสร้าง"]}
        with self.desk():
            row = issue(
                template="forms/documents/certificate.html", values=values, series="permit",
                title="ใบอนุญาตก่อสร้างอาคาร", valid_until=date(2027, 11, 17),
            )  # fmt: skip
            words = words_of(open_document(row.pk))
        for text in ("แบบอ.1", "ใบอนุญาตก่อสร้างอาคาร", "1.แสดงใบอนุญาตที่สถานที่ก่อสร้าง", "17พฤศจิกายน2570"):
            assert text in words, text

    def test_only_those_concerned_see_it(self):
        with self.desk():
            row = issue()
        with self.link():
            assert documents(CASE) == [row]
        for context in (self.link(OTHER), self.visitor()):
            with context:
                assert documents(CASE) == []
                with pytest.raises(ProblemError):
                    open_document(row.pk)

    def test_erasing_keeps_number_and_state_and_drops_name_and_paper(self):
        with self.desk(), self.captureOnCommitCallbacks(execute=True):
            row = issue()
            assert erase_documents(CASE) == 1
            assert erase_documents(CASE) == 0
        assert self.on_disk() == []
        face = verify(row.code)
        assert (face.number, face.holder, face.state) == ("ชม 52001/1", "", "valid")


class VerifyTest(FilesCase):
    def setUp(self):
        super().setUp()
        with self.desk():
            self.row = issue(valid_until=date(2026, 12, 31))
        self.address = f"/verify/{self.row.code}/"

    def page(self, path, status=200):
        answer = self.client.get(path)
        assert answer.status_code == status
        return " ".join(select(html.fromstring(answer.content.decode()), "main")[0].text_content().split())

    def test_a_true_one_is_told_with_first_letters_only(self):
        page = self.page(self.address)
        for text in ("ออกโดยเทศบาลจริงและมีผลอยู่", "ชม 52001/1", "18 พฤศจิกายน 2569", "31 ธันวาคม 2569", "ม. ส."):
            assert text in page, text
        assert "มาลี" not in page
        assert "2569-000123" not in page

    def test_a_code_is_taken_as_people_type_it(self):
        typed = show_code(self.row.code).lower().replace("0", "o").replace("1", "l")
        assert "มีผลอยู่" in self.page(f"/verify/?code={typed}")

    def test_a_revoked_one_says_so_and_not_why(self):
        with self.desk():
            revoke_document(self.row, "ผู้ขอยื่นเอกสารไม่ตรงจริง")
        page = self.page(self.address)
        assert "ถูกเพิกถอนแล้ว ใช้ไม่ได้" in page
        assert "ไม่ตรงจริง" not in page

    def test_an_old_one_is_past_its_day(self):
        with clock.at(self.now + timedelta(days=60)):
            assert "หมดอายุแล้ว" in self.page(self.address)

    def test_unknown_and_unreadable_codes_are_one_answer(self):
        pages = {
            self.page(f"/verify/{code}/", 404) for code in (new_code(), new_code(), "x", "๑๒๓", "<script>", "a" * 200)
        }
        assert len(pages) == 1
        assert "ไม่พบเอกสารที่มีรหัสนี้" in pages.pop()

    def test_who_tries_many_codes_is_told_to_wait(self):
        for _ in range(60):
            self.client.get("/verify/x/")
        answer = self.client.get(self.address)
        assert answer.status_code == 429
        assert answer["Retry-After"] == "600"

    def test_the_database_shows_a_visitor_the_one_row_of_her_code(self):
        with self.desk():
            issue()
        with acting("system:public", "services.public"):
            assert not Document.objects.exists()
        with acting("system:public", "services.public", scope=Scope.subject(self.row.verify_key)):
            assert list(Document.objects.all()) == [self.row]
            assert not Document.objects.update(title="x")

    def test_the_code_lies_encrypted(self):
        with self.acting():
            raw = Document.objects.raw("SELECT id, encode(code, 'escape') AS seen FROM forms_document")[0]
        assert self.row.code not in raw.seen


class PagesTest(FilesCase):
    def setUp(self):
        super().setUp()
        with self.desk():
            self.row = issue()

    def test_the_paper_is_downloaded_by_those_who_were_shown_its_address(self):
        with self.link():
            address = document_url(self.row)
        answer = self.client.get(address)
        assert answer.content.startswith(b"%PDF-")
        assert answer["Content-Disposition"] == 'attachment; filename="answer-20261118-1.pdf"'
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        for path in (address.partition("?")[0], f"/documents/{uuid.uuid4()}/", address[:-3]):
            assert self.client.get(path).status_code == 404

    def test_the_clerk_revokes_with_a_reason_and_the_officer_may_not(self):
        address = f"/staff/documents/{self.row.pk}/revoke/"
        self.enter(self.officer)
        assert self.client.post(address, {"reason": "ออกผิดคน"}).status_code == 403
        self.enter(self.clerk)
        assert "ใช้ไม่ได้ทันที" in self.client.get(address).content.decode()
        assert self.client.post(address, {"reason": " "}).status_code == 400
        assert self.client.post(address, {"reason": "ออกผิดคน"}).status_code == 302
        assert verify(self.row.code).state == "revoked"
        assert "เพิกถอนไปแล้ว" in self.client.post(address, {"reason": "ออกผิดคน"}).content.decode()

    def test_a_town_chooses_how_its_numbers_look(self):
        self.enter(self.clerk)
        sent = {"key": "letter", "pattern": "ชม ๕๒๓๐๑/ว {number:3}"}
        assert self.client.post("/staff/documents/numbers/", sent).status_code == 302
        assert "ชม 52301/ว 012" in self.client.get("/staff/documents/numbers/").content.decode()
        with self.desk():
            assert issue().number_text == "ชม 52301/ว 002"
        refused = self.client.post("/staff/documents/numbers/", {"key": "letter", "pattern": "{number.__class__}"})
        assert refused.status_code == 400
        assert "ต้องมี {number}" in refused.content.decode()


class RevokeTest(FilesCase):
    @pytest.fixture(autouse=True)
    def quick(self):
        with patch("maehia.forms.actions.documents.render_pdf", return_value=b"%PDF-1.7"):
            yield

    def test_a_reason_is_needed_and_once_is_enough(self):
        with self.desk():
            row = issue()
            for reason, code in (("", "no_reason"), ("ออกผิดคน", None), ("ออกผิดคน", "revoked_before")):
                if code is None:
                    revoke_document(row, reason, by="user:clerk")
                    continue
                with pytest.raises(ProblemError) as caught:
                    revoke_document(row.pk, reason)
                assert caught.value.problem.code == code
            row.refresh_from_db()
        assert (row.state, row.revoked_by, row.revoked_at) == ("revoked", "user:clerk", self.now)

    def test_the_database_refuses_a_revoked_one_without_a_reason(self):
        with self.desk():
            row = issue()
            with pytest.raises(DatabaseError), transaction.atomic():
                Document.objects.filter(pk=row.pk).update(state="revoked")


class NumbersTest(ConcurrentTestCase):
    def test_officers_at_the_same_moment_leave_no_gap_and_no_double(self):
        def one(number):
            with acting("user:nok", "services.desk"):
                row = issue()
                if number % 3 == 0:
                    raise ValueError("changed her mind")
                return row.number

        folder = self.enterContext(tempfile.TemporaryDirectory())
        quick = patch("maehia.forms.actions.documents.render_pdf", return_value=b"%PDF-1.7")
        with self.settings(FILES_DIR=folder), quick:
            found = in_threads(8, one)
        numbers = sorted(number for number in found if isinstance(number, int))
        assert numbers == [1, 2, 3, 4, 5]


class TestNumbering:
    @pytest.mark.parametrize(("pattern", "text"), [
        ("ชม 52001/{number}", "ชม 52001/12"), ("{number:5}/{year}", "00012/2569"), ("อ.1 {number}/{year}", "อ.1 12/2569"),
    ])  # fmt: skip
    def test_a_number_as_it_is_printed(self, pattern, text):
        assert Series("a", "ก", "a", check_pattern(pattern)).text(12, 2569) == text

    @pytest.mark.parametrize(
        "pattern", ["", "ชม", "{year}", "{number", "{number:x}", "{number!r}", "{number}" + "x" * 60]
    )
    def test_a_pattern_that_cannot_be_printed(self, pattern):
        with pytest.raises(ProblemError) as caught:
            check_pattern(pattern)
        assert caught.value.problem.code == "bad_pattern"


class TestCodes:
    def test_codes_are_long_and_never_alike(self):
        codes = {new_code() for _ in range(200)}
        assert len(codes) == 200
        assert all(len(code) == LENGTH and set(code) <= set(LETTERS) for code in codes)
        assert len({verify_key(code) for code in codes}) == 200

    @given(st.text(max_size=60))
    def test_whatever_is_typed_is_a_code_or_nothing(self, typed):
        found = read_code(typed)
        assert found is None or read_code(show_code(found)) == found


@pytest.mark.parametrize(("name", "shown"), [
    ("นางมาลี สุขใจดี", "ม. ส."), ("เพ็ญ ใจงาม", "พ. จ."), ("บริษัท ตัวอย่าง จำกัด", "บ. ต. จ."), ("", ""), ("123", ""),
])  # fmt: skip
def test_first_letters_only(name, shown):
    assert initials(name) == shown


def test_thai_digits_are_for_words_and_not_for_codes_and_styles():
    page = "<html><style>p{margin:1mm}</style><body><p class='a1'>ข้อ 1<b>2</b>3</p><code data-arabic>4</code>5</body></html>"
    made = with_thai_digits(page)
    assert "ข้อ ๑<b>๒</b>๓" in made
    assert "margin:1mm" in made
    assert "a1" in made
    assert ">4</code>๕" in made


@pytest.mark.parametrize(
    "url", ["https://example.org/x.css", "file:///etc/passwd", "http://127.0.0.1/", "data:text/html,x"]
)
def test_a_document_loads_nothing_from_outside(url):
    with pytest.raises(Outside):
        OnlyFonts().fetch(url)
    with pytest.raises(Outside):
        write_pdf(f"<img src='{url}'>")
