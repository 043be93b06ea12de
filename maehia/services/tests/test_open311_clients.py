"""Other people's clients against our server: civicbot, georeport, and the way Chicago's client walks through pages."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.request import urlopen

import civicbot.open311
import civicbot.registry
import georeport
from civicbot.http import HttpTransport, RateLimiter
from django.test import LiveServerTestCase

from maehia.kit.testing import NOW, ConcurrentTestCase
from maehia.services.actions.api_keys import make_api_key
from maehia.services.models import TokenService
from maehia.services.tests.case_cast import build_street
from maehia.services.tests.desk_cast import build_town, lay
from maehia.services.tests.open311_cast import ASKED, publish


class Clients(ConcurrentTestCase, LiveServerTestCase):
    def setUp(self) -> None:
        with self.acting():
            build_town()
            build_street()
            publish("pole", "เสาไฟฟ้าชำรุด", form=ASKED)
            publish("slow", "เรื่องที่รับเป็นชุด")
            TokenService.objects.create(pk="slow")
        self.root = f"{self.live_server_url}/open311/v2"

    def civicbot(self) -> civicbot.open311.Open311Client:
        town = civicbot.registry.Endpoint(id="town", name="เมืองตัวอย่าง", base_url=self.root, write=True)
        return civicbot.open311.Open311Client(town, HttpTransport(rate_limiter=RateLimiter(0.0)))

    def test_civicbot_reads_files_and_follows_a_token(self) -> None:
        key = make_api_key("civicbot", "bot@example.org", by="system:test").text
        client = self.civicbot()
        sending = {
            "dry_run": False,
            "confirm": "SEND",
            "api_key": key,
            "validate_remote": True,
            "lat": 18.744,
            "lng": 98.951,
        }
        assert {row["service_code"] for row in client.list_services()} >= {"pole", "slow"}
        made = client.create_request("pole", attributes={"fault": "out", "signs": ["smoke"]}, **sending).response
        number = made[0]["service_request_id"]
        assert client.get_request(number)["service_code"] == "pole"
        assert [row["service_request_id"] for row in client.list_requests(status="open")] == [number]
        token = client.create_request("slow", **sending).response[0]["token"]
        assert client.get_token(token)[0]["service_request_id"] != number

    def test_georeport_reads_both_formats(self) -> None:
        with self.acting():
            first, _ = lay("หลุม"), lay("ควัน", service="smoke")
        for output in ("json", "xml"):
            client = georeport.GeoReport(self.root, output_format=output)
            assert len(client.get_service_list()) == 4
            assert client.get_service_definition("pole")["service_code"] == "pole"
            assert len(client.get_service_requests(status="open")) == 2
            assert client.get_service_request(first.number)["service_request_id"] == first.number

    def test_a_walk_through_pages_loses_and_repeats_nothing_while_rows_come_in(self) -> None:
        with self.acting():
            laid = {lay(received_at=NOW - timedelta(hours=n)).number for n in range(7)}
        seen: list[str] = []
        for page in range(1, 9):
            rows = self.walk(page, 3)
            seen += rows
            with self.acting():
                lay(received_at=NOW - timedelta(minutes=10 - page))
            if len(rows) < 3:
                break
        assert len(seen) == len(set(seen))
        assert laid <= set(seen)

    def walk(self, page: int, size: int) -> list[str]:
        """As chicagorequests does: pages from 1, a short one is the last."""
        with urlopen(f"{self.root}/requests.json?page={page}&page_size={size}&extensions=true") as answer:
            assert int(answer.headers["X-Total-Count"]) >= 7
            return [row["service_request_id"] for row in json.load(answer)]
