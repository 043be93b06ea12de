"""Pages that move by themselves: told after the commit, only to who may watch, and again after a lost connection."""

from __future__ import annotations

import queue
import threading

import pytest
from django.db import connection, transaction
from django.test import RequestFactory

from maehia.kit.testing import ConcurrentTestCase
from maehia.web import live
from maehia.web.live import Hub, event, stream, topics


class TestHub(ConcurrentTestCase):
    def notify(self, payload: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [live.CHANNEL, payload])

    def listening(self, hub: Hub, topic: str) -> queue.Queue[str]:
        """A watcher whose connection is known to listen."""
        self.addCleanup(hub.stop)
        heard: queue.Queue[str] = queue.Queue()
        hub.watch([topic], heard.put)
        probe: queue.Queue[str] = queue.Queue()
        hub.watch(["probe"], probe.put)
        for _ in range(100):
            self.notify("probe 1")
            try:
                probe.get(timeout=0.1)
                return heard
            except queue.Empty:
                continue
        raise AssertionError("nobody listens")

    def test_a_watcher_hears_its_topic_after_the_commit_and_no_other(self):
        heard = self.listening(Hub(), "incident:one")
        with transaction.atomic():
            self.notify("incident:one 7")
            with pytest.raises(queue.Empty):
                heard.get(timeout=0.2)
        self.notify("incident:two 8")
        self.notify("incident:one 9")
        assert [heard.get(timeout=5), heard.get(timeout=5)] == ["incident:one 7", "incident:one 9"]

    def test_what_was_rolled_back_is_never_told(self):
        heard = self.listening(Hub(), "incident:one")
        with transaction.atomic():
            self.notify("incident:one 7")
            transaction.set_rollback(True)
        self.notify("incident:one 8")
        assert heard.get(timeout=5) == "incident:one 8"

    def test_after_a_lost_connection_every_page_looks_for_itself(self):
        heard = self.listening(Hub(), "incident:one")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'maehia_live' AND usename = current_user"
            )
        assert heard.get(timeout=20) == "incident:one 0"

    def test_many_pages_share_one_connection(self):
        hub = Hub()
        for number in range(20):
            hub.watch([f"incident:{number}"], lambda payload: None)
        self.listening(hub, "incident:x")
        names = [thread.name for thread in threading.enumerate() if thread is hub._thread]
        assert names == ["live"]
        assert hub.watched == 22

    def test_who_left_is_not_told(self):
        hub = Hub()
        self.addCleanup(hub.stop)
        heard: queue.Queue[str] = queue.Queue()
        leave = hub.watch(["incident:one"], heard.put)
        leave()
        hub.tell("incident:one 5")
        assert heard.empty()
        assert hub.watched == 0


def ask(query: str):
    return stream(RequestFactory().get(f"/live/{query}"))


def test_a_topic_that_nobody_offers_is_refused():
    assert ask("").status_code == 400
    assert ask("?topic=nothing:1").status_code == 403
    assert ask("?" + "&".join(f"topic=a:{n}" for n in range(9))).status_code == 400


def test_a_stream_begins_with_how_long_to_wait():
    topics.add("test", lambda request, rest: rest == "mine")
    assert ask("?topic=test:yours").status_code == 403
    answer = ask("?topic=test:mine")
    assert answer["Content-Type"] == "text/event-stream"
    assert "no-store" in answer["Cache-Control"]
    answer.close()


def test_an_event_carries_a_topic_and_a_number_and_nothing_else():
    assert event("incident:one 7") == "event: change\ndata: incident:one 7\n\n"
