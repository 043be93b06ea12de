"""A desk without a signal: everything arrives once, in any order; what the database does not allow waits."""

from __future__ import annotations

import random
import uuid
from datetime import timedelta

from maehia.emergency.actions import shelters, stays
from maehia.emergency.actions.stays_sync import prepare_desk, solve, sync, waiting
from maehia.emergency.models import ShelterDesk, Stay, StayEvent
from maehia.emergency.queries.log import lines
from maehia.emergency.tests.shelters_cast import MALEE, MALEE_ID, Shelters
from maehia.emergency.tests.test_stays import refusal
from maehia.kit import clock
from maehia.kit.testing import NOW, AppTestCase

DICE = random.Random(7)


def event(kind="in", stay=None, minutes=0, **more):
    """One event as a desk sends it, `minutes` before NOW by its clock."""
    guest = more.pop("guest", {"name": "มาโต๊ะออฟไลน์ (สมมติ)"}) if kind == "in" else None
    key = str(stay or uuid.uuid4())
    at = (NOW - timedelta(minutes=minutes)).isoformat()
    return {"id": str(uuid.uuid4()), "stay": key, "kind": kind, "at": at, "guest": guest, **more}


class TestSync(Shelters, AppTestCase):
    def setUp(self) -> None:
        super().setUp()
        with self.shelter_desk():
            self.desk = prepare_desk(self.temple.pk, self.counter, "แท็บเล็ต 1")

    def hand_over(self, events, now=NOW):
        return [answer.state for answer in sync(self.desk.pk, now, events)]

    def picture(self):
        """What the town knows afterwards."""
        rows = Stay.objects.order_by("pk")
        return self.load(self.temple), [(s.pk, s.state, s.how, s.in_at, s.out_at, s.name) for s in rows]

    def test_a_day_of_a_desk_becomes_stays(self):
        first = event(minutes=90)
        day = [first, event("away", first["stay"], 60), event("back", first["stay"], 30), event(minutes=50)]
        with self.shelter_desk():
            assert self.hand_over(day) == ["applied"] * 4
            stay = Stay.objects.get(pk=first["stay"])
            assert (stay.state, stay.in_at) == ("checked_in", NOW - timedelta(minutes=90))
            assert self.load(self.temple) == (2, 2)
            line = lines(self.incident.pk, kinds=["stay"])[-1].value
            assert (line["in"], line["away"], line["back"], line["inside"]) == (2, 1, 1, 2)

    def test_replayed_twice_and_shuffled_in_parts_gives_one_result(self):
        day = []
        for number in range(8):
            first = event(minutes=200 - number, guest={"name": f"คน {number}", "needs": ["medication"]})
            day += [first, event("away", first["stay"], 100), event("back", first["stay"], 50)]
            if number % 2:
                day.append(event("out", first["stay"], 20, how="home"))
        with self.shelter_desk():
            self.hand_over(day)
            once, told = self.picture(), len(lines(self.incident.pk, kinds=["stay"]))
            for _ in range(2):
                sent = list(day)
                DICE.shuffle(sent)
                for part in (sent[:10], sent[10:]):
                    self.hand_over(part)
            assert self.picture() == once
            assert len(lines(self.incident.pk, kinds=["stay"])) == told
            assert StayEvent.objects.count() == len(day)

    def test_events_that_come_before_their_stay_wait_for_it(self):
        first = event(minutes=60)
        out = event("out", first["stay"], 5, how="relative")
        with self.shelter_desk():
            assert self.hand_over([out]) == ["early"]
            assert Stay.objects.count() == 0
            assert self.hand_over([first]) == ["applied"]
            stay = Stay.objects.get()
            assert (stay.state, stay.how, self.load(self.temple)) == ("checked_out", "relative", (0, 0))
            assert not StayEvent.objects.filter(state="early").exists()

    def test_the_same_id_with_other_content_waits_for_a_person_and_only_once(self):
        first = event(minutes=10, guest={"name": "ชื่อแรก"})
        other = {**first, "guest": {"name": "ชื่ออื่น"}}
        with self.shelter_desk():
            assert self.hand_over([first]) == ["applied"]
            assert self.hand_over([other]) == self.hand_over([other]) == ["waits"]
            row = waiting(self.temple.pk)[0]
            assert (row.problem, Stay.objects.get().name, len(waiting(self.temple.pk))) == (
                "other_content", "ชื่อแรก", 1,
            )  # fmt: skip
            assert refusal(solve, row.pk, self.counter, "drop") == "no_note"
            assert refusal(solve, row.pk, self.counter, "again") == "bad_how"
            done = solve(row.pk, self.counter, "drop", "พิมพ์ซ้ำ")
            assert (done.state, done.body, done.solved_by) == ("dropped", None, self.counter.actor)
            assert refusal(solve, row.pk, self.counter, "drop", "พิมพ์ซ้ำ") == "solved"

    def test_a_clock_that_is_wrong_is_corrected_and_what_it_said_is_kept(self):
        fast = timedelta(hours=2)
        first = {**event(), "at": (NOW + fast - timedelta(minutes=30)).isoformat()}
        with self.shelter_desk():
            assert self.hand_over([first], now=NOW + fast) == ["applied"]
            stay = Stay.objects.get()
            assert stay.in_at == NOW - timedelta(minutes=30)
            assert (stay.said_in_at, stay.off_s) == (NOW + fast - timedelta(minutes=30), -7200)
            assert ShelterDesk.objects.get().off_s == -7200

    def test_who_came_when_it_was_full_waits_until_it_is_allowed(self):
        crowd = [event(minutes=100 - n, guest={"name": f"คน {n}"}) for n in range(12)]
        with self.shelter_desk():
            states = self.hand_over(crowd)
            assert (states.count("applied"), states.count("waits"), self.load(self.temple)) == (10, 2, (10, 10))
            rows = waiting(self.temple.pk)
            assert {row.problem for row in rows} == {"over_capacity"}
            assert refusal(solve, rows[0].pk, self.counter, "again") == "over_capacity"
            shelters.allow_more(self.temple.pk, self.commander, 2, "ถนนขาด ไปที่อื่นไม่ได้")
            for row in rows:
                solve(row.pk, self.counter, "again")
            assert (self.load(self.temple), waiting(self.temple.pk)) == ((12, 12), [])
            assert Stay.objects.get(pk=crowd[11]["stay"]).in_at == NOW - timedelta(minutes=89)
            assert self.hand_over(crowd) == ["applied"] * 12
            assert self.load(self.temple) == (12, 12)

    def test_who_is_still_open_elsewhere_is_moved_by_a_person(self):
        self.people()
        with self.shelter_desk():
            old = stays.check_in(self.school.pk, stays.Guest(person_key=MALEE), at=NOW - timedelta(hours=9))
            came = event(minutes=15, guest={"national_id": MALEE_ID})
            assert self.hand_over([came]) == ["waits"]
            row = waiting(self.temple.pk)[0]
            assert row.problem == "open_elsewhere"
            solve(row.pk, self.counter, "move")
            new = Stay.objects.get(pk=came["stay"])
            assert (new.person_key, new.came_from_id) == (MALEE, old.pk)
            old.refresh_from_db()
            assert (old.how, old.out_at) == ("other_shelter", NOW - timedelta(minutes=15))

    def test_a_band_read_wrongly_is_left_out(self):
        with self.shelter_desk():
            stays.check_in(self.school.pk, stays.Guest(band="000500-9", name="ก"))
            assert self.hand_over([event(guest={"name": "ข", "band": "0005009"})]) == ["waits"]
            row = solve(waiting(self.temple.pk)[0].pk, self.counter, "band")
            assert (row.state, Stay.objects.get(pk=row.stay_key).band) == ("applied", "")

    def test_what_cannot_be_read_is_told_and_the_rest_goes_on(self):
        good = event()
        bad = [{**event(), "at": "yesterday"}, {**event(), "kind": "fly"}, {**event(), "stay": "7"},
               {**event(), "guest": None}, {**event(), "at": "2026-11-18T10:00:00"}]  # fmt: skip
        with self.shelter_desk():
            assert self.hand_over([*bad, good]) == ["refused"] * 5 + ["applied"]
            assert self.hand_over([event("out", good["stay"], how="")]) == ["waits"]
            assert self.hand_over([event(guest={"name": "ก", "national_id": "123"})]) == ["waits"]
            assert refusal(sync, uuid.uuid4(), NOW, []) == "no_desk"
            assert refusal(sync, self.desk.pk, NOW, [event()] * 501) == "too_many"

    def test_each_desk_has_bands_of_its_own(self):
        with self.shelter_desk():
            other = prepare_desk(self.temple.pk, self.counter, "")
            assert self.desk.band_to < other.band_from
            assert (other.name, len(other.key)) == (self.counter.display_name, 64)

    def test_two_desks_that_both_wrote_down_the_leaving_agree(self):
        with self.shelter_desk():
            stay = stays.check_in(self.temple.pk, stays.Guest("ก"), at=NOW - timedelta(hours=5))
            later = event("out", stay.pk, 10, how="hospital")
            first = event("out", stay.pk, 40, how="home")
            assert self.hand_over([later]) == self.hand_over([first]) == ["applied"]
            stay.refresh_from_db()
            assert (stay.how, stay.out_at) == ("home", NOW - timedelta(minutes=40))
            with clock.at(NOW + timedelta(hours=1)):
                assert self.hand_over([later, first], now=NOW + timedelta(hours=1)) == ["applied"] * 2
            stay.refresh_from_db()
            assert stay.how == "home"
