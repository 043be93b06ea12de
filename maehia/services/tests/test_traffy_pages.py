"""The console page of the link to Traffy, and files in its columns, both ways."""

from __future__ import annotations

import csv
import io

from django.core.files.uploadedfile import SimpleUploadedFile

from maehia.services.models import Case, Peer, PeerOut
from maehia.services.peers.traffy import columns, link, taking
from maehia.services.tests.traffy_cast import SECRET, Joined

PAGE = "/staff/services/traffy/"
SWITCHES = {
    "passes": ["sends_out"],
    "org_id": "151",
    "services": ["light", "road"],
    "out_per_hour": "50",
    "stop_below": "10",
}


class Page(Joined):
    def setUp(self) -> None:
        super().setUp()
        self.enter(self.clerk)

    def test_the_switches_and_the_quota_stand_on_the_page_and_the_secret_does_not(self) -> None:
        Peer.objects.update(credit=321)
        page = self.page(PAGE)
        assert "321" in page
        assert SECRET not in page
        self.client.post(PAGE, SWITCHES)
        row = Peer.objects.get()
        assert (row.takes_in, row.sends_out, row.services, row.out_per_hour) == (False, True, ["light", "road"], 50)

    def test_low_quota_is_warned_of(self) -> None:
        Peer.objects.update(credit=5)
        assert "หยุดเรียกแล้ว" in self.page(PAGE)

    def test_what_is_stuck_is_shown_and_tried_again(self) -> None:
        case = self.reported_here()
        self.traffy.state["broken"] = "Something new is wrong"
        self.tick()
        page = self.page(PAGE)
        assert case.number in page
        assert "Something new is wrong" in page
        self.traffy.state["broken"] = ""
        self.client.post(PAGE + "again/")
        self.tick()
        with self.acting():
            assert PeerOut.objects.get().sent_at is not None

    def test_only_who_manages_services_opens_it(self) -> None:
        self.enter(self.counter)
        assert self.client.get(PAGE).status_code == 403
        assert self.client.get(PAGE + "dump.csv").status_code == 403

    def test_the_link_stands_among_the_connections(self) -> None:
        from maehia.message.registry import connections

        found = connections.get(link.KEY)
        assert found is not None
        assert found.state() == "live"


class Files(Joined):
    def setUp(self) -> None:
        super().setUp()
        self.enter(self.clerk)

    def export(self, layout: str) -> str:
        return b"".join(self.client.get(f"{PAGE}{layout}.csv").streaming_content).decode()

    def test_our_published_cases_come_out_in_both_layouts(self) -> None:
        case = self.reported_here()
        self.file(service="staff_conduct", asset_key=None)
        self.move(case, "accepted")
        text = self.export("exchange")
        assert text.startswith(columns.BOM)
        (row,) = csv.DictReader(io.StringIO(text[1:]))
        assert tuple(row) == columns.EXCHANGE
        assert (row["ticket_id"], row["type"], row["status"]) == (case.number, "แสงสว่าง", "กำลังดำเนินการ")
        assert (row["description"], row["timestamp_inprogress"][:10]) == ("", "2026-11-18")
        (row,) = csv.DictReader(io.StringIO(self.export("dump")))
        assert tuple(row) == columns.DUMP
        assert row["coords"] == "98.951,18.744"
        assert self.client.get(PAGE + "other.csv").status_code == 404

    def test_a_file_of_traffy_comes_in_once(self) -> None:
        self.ticket("หลุมลึก")
        self.ticket("หลุมตื้น")
        with link.client() as client:
            content = client.download_issues().encode()
        for _ in range(2):
            file = SimpleUploadedFile("traffy.csv", b"\xef\xbb\xbf" + content + b"broken,row\r\n", "text/csv")
            answer = self.client.post(PAGE + "take/", {"file": file}, follow=True)
        assert "มีอยู่แล้ว 2 รับไม่ได้ 1" in answer.content.decode()
        with self.acting():
            assert Case.objects.filter(origin=taking.ORIGIN).count() == 2

    def test_another_file_is_refused_in_words(self) -> None:
        for content in (b"a,b\r\n1,2\r\n", b"\x89PNG"):
            file = SimpleUploadedFile("x.csv", content, "text/csv")
            assert "ไม่พบคอลัมน์" in self.client.post(PAGE + "take/", {"file": file}, follow=True).content.decode()
        assert "เลือกไฟล์" in self.client.post(PAGE + "take/", follow=True).content.decode()
