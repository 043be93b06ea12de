"""What must not leak: to those who only joined in, to whoever guesses, to the public, past the seal."""

from __future__ import annotations

import uuid

import pytest

from maehia.base import ProblemError
from maehia.forms.models import Attachment
from maehia.kit.acting import acting
from maehia.kit.idempotency import new_device, new_key
from maehia.message.models import Message
from maehia.services import actions
from maehia.services.line.common import own
from maehia.services.models import Case, CaseEvent, Party
from maehia.services.queries.cases import by_secret
from maehia.services.tests.case_cast import KAM, OTHER_DEVICE
from maehia.services.tests.citizen_cast import CitizenCase, photo, text_of
from maehia.services.tests.photo_cast import attach_photo

PRIVATE = "โทรหาสมศรีที่ 089-999-8888"


class HoleCase(CitizenCase):
    def act(self, case: Case, verb: str, **fields):
        keys = {"idempotency_key": new_key(), "idempotency_device": new_device()}
        return self.client.post(f"/follow/{actions.secret_of(case.pk)}/{verb}/", {**keys, **fields}, follow=True)

    def join(self, case: Case, **fields):
        keys = {"idempotency_key": new_key(), "idempotency_device": new_device()}
        return self.client.post(f"/cases/{case.number}/me-too/", {**keys, **fields})

    def find(self, case: Case, last4: str):
        return self.client.post("/follow/", {"number": case.number, "last4": last4})

    def desk(self):
        return acting(self.works.actor, "services.desk")

    def bodies(self, case: Case) -> list[str]:
        with self.acting():
            return list(Message.objects.filter(about=case.pk).order_by("created_at").values_list("body", flat=True))


class JoinedTests(HoleCase):
    """ "ฉันก็เจอ" is one tap of anybody: it must not open what the reporter wrote."""

    def test_who_joined_in_is_sent_to_the_public_page_and_never_gets_the_secret(self):
        case = self.file()
        self.join(case, email="stranger@example.org")
        with self.desk():
            actions.move(case.pk, "accepted", by=self.works.actor)
        secret, public = actions.secret_of(case.pk), f"/cases/{case.number}/"
        told = [(secret in body, public in body) for body in self.bodies(case)]
        assert sorted(told) == [(False, True), (False, True), (True, False), (True, False)]

    def test_who_joined_in_does_not_open_the_case_by_her_own_phone(self):
        case = self.file()
        self.join(case, phone="081-999-7777")
        assert self.find(case, "7777").status_code == 422
        assert self.find(case, "0001").status_code == 302

    def test_who_joined_in_stops_her_news_on_the_public_page_and_nobody_learns_who_follows(self):
        case = self.file()
        self.join(case, phone="081-999-7777")
        self.page(f"/cases/{case.number}/")  # reads what joining said
        said = []
        for contact in ("081-000-0001", "7777", "081-999-7777"):  # the reporter's, a part, her own
            answer = self.client.post(f"/cases/{case.number}/stop/", {"contact": contact}, follow=True)
            said.append(text_of(answer.content.decode()))
            with self.acting():
                wants = {p.role: bool(p.wants) for p in Party.objects.all()}
            assert wants == {"reporter": True, "follower": contact != "081-999-7777"}
        assert len(set(said)) == 1
        assert "เราหยุดส่งแล้ว" in said[0]

    def test_a_question_is_asked_of_the_reporter_alone(self):
        case = self.file()
        self.join(case, email="stranger@example.org")
        with self.desk():
            actions.move(case.pk, "accepted", by=self.works.actor)
            actions.ask(case.pk, PRIVATE, by=self.works.actor)
        assert sum(PRIVATE in body for body in self.bodies(case)) == 1

    def test_after_a_merge_each_still_finds_her_own_case_and_not_the_other(self):
        parent = self.file()
        child = actions.file_case(
            actions.NewCase(
                service="light", channel="web", address="หน้าวัด", contact=actions.Contact(phone="0822222222")
            ),
            by=OTHER_DEVICE,
        ).case
        with self.desk():
            actions.merge(child.pk, parent.pk, by=self.works.actor)
            actions.move(parent.pk, "accepted", by=self.works.actor)
        assert self.find(parent, "2222").status_code == 422
        assert self.find(child, "2222").headers["Location"] == f"/follow/{actions.secret_of(child.pk)}/"
        told = [actions.secret_of(parent.pk) in body for body in self.bodies(parent)]
        assert sorted(told) == [False, True, True]  # the receipt and the news of the one, the news of the other


