"""Many desks at the same moment, and a database that goes away in the middle."""

from __future__ import annotations

import threading
import time
import uuid

from django.db import connection, connections

from maehia.base import ProblemError
from maehia.emergency.actions import stays
from maehia.emergency.models import Stay
from maehia.emergency.queries.log import tampered_at
from maehia.emergency.tests.shelters_cast import MALEE, Shelters, guest
from maehia.kit.idempotency import new_key
from maehia.kit.testing import EXTRA_KEPT, ConcurrentTestCase, in_threads

EXTRA_KEPT |= {"access_role", "access_roleevent"}


class TestCrowd(Shelters, ConcurrentTestCase):
    def test_twelve_at_once_for_ten_places(self):
        def come(number):
            with self.shelter_desk():
                return stays.check_in(self.temple.pk, guest(number)).state

        found = in_threads(12, come)
        codes = [one if isinstance(one, str) else one.problem.code for one in found]
        assert sorted(codes) == ["checked_in"] * 10 + ["over_capacity"] * 2
        with self.shelter_desk():
            assert self.load(self.temple) == (10, 10)
            assert Stay.objects.filter(state="checked_in").count() == 10
            assert tampered_at(self.incident) is None

    def test_one_person_at_six_desks_of_two_shelters_is_inside_once(self):
        self.people()

        def come(number):
            place = (self.school, self.temple)[number % 2]
            with self.shelter_desk():
                return stays.check_in(place.pk, stays.Guest(person_key=MALEE)).state

        found = in_threads(6, come)
        assert sum(one == "checked_in" for one in found) == 1
        assert {one.problem.code for one in found if isinstance(one, ProblemError)} == {"open_elsewhere"}

    def test_transfers_in_both_directions_do_not_wait_for_each_other_for_ever(self):
        with self.shelter_desk():
            stays_of = [stays.check_in(self.school.pk, guest(1)).pk, stays.check_in(self.temple.pk, guest(2)).pk]
        places = (self.school.pk, self.temple.pk)

        def there_and_back(number):
            stay = stays_of[number]
            for to in (places[1 - number], places[number]) * 3:
                with self.shelter_desk():
                    (moved,) = stays.transfer([stay], to)
                stay = moved.pk
            return stay

        found = in_threads(2, there_and_back)
        assert not [one for one in found if isinstance(one, Exception)], found
        with self.shelter_desk():
            assert (self.load(self.school), self.load(self.temple)) == ((1, 1), (1, 1))

    def test_the_database_goes_away_during_a_check_in_and_the_retry_makes_one_stay(self):
        self.enter(self.counter)
        self.client.raise_request_exception = False
        path = f"/staff/emergency/{self.incident.number}/shelters/{self.temple.pk}/in/"
        form = {
            "idempotency_key": new_key(),
            "name": "คนเปียกฝน (สมมติ)",
            "instance": str(uuid.uuid4()),
            "overnight": "1",
        }
        answers = []

        def post():
            try:
                answers.append(self.client.post(path, form).status_code)
            finally:
                connections.close_all()

        with self.shelter_desk(), connection.cursor() as cursor:
            # The shelter is held, so that the request stands in the middle of its transaction when it is cut off.
            cursor.execute("SELECT id FROM emergency_shelter WHERE id = %s FOR UPDATE", [self.temple.pk])
            thread = threading.Thread(target=post)
            thread.start()
            self.cut_off()
            thread.join(timeout=30)
        assert answers == [500]
        again = [self.client.post(path, form).status_code for _ in range(3)]
        assert again == [302] * 3
        with self.shelter_desk():
            assert Stay.objects.count() == 1
            assert self.load(self.temple) == (1, 1)

    def cut_off(self):
        """End the backend that waits for the shelter, as a restart would. A role may end its own sessions."""

        def work(_number):
            with connection.cursor() as cursor:
                for _ in range(400):
                    cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted LIMIT 1")
                    if cursor.fetchone():
                        return True
                    time.sleep(0.05)
            return False

        assert in_threads(1, work) == [True]
