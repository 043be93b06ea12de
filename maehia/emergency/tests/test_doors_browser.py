"""A volunteer's phone over TLS: the list is kept, opened in airplane mode under a PIN, and its results arrive once."""

from __future__ import annotations

import os
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from maehia.emergency.actions import doors
from maehia.emergency.models import DoorVisit
from maehia.emergency.queries.doors import reached
from maehia.emergency.tests.doors_cast import Soi
from maehia.emergency.tests.tls_cast import TlsBrowserCase
from maehia.web.testing import PHONE

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("KEEP_PICTURES_IN", "")  # a folder: keep what the pages look like, to be looked at
PIN = "482913"
STORED = """async () => {
  const database = await new Promise((done) => { const asked = indexedDB.open("maehia-doors", 1); asked.onsuccess = () => done(asked.result); });
  const rows = (name) => new Promise((done) => { const asked = database.transaction(name).objectStore(name).getAll(); asked.onsuccess = () => done(asked.result); });
  const plain = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? new TextDecoder().decode(value)
    : value && typeof value === "object" ? Object.values(value).map(plain).join(" ") : String(value);
  const [lists, queue, keys] = [await rows("lists"), await rows("queue"), await rows("keys")];
  const pages = [];
  for (const name of await caches.keys()) for (const request of await (await caches.open(name)).keys())
    pages.push(await (await caches.match(request)).text());
  return { lists: lists.length, queue: queue.length, taken: keys.some((key) => key.extractable),
           text: [...lists, ...queue].map(plain).join(" ") + pages.join(" ") };
}"""


def aside(work):
    """Run what needs the database of this test in a thread of its own: the browser's loop does not allow it here."""
    found = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join(timeout=60)
    return found[0]


