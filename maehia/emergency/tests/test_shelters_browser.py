"""On a phone: a household comes in, moves to another shelter; a desk writes on without a signal and hands over."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from maehia.emergency.actions import stays
from maehia.emergency.actions.stays_sync import prepare_desk
from maehia.emergency.models import Stay, StayEvent
from maehia.emergency.tests.shelters_cast import Shelters, guest
from maehia.kit.testing import EXTRA_KEPT
from maehia.services.tests.test_browser_report import aside
from maehia.web.testing import DESK, PHONE, BrowserCase

EXTRA_KEPT |= {"access_role", "access_roleevent"}
pytestmark = pytest.mark.browser
SHOTS = os.environ.get("KEEP_PICTURES_IN", "")


class TestShelterOnAPhone(Shelters, BrowserCase):
    now = datetime.now(UTC)  # the browser has a clock of its own, by which the list of a desk expires

    def setUp(self) -> None:
        super().setUp()
        self.people()
        self.at = f"/staff/emergency/{self.incident.number}/shelters/"
        self.temple_at = f"{self.at}{self.temple.pk}/"
        self.enter(self.counter)

    def shot(self, page, name):
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)

    def looked_at(self, page, name):
        self.assert_no_sideways(page)
        self.assert_accessible(page)
        self.shot(page, name)

    def rows(self):
        with self.shelter_desk():
            return sorted((s.name or s.band, s.shelter.name, s.state) for s in Stay.objects.select_related("shelter"))

    @pytest.mark.slow
    def test_a_household_comes_in_and_is_moved_with_all_its_members(self):
        with self.browser() as open_page:
            page = open_page(self.at, width=PHONE, cookies=self.cookies_of(self.client))
            self.looked_at(page, "board-360")
            page.click("text=วัดป่า (สมมติ)")
            self.looked_at(page, "one-360")
            page.click("text=รับผู้พักพิงเข้า")
            self.looked_at(page, "in-360")
            page.fill("#q", "มาลี")
            page.click("form[role=search] button")
            page.click("text=นางมาลี สุขใจดี")
            self.looked_at(page, "family-360")
            page.click("text=รับเข้าพร้อมกัน")
            page.wait_for_selector("text=รับเข้าศูนย์แล้ว 2 คน")
            self.looked_at(page, "people-360")
            page.click("text=นางมาลี สุขใจดี")
            self.looked_at(page, "stay-360")
            page.click("section[aria-labelledby=move] button")
            page.wait_for_selector("text=ย้าย 2 คนไป โรงเรียนบ้านดอน (สมมติ) แล้ว")
            self.assert_obeys_policy(page)
            wide = open_page(self.temple_at, width=DESK, cookies=self.cookies_of(self.client))
            self.looked_at(wide, "one-1280")
        school = "โรงเรียนบ้านดอน (สมมติ)"
        assert [row for row in self.rows() if row[2] == "checked_in"] == [
            ("นางมาลี สุขใจดี", school, "checked_in"), ("นายบุญมา สุขใจดี", school, "checked_in"),
        ]  # fmt: skip
        with self.shelter_desk():
            assert (self.load(self.temple), self.load(self.school)) == ((0, 0), (2, 2))

    def test_a_desk_without_a_signal_writes_on_and_hands_over_once(self):
        with self.shelter_desk():
            stays.check_in(self.temple.pk, guest(1, band="0000018"))
            desk = prepare_desk(self.temple.pk, self.counter, "แท็บเล็ต 1")
        start = f"/shelter-desk/#{self.temple_at}desk/{desk.pk}/"
        with self.browser() as open_page:
            page = open_page(start, width=PHONE, cookies=self.cookies_of(self.client), service_workers="allow")
            page.evaluate("navigator.serviceWorker.ready")
            self.unlock(page, "ผู้พักพิงสมมติ 1")
            self.looked_at(page, "desk-360")
            self.kept_for_offline(page)
            page.context.set_offline(True)
            page.goto(f"{self.live_server_url}/shelter-desk/")
            self.unlock(page, "ผู้พักพิงสมมติ 1")
            self.write_three(page)
            self.looked_at(page, "desk-offline-360")
            assert "คนเปียกฝน" not in page.evaluate(STORED)
            assert len(aside(self.rows)) == 1
            page.context.set_offline(False)
            page.click("[data-send]")
            page.wait_for_selector("text=ส่งแล้ว")
            page.wait_for_selector("[data-unsent]:text-is('0')")
            page.click("[data-send]")
            page.wait_for_timeout(500)
            self.shot(page, "desk-sent-360")
        found = self.rows()
        assert [row[2] for row in found] == ["checked_in", "checked_in", "checked_out"]
        with self.shelter_desk():
            assert self.load(self.temple) == (2, 2)
            assert StayEvent.objects.filter(desk=desk).count() == 3

    def unlock(self, page, name):
        page.fill("#pin", "246810")
        page.click("[data-part=pin] button.primary")
        page.wait_for_selector(f"[data-list] >> text={name}")

    def kept_for_offline(self, page):
        """The service worker keeps the page and its looks in its own time."""
        for _ in range(100):
            if page.evaluate(KEPT):
                return
            page.wait_for_timeout(200)
        raise AssertionError("the service worker did not keep the page")

    def write_three(self, page):
        """Two come, one without a name; one who was there goes home."""
        page.fill("#d-name", "คนเปียกฝน (สมมติ)")
        page.click("[data-in] button.primary")
        page.wait_for_selector("[data-list] >> text=คนเปียกฝน")
        page.click("[data-next-band]")
        page.click("[data-in] button.primary")
        page.wait_for_selector("[data-list] >> text=ไม่ทราบชื่อ")
        page.select_option("[data-list] li:has-text('ผู้พักพิงสมมติ 1') select", "home")
        page.click("[data-list] li:has-text('ผู้พักพิงสมมติ 1') [data-act=out]")
        page.wait_for_selector("[data-unsent]:text-is('3')")


STORED = """
new Promise((done) => {
  const request = indexedDB.open("maehia-shelter-desk", 1);
  request.onsuccess = () => {
    const all = request.result.transaction("events").objectStore("events").getAll();
    all.onsuccess = () => done(all.result.map((entry) => new TextDecoder().decode(entry.sealed.cell)).join());
  };
})
"""
KEPT = """
Promise.all(["/shelter-desk/", document.querySelector("script[src*=shelter_desk]").src].map((one) => caches.match(one)))
  .then((found) => found.every(Boolean))
"""
