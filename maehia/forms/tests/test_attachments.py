"""Files about a case: encrypted, seen by whom it concerns, by all only after an officer's release."""

from __future__ import annotations

import io
import os
import time
import uuid

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from maehia.base import ProblemError
from maehia.forms import jobs, registry, storage
from maehia.forms.actions import attach, blur, erase, erase_about, release, seal, unrelease
from maehia.forms.blurring import Box
from maehia.forms.files import read_file
from maehia.forms.models import Attachment
from maehia.forms.queries import attachments, attachments_of, open_attachment, to_show, waiting_for_release
from maehia.forms.tests.files_cast import CASE, MALEE, OTHER, PLAIN_PDF, FilesCase, picture
from maehia.kit.acting import Scope, acting
from maehia.kit.crypto import CannotDecrypt

FACE = Box(0.25, 0.25, 0.25, 0.25)


class AttachTest(FilesCase):
    def refused(self, code, *args, **more):
        with self.reporting(), pytest.raises(ProblemError) as caught:
            attach(CASE, *args, **more)
        assert caught.value.problem.code == code

    def test_what_lies_on_the_disk_is_no_picture(self):
        row = self.photo()
        assert len(self.on_disk()) == 2
        assert all(path.read_bytes().startswith(b"MHF1") for path in self.on_disk())
        assert all(b"JFIF" not in path.read_bytes() for path in self.on_disk())
        with self.reporting():
            assert open_attachment(row.pk).startswith(b"\xff\xd8")
            assert len(open_attachment(row.pk, small=True)) < row.size + 20_000

    def test_the_row_says_what_it_is_and_its_name_is_encrypted(self):
        row = self.photo()
        with self.reporting():
            row.refresh_from_db()
        assert (row.kind, row.role, row.width, row.height) == ("jpeg", "photo", 400, 300)
        assert row.name == "IMG_1.jpg"
        assert row.made_by == "device:malee"
        assert not row.is_released
        with self.acting(), transaction.atomic():
            raw = Attachment.objects.raw("SELECT id, encode(name, 'escape') AS seen FROM forms_attachment")[0]
            assert "IMG" not in raw.seen

    def test_a_document_may_be_a_photo_or_a_pdf_and_a_photo_only_a_photo(self):
        with self.reporting():
            deed = attach(CASE, "document", io.BytesIO(PLAIN_PDF), "โฉนด.pdf")
            assert (deed.kind, deed.small_as) == ("pdf", "")
            assert open_attachment(deed.pk) == PLAIN_PDF
            assert attach(CASE, "plan", picture()).kind == "jpeg"
        self.refused("photo_kind", "photo", io.BytesIO(PLAIN_PDF))

    def test_a_program_is_neither(self):
        self.refused("file_kind", "document", io.BytesIO(b"MZ\x90\x00" + b"\x00" * 100), "โฉนด.pdf")
        self.refused("photo_kind", "photo", io.BytesIO(b"<svg onload='alert(1)'/>"), "x.jpg")
        assert self.on_disk() == []

    def test_what_the_form_read_already_is_not_read_twice(self):
        ready = read_file(picture())
        chosen = uuid.uuid4()
        with self.reporting():
            assert attach(CASE, "photo", ready, id=chosen).pk == chosen

    def test_a_refused_row_leaves_nothing_on_the_disk(self):
        row = self.photo()
        with self.reporting(), pytest.raises(IntegrityError), transaction.atomic():
            attach(CASE, "photo", picture(), id=row.pk)
        assert len(self.on_disk()) == 2

    def test_a_full_disk_is_said_in_words(self):
        blocked = self.folder / "attachments"
        blocked.write_text("not a folder")
        self.refused("disk_full", "photo", picture())

    def test_nobody_attaches_to_anothers_case(self):
        with self.reporting(OTHER), pytest.raises(DatabaseError), transaction.atomic():
            attach(CASE, "photo", picture())

    def test_a_changed_file_does_not_open(self):
        row = self.photo()
        for path in self.on_disk():
            path.write_bytes(path.read_bytes()[:-1] + b"x")
        with self.reporting(), pytest.raises(CannotDecrypt):
            open_attachment(row.pk)


