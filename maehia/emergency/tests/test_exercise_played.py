"""One exercise from the first reading to the review, on five screens at once, one phone offline for part of it.

The director runs the script, the commander commands, a citizen asks for help, a volunteer knocks on doors without a
signal, the desk of a shelter takes people in, and two people release a warning. What the pages say in the end is
compared with what this test itself counts from PEOPLE and from its own acts.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache

from maehia.emergency.actions import exercises, release, shelters
from maehia.emergency.actions.readiness import load_defaults
from maehia.emergency.actions.shelters import Facts
from maehia.emergency.models import (
    Alert,
    AlertRecipient,
    CorrectiveAction,
    DoorVisit,
    HelpRequest,
    Incident,
    LogLine,
    Review,
    SitRep,
    ThresholdCrossing,
)
from maehia.emergency.queries.log import tampered_at
from maehia.emergency.tests.cast import Desk
from maehia.emergency.tests.riverside import PEOPLE, SHELTER, Riverside, bank, build_bank
from maehia.emergency.tests.tls_cast import TlsBrowserCase
from maehia.kit import clock
from maehia.kit.acting import acting
from maehia.kit.testing import EXTRA_KEPT, NOW, in_threads
from maehia.message.models import Message
from maehia.web.testing import DESK, PHONE

EXTRA_KEPT |= {"access_role", "access_roleevent"}
pytestmark = [pytest.mark.browser, pytest.mark.slow]
PIN, OFFSET = "482913", 500
INSIDE = [row for row in PEOPLE if row[0] <= 5]
HOUSES = {row[0] for row in INSIDE}
GUESTS = 3
MINE = "exercise"


def aside(work: Any) -> Any:
    """Run what needs the database in a thread of its own: the browser's loop does not allow it here."""
    (found,) = in_threads(1, lambda _number: work())
    if isinstance(found, Exception):
        raise found
    return found


class Moving:
    """A clock that starts at NOW and runs: two readings are not at one moment."""

    def __init__(self) -> None:
        self.began = time.monotonic()

    def now(self) -> datetime:
        return NOW + timedelta(seconds=time.monotonic() - self.began)


