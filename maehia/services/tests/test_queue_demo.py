"""The demo's service centre holds together: what the pages show of it is what its rows say."""

from __future__ import annotations

import time
from datetime import date

from maehia.access.actions import create_account
from maehia.kit.testing import NOW, AppTestCase
from maehia.services import demo_queue
from maehia.services.models import Booking, Desk, Period, Ticket
from maehia.services.queries import queue as queries
from maehia.services.queries import ratings
from maehia.services.queries.queue_numbers import figures


class DemoCentre(AppTestCase):
    def test_it_is_made_once_quickly_and_consistently(self):
        with self.acting():
            for login in demo_queue.OPEN_BY.values():
                create_account(login, login)
        begun = time.monotonic()
        demo_queue.load(7)
        assert time.monotonic() - begun < 30  # 5 seconds on a quiet machine
        with self.acting():
            rows = Ticket.objects.count()
        demo_queue.load(7)
        with self.acting():
            assert Ticket.objects.count() == rows > 1500
            waiting = [t for t in Ticket.objects.filter(state="waiting")]
            place = queries.place_of(waiting[-1], NOW)
            for ticket in Ticket.objects.filter(day=NOW.date()).prefetch_related("periods"):
                last = ticket.periods.all()[len(ticket.periods.all()) - 1]
                assert (last.end is None) == (ticket.state != "done")
            at_desks = Period.objects.filter(end=None, desk__isnull=False)
            assert len({p.desk_id for p in at_desks}) == len(at_desks) > 0
            assert not Ticket.objects.filter(desk__number=1, state__in=("invited", "serving")).exists()
            assert Booking.objects.count() > 20
            assert Desk.objects.count() == 4
            kinds = figures(NOW.replace(month=9), NOW)
        assert len(waiting) >= 3
        assert place.wait
        assert {f.group for f in kinds} == {"general", "permits", "welfare", "payments"}
        hidden = [r for r in ratings.results(date(2026, 11, 1)) if r.mean is None]
        assert [r.service for r in hidden] == ["ใบอนุญาตและงานช่าง"]
