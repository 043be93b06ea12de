"""A report written without a signal waits on the phone and is filed once, whatever the connection does."""

from __future__ import annotations

import pytest
from django.test import override_settings

from maehia.forms.tests import urls
from maehia.forms.tests.files_cast import picture
from maehia.web import registry
from maehia.web.testing import PHONE, BrowserCase
from maehia.web.tests.cast import OnlyWeb

pytestmark = pytest.mark.browser
PANEL = "[data-outbox-panel]"
ENTRIES = "maehiaOutbox.all()"


class OutboxTest(OnlyWeb, BrowserCase):
    def setUp(self):
        super().setUp()
        self.stands_in(override_settings(ROOT_URLCONF="maehia.forms.tests.urls"))
        urls.desk = urls.Desk()
        registry.offline_pages.add(registry.OfflinePage("report-test", "/report/"))
        self.addCleanup(registry.offline_pages.remove, "report-test")

    def write(self, page, text, photo=False):
        page.set_default_timeout(30_000)
        page.fill("#text", text)
        if photo:
            file = {"name": "ไฟ.jpg", "mimeType": "image/jpeg", "buffer": picture().getvalue()}
            page.set_input_files("#photo", [file])
        page.click("button[name=send]")

    def settled(self, page, words):
        page.wait_for_selector(f"{PANEL}:has-text('{words}')", timeout=30_000)

    def until(self, page, expression):
        """The policy of the pages forbids what Playwright's own waiting does."""
        for _ in range(300):
            if page.evaluate(expression):
                return
            page.wait_for_timeout(100)
        raise AssertionError(f"never: {expression}")

    def states(self, page):
        return sorted(entry["state"] for entry in page.evaluate(ENTRIES))

    def online(self, page, *, on):
        page.context.set_offline(not on)

    def test_written_offline_it_waits_and_is_sent_once_when_the_signal_is_back(self):
        with self.browser() as open_page:
            page = open_page("/report/", width=PHONE)
            self.online(page, on=False)
            self.write(page, "ไฟดับปากซอย", photo=True)
            self.settled(page, "รอส่ง 1 เรื่อง")
            assert page.input_value("#text") == ""
            self.write(page, "ถนนเป็นหลุม")
            self.settled(page, "รอส่ง 2 เรื่อง")
            self.assert_no_sideways(page)
            self.assert_accessible(page)
            assert urls.desk.took == []
            self.online(page, on=True)
            self.settled(page, "ส่งแล้ว")
            self.until(page, "document.querySelectorAll('[data-outbox-panel] li[data-state=sent]').length === 2")
            size = len(picture().getvalue())
            assert sorted(urls.desk.took) == [("ถนนเป็นหลุม", (), "1"), ("ไฟดับปากซอย", (f"ไฟ.jpg {size}",), "1")]
            for _ in range(2):
                page.reload()
                self.settled(page, "ส่งแล้ว")
            assert len(urls.desk.took) == 2
            page.click("[data-outbox-panel] a.button")
            page.wait_for_selector("h1:has-text('รับเรื่องแล้ว')")

    def test_with_a_signal_it_is_sent_as_always_and_nothing_is_left(self):
        with self.browser() as open_page:
            page = open_page("/report/")
            self.write(page, "ไฟดับ", photo=True)
            page.wait_for_url("**/done/")
            self.until(page, "maehiaOutbox.all().then((all) => all.every((entry) => entry.state === 'sent'))")
            assert page.locator(PANEL).count() == 0
            assert [len(entry["files"]) for entry in page.evaluate(ENTRIES)] == [0]
            assert [text for text, _, looked in urls.desk.took if not looked] == ["ไฟดับ"]

    def test_an_answer_that_got_lost_on_the_way_makes_no_second_report(self):
        with self.browser() as open_page:
            page = open_page("/report/")
            # The server files it, and the connection breaks before the phone hears of it.
            page.route(
                "**/report/",
                lambda route: (
                    (route.fetch(max_redirects=0), route.abort())
                    if route.request.method == "POST"
                    else route.continue_()
                ),
            )
            self.write(page, "ไฟดับ")
            page.wait_for_timeout(1500)
            assert [text for text, _, _ in urls.desk.took] == ["ไฟดับ"]
            page.unroute("**/report/")
            page.goto(f"{self.live_server_url}/report/")
            self.settled(page, "ส่งแล้ว")
            assert self.states(page) == ["sent"]
            assert len(urls.desk.took) == 1

    def test_what_the_server_refuses_stays_until_it_is_corrected(self):
        with self.browser() as open_page:
            page = open_page("/report/")
            self.online(page, on=False)
            self.write(page, "", photo=True)
            self.settled(page, "รอส่ง 1 เรื่อง")
            self.online(page, on=True)
            self.settled(page, "กรุณาเขียนเรื่อง")
            assert self.states(page) == ["refused"]
            page.click("[data-outbox-panel] a.button")
            self.until(page, "document.querySelector('#photo').files.length === 1")
            self.write(page, "ไฟดับ")
            page.wait_for_url("**/done/")
            self.until(page, "maehiaOutbox.all().then((all) => all.every((entry) => entry.state === 'sent'))")
            assert len(urls.desk.took) == 1
            assert urls.desk.took[0][1] == (f"ไฟ.jpg {len(picture().getvalue())}",)

    def test_a_conflict_is_shown_and_never_lost(self):
        with self.browser() as open_page:
            page = open_page("/report/")
            self.online(page, on=False)
            self.write(page, "ไฟดับ")
            self.settled(page, "รอส่ง")
            urls.desk.fails = 409
            self.online(page, on=True)
            self.settled(page, "ส่งไปก่อนแล้วแต่ข้อมูลไม่ตรงกัน")
            page.reload()
            self.settled(page, "มีเรื่องที่คุณต้องตรวจ")
            (entry,) = page.evaluate(ENTRIES)
            assert (entry["state"], entry["fields"][0]) == ("conflict", ["text", "ไฟดับ"])
            urls.desk.fails = 0
            page.on("dialog", lambda dialog: dialog.dismiss())
            page.click("[data-outbox-panel] button.quiet")
            assert self.states(page) == ["conflict"]

    def test_a_busy_server_is_asked_again_later(self):
        with self.browser() as open_page:
            page = open_page("/report/")
            self.online(page, on=False)
            self.write(page, "ไฟดับ")
            self.settled(page, "รอส่ง")
            for status in (503, 429):
                urls.desk.fails = status
                came = urls.desk.came["POST"]
                self.online(page, on=True)
                for _ in range(100):
                    if urls.desk.came["POST"] > came:
                        break
                    page.wait_for_timeout(100)
                assert urls.desk.came["POST"] > came
                page.wait_for_timeout(300)
                assert self.states(page) == ["waiting"]
                self.online(page, on=False)
            urls.desk.fails = 0
            self.online(page, on=True)
            self.settled(page, "ส่งแล้ว")
            assert len(urls.desk.took) == 1

    def test_the_page_itself_opens_without_a_signal(self):
        with self.browser() as open_page:
            page = open_page("/", width=PHONE, service_workers="allow")
            page.evaluate("navigator.serviceWorker.ready")
            self.until(page, "caches.match('/report/').then(Boolean)")
            self.online(page, on=False)
            page.goto(f"{self.live_server_url}/report/")
            self.write(page, "ไฟดับ")
            self.settled(page, "รอส่ง 1 เรื่อง")
            page.goto(f"{self.live_server_url}/report/")
            self.settled(page, "รอส่ง 1 เรื่อง")
            self.write(page, "น้ำไม่ไหล")
            self.settled(page, "รอส่ง 2 เรื่อง")
            page.goto(f"{self.live_server_url}/staff/")
            page.wait_for_selector("[data-offline]")
            self.settled(page, "รอส่ง 2 เรื่อง")
            self.online(page, on=True)
            page.goto(f"{self.live_server_url}/done/")
            self.settled(page, "ส่งแล้ว")
            self.until(page, "document.querySelectorAll('[data-outbox-panel] li[data-state=sent]').length === 2")
            assert sorted(text for text, _, _ in urls.desk.took) == ["น้ำไม่ไหล", "ไฟดับ"]

    def test_a_form_that_breaks_off_while_sending_is_not_lost(self):
        with self.browser() as open_page:
            page = open_page("/report/", service_workers="allow")
            page.evaluate("navigator.serviceWorker.ready")
            page.reload()
            page.evaluate("Object.defineProperty(navigator, 'onLine', { get: () => true })")
            self.online(page, on=False)
            self.write(page, "ไฟดับ")
            page.wait_for_selector("[data-offline]")
            self.settled(page, "รอส่ง 1 เรื่อง")
            self.online(page, on=True)
            self.settled(page, "ส่งแล้ว")
            assert len(urls.desk.took) == 1

    def test_the_app_can_be_installed(self):
        found = self.client.get("/manifest.webmanifest").json()
        sizes = {(icon["sizes"], icon["type"]) for icon in found["icons"]}
        assert {("192x192", "image/png"), ("512x512", "image/png"), ("any", "image/svg+xml")} <= sizes
        assert found["display"] == "standalone"
        for icon in found["icons"]:
            body = b"".join(self.client.get(icon["src"]).streaming_content)
            assert body[:4] == b"\x89PNG" or body.lstrip().startswith(b"<svg")

    def test_the_worker_keeps_no_page_of_a_person(self):
        worker = self.client.get("/sw.js").content.decode()
        assert 'credentials: "omit"' in worker
        assert '"/report/", "/en/report/"' in worker
        assert "/static/forms/js/outbox-core.js" in worker
