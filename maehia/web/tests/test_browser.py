"""The style guide in a real browser: policy, accessibility, widths, languages, keyboard."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from maehia.web import registry
from maehia.web.testing import DESK, PHONE, BrowserCase
from maehia.web.tests.cast import OnlyWeb
from maehia.web.tests.test_tiles import POINTS

GUIDE = "/staff/styleguide/"
pytestmark = pytest.mark.browser


class StyleGuideTest(OnlyWeb, BrowserCase):
    def test_nothing_breaks_the_content_policy(self):
        with self.browser() as open_page:
            page = open_page(GUIDE)
            page.locator("[data-map]").first.scroll_into_view_if_needed()
            page.wait_for_selector("[data-map][data-live]", timeout=20_000)
            page.click("[data-dialog]")
            page.keyboard.press("Escape")
            self.assert_obeys_policy(page)
            self.assert_obeys_policy(open_page("/"))

    @pytest.mark.slow
    def test_axe_finds_nothing_light_or_dark_wide_or_narrow(self):
        with self.browser() as open_page:
            for width, dark in ((DESK, False), (DESK, True), (PHONE, False)):
                page = open_page(GUIDE, width=width, dark=dark)
                page.wait_for_timeout(800)
                self.assert_accessible(page)
            for path in ("/", "/en/", f"{GUIDE}error-404/", f"{GUIDE}wall/", "/offline/"):
                self.assert_accessible(open_page(path, width=PHONE))

    def test_no_page_is_wider_than_its_window(self):
        with self.browser() as open_page:
            for path in (GUIDE, "/", "/en/staff/styleguide/", f"{GUIDE}error-500/"):
                page = open_page(path, width=320)
                for width in (320, PHONE, 768, DESK):
                    page.set_viewport_size({"width": width, "height": 900})
                    self.assert_no_sideways(page)
                page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
                page.set_viewport_size({"width": 320, "height": 900})
                self.assert_no_sideways(page)

    def test_text_of_double_size_still_fits(self):
        with self.browser() as open_page:
            for width in (PHONE, DESK):
                page = open_page(GUIDE, width=width)
                page.evaluate("document.documentElement.style.fontSize = '200%'")
                page.wait_for_timeout(200)
                self.assert_no_sideways(page)

    def test_long_thai_words_break_at_320_pixels(self):
        with self.browser() as open_page:
            page = open_page(GUIDE, width=320)
            page.evaluate("document.querySelector('h1').textContent = 'สำนักงานปลัดเทศบาลเมืองตัวอย่าง'.repeat(6)")
            self.assert_no_sideways(page)
            heights = page.evaluate(
                "(h => [h.getBoundingClientRect().height, parseFloat(getComputedStyle(h).lineHeight)])(document.querySelector('h1'))"
            )
            assert heights[0] > 3 * heights[1]

    def test_thai_is_set_in_our_own_font(self):
        with self.browser() as open_page:
            page = open_page(GUIDE)
            page.evaluate("document.fonts.ready")
            assert page.evaluate("document.fonts.check('600 17px Sarabun', 'ที่นี่')")

    def test_touch_targets_are_large_enough(self):
        with self.browser() as open_page:
            page = open_page(GUIDE, width=PHONE, has_touch=True, is_mobile=True)
            small = page.evaluate(
                "[...document.querySelectorAll('button, .button, .tool, .thumb-nav a, .tabs a, .chip, summary, label.card')]"
                ".filter(e => { const r = e.getBoundingClientRect(); return r.width && r.height < 43.5; })"
                ".map(e => `${e.tagName}.${e.className} ${e.getBoundingClientRect().height}`)"
            )
            assert small == []

    def test_everything_is_readable_without_script(self):
        with self.browser() as open_page:
            page = open_page(GUIDE, javascript=False)
            assert page.locator(".map-picture svg").first.is_visible()
            assert page.locator(".map-list a").first.is_visible()
            page.click("[data-dialog]")
            assert page.url.endswith("/confirm/")
            phone = open_page(GUIDE, width=PHONE, javascript=False)
            phone.click(".menu-button summary")
            assert phone.locator(".menu-button nav").is_visible()

    def test_the_skip_link_is_the_first_stop(self):
        with self.browser() as open_page:
            page = open_page("/")
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.className") == "skip"
            page.keyboard.press("Enter")
            assert page.evaluate("document.activeElement.id") == "main"

    def test_errors_are_what_one_reads_first(self):
        with self.browser() as open_page:
            page = open_page(GUIDE)
            page.wait_for_timeout(300)
            assert "error-summary" in page.evaluate("document.activeElement.className")
            page.click(".error-summary a >> nth=0")
            assert page.evaluate("document.activeElement.tagName") == "INPUT"

    def test_a_dialog_opens_over_the_page_and_gives_the_focus_back(self):
        with self.browser() as open_page:
            page = open_page(GUIDE)
            page.click("[data-dialog]")
            assert page.locator("dialog[open]").is_visible()
            assert "1,204" in page.locator("dialog[open]").inner_text()
            page.keyboard.press("Escape")
            assert page.locator("dialog[open]").count() == 0
            assert page.evaluate("document.activeElement.dataset.dialog") == "withdraw"

    def test_running_work_is_asked_about_until_it_ends(self):
        with self.browser() as open_page:
            page = open_page(GUIDE)
            assert page.locator("#job progress").count() == 1
            page.wait_for_selector("#job", state="detached", timeout=6000)

    def test_an_id_is_grouped_when_one_leaves_the_box(self):
        with self.browser() as open_page:
            page = open_page(GUIDE)
            box = page.locator("#id_national_id")
            box.fill("๑๒๓๔๕๖๗๘๙๐๑๒๑")
            box.blur()
            assert box.input_value() == "1-2345-67890-12-1"

    def test_a_picked_photo_is_shown_and_can_be_removed(self):
        with self.browser() as open_page:
            page = open_page(GUIDE)
            svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'
            page.set_input_files("#id_photo", {"name": "ไฟดับ.svg", "mimeType": "image/svg+xml", "buffer": svg})
            assert "ไฟดับ.svg" in page.locator(".file-list").inner_text()
            page.click(".file-list button")
            assert page.evaluate("document.getElementById('id_photo').files.length") == 0
            self.assert_obeys_policy(page)


class MapTest(OnlyWeb, BrowserCase):
    def ready(self, page, number=0):
        frame = page.locator("[data-map]").nth(number)
        frame.scroll_into_view_if_needed()
        frame.and_(page.locator("[data-live]")).wait_for(timeout=20_000)
        return frame

    def test_a_click_on_a_zone_shows_its_card_with_a_link(self):
        with self.browser() as open_page:
            page = open_page(GUIDE)
            frame = self.ready(page)
            page.wait_for_timeout(800)
            box = frame.bounding_box()
            page.mouse.click(box["x"] + box["width"] * 0.62, box["y"] + box["height"] * 0.5)
            card = frame.locator(".map-card")
            card.wait_for()
            assert "38" in card.inner_text()
            assert card.locator("a").get_attribute("href") == "#moo4"
            page.keyboard.press("Escape")
            assert card.count() == 0

    def test_the_list_points_at_the_map(self):
        with self.browser() as open_page:
            page = open_page(GUIDE)
            frame = self.ready(page)
            page.locator("[data-show]").first.press("Enter")
            assert "ศูนย์พักพิง" in frame.locator(".map-card").inner_text()
            assert page.locator("[data-place].on").count() == 1

    def test_only_one_thematic_layer_shows_at_a_time_with_its_legend(self):
        with self.browser() as open_page:
            page = open_page(GUIDE)
            frame = self.ready(page)
            frame.locator(".map-panel").evaluate("panel => { panel.open = true; }")  # closed on a narrow map
            assert "มากกว่า 50 %" in frame.locator(".map-panel").inner_text()
            frame.get_by_label("ความแน่นอนของขอบเขต").check()
            words = frame.locator(".map-panel").inner_text()
            assert "มากกว่า 50 %" not in words
            assert "ไม่แน่นอน" in words
            assert "CC0" in words

    def test_registered_layers_are_drawn_from_tiles_of_the_database(self):
        registry.layers.add(replace(POINTS, role="base", label="name"))
        with self.browser() as open_page:
            page = open_page(GUIDE)
            tiles = []
            page.on(
                "response",
                lambda answer: tiles.append((answer.status, answer.body())) if "/tiles/" in answer.url else None,
            )
            self.ready(page)
            page.wait_for_timeout(1500)
            assert tiles
            assert {status for status, _ in tiles} == {200}
            assert any("จุด 4".encode() in body for _, body in tiles)
            self.assert_obeys_policy(page)

    def test_on_a_phone_the_map_waits_for_a_tap(self):
        with self.browser() as open_page:
            page = open_page(GUIDE, width=PHONE)
            asked = []
            page.on("request", lambda request: asked.append(request.url) if "maplibre" in request.url else None)
            page.wait_for_selector(".map-start:not([hidden])")
            assert asked == []
            page.locator(".map-start").first.click()
            self.ready(page)
            assert any("maplibre-gl.mjs" in url for url in asked)

    def test_an_area_is_drawn_by_keyboard_alone(self):
        with self.browser() as open_page:
            page = open_page(GUIDE)
            frame = self.ready(page, 1)
            frame.locator("canvas").focus()
            for arrow in ("ArrowLeft", "ArrowUp", "ArrowRight", "ArrowRight"):
                page.keyboard.press("Enter")
                page.keyboard.press(arrow)
                page.wait_for_timeout(500)
            drawn = json.loads(page.evaluate("document.getElementById('id_area').value"))
            assert drawn["type"] == "Polygon"
            assert len(drawn["coordinates"][0]) == 5
            assert drawn["coordinates"][0][0] == drawn["coordinates"][0][-1]
            assert "ตร.กม." in page.locator("[data-draw-status]").inner_text()
            page.get_by_role("button", name="ลบมุมล่าสุด").click()
            assert len(json.loads(page.evaluate("document.getElementById('id_area').value"))["coordinates"][0]) == 4
            page.get_by_role("button", name="เริ่มวาดใหม่").click()
            assert page.evaluate("document.getElementById('id_area').value") == ""

    def test_a_pin_fills_the_form(self):
        with self.browser() as open_page:
            page = open_page(GUIDE)
            frame = self.ready(page, 2)
            box = frame.bounding_box()
            page.mouse.click(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.4)
            lon, lat = (float(page.input_value(f"#id_{name}")) for name in ("lon", "lat"))
            assert 97 < lon < 106
            assert 5 < lat < 21

    def test_without_webgl_the_picture_and_the_list_stay(self):
        with self.browser() as open_page:
            page = open_page("/")
            page.context.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
            page.goto(f"{self.live_server_url}{GUIDE}")
            page.wait_for_selector(".map-words")
            assert "ภาพและรายการ" in page.locator(".map-words").first.inner_text()
            assert page.locator(".map-picture svg").first.is_visible()

    def test_a_map_that_does_not_load_says_so(self):
        with self.browser() as open_page:
            page = open_page("/")
            page.route("**/maplibre-gl.mjs", lambda route: route.abort())
            page.goto(f"{self.live_server_url}{GUIDE}")
            page.locator("[data-map]").first.scroll_into_view_if_needed()
            page.wait_for_selector(".map-words")
            assert "โหลดแผนที่ไม่สำเร็จ" in page.locator(".map-words").first.inner_text()


class OfflineTest(OnlyWeb, BrowserCase):
    def test_without_a_signal_the_offline_page_answers_and_no_page_was_kept(self):
        with self.browser() as open_page:
            page = open_page("/", service_workers="allow")
            page.wait_for_function(
                "navigator.serviceWorker.controller || navigator.serviceWorker.ready", timeout=10_000
            )
            page.wait_for_timeout(800)
            page.goto(f"{self.live_server_url}{GUIDE}")
            kept = page.evaluate(
                "caches.keys().then(async n => (await (await caches.open(n[0])).keys()).map(r => new URL(r.url).pathname))"
            )
            assert "/offline/" in kept
            assert [path for path in kept if not path.startswith("/static/") and path != "/offline/"] == []
            page.context.set_offline(True)
            page.goto(f"{self.live_server_url}/report/")
            assert "ไม่มีสัญญาณอินเทอร์เน็ต" in page.locator("h1").inner_text()
            assert page.evaluate("document.fonts.check('17px Sarabun')")
