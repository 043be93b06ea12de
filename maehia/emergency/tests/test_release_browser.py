"""A warning is drafted at the desk and released from a phone at home; an exercise shows up in /cap/exercise/ only."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.test import Client

from maehia.city.tests.cast import text_of
from maehia.emergency.actions import release
from maehia.emergency.models import Alert, AlertRecipient, ApprovalCall, Incident
from maehia.emergency.tests.cast import Desk
from maehia.emergency.tests.test_help import Case as FloodCase
from maehia.emergency.tests.test_release import Case
from maehia.kit.testing import EXTRA_KEPT, in_threads
from maehia.web.testing import DESK, PHONE, BrowserCase

EXTRA_KEPT |= {"access_role", "access_roleevent"}
SHOTS = os.environ.get("KEEP_PICTURES_IN", "")  # a folder: keep what the pages look like, to be looked at


def shoot(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


class TestPages(Desk, Case):
    live_flood = FloodCase.live_flood

    def start(self, mode: str = "live") -> tuple[str, Alert]:
        """A draft of ดวงใจ made at the desk."""
        incident = self.live_flood(mode)
        self.enter(self.duty)
        base = f"/staff/emergency/{incident.number}/alerts/"
        answer = self.send(base, template="flash_flood", area="หมู่ 5", area_en="Moo 5")
        assert answer.status_code == 302, answer.content.decode()[:500]
        with self.command(mode):
            return base, Alert.objects.get(incident=incident, prepared=False)

    def fields(self, row: Alert, **changed) -> dict:
        with self.command(row.mode):
            words = {info.language: info for info in row.infos.all()}
        found = {f"{name}{end}": getattr(words[lang], name) for lang, end in (("th", ""), ("en", "_en"))
                 for name in ("headline", "description", "instruction", "area")}  # fmt: skip
        return {**found, "event": row.event, "urgency": row.urgency, "severity": row.severity, "hours": "6",
                "certainty": row.certainty, "responses": row.responses, **changed}  # fmt: skip

    def test_every_mouth_is_previewed_and_every_finding_listed(self):
        base, row = self.start()
        page = text_of(self.page(f"{base}{row.pk}/"))
        assert "ประกาศซ้ำอีกครั้ง" in page
        assert "คิดเป็น" in page
        assert "I repeat" in page
        self.send(f"{base}{row.pk}/act/", to="save", **self.fields(row, headline="น้ำ <b>มา</b> เวลา 17.00 น."))
        page = self.page(f"{base}{row.pk}/")
        assert 'data-code="cap18' in page
        assert "มีคำย่อที่อ่านออกเสียงแล้วไม่เข้าใจ" in page
        answer = self.send(f"{base}{row.pk}/act/", to="submit", **self.fields(row, headline="น้ำ <b>มา</b>"))
        assert answer.status_code == 422

    def test_the_author_cannot_approve_and_the_second_person_sees_the_hash_she_approves(self):
        base, row = self.start()
        answer = self.send(f"{base}{row.pk}/act/", to="submit", **self.fields(row))
        assert answer.status_code == 302, text_of(answer.content.decode())[:800]
        release.call_due()
        assert self.client.get(f"{base}{row.pk}/approve/").status_code == 403  # the duty officer drafts, others approve
        self.enter(self.commander)
        with self.command():
            row.refresh_from_db()
        page = self.page(f"{base}{row.pk}/approve/")
        assert page.count(row.sha256) >= 2
        with self.command():
            assert ApprovalCall.objects.get(alert=row).seen_at
        wrong = self.send(f"{base}{row.pk}/approve/", to="approve", sha256="0" * 64)
        assert (wrong.status_code, "ข้อความเปลี่ยนไปจากที่คุณเห็น" in wrong.content.decode()) == (422, True)
        assert self.send(f"{base}{row.pk}/approve/", to="approve", sha256=row.sha256).status_code == 302
        reach = text_of(self.page(f"{base}{row.pk}/reach/"))
        assert "Cell Broadcast" in reach
        asked = self.send(f"{base}{row.pk}/broadcast/")
        page = self.page(asked.url)
        assert "ชม 52001/" in page
        paper = page.split('href="/documents/')[1].split('"')[0]
        assert self.client.get(f"/documents/{paper}").status_code == 200
        with self.command():
            key = row.broadcast_requests.get().pk
        answer = self.send(f"{base}{row.pk}/broadcast/", request=str(key), state="confirmed", who="นายเวร ปภ.")
        assert "ยืนยันว่าส่งแล้ว" in self.page(answer.url)
        self.send(f"{base}{row.pk}/reach/", to="told", way="loudspeaker", people="๓๐๐")
        assert "เสียงตามสาย" in self.page(f"{base}{row.pk}/reach/")

    def test_it_comes_back_with_its_reason(self):
        base, row = self.start()
        self.send(f"{base}{row.pk}/act/", to="submit", **self.fields(row))
        with self.command():
            row.refresh_from_db()
        self.enter(self.mayor)
        self.send(f"{base}{row.pk}/approve/", to="return", sha256=row.sha256, reason="ระบุหมู่ 4 ด้วย")
        self.enter(self.duty)
        assert "ระบุหมู่ 4 ด้วย" in self.page(f"{base}{row.pk}/")

    def test_a_published_one_is_updated_and_cancelled_by_new_messages(self):
        base, row = self.start()
        self.send(f"{base}{row.pk}/act/", to="submit", **self.fields(row))
        with self.command():
            row.refresh_from_db()
            release.release(row.pk, self.commander, sha256=row.sha256)
        answer = self.send(f"{base}{row.pk}/act/", to="cancel", reason="น้ำลดแล้ว")
        assert "ยกเลิก" in text_of(self.page(answer.url))
        answer = self.send(f"{base}{row.pk}/act/", to="update")
        assert "ปรับปรุง" in text_of(self.page(answer.url))

    def test_templates_are_worded_in_the_browser(self):
        self.enter(self.duty)
        self.page("/staff/alerts/texts/")
        self.page("/staff/alerts/texts/storm/")
        answer = self.send("/staff/alerts/texts/storm/", headline="ลมแรง{area}", description="ลมมา", instruction="หลบ")
        assert answer.status_code == 302
        assert "ถ้อยคำของเทศบาล" in self.page("/staff/alerts/texts/")
        self.page("/staff/alerts/")

    def test_who_may_not_approve_sees_no_button(self):
        base, row = self.start()
        self.enter(self.officer)
        assert self.client.get(f"{base}{row.pk}/approve/").status_code == 403
        assert self.send(f"{base}{row.pk}/act/", to="drop").status_code == 403
        self.page(f"{base}{row.pk}/")


@pytest.mark.browser
@pytest.mark.slow
class TestInTheBrowser(Desk, BrowserCase):
    live_flood = FloodCase.live_flood

    def waiting(self, incident: Incident) -> Alert:
        with self.acting(mode="exercise"):
            return Alert.objects.get(incident=incident, prepared=False)

    def test_drafted_at_the_desk_released_from_a_phone_seen_in_the_exercise_feed(self):
        incident = self.live_flood("exercise")
        base = f"/staff/emergency/{incident.number}/alerts/"
        self.enter(self.duty)
        author = self.cookies_of(self.client)
        self.client = Client()
        self.enter(self.commander)
        boss = self.cookies_of(self.client)
        with self.browser() as open_page:
            desk = open_page(base, width=DESK, cookies=author)
            desk.fill("input[name=area]", "หมู่ 5")
            desk.fill("input[name=area_en]", "Moo 5")
            shoot(desk, "alert-desk")
            desk.click("button:has-text('ร่างประกาศ')")
            desk.wait_for_selector(".alert-form")
            shoot(desk, "alert-draft")
            self.assert_obeys_policy(desk)
            desk.click("button:has-text('เสนอให้คนที่สอง')")
            desk.wait_for_selector(".alert-calls")
            called, row = in_threads(1, lambda _: (release.call_due("exercise"), self.waiting(incident)))[0]
            assert called == 1
            phone = open_page(f"{base}{row.pk}/approve/", width=PHONE, cookies=boss)
            assert row.sha256 in phone.inner_text(".alert-hash")
            assert phone.locator('[data-mode="exercise"]').count() == 1
            self.assert_no_sideways(phone)
            self.assert_accessible(phone)
            shoot(phone, "alert-approve")
            phone.click(".alert-yes button")
            phone.wait_for_selector("text=เผยแพร่ประกาศ")
            phone.click("text=ถึงใครแล้ว ใครยังไม่ถึง")
            phone.wait_for_selector(".flash-open")
            shoot(phone, "alert-reach")
        feed = self.client.get("/cap/exercise/").content.decode()
        assert row.identifier in feed
        assert row.identifier not in self.client.get("/cap/").content.decode()
        with self.acting(mode="exercise"):
            assert AlertRecipient.objects.count() == 0
