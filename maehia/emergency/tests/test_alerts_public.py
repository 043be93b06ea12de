"""What the public gets: feeds, documents and pages as files, right at every moment, without asking the database."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import feedparser

from maehia.emergency.actions import alerts_follow
from maehia.emergency.rules.cap import feed, parse
from maehia.emergency.tests.alert_cast import Warned, flash_flood
from maehia.emergency.views import public_alerts
from maehia.emergency.views.public_alerts_cards import banners
from maehia.kit import clock
from maehia.kit.testing import NOW, AppTestCase
from maehia.web import prerendered
from maehia.web.prerendered import Prerendered


async def nowhere(_scope, _receive, send) -> None:
    await send({"type": "http.response.start", "status": 599, "headers": []})
    await send({"type": "http.response.body", "body": b"django was asked"})


def ask(path: str, method: str = "GET", app=nowhere, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Ask the outermost layer; 599 where it passes the request on."""
    sent: list[dict] = []

    async def send(message) -> None:
        sent.append(message)

    asked = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": asked}
    asyncio.run(Prerendered(app)(scope, None, send))
    told = {key.decode(): value.decode() for key, value in sent[0]["headers"]}
    return sent[0]["status"], told, b"".join(part.get("body", b"") for part in sent[1:])


class TestPublic(Warned, AppTestCase):
    def body(self, path: str) -> str:
        status, _, body = ask(path)
        assert status == 200, (path, status)
        return body.decode()

    def test_an_empty_feed_says_that_nothing_is_in_force(self):
        public_alerts.write_all()
        for path in ("/cap/", "/cap/rss.xml", "/cap/exercise/"):
            text = self.body(path)
            assert "ไม่มีประกาศเตือนที่มีผลอยู่" in text
            assert feed.feed_faults(text.encode()) == []
        assert "ไม่มีประกาศเตือนที่มีผลอยู่" in self.body("/alerts/")
        assert json.loads(self.body("/alerts/strip.json")) == {"alerts": 0}

    def test_what_goes_out_is_in_the_feed_at_once_with_its_bytes(self):
        with self.captureOnCommitCallbacks(execute=True):
            row = self.out()
        for path in ("/cap/", "/cap/rss.xml"):
            read = feedparser.parse(ask(path)[2])
            assert not read.bozo
            assert [entry.title for entry in read.entries] == ["น้ำป่าเข้าหมู่ 4 ให้อพยพทันที"]
            assert "Flash flood in Moo 4" in read.entries[0].summary
            links = [link.href for link in read.entries[0].links]
            assert f"https://sample.go.th/cap/{row.identifier}.xml" in links
        status, told, body = ask(f"/cap/{row.identifier}.xml")
        assert (status, told["content-type"], body) == (200, "application/cap+xml", bytes(row.xml))
        assert "immutable" in told["cache-control"]
        assert parse(body).alert.identifier == row.identifier
        assert ask(f"/cap/exercise/{row.identifier}.xml")[0] == 599

    def test_people_read_it_in_two_languages_and_every_page_shows_the_strip(self):
        with self.captureOnCommitCallbacks(execute=True):
            row = self.out()
        thai, english = self.body(f"/alerts/{row.identifier}/"), self.body(f"/en/alerts/{row.identifier}/")
        assert "<li>ห้ามลุยน้ำไหล</li>" in thai
        assert "18 พ.ย. 2569 16:00" in thai  # until when, with the hour
        assert "Water has entered homes." in english
        assert 'class="banner banner-live"' in thai
        assert "Flash flood in Moo 4: leave now" in self.body("/en/alerts/")
        page = self.client.get("/")
        assert 'class="banner banner-live"' in page.content.decode()
        assert "น้ำป่าเข้าหมู่ 4" in page.content.decode()

    def test_a_page_ends_on_time_although_nothing_runs(self):
        with self.captureOnCommitCallbacks(execute=True):
            row = self.out()
        with clock.at(NOW + timedelta(hours=6) - timedelta(seconds=1)):
            assert "banner-live" in self.body("/alerts/")
            assert row.identifier in self.body("/cap/")
        with clock.at(NOW + timedelta(hours=6)):
            assert "ไม่มีประกาศเตือนที่มีผลอยู่" in self.body("/alerts/")
            assert "หมดเวลาแล้ว" in self.body(f"/alerts/{row.identifier}/")
            assert row.identifier not in self.body("/cap/")
            assert 'class="banner banner-live"' not in self.client.get("/").content.decode()

    def test_a_cancel_takes_the_alert_down_and_stays_in_the_feed(self):
        with self.captureOnCommitCallbacks(execute=True):
            row = self.out()
        with clock.at(NOW + timedelta(minutes=5)):
            with self.by(self.duty):
                cancel = alerts_follow.cancel(row.pk)
            with self.captureOnCommitCallbacks(execute=True):
                out = self.through(cancel)
            read = feedparser.parse(ask("/cap/")[2])
            assert [entry.id.rpartition(":")[2] for entry in read.entries] == [out.identifier]
            assert "ไม่มีประกาศเตือนที่มีผลอยู่" in self.body("/cap/")
            assert "ยกเลิกแล้ว" in self.body(f"/alerts/{row.identifier}/")
            assert json.loads(self.body("/alerts/strip.json")) == {"alerts": 0}
        with clock.at(NOW + timedelta(hours=6)):
            assert feedparser.parse(ask("/cap/")[2]).entries == []

    def test_an_exercise_is_only_where_exercises_are(self):
        with self.command("exercise"):
            drill = self.flood("exercise")
        with self.captureOnCommitCallbacks(execute=True):
            row = self.out("exercise", drill)
        assert row.identifier in self.body("/cap/exercise/")
        assert row.identifier not in self.body("/cap/")
        page = self.body(f"/alerts/exercise/{row.identifier}/")
        assert "ไม่ใช่เหตุจริง" in page
        assert "<h1>ฝึกซ้อม: น้ำป่าเข้าหมู่ 4" in page
        assert json.loads(self.body("/alerts/strip.json")) == {"alerts": 0}
        assert ask(f"/cap/{row.identifier}.xml")[0] == ask(f"/alerts/{row.identifier}/")[0] == 599
        assert self.client.get(f"/cap/{row.identifier}.xml").status_code == 404

    def test_a_test_is_not_in_the_live_feed_and_a_draft_status_is_nowhere(self):
        with self.captureOnCommitCallbacks(execute=True):
            test, hidden = self.out(status="Test"), self.out(status="Draft")
        assert test.identifier in self.body("/cap/exercise/")
        for path in ("/cap/", "/cap/exercise/", "/alerts/", "/alerts/exercise/"):
            assert hidden.identifier not in self.body(path)
        assert test.identifier not in self.body("/cap/")

    def test_where_no_file_lies_django_answers_and_writes_them(self):
        row = self.out()
        assert ask("/cap/")[0] == 599
        assert row.identifier in self.client.get("/cap/").content.decode()
        assert ask("/cap/")[0] == 200
        answer = self.client.get(f"/cap/{row.identifier}.xml")
        assert answer.content == bytes(row.xml)
        again = self.client.get(f"/cap/{row.identifier}.xml", headers={"If-None-Match": answer["ETag"]})
        assert again.status_code == 304
        assert self.client.get("/cap/none.xml").status_code == 404
        assert self.client.get("/alerts/none/").status_code == 404
        assert self.client.post("/cap/").status_code == 405

    def test_pages_ask_the_database_for_nothing_to_show_the_strip(self):
        with self.captureOnCommitCallbacks(execute=True):
            self.out()
        request = self.client.get("/health/live").wsgi_request
        with self.assertNumQueries(0):
            assert len(banners(request)) == 1

    def test_an_orange_strip_for_what_is_less_grave(self):
        with self.captureOnCommitCallbacks(execute=True):
            self.out(severity="Moderate", urgency="Expected")
            self.out(severity="Minor", urgency="Future")
        text = self.client.get("/").content.decode()
        assert 'class="banner banner-warn"' in text
        assert "และอีก 1 ประกาศ" in text

    def test_a_full_disk_does_not_take_a_release_back(self):
        (self.folder / prerendered.FOLDER).write_text("a file where the folder should be")
        with self.captureOnCommitCallbacks(execute=True):
            row = self.out()
        with self.by(self.duty):
            assert public_alerts.queries.state_of(row) == "published"

    def test_feeds_hold_under_their_rules_and_stay_small(self):
        words = flash_flood().th
        with self.captureOnCommitCallbacks(execute=True):
            for number in range(3):
                with clock.at(NOW + timedelta(seconds=number)):
                    self.out()
        sent = [entry.updated for entry in feedparser.parse(ask("/cap/")[2]).entries]
        assert sent == sorted(sent, reverse=True)
        message = parse(ask("/cap/")[2]).alert
        assert message is None
        long = [
            public_alerts.entry_of(row, "https://a/", "https://a/") for row in public_alerts.sides(NOW)[0].in_feed()
        ]
        head = feed.Feed("https://a/cap/", "https://a/", "x" * 200, words.headline, NOW, 3)
        for made in (feed.atom(head, long * 200), feed.rss(head, long * 200)):
            assert len(made) <= feed.MOST_BYTES
            assert made.count(b"<title>") > 20


def test_faults_of_a_feed_are_named():
    bad = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>a</id></entry><entry><id>a</id><link href="x" type="text/html"/></entry></feed>'
    assert set(feed.feed_faults(bad.encode())) == {
        "ATOM_ID_IS_REQUIRED", "ATOM_TITLE_IS_REQUIRED", "ATOM_UPDATED_IS_REQUIRED", "ATOM_ENTRY_TITLE_IS_REQUIRED",
        "ATOM_ENTRY_UPDATED_IS_REQUIRED", "ATOM_ENTRY_MISSING_CAP_LINK", "ATOM_ENTRY_NON_UNIQUE_IDS",
    }  # fmt: skip
    assert feed.feed_faults(b"<rss><channel><item/></channel></rss>") == [
        "RSS_PUBDATE_IS_RECOMMENDED", "RSS_ITEM_TITLE_OR_DESCRIPTION_IS_REQUIRED", "RSS_ITEM_MISSING_CAP_LINK",
        "RSS_ITEM_GUID_IS_RECOMMENDED",
    ]  # fmt: skip
    assert feed.feed_faults(b"<!DOCTYPE a><feed/>") == ["cap20_doctype"]