class OnThePhone(Soi, TlsBrowserCase):
    def setUp(self):
        super().setUp()
        self.incident = self.fight()
        self.row = self.give(self.incident, first=8, start=(98.943, 18.74))
        self.enter(self.volunteer)
        self.path = f"/staff/emergency/{self.incident.number}/doors/{self.row.pk}/"

    def phone(self, open_page):
        page = open_page(self.path, width=PHONE, service_workers="allow", cookies=self.cookies_of(self.client))
        page.set_default_timeout(30_000)
        return page

    def keep(self, page):
        page.fill("#pin-new", PIN)
        page.fill("#pin-again", PIN)
        page.click("[data-keep-form] button")
        page.wait_for_selector("[data-kept]:not([hidden])")

    def unlock(self, page, pin=PIN):
        page.wait_for_selector("[data-unlock]:not([hidden])")
        page.fill("#pin-open", pin)
        page.click("[data-pin-form] button")

    def picture(self, page, name):
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"doors-{name}.png", full_page=True)

    def results(self):
        def read():
            with self.command():
                return DoorVisit.objects.count(), reached(self.incident).by_result

        return aside(read)

    def record(self, page, result, people=""):
        form = page.locator("details.door[open]").first
        form.locator("[name=people]").fill(people)
        form.locator(f"button[value={result}]").click()

    def test_three_doors_in_airplane_mode_arrive_once(self):
        with self.browser() as open_page:
            page = self.phone(open_page)
            assert page.url.startswith("https://phone.maehia.test")
            self.assert_no_sideways(page)
            self.assert_accessible(page)
            self.picture(page, "online")
            self.keep(page)
            stored = page.evaluate(STORED)
            assert (stored["lists"], stored["taken"]) == (1, False)
            assert [word for word in ("มาลี", "0810000001", "โรงเรียนบนดอย", PIN) if word in stored["text"]] == []

            page.context.set_offline(True)
            page.reload()
            self.picture(page, "pin")
            self.unlock(page, "000000")
            page.wait_for_selector("[data-pin-error]:has-text('เหลืออีก 4 ครั้ง')")
            assert "มาลี" not in page.content()
            self.unlock(page)
            page.wait_for_selector("details.door[open] .door-people")
            self.assert_no_sideways(page)
            self.picture(page, "offline")
            for number, (result, people) in enumerate((("reached", "๒"), ("moved", ""), ("not_there", "")), 1):
                self.record(page, result, people)
                page.wait_for_selector(f"[data-queue]:has-text('รอส่ง {number} รายการ')")
            assert page.evaluate(STORED)["queue"] == 3
            page.reload()
            self.unlock(page)
            page.wait_for_selector("details.door[data-result=moved]")
            assert page.inner_text("[data-done]") == "3"
            self.picture(page, "waiting")
            assert self.results()[0] == 0

            page.context.set_offline(False)
            page.wait_for_selector("[data-queue][data-state=done]:has-text('3')")
            page.reload()
            page.wait_for_selector("details.door[data-result=moved]")
            assert page.inner_text("[data-done]") == "3"
            assert self.results() == (3, {"reached": 1, "moved": 1, "refused": 0, "not_there": 1})
            assert page.evaluate(STORED)["queue"] == 0
            self.picture(page, "sent")
            self.assert_obeys_policy_but_offline(page)

    def assert_obeys_policy_but_offline(self, page):
        """No violation of the content policy, no script error; requests did fail while there was no signal."""
        broken = [*page.evaluate("violations"), *(one for one in page.failures if one.startswith("script"))]
        assert broken == []

    @pytest.mark.slow
    def test_wrong_pins_wipe_the_list_and_lose_no_result(self):
        with self.browser() as open_page:
            page = self.phone(open_page)
            self.keep(page)
            page.context.set_offline(True)
            page.reload()
            self.unlock(page)
            page.wait_for_selector("details.door[open]")
            self.record(page, "refused")
            page.wait_for_selector("[data-queue]:has-text('รอส่ง 1 รายการ')")
            page.reload()
            for left in (4, 3, 2, 1):
                self.unlock(page, "111111")
                page.wait_for_selector(f"[data-pin-error]:has-text('เหลืออีก {left} ครั้ง')")
            self.unlock(page, "111111")
            page.wait_for_selector("[data-nothing]:not([hidden]):has-text('ถูกลบแล้ว')")
            page.wait_for_selector("[data-queue]:has-text('รอส่ง 1 รายการ')")
            self.picture(page, "wiped")
            stored = page.evaluate(STORED)
            assert (stored["lists"], stored["queue"]) == (0, 1)
            page.context.set_offline(False)
            page.wait_for_selector("[data-queue][data-state=done]")
            assert self.results() == (1, {"reached": 0, "moved": 0, "refused": 1, "not_there": 0})

    @pytest.mark.slow
    def test_time_log_out_another_account_and_the_end_each_delete_it(self):
        with self.browser() as open_page:
            page = self.phone(open_page)
            self.keep(page)
            page.context.set_offline(True)
            page.clock.set_fixed_time(
                page.evaluate("Date.now()") + timedelta(hours=8, minutes=1).total_seconds() * 1000
            )
            page.reload()
            page.wait_for_selector("[data-nothing]:not([hidden])")
            assert page.evaluate(STORED)["lists"] == 0

            page.context.set_offline(False)
            page = self.phone(open_page)
            self.keep(page)
            page.click(".menu-button-account summary")
            page.click("form[action$='/logout/'] button")
            page.wait_for_url(lambda url: "doors" not in url)
            assert page.evaluate(STORED)["lists"] == 0

            aside(lambda: self.enter(self.volunteer))
            page = self.phone(open_page)
            self.keep(page)
            aside(lambda: self.enter(self.counter))
            page.context.add_cookies([{"name": name, "value": value, "url": self.live_server_url}
                                      for name, value in self.cookies_of(self.client).items()])  # fmt: skip
            page.goto(self.live_server_url + "/staff/")
            self.until(page, 0)

            aside(lambda: self.enter(self.volunteer))
            page = self.phone(open_page)
            self.keep(page)
            aside(lambda: doors.end_list(self.commander, self.row.pk, mode="live"))
            page.goto(self.live_server_url + "/staff/")
            self.until(page, 0)

    def until(self, page, lists):
        for _ in range(100):
            if page.evaluate(STORED)["lists"] == lists:
                return
            page.wait_for_timeout(100)
        raise AssertionError("the list is still on the phone")
