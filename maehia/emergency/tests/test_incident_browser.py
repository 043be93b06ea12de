"""An incident on real screens: three taps to open it, drawn on the map, fought, handed over on a second phone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.core.cache import cache

from maehia.city.actions import set_town
from maehia.emergency.actions import desk, desk_shifts, desk_teams, incidents, playbooks
from maehia.emergency.models import Footprint, Incident, LogLine
from maehia.emergency.queries.log import tampered_at
from maehia.emergency.tests.cast import Desk
from maehia.kit.testing import EXTRA_KEPT, in_threads
from maehia.web.testing import DESK, PHONE, BrowserCase

EXTRA_KEPT |= {"access_role", "access_roleevent"}
pytestmark = pytest.mark.browser
OUTLINE = (
    '{"type":"Polygon","coordinates":[[[98.94,18.735],[98.965,18.735],[98.965,18.76],[98.94,18.76],[98.94,18.735]]]}'
)
SHOTS = os.environ.get("KEEP_PICTURES_IN", "")  # a folder: keep what the pages look like, to be looked at
CORNERS = ((0.3, 0.3), (0.7, 0.3), (0.7, 0.7), (0.3, 0.7))  # of the map's frame


class DeskOnScreens(Desk, BrowserCase):
    def setUp(self):
        super().setUp()
        cache.clear()
        with self.acting():
            set_town({"name_th": "เมืองตัวอย่าง (ข้อมูลสมมติ)", "lao_type": "เทศบาลเมือง", "district_code": "5001",
                      "province_code": "50", "outline": OUTLINE})  # fmt: skip

    def keep(self, page, name):
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)

    def cookies(self, account):
        self.client = self.client_class()  # a session of her own
        self.enter(account)
        return self.cookies_of(self.client)

    def aside(self, work):
        """Do it on another thread: the browser holds this one's event loop."""
        (found,) = in_threads(1, lambda _n: work())
        if isinstance(found, Exception):
            raise found
        return found

    def look(self, page, name=""):
        self.assert_no_sideways(page)
        if name:
            self.keep(page, name)

    @pytest.mark.slow
    def test_open_draw_fight_and_hand_over_on_a_second_phone(self):
        commander, mayor = self.cookies(self.commander), self.cookies(self.mayor)
        with self.browser() as open_page:
            phone = open_page("/staff/emergency/", width=PHONE, cookies=commander)
            phone.click("main a.button.danger")
            phone.click("label.card:has-text('น้ำป่าไหลหลาก')")
            self.look(phone, "open-360")
            phone.click(".open-now button")
            phone.wait_for_selector("text=ทำอะไรต่อ")
            here = phone.url.removeprefix(self.live_server_url)
            self.look(phone, "command-new-360")

            wide = open_page(here, width=DESK, cookies=commander)
            wide.click(".moves button:has-text('ยืนยันว่าเกิดเหตุจริง')")
            wide.wait_for_selector(".page-head >> text=ยืนยันเหตุแล้ว")
            wide.click("#level button")
            wide.wait_for_selector(".page-head >> text=ระดับ 1")
            wide.select_option("#commander select", str(self.commander.pk))
            wide.click("#commander button")
            wide.wait_for_selector(".dl >> text=คำสั่ง 12/2569")
            self.draw(wide, f"{here}area/")
            wide.goto(f"{self.live_server_url}{here}")
            wide.click(".moves button:has-text('เข้าเผชิญเหตุ')")
            wide.wait_for_selector(".page-head >> text=กำลังเผชิญเหตุ")
            self.look(wide, "command-active-1280")
            self.assert_accessible(wide)
            wide.click("#handover > summary")
            wide.select_option("#handover select", str(self.mayor.pk))
            wide.click("#handover button")
            wide.wait_for_selector("text=รอการยืนยันรับมอบ")
            self.assert_obeys_policy(wide)

            other = open_page(here, width=PHONE, cookies=mayor)
            other.click("text=อ่านสรุปสถานการณ์และตอบ")
            other.wait_for_selector(".brief")
            self.look(other, "handover-360")
            self.assert_accessible(other)
            other.click("button[value=accept]")
            other.wait_for_selector("text=คุณเป็นผู้อำนวยการเหตุการณ์แล้ว")
            self.assert_obeys_policy(other)
        self.assert_written()

    def draw(self, page, path):
        """Four corners on the map; the page measures what was drawn."""
        page.goto(f"{self.live_server_url}{path}")
        page.wait_for_selector(".map-frame[data-live]", timeout=30_000)
        frame = page.locator(".map-frame")
        frame.scroll_into_view_if_needed()
        box = frame.bounding_box()
        for x, y in CORNERS:
            page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
            page.wait_for_timeout(350)  # two clicks that follow at once would zoom in
        page.wait_for_selector("[data-draw-status]:has-text('ตร.กม.')")
        self.keep(page, "area-drawing-1280")
        page.click("main form button.primary")
        page.wait_for_selector("text=บันทึกพื้นที่ฉบับที่ 1 แล้ว")
        self.look(page, "area-1280")

    def assert_written(self):
        """Each step stands in the log once, and the chain holds."""
        with self.command():
            row = Incident.objects.get()
            kinds = list(LogLine.objects.filter(incident=row).order_by("seq").values_list("kind", flat=True))
            assert (row.state, row.commander, row.ground) == ("active", self.mayor.pk, "holder")
            assert Footprint.objects.filter(incident=row).count() == 1
            assert [k for k in kinds if k in ("state", "level", "commander", "footprint", "handover")] == [
                "state", "state", "level", "commander", "footprint", "state", "handover", "handover", "commander"
            ]  # fmt: skip
            assert tampered_at(row) is None

    @pytest.mark.slow
    @pytest.mark.timeout(1200)
    def test_every_page_of_the_desk_fits_both_screens_in_both_languages(self):
        numbers = [self.busy(mode) for mode in ("live", "exercise")]
        cookies = self.cookies(self.commander)
        parts = ("", "area/", "plans/", "teams/", "shifts/", "log/", "log/print/", "ics/201/", "ics/202/", "ics/205A/",
                 "ics/214/")  # fmt: skip
        paths = [f"{number}/{part}" for number in numbers for part in parts]
        with self.browser() as open_page:
            for path in ("", "new/", "new/?mode=exercise", "playbooks/", "playbooks/flash-flood/", *paths):
                for language, width in (("", PHONE), ("/en", DESK)):
                    page = open_page(f"{language}/staff/emergency/{path}", width=width, cookies=cookies)
                    name = path.strip("/").replace("/", "-").replace("?", "-") or "list"
                    self.look(page, f"{name}{language[1:]}-{width}")
                    if width == PHONE:
                        self.assert_accessible(page, skip=(".map-frame",))
                    page.context.close()

    def busy(self, mode):
        """An incident with something on every page."""
        with self.command(mode):
            playbooks.load_shipped()
            made = self.flood(mode)
            desk_shifts.begin(made.pk)
            for role, who in (("commander", self.commander), ("recorder", self.duty), ("operations", self.engineer)):
                desk_shifts.man(made.pk, role, who)
            desk_shifts.set_objective(made.pk, "ทุกบ้านในหมู่ 5 ได้รับแจ้งก่อน 12:00 น.")
            playbooks.start(made.pk, "flash-flood")
            playbooks.tick(made.checklists.get().items.first().pk, made, "done")
            team = desk_teams.make_team(made.pk, desk_teams.NewTeam("ชุด 1", moos=["5"], lead=self.engineer))
            desk_teams.join_team(team.pk, self.volunteer)
            desk.note(made.pk, "น้ำเข้าบ้านริมห้วยแล้ว 3 หลัง", post="operations")
            incidents.give_order(made.pk, "evacuate", "ให้อพยพบ้านริมห้วยหมู่ 5 ไปโรงเรียน", signer=self.commander)
            desk.offer_command(made.pk, self.commander, self.mayor)
            return made.number
