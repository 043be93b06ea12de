"""Search and entity pages over a town of 27,000 people: the bar is 150 ms for 95 of 100 pages."""

import time

import pytest
from django.test import Client

from maehia.city.models import House, Person
from maehia.city.tests.cast import Pages, url
from maehia.city.tests.town import build_register
from maehia.kit import clock
from maehia.kit.testing import EXTRA_KEPT, NOW, ConcurrentTestCase, owner_connection

EXTRA_KEPT |= {"access_role", "access_roleevent"}

pytestmark = pytest.mark.slow
PEOPLE, ROUNDS, BAR_MS = 27_000, 40, 150


class SpeedTests(Pages, ConcurrentTestCase):
    """Committed and analysed, as a town's tables are: plans without statistics say nothing."""

    client_class = Client

    def setUp(self):
        super().setUp()
        with self.acting():
            self.keys = build_register(PEOPLE)
            people = Person.objects.in_bulk(self.keys[:: PEOPLE // ROUNDS])
            self.names = [f"{p.first_name} {p.last_name}" for p in people.values()]
            self.houses = list(House.objects.values_list("key", flat=True)[: ROUNDS * 50 : 50])
        with owner_connection().cursor() as cursor:
            cursor.execute("ANALYZE")
        self.enter(self.counter)
        self.search("มาลี")
        self.page(url("person", self.keys[5]))

    def p95(self, work, items, ready=lambda _item: None):
        """Milliseconds that 95 of 100 pages stay under, each the best of three: neighbours on the machine do not count."""
        spent = []
        for item in items:
            ready(item)
            spent.append(min(self.timed(work, item) for _ in range(3)))
        return sorted(spent)[int(len(spent) * 0.95) - 1]

    def timed(self, work, item):
        begin = time.perf_counter()
        work(item)
        return (time.perf_counter() - begin) * 1000

    def typed(self, words):
        self.client.post("/staff/register/", {"q": words})

    def shown(self, _words):
        """The list of what was typed. One a minute, as the limit counts."""
        self.minute = getattr(self, "minute", 0) + 1
        with clock.at(NOW.replace(hour=3 + self.minute // 60 % 20, minute=self.minute % 60)):
            self.page("/staff/register/")

    def test_searching_a_name_is_quick(self):
        asked = {
            "full": self.names,
            "part": [name.split()[1][1:] for name in self.names],
            "first": [name.split()[0] for name in self.names],
        }
        took = {name: self.p95(self.shown, words, self.typed) for name, words in asked.items()}
        print({name: round(ms) for name, ms in took.items()})  # noqa: T201
        assert max(took.values()) < BAR_MS, took

    def test_opening_a_person_and_a_house_is_quick(self):
        person = self.p95(lambda key: self.page(url("person", key)), self.keys[:: PEOPLE // ROUNDS])
        house = self.p95(lambda key: self.page(url("house", key)), self.houses)
        print({"person": round(person), "house": round(house)})  # noqa: T201
        assert max(person, house) < BAR_MS