class SealTests(HoleCase):
    def sealed(self) -> Case:
        return self.file(service="corruption", point=None, asset_key=None)

    def test_a_sealed_case_is_not_found_by_the_phone_of_whom_one_suspects(self):
        case = self.sealed()
        assert KAM.phone.endswith("0001")
        assert self.find(case, "0001").status_code == 422
        assert by_secret(actions.secret_of(case.pk)) == case.pk

    def test_a_photo_that_comes_later_is_as_sealed_as_its_case(self):
        case = self.sealed()
        self.act(case, "answer", text="หลักฐาน", photos=[photo()])
        with self.desk():
            assert not Attachment.objects.filter(about=case.pk).exists()
        with acting(self.clerk.actor, "services.confidential"):
            assert Attachment.objects.get(about=case.pk).is_confidential

    def test_a_photo_from_a_chat_or_another_app_is_sealed_when_the_case_opens(self):
        key = uuid.uuid4()
        with own("U" + "a" * 32, key, "services.report"):
            shot = attach_photo(key, "photo")
        actions.file_case(
            actions.NewCase(service="corruption", channel="line", description="รับเงิน", photos=[shot.pk]),
            by=OTHER_DEVICE, case_id=key,
        )  # fmt: skip
        with self.desk():
            assert not Attachment.objects.filter(about=key).exists()


class HiddenTests(HoleCase):
    """The address of a released photo must not outlive the publication of its case."""

    def released(self, case: Case) -> str:
        self.fix(case)
        with self.desk():
            shot = Attachment.objects.get(about=case.pk)
            actions.release_photo(case.pk, shot.pk, by=self.works.actor)
            actions.move(case.pk, "in_progress", by=self.works.actor, note="ยังไม่เรียบร้อย")
        assert self.client.get(f"/files/{shot.pk}/").status_code == 200
        return f"/files/{shot.pk}/"

    def test_a_moderated_case_takes_its_photos_along(self):
        case = self.file()
        url = self.released(case)
        with self.desk():
            actions.move(case.pk, "moderated", by=self.works.actor, internal="มีใบหน้าเด็ก")
        assert self.client.get(url).status_code == 404

    def test_so_does_one_that_moves_to_a_private_category(self):
        case = self.file()
        url = self.released(case)
        with self.desk():
            actions.recategorise(case.pk, "noise", by=self.works.actor)
        assert self.client.get(url).status_code == 404

    def test_a_paper_that_was_photographed_is_released_by_nobody(self):
        case = self.file()
        with self.desk():
            paper = attach_photo(case.pk, "document")
            with pytest.raises(ProblemError, match="เฉพาะภาพถ่าย"):
                actions.release_photo(case.pk, paper.pk, by=self.works.actor)


class WordsTests(HoleCase):
    """What citizens write waits for an officer; what an officer asks one of them is not news for all."""

    def public(self, case: Case) -> str:
        number = case.number
        paths = (f"/cases/{number}/", f"/cases/?q={number}", f"/open311/v2/requests/{number}.json",
                 f"/open311/v2/requests/{number}.json?extensions=true", f"/api/v1/cases/{number}")  # fmt: skip
        pages = [self.client.get(path).content.decode() for path in paths]
        csv = b"".join(self.client.get("/cases/cases.csv").streaming_content).decode()
        with acting("system:public", "services.public"):
            notes = " ".join(CaseEvent.objects.filter(case_id=case.pk).values_list("note", flat=True))
        return " ".join([*pages, csv, notes])

    def test_the_reason_to_ask_again_is_read_by_the_desk_and_by_nobody_else(self):
        case = self.file()
        self.fix(case)
        self.act(case, "again", text=PRIVATE)
        assert self.fresh(case).state == "in_progress"
        assert PRIVATE not in self.public(case)
        with self.desk():
            assert CaseEvent.objects.filter(case_id=case.pk, note=PRIVATE, is_public=False).exists()
        assert PRIVATE in text_of(self.page(f"/follow/{actions.secret_of(case.pk)}/"))

    def test_a_question_to_the_reporter_is_no_public_note(self):
        case = self.file()
        with self.desk():
            actions.move(case.pk, "accepted", by=self.works.actor)
            actions.ask(case.pk, PRIVATE, by=self.works.actor)
        assert PRIVATE not in self.public(case)
        assert PRIVATE in text_of(self.page(f"/follow/{actions.secret_of(case.pk)}/"))
