"""The common picture: layers under the reader's rights, as it was at a moment, live on another screen."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from maehia.emergency.actions import log
from maehia.emergency.models import Footprint, HelpRequest, Incident, Team
from maehia.emergency.tests.cast import Desk
from maehia.emergency.views.picture_layers import band, layers
from maehia.kit import clock
from maehia.kit.crypto import blind_index
from maehia.kit.testing import NOW, AppTestCase, in_threads
from maehia.web.testing import PHONE, BrowserCase

BOX = Polygon.from_bbox((98.945, 18.735, 98.955, 18.745))
HOUR = timedelta(hours=1)


class Scene(Desk):
    """A flood with a footprint, a team by the bridge and one open request for help."""

    def scene(self, mode: str = "live") -> Incident:
        with self.command(mode):
            made = self.flood(mode, started_at=NOW - 4 * HOUR)
            row = Footprint.objects.create(
                incident=made, number=1, origin="drawn", geom=MultiPolygon(BOX, srid=4326), area_m2=1e6,
                valid_at=NOW - 2 * HOUR, made_at=NOW - 2 * HOUR, made_by="user:x",
            )  # fmt: skip
            made.footprint = row
            made.save(update_fields=["footprint"])
            Team.objects.create(incident=made, name="ชุดเรือ 1", point=Point(98.95, 18.74, srid=4326))
            HelpRequest.objects.create(
                code="12345678", incident=made, state="triaged", priority=1, people=2, channel="web", lon=98.951,
                lat=18.741, last4_index=blind_index("phone4", "5678"), asked_at=NOW - HOUR, recorded_at=NOW - HOUR,
                read_due=NOW, name="มาลี สุขใจดี", phone="0812345678",
            )  # fmt: skip
        return made


class TestPicture(Scene, AppTestCase):
    def layer(self, incident: Incident, key: str, status: int = 200, **query: str) -> list[dict]:
        return json.loads(self.page(f"/staff/emergency/{incident.number}/picture/{key}.json", status, **query))[
            "features"
        ]

    def test_each_layer_answers_with_geojson(self):
        made = self.scene()
        self.enter(self.duty)
        for layer in layers:
            if not layer.people:
                self.layer(made, layer.key)
        assert [one["properties"]["title"] for one in self.layer(made, "teams")] == ["ชุดเรือ 1"]
        (ask,) = self.layer(made, "requests")
        assert ask["properties"] == {"id": "12345678", "title": "P1", "people": 2, "look": "p1"}
        assert "มาลี" not in json.dumps(ask, ensure_ascii=False)

    def test_before_the_footprint_was_known_there_is_none(self):
        made = self.scene()
        self.enter(self.duty)
        assert len(self.layer(made, "footprint")) == 1
        assert self.layer(made, "footprint", at=(NOW - 3 * HOUR).isoformat()) == []

    def test_who_lives_where_is_for_the_assigned_only(self):
        made = self.scene()
        self.enter(self.duty)
        self.page(f"/staff/emergency/{made.number}/picture/doors.json", status=404)
        assert "Doors by priority" not in self.page(f"/staff/emergency/{made.number}/picture/")

    def test_it_shows_the_log_as_it_was(self):
        made = self.scene()
        with self.command(), clock.at(NOW - 3 * HOUR):
            log.append(made, "note", "สะพานยังผ่านได้")
        with self.command():
            log.append(made, "note", "สะพานขาดแล้ว")
        self.enter(self.duty)
        path = f"/staff/emergency/{made.number}/picture/"
        before = self.page(path, at=(NOW - 2 * HOUR).isoformat())
        assert "สะพานยังผ่านได้" in before
        assert "สะพานขาดแล้ว" not in before
        assert "สะพานขาดแล้ว" in self.page(path, at="ไม่ใช่เวลา")

    def test_an_exercise_is_blue_on_every_screen(self):
        made = self.scene("exercise")
        self.enter(self.duty)
        for query in ({}, {"wall": "1"}):
            text = self.page(f"/staff/emergency/{made.number}/picture/", **query)
            assert 'data-mode="exercise"' in text
            assert 'data-mode="live"' not in text

    def test_without_the_right_there_is_no_picture(self):
        made = self.scene()
        self.page(f"/staff/emergency/{made.number}/picture/", status=302)
        self.client.logout()
        assert self.client.get(f"/live/?topic=incident:{made.pk}").status_code == 403

    def test_who_does_not_handle_requests_sees_only_their_number(self):
        made = self.scene()
        self.enter(self.engineer)
        assert "12345678" not in self.page(f"/staff/emergency/{made.number}/picture/")
        self.enter(self.duty)
        assert "12345678" in self.page(f"/staff/emergency/{made.number}/picture/")


def test_bands_are_whole():
    assert [band(n) for n in (0, 24, 25, 59, 60, 999)] == ["low", "low", "middle", "middle", "high", "high"]


@pytest.mark.browser
class TestPictureBrowser(Scene, BrowserCase):
    def write(self, incident: Incident, text: str) -> None:
        with self.command():
            log.append(incident, "note", text)

    def test_what_one_desk_writes_moves_on_the_other_screen(self):
        made = self.scene()
        self.enter(self.duty)
        cookies = self.cookies_of(self.client)
        path = f"/staff/emergency/{made.number}/picture/"
        with self.browser() as open_page:
            page = open_page(path, cookies=cookies)
            page.wait_for_selector("[data-live][data-stream=open]")
            in_threads(1, lambda _: self.write(made, "น้ำถึงหัวสะพาน"))
            page.wait_for_selector("text=น้ำถึงหัวสะพาน", timeout=15000)
            page.wait_for_selector(".map-frame[data-live]")
            slider = page.locator("[data-timeline]")
            slider.fill("1")
            page.wait_for_selector("text=น้ำถึงหัวสะพาน", state="detached", timeout=15000)
            slider.fill(slider.get_attribute("max"))
            page.wait_for_selector("text=น้ำถึงหัวสะพาน", timeout=15000)
            self.assert_accessible(page)
            self.assert_obeys_policy(page)
            phone = open_page(path, width=PHONE, cookies=cookies)
            self.assert_no_sideways(phone)
            wall = open_page(f"{path}?wall=1", width=1920, cookies=cookies)
            wall.wait_for_selector("[data-live][data-stream=open]")
            self.assert_no_sideways(wall)