class TestPlayed(Riverside, Desk, TlsBrowserCase):
    def setUp(self) -> None:
        super().setUp()
        cache.clear()
        with self.acting(mode=MINE):
            build_bank(MINE, OFFSET)
        with self.command():
            load_defaults()
        with self.command(MINE):
            self.key = exercises.prepare("flash_flood_night", place="ริมน้ำ").pk
            self.number = Incident.objects.get(pk=self.key).number
        self.at = f"/staff/emergency/{self.number}/"

    def cookies(self, account: Any) -> dict[str, str]:
        self.client = self.client_class()
        self.enter(account)
        return self.cookies_of(self.client)

    def test_from_the_first_reading_to_the_review(self):
        crew = {
            name: self.cookies(getattr(self, name)) for name in ("duty", "commander", "volunteer", "counter", "mayor")
        }
        with clock.use(Moving()), self.browser() as open_page:
            director = open_page(f"{self.at}exercise/", width=DESK, cookies=crew["duty"])
            self.read(director)
            desk = open_page(self.at, width=DESK, cookies=crew["commander"])
            self.take_command(desk)
            wall = open_page(f"{self.at}picture/?wall=1", width=1920, cookies=crew["mayor"])
            wall.wait_for_selector("[data-live][data-stream=open]")
            self.see_who_is_inside(desk)
            self.warn(open_page, crew)
            phone = self.doors_without_a_signal(open_page, crew)
            self.ask_for_help(open_page, desk)
            self.take_in(open_page, crew)
            phone.context.set_offline(False)
            phone.wait_for_selector("[data-queue][data-state=done]:has-text('2')", timeout=60_000)
            wall.wait_for_selector("[data-part=log] >> text=เคาะประตู", timeout=30_000)
            self.assert_no_sideways(wall)
            self.report(desk)
            self.learn(desk, director)
        self.assert_nothing_left_the_exercise()

    def read(self, page: Any) -> None:
        """The script gives two readings; the second one in a row crosses a limit of the town."""
        page.click("button[value=start]")
        for words in ("96 มม.", "118 มม."):
            page.click(f".injects li:has-text('{words}') button")
            page.wait_for_selector(f"section:last-of-type .injects li:has-text('{words}')")
        crossed = aside(self.crossings)
        assert crossed == [(118.0, self.key)]

    def crossings(self) -> list[Any]:
        with self.command(MINE):
            return list(ThresholdCrossing.objects.values_list("value", "incident_id"))

    def take_command(self, page: Any) -> None:
        page.click(".moves button:has-text('ยืนยันว่าเกิดเหตุจริง')")
        page.wait_for_selector(".page-head >> text=ยืนยันเหตุแล้ว")
        page.click("#level button")
        page.wait_for_selector(".page-head >> text=ระดับ 1")
        page.select_option("#commander select", str(self.commander.pk))
        page.click("#commander button")
        page.wait_for_selector(".dl >> text=คำสั่ง 12/2569")
        page.goto(f"{self.live_server_url}{self.at}area/")
        page.click("details.more > summary")
        page.fill("#id_shape", bank(1, 5).decode())
        page.click("main form button.primary")
        page.wait_for_selector("text=บันทึกพื้นที่ฉบับที่ 1 แล้ว")
        page.goto(f"{self.live_server_url}{self.at}")
        page.click(".moves button:has-text('เข้าเผชิญเหตุ')")
        page.wait_for_selector(".page-head >> text=กำลังเผชิญเหตุ")

    def see_who_is_inside(self, page: Any) -> None:
        """As many people and houses as the test counts itself; the bedridden woman first; nobody of the living town."""
        page.goto(f"{self.live_server_url}{self.at}affected/")
        assert page.locator('[data-mode="exercise"]').count() == 1
        rows = page.locator(".affected-row")
        shown = page.locator(".affected-people li").count()
        assert shown == len(INSIDE)
        assert len({text.split("/")[0] for text in rows.locator("h3").all_inner_texts()}) == len(HOUSES)
        assert "กาญจนา สมมติ" in rows.first.inner_text()
        assert "ริมน้ำ" not in " ".join(rows.locator(".affected-people").all_inner_texts())

    def warn(self, open_page: Any, crew: Any) -> None:
        """Drafted at the duty desk, approved on the mayor's phone, in the exercise's feed and nowhere else."""
        base = f"{self.at}alerts/"
        page = open_page(base, width=DESK, cookies=crew["duty"])
        page.fill("input[name=area]", "หมู่ 5")
        page.fill("input[name=area_en]", "Moo 5")
        page.click("button:has-text('ร่างประกาศ')")
        page.wait_for_selector(".alert-form")
        page.click("button:has-text('เสนอให้คนที่สอง')")
        page.wait_for_selector(".alert-calls")
        row = aside(self.waiting)
        phone = open_page(f"{base}{row.pk}/approve/", width=PHONE, cookies=crew["mayor"])
        assert row.sha256 in phone.inner_text(".alert-hash")
        phone.click(".alert-yes button")
        phone.wait_for_selector("text=เผยแพร่ประกาศ")
        feeds = aside(lambda: [self.client.get(path).content.decode() for path in ("/cap/exercise/", "/cap/")])
        assert [row.identifier in feed for feed in feeds] == [True, False]

    def waiting(self) -> Alert:
        release.call_due(MINE)
        with self.acting(mode=MINE):
            return Alert.objects.get(incident=self.key, prepared=False)

    def doors_without_a_signal(self, open_page: Any, crew: Any) -> Any:
        """The volunteer keeps the list under a PIN, loses the signal and records two doors."""
        desk = open_page(f"{self.at}doors/", width=DESK, cookies=crew["commander"])
        desk.select_option("select[name=who]", f"account:{self.volunteer.pk}")
        desk.locator("form[action$='/doors/give/'] button").last.click()
        desk.wait_for_selector("text=สมศรี ใจดี")
        path = aside(self.list_path)
        phone = open_page(path, width=PHONE, service_workers="allow", cookies=crew["volunteer"])
        phone.set_default_timeout(60_000)
        phone.fill("#pin-new", PIN)
        phone.fill("#pin-again", PIN)
        phone.click("[data-keep-form] button")
        phone.wait_for_selector("[data-kept]:not([hidden])")
        phone.context.set_offline(True)
        phone.reload()
        phone.wait_for_selector("[data-unlock]:not([hidden])")
        phone.fill("#pin-open", PIN)
        phone.click("[data-pin-form] button")
        for number, result in enumerate(("moved", "not_there"), 1):
            phone.locator("details.door[open]").first.locator(f"button[value={result}]").click()
            phone.wait_for_selector(f"[data-queue]:has-text('รอส่ง {number} รายการ')")
        assert aside(self.visits) == 0
        return phone

    def list_path(self) -> str:
        with self.command(MINE):
            incident = Incident.objects.get(pk=self.key)
            return f"{self.at}doors/{incident.door_lists.get().pk}/"

    def visits(self) -> int:
        with self.command(MINE):
            return DoorVisit.objects.count()

    def ask_for_help(self, open_page: Any, desk: Any) -> None:
        """A citizen of the exercise asks; the desk reads it, gives it a priority and ends it."""
        citizen = open_page("/help/exercise/need/", width=PHONE)
        citizen.check("input[value=trapped]")
        citizen.click("button:has-text('ส่งคำขอ')")
        citizen.wait_for_selector(".sos-code")
        desk.goto(f"{self.live_server_url}{self.at}help/")
        assert desk.locator(".sos-line").count() == 1

    def take_in(self, open_page: Any, crew: Any) -> None:
        """Three come to the shelter; each gets a stay of her own."""
        key = aside(self.open_shelter)
        page = open_page(f"{self.at}shelters/{key}/in/", width=PHONE, cookies=crew["counter"])
        for number in range(GUESTS):
            page.goto(f"{self.live_server_url}{self.at}shelters/{key}/in/")
            page.fill("#id_name", f"ผู้พักพิงสมมติ {number + 1}")
            page.click("section[aria-labelledby=told] button.primary")
            page.wait_for_selector(f"text=รับ ผู้พักพิงสมมติ {number + 1} เข้าศูนย์แล้ว")

    def open_shelter(self) -> Any:
        with acting(self.officer.actor, "emergency.shelter", mode=MINE):
            made = shelters.plan_shelter(Incident.objects.get(pk=self.key), SHELTER, Facts(50))
            shelters.move_shelter(made.pk, "standby")
            return shelters.open_shelter(made.pk).pk

    def report(self, page: Any) -> None:
        """A report freezes what the log says; the test has counted it itself."""
        page.goto(f"{self.live_server_url}{self.at}reports/")
        page.fill("#id_situation", "น้ำล้นลำห้วย อพยพบ้านริมน้ำแล้ว")
        page.click("section form button:has-text('ออกรายงาน')")
        page.wait_for_selector(".report")
        numbers = aside(self.frozen)
        expected = {
            "people": len(INSIDE), "houses": None, "sheltered": GUESTS, "doors_met": 1, "doors_empty": 1,
            "help_open": 1, "alerts": 1,
        }  # fmt: skip
        assert {key: numbers.get(key) for key in expected if expected[key] is not None} == {
            key: value for key, value in expected.items() if value is not None
        }
        for value in (len(INSIDE), GUESTS):
            assert str(value) in page.inner_text(".report .figures")

    def frozen(self) -> dict[str, Any]:
        with self.command(MINE):
            return dict(SitRep.objects.get(incident=self.key).figures["numbers"])

    def learn(self, page: Any, director: Any) -> None:
        """The review is generated; a gap gets an owner; the director ends the exercise; the chain holds."""
        page.goto(f"{self.live_server_url}{self.at}review/")
        page.click("button:has-text('เปิดการทบทวนจากบันทึก')")
        gap = page.locator(".finding-card.gap").first
        gap.locator("details > summary").click()
        gap.locator("input[name=text]").fill("ซ้อมการแจ้งอำเภอทุกไตรมาส")
        gap.locator("select[name=owner]").select_option(str(self.engineer.pk))
        gap.locator("input[name=due_day]").fill("30")
        gap.locator("select[name=due_month]").select_option("12")
        gap.locator("input[name=due_year]").fill("2569")
        gap.locator("button:has-text('มอบหมาย')").click()
        page.wait_for_selector(".corrections >> text=ซ้อมการแจ้งอำเภอทุกไตรมาส")
        director.reload()
        director.click("button[value=end]")
        director.wait_for_selector(".clock-panel >> text=จบแล้ว")
        aside(self.check_the_end)

    def check_the_end(self) -> None:
        with self.command(MINE):
            incident = Incident.objects.get(pk=self.key)
            kinds = set(LogLine.objects.filter(incident=incident).values_list("kind", flat=True))
            assert {"inject", "threshold", "state", "level", "commander", "footprint", "alert", "doors", "help", "stay",
                    "sitrep", "review", "correction", "exercise"} <= kinds  # fmt: skip
            assert Review.objects.get().findings.filter(kind="gap").exists()
            assert CorrectiveAction.objects.get().owner == self.engineer.pk
            assert tampered_at(incident) is None

    def assert_nothing_left_the_exercise(self) -> None:
        """No live row, no recipient, no message to an outside channel."""
        with self.acting():
            assert Incident.objects.count() == HelpRequest.objects.count() == Alert.objects.count() == 0
            assert ThresholdCrossing.objects.count() == LogLine.objects.count() == 0
        with self.acting(mode=MINE):
            assert AlertRecipient.objects.count() == 0
            assert not Message.objects.exclude(channel__in=("", "notice")).filter(state="sent").exists()
