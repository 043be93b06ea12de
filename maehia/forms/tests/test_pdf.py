"""PDF files: harmless ones stay as they are, and nothing that acts gets in."""

from __future__ import annotations

import io
import zlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from weasyprint import HTML

from maehia.base import ProblemError
from maehia.forms.files import read_file
from maehia.forms.pdf import Pdf, check_pdf
from maehia.forms.photos import MOST_BYTES
from maehia.forms.tests.files_cast import PAGE, PAGES, PLAIN_PDF, ROOT, packed, pdf_of
from maehia.forms.tests.test_photos import picture


def refused(raw: bytes) -> str:
    with pytest.raises(ProblemError) as caught:
        check_pdf(raw, "แบบ.pdf")
    assert caught.value.problem.where == "แบบ.pdf"
    return caught.value.problem.code


def with_action(action: bytes) -> bytes:
    return pdf_of(b"<< /Type /Catalog /Pages 2 0 R /OpenAction " + action + b" >>", PAGES, PAGE)


class TestTaken:
    def test_a_plain_one_stays_as_it_is(self):
        found = check_pdf(PLAIN_PDF)
        assert (found.data, found.pages) == (PLAIN_PDF, 1)

    def test_what_a_printer_program_writes(self):
        made = HTML(string="<p>หน้าแรก</p><p style='page-break-before: always'>หน้าสอง</p>").write_pdf()
        assert check_pdf(made).pages == 2
        assert check_pdf(HTML(string="<p>x</p>").write_pdf(pdf_variant="pdf/ua-1", uncompressed_pdf=True)).pages == 1

    def test_a_view_to_open_with_and_a_link_are_no_harm(self):
        assert check_pdf(with_action(b"[3 0 R /Fit]")).pages == 1
        link = b"<< /Type /Annot /Subtype /Link /A << /S /URI /URI (https://example.org) >> >>"
        assert check_pdf(pdf_of(ROOT, PAGES, PAGE, link)).pages == 1

    def test_letters_in_a_compressed_picture_are_no_names(self):
        noise = b"<< /Type /XObject /Length 40 >>\nstream\n..../JS (x)..../Launch ....\nendstream"
        assert check_pdf(pdf_of(ROOT, PAGES, PAGE, noise)).pages == 1

    def test_a_file_field_takes_both_kinds(self):
        assert isinstance(read_file(io.BytesIO(PLAIN_PDF)), Pdf)
        assert read_file(io.BytesIO(picture())).width == 640


class TestRefused:
    @pytest.mark.parametrize("action", [
        b"<< /S /JavaScript /JS (app.alert(1)) >>",
        b"<< /S /J#61vaScript /#4aS (app.alert(1)) >>",
        b"<< /S /Launch /F (cmd.exe) >>",
        b"<< /S /SubmitForm /F (http://example.org) >>",
        b"<< /S /ImportData >>",
        b"<< /S /GoToE >>",
    ])  # fmt: skip
    def test_what_acts_by_itself(self, action):
        assert refused(with_action(action)) == "pdf_active"

    @pytest.mark.parametrize("inside", [
        b"<< /Names << /EmbeddedFiles 5 0 R >> >>", b"<< /Type /EmbeddedFile >>", b"<< /XFA 5 0 R >>",
        b"<< /Subtype /RichMedia >>",
    ])  # fmt: skip
    def test_what_hides_another_file(self, inside):
        assert refused(pdf_of(ROOT, PAGES, PAGE, inside)) == "pdf_active"

    def test_a_script_packed_in_an_object_stream(self):
        hidden = packed(b"4 0 << /S /JavaScript /JS (app.alert(1)) >>")
        assert refused(pdf_of(ROOT, PAGES, PAGE, hidden)) == "pdf_active"

    def test_objects_hidden_between_the_words_of_a_stream(self):
        hidden = b"<< /Length 5 >>\nstream\n9 0 obj << /S /JavaScript /JS (x) >> endobj\nendstream"
        assert refused(pdf_of(ROOT, PAGES, PAGE, hidden)) == "pdf_active"

    def test_an_object_stream_that_cannot_be_unpacked(self):
        assert (
            refused(pdf_of(ROOT, PAGES, PAGE, packed(b"x").replace(b"FlateDecode", b"LZWDecode"))) == "pdf_unreadable"
        )
        broken = b"<< /Type /ObjStm /Filter /FlateDecode >>\nstream\nnot packed\nendstream"
        assert refused(pdf_of(ROOT, PAGES, PAGE, broken)) == "pdf_broken"

    def test_a_bomb_is_not_unpacked_to_its_end(self):
        data = zlib.compress(bytes(70 * 2**20), 9)
        bomb = b"<< /Type /ObjStm /Filter /FlateDecode >>\nstream\n" + data + b"\nendstream"
        assert len(bomb) < 100_000
        assert refused(pdf_of(ROOT, PAGES, PAGE, bomb)) == "pdf_unreadable"

    def test_one_with_a_password(self):
        assert refused(pdf_of(ROOT, PAGES, PAGE, tail=b"/Encrypt 4 0 R")) == "pdf_locked"

    @pytest.mark.parametrize("raw", [
        PLAIN_PDF[:-20], PLAIN_PDF[:60], b"%PDF-1.7\n", pdf_of(ROOT, PAGES),
        PLAIN_PDF.replace(b"startxref\n", b"startxref\n9"), PLAIN_PDF + b"<html><script>alert(1)</script>" * 60,
    ])  # fmt: skip
    def test_half_a_file_or_one_with_something_behind_it(self, raw):
        assert refused(raw) == "pdf_broken"

    @pytest.mark.parametrize("raw", [b"MZ" + PLAIN_PDF, b"<html>" + PLAIN_PDF, b"", b"GIF89a" + PLAIN_PDF])
    def test_something_else_with_a_pdf_in_it(self, raw):
        assert refused(raw) == "pdf_kind"

    def test_too_many_pages(self):
        assert refused(pdf_of(ROOT, PAGES, *[PAGE] * 501)) == "pdf_too_long"

    def test_200_megabytes_are_not_read_to_the_end(self):
        class Endless(io.RawIOBase):
            given = 0

            def read(self, size=-1):
                assert 0 < size <= MOST_BYTES + 1
                self.given += size
                return b"%PDF-1.7\n".ljust(size, b" ")

        stream = Endless()
        with pytest.raises(ProblemError) as caught:
            read_file(stream)
        assert caught.value.problem.code == "pdf_too_large"
        assert stream.given == MOST_BYTES + 1


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(PLAIN_PDF) - 1), st.binary(min_size=1, max_size=30))
def test_damaged_bytes_are_taken_whole_or_refused_with_a_sentence(at, noise):
    raw = PLAIN_PDF[:at] + noise + PLAIN_PDF[at + len(noise) :]
    found = None
    with suppress(ProblemError):
        found = check_pdf(raw)
    assert found is None or found.data == raw
