"""Serving files: one 404 for all that is not yours, and nothing of a file runs in the town's name."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta

import pytest

from maehia.access.models import Assignment
from maehia.forms.actions import attach, erase, release, unrelease
from maehia.forms.models import Attachment
from maehia.forms.queries import public_url, signed_url
from maehia.forms.signing import LIFE, make_token
from maehia.forms.tests.files_cast import CASE, OTHER, PLAIN_PDF, FilesCase
from maehia.kit import clock
from maehia.kit.acting import acting


class ServeTest(FilesCase):
    def status(self, path):
        return self.client.get(path).status_code

    def signed(self, row, context):
        with context:
            return signed_url(row)

    def test_a_visitor_sees_released_photos_only(self):
        row = self.photo()
        assert self.status(public_url(row)) == 404
        with self.desk():
            release(row)
        answer = self.client.get(public_url(row))
        assert answer.status_code == 200
        assert answer.content.startswith(b"\xff\xd8")
        assert self.client.get(public_url(row, small=True)).content.startswith(b"\xff\xd8")
        with self.desk():
            unrelease(row)
        assert self.status(public_url(row)) == 404

    def test_unknown_hidden_erased_and_forged_are_one_answer(self):
        row, gone = self.photo(), self.photo()
        with self.desk():
            token = make_token(row.pk)
            erase(gone)
        pages = {
            self.client.get(path, headers={"Accept": "application/json"}).content
            for path in (
                f"/files/{uuid.uuid4()}/", public_url(row), public_url(gone), f"{public_url(gone)}?t={token}",
                f"{public_url(row)}?t={token[:-2]}xx", f"{public_url(row)}?t=", f"{public_url(row)}?t=" + "x" * 3000,
            )
        }  # fmt: skip
        assert len(pages) == 1
        assert b'"status": 404' in pages.pop()

    def test_a_link_holder_opens_it_for_a_quarter_of_an_hour(self):
        row = self.photo()
        address = self.signed(row, self.link())
        assert self.status(address) == 200
        with clock.at(self.now + LIFE + timedelta(seconds=2)):
            assert self.status(address) == 404

    def test_a_link_to_another_case_opens_nothing_here(self):
        row = self.photo()
        assert self.status(self.signed(row, self.link(OTHER))) == 404

    def test_a_token_opens_its_own_file_only(self):
        first, second = self.photo(), self.photo()
        token = self.signed(first, self.link()).partition("?")[2]
        assert self.status(f"{public_url(second)}?{token}") == 404

    def test_an_officers_address_works_in_her_own_session_only(self):
        row = self.photo()
        address = self.signed(row, self.desk())
        assert self.status(address) == 404
        self.enter(self.planner)
        assert self.status(address) == 404
        self.enter(self.officer)
        assert self.status(address) == 200

    def test_an_officer_without_the_duty_loses_the_pictures(self):
        row = self.photo()
        address = self.signed(row, self.desk())
        with self.acting():
            Assignment.objects.filter(account=self.officer).delete()
        self.enter(self.officer)
        assert self.status(address) == 404

    def test_headers_let_nothing_run(self):
        row = self.photo()
        answer = self.client.get(self.signed(row, self.link()))
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["Cache-Control"] == "private, no-cache"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer["Content-Disposition"] == f'inline; filename="{row.pk}.jpg"'

    def test_a_pdf_is_a_download(self):
        with self.reporting():
            row = attach(CASE, "document", io.BytesIO(PLAIN_PDF), "<script>.pdf")
        answer = self.client.get(self.signed(row, self.link()))
        assert answer.content == PLAIN_PDF
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"] == f'attachment; filename="{row.pk}.pdf"'

    def test_what_the_browser_has_is_not_sent_again(self):
        row = self.photo()
        with self.desk():
            release(row)
        first = self.client.get(public_url(row))
        again = self.client.get(public_url(row), headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again["Content-Security-Policy"] == "default-src 'none'; sandbox"
        with self.desk():
            unrelease(row)
        assert self.client.get(public_url(row), headers={"If-None-Match": first["ETag"]}).status_code == 404

    def test_only_reading_is_answered(self):
        assert self.client.post(public_url(self.photo())).status_code == 405


class ReleasePageTest(FilesCase):
    def address(self, row):
        return f"/staff/files/{row.pk}/release/?next=/staff/services/1/"

    def decide(self, row, decision, **fields):
        return self.client.post(self.address(row), {"decision": decision, **fields})

    def boxes(self, *rows):
        names = ("x", "y", "width", "height")
        return {name: [row[at] for row in rows] for at, name in enumerate(names)}

    def copies(self):
        with self.desk():
            return list(Attachment.objects.exclude(original=None))

    def test_only_an_officer_who_may_release_comes_in(self):
        row = self.photo()
        assert self.client.get(self.address(row)).status_code == 302
        self.enter(self.planner)
        assert self.client.get(self.address(row)).status_code == 403
        self.enter(self.officer)
        page = self.client.get(self.address(row)).content.decode()
        assert "ยังไม่เผยแพร่" in page
        assert f"/files/{row.pk}/?t=" in page

    def test_boxes_by_numbers_make_a_released_copy(self):
        row = self.photo()
        self.enter(self.officer)
        answer = self.decide(row, "blur", **self.boxes(("10", "10", "20", "20"), ("", "", "", "")))
        assert answer.headers["Location"] == "/staff/services/1/"
        (copy,) = self.copies()
        assert copy.is_released
        assert self.client.get(public_url(row)).status_code == 404
        assert self.client.get(public_url(copy)).status_code == 200
        assert "ฉบับที่ปิดบังแล้ว" in self.client.get(self.address(row)).content.decode()

    def test_the_whole_photo_is_released_and_taken_back(self):
        row = self.photo()
        self.enter(self.officer)
        self.decide(row, "release")
        assert self.client.get(public_url(row)).status_code == 200
        self.decide(row, "unrelease")
        self.client.logout()
        assert self.client.get(public_url(row)).status_code == 404

    def test_boxes_that_are_none_are_said_and_nothing_is_released(self):
        row = self.photo()
        self.enter(self.officer)
        for fields in ({}, self.boxes(("a", "1", "1", "1")), self.boxes(("120", "1", "1", "1")), {"x": "5"}):
            answer = self.decide(row, "blur", **fields)
            assert answer.status_code == 400
            assert "กรอบ" in answer.content.decode()
        assert self.copies() == []

    def test_another_way_out_is_not_followed(self):
        row = self.photo()
        self.enter(self.officer)
        answer = self.client.post(f"/staff/files/{row.pk}/release/?next=https://example.org/", {"decision": "release"})
        assert answer.headers["Location"] == "/staff/"

    def test_an_unknown_decision_and_a_sealed_photo_are_not_there(self):
        row = self.photo()
        self.enter(self.officer)
        assert self.decide(row, "delete").status_code == 404
        with acting("system:t", "services.confidential"):
            Attachment.objects.update(is_confidential=True)
        assert self.client.get(self.address(row)).status_code == 404


@pytest.mark.parametrize("scope", ["", "subject:not-a-key", "area:1"])
def test_a_token_of_another_shape_opens_nothing(scope):
    from django.core import signing

    from maehia.forms.signing import SALT, read_token

    made = signing.dumps([str(uuid.uuid4()), "a", "b", "live", scope], salt=SALT)
    assert read_token(made) is None