class SeenTest(FilesCase):
    def seen(self, context):
        with context:
            return [row.pk for row in attachments(CASE)]

    def test_before_release_only_those_concerned_see_it(self):
        row = self.photo(person_key=MALEE)
        mine = acting("user:malee", "me.services", scope=Scope.subject(MALEE))
        for context in (self.reporting(), self.link(), self.desk(), mine):
            assert self.seen(context) == [row.pk]
        for context in (self.reporting(OTHER), self.link(OTHER), self.visitor()):
            assert self.seen(context) == []

    def test_after_release_everybody_does(self):
        row = self.photo()
        with self.desk():
            release(row)
        assert self.seen(self.visitor()) == [row.pk]
        with self.desk():
            unrelease(row.pk)
        assert self.seen(self.visitor()) == []

    def test_an_exercise_photo_is_never_public(self):
        with acting("device:malee", "services.report", scope=Scope.subject(CASE), mode="exercise"):
            row = attach(CASE, "photo", picture())
        with acting("user:nok", "services.desk", mode="exercise"):
            release(row)
        assert self.seen(self.visitor()) == []

    def test_files_of_a_sealed_case_are_hidden_from_the_desk(self):
        row = self.photo()
        with self.desk():
            release(row)
        with acting("system:t", "services.confidential"):
            assert seal(CASE) == 1
            assert [found.pk for found in attachments(CASE)] == [row.pk]
            with pytest.raises(ProblemError) as caught:
                release(row)
        assert caught.value.problem.code == "sealed"
        assert self.seen(self.desk()) == []
        assert self.seen(self.visitor()) == []

    def test_lists_take_one_statement_for_many_cases(self):
        first, second = self.photo(), self.photo(OTHER)
        with self.desk(), self.assertNumQueries(1):
            found = attachments_of([CASE, OTHER, MALEE])
        assert {key: [row.pk for row in rows] for key, rows in found.items()} == {CASE: [first.pk], OTHER: [second.pk]}
        with self.desk():
            assert waiting_for_release([CASE, OTHER]) == {CASE, OTHER}
            release(first)
            assert waiting_for_release([CASE, OTHER]) == {OTHER}


class ReleaseTest(FilesCase):
    def refused(self, code, work):
        with pytest.raises(ProblemError) as caught:
            work()
        assert caught.value.problem.code == code

    def test_who_decided_and_when_is_kept(self):
        row = self.photo()
        with self.desk():
            release(row.pk, by="user:clerk")
            row.refresh_from_db()
        assert (row.released_by, row.released_at) == ("user:clerk", self.now)

    def test_the_reporter_does_not_decide(self):
        row = self.photo()
        with self.link():
            for work in (release, unrelease, lambda photo: blur(photo, [FACE])):
                self.refused("not_an_officer", lambda work=work: work(row))

    def test_a_document_is_never_released(self):
        with self.reporting():
            row = attach(CASE, "document", io.BytesIO(PLAIN_PDF))
        with self.desk():
            self.refused("not_a_photo", lambda: release(row))
            self.refused("not_a_photo", lambda: blur(row, [FACE]))

    def test_other_rooms_are_told_in_the_same_transaction(self):
        told = []
        registry.on_release(told.append)
        self.addCleanup(registry._released.remove, told.append)
        row = self.photo()
        with self.desk():
            release(row)
            release(row)
            unrelease(row)
        assert [found.is_released for found in told] == [True, False]
        assert len(told) == 2

    def test_a_blurred_copy_is_released_and_its_original_stays_inside(self):
        row = self.photo()
        with self.desk():
            release(row)
            copy = blur(row, [FACE])
            assert (copy.about, copy.role, copy.original_id) == (CASE, "photo", row.pk)
            self.refused("blurred_stands", lambda: release(row))
            release(copy)
            assert [found.pk for found in to_show(attachments(CASE))] == [copy.pk]
        with self.visitor():
            assert [found.pk for found in attachments(CASE)] == [copy.pk]

    def test_a_second_blur_takes_the_place_of_the_first_copy(self):
        row = self.photo()
        with self.desk():
            first = blur(row, [FACE])
            second = blur(first, [Box(0.7, 0.7, 0.1, 0.1)])
            first.refresh_from_db()
            assert first.erased_at is not None
            assert second.original_id == row.pk
            assert [found.pk for found in to_show(attachments(CASE))] == [second.pk]


class EraseTest(FilesCase):
    def test_key_file_and_name_are_gone_and_the_hash_stays(self):
        row = self.photo()
        with self.desk(), self.captureOnCommitCallbacks(execute=True):
            release(row)
            erase(row)
            erase(row)
        assert self.on_disk() == []
        with self.desk():
            row.refresh_from_db()
            assert (row.name, row.file_key, row.is_released) == ("", None, False)
            assert len(row.sha256) == 64
            assert attachments(CASE) == []
            with pytest.raises(ProblemError):
                open_attachment(row.pk)
            with pytest.raises(ProblemError):
                release(row)

    def test_everything_about_a_case_at_once(self):
        self.photo()
        self.photo()
        with self.desk(), self.captureOnCommitCallbacks(execute=True):
            assert erase_about(CASE) == 2
            assert erase_about(CASE) == 0
        assert self.on_disk() == []

    def test_the_sweep_removes_files_that_no_row_names(self):
        row = self.photo()
        lost = storage.put(b"left over", os.urandom(32))
        fresh = storage.put(b"being written", os.urandom(32))
        day_ago = time.time() - storage.DAY - 60
        for name in (lost, row.stored_as, row.small_as):
            os.utime(storage.path_of(name), (day_ago, day_ago))
        assert jobs.sweep_files() == 1
        assert {path.name for path in self.on_disk()} == {fresh, row.stored_as, row.small_as}
