"""People come in, go out for a while, leave and move; capacity and one open stay per person hold in the database."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from maehia.base import ProblemError
from maehia.emergency.actions import shelters, stays
from maehia.emergency.actions.guards import unmet
from maehia.emergency.actions.incidents import move
from maehia.emergency.actions.stays_identify import amend, identify
from maehia.emergency.models import Shelter, ShelterLoad, ShelterOverride, Stay, StayEvent, StayNeed
from maehia.emergency.queries.log import newest, tampered_at
from maehia.emergency.queries.shelters import load, open_places
from maehia.emergency.queries.stays import open_of
from maehia.emergency.tests.shelters_cast import BOONMA, MALEE, MALEE_ID, SCHOOL, TEMPLE, Shelters, guest
from maehia.kit.acting import acting
from maehia.kit.testing import NOW, AppTestCase


def refusal(work, *told, **more) -> str:
    """The code of the problem that an act raises; what it wrote is undone."""
    with pytest.raises(ProblemError) as caught, transaction.atomic():
        work(*told, **more)
    return caught.value.problem.code


class TestStays(Shelters, AppTestCase):
    def test_who_comes_is_counted_and_the_log_has_numbers_without_names(self):
        with self.shelter_desk():
            stay = stays.check_in(self.school.pk, guest())
            line = newest(self.incident.pk, 1)[0]
            assert (stay.state, stay.in_at, self.load(self.school)) == ("checked_in", NOW, (1, 1))
            assert line.kind == "stay"
            assert line.value == {"shelter": str(self.school.pk), "inside": 1, "beds": 1, "in": 1}
            assert "สมมติ" not in line.text
            assert tampered_at(self.incident) is None

    def test_the_fourth_finds_the_shelter_full(self):
        with self.shelter_desk():
            for number in range(3):
                stays.check_in(self.school.pk, guest(number))
            assert refusal(stays.check_in, self.school.pk, guest(4)) == "over_capacity"
            assert self.load(self.school) == (3, 3)
            assert open_places(self.incident) == [TEMPLE]

    def test_a_visitor_of_the_day_needs_no_bed(self):
        with self.shelter_desk():
            for number in range(3):
                stays.check_in(self.school.pk, guest(number))
            for number in range(2):
                stays.check_in(self.school.pk, guest(10 + number, overnight=False))
            assert refusal(stays.check_in, self.school.pk, guest(9, overnight=False)) == "over_capacity"
            assert self.load(self.school) == (5, 3)

    def test_the_database_itself_refuses_one_too_many_and_a_changed_counter(self):
        with self.shelter_desk():
            for number in range(3):
                stays.check_in(self.school.pk, guest(number))
            row = {"shelter": self.school, "state": "checked_in", "in_at": NOW, "recorded_at": NOW, "made_by": "x"}
            with pytest.raises(IntegrityError, match="within_capacity"), transaction.atomic():
                Stay.objects.create(**row)
            for change in ({"heads": 0}, {"extra": 9}, {"capacity_night": 99}):
                with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                    ShelterLoad.objects.filter(pk=self.school.pk).update(**change)

    def test_more_only_by_name_and_reason_of_who_may(self):
        with self.shelter_desk():
            for number in range(3):
                stays.check_in(self.school.pk, guest(number))
            allow = shelters.allow_more
            assert refusal(allow, self.school.pk, self.counter, 1, "ฝนตกหนัก") == "may_not_overfill"
            assert refusal(allow, self.school.pk, self.commander, 1, " ") == "no_reason"
            assert refusal(allow, self.school.pk, self.commander, 0, "ฝนตกหนัก") == "bad_places"
            with pytest.raises(IntegrityError, match="override_named"), transaction.atomic():
                ShelterOverride.objects.create(shelter=self.school, places=1, reason="", account=uuid.uuid4(),
                                               by_name="x", at=NOW)  # fmt: skip
        with acting(self.commander.actor, "emergency.shelter"):
            made = allow(self.school.pk, self.commander, 1, "ฝนตกหนัก ทางไปวัดขาด")
        with self.shelter_desk():
            last = stays.check_in(self.school.pk, guest(4))
            assert refusal(stays.check_in, self.school.pk, guest(5)) == "over_capacity"
            assert refusal(shelters.end_override, made.pk) == "still_needed"
            stays.check_out(last.pk, "home")
            shelters.end_override(made.pk)
            assert refusal(shelters.end_override, made.pk) == "no_override"
            line = [x for x in newest(self.incident.pk, 20) if x.kind == "overfill"][-1]
            assert line.value["account"] == str(self.commander.pk)
            assert line.value["places"] == 1

    def test_one_person_has_one_open_stay(self):
        self.people()
        with self.shelter_desk():
            stays.check_in(self.school.pk, stays.Guest(person_key=MALEE))
            assert refusal(stays.check_in, self.temple.pk, stays.Guest(person_key=MALEE)) == "open_elsewhere"
            assert refusal(stays.check_in, self.temple.pk, guest(2, national_id=MALEE_ID)) == "open_elsewhere"
            assert [row.shelter_id for row in open_of(person_key=MALEE)] == [self.school.pk]

    def test_an_exercise_does_not_stand_in_the_way_of_the_real_thing(self):
        self.people()
        with self.command("exercise"):
            drill = self.flood("exercise")
        with self.shelter_desk("exercise"):
            made = shelters.plan_shelter(drill, SCHOOL, shelters.Facts(3))
            shelters.open_shelter(made.pk)
            first = stays.check_in(made.pk, stays.Guest("ผู้เล่น", band="X0000018"))
            assert first.band == "X000001-8"
            assert refusal(stays.check_in, made.pk, stays.Guest("ผู้เล่น", band="0000018")) == "band_of_other_mode"
            assert refusal(stays.check_in, self.school.pk, guest()) == "no_shelter"
        with self.shelter_desk():
            stays.check_in(self.school.pk, stays.Guest(person_key=MALEE))
            assert Stay.objects.count() == 1

    def test_the_register_fills_what_was_not_told(self):
        self.people()
        with self.shelter_desk():
            stay = stays.check_in(self.school.pk, stays.Guest(national_id="1-1017-00230-70-8", needs=("medication",)))
            assert (stay.person_key, stay.name, stay.sex, stay.age, stay.moo) == (MALEE, "นางมาลี สุขใจดี", "f", 74, 5)
            assert [row.need for row in StayNeed.objects.filter(stay=stay)] == ["medication"]

    def test_a_family_comes_in_together_or_not_at_all(self):
        with self.shelter_desk():
            stays.check_in(self.school.pk, guest(1))
            family = [guest(n) for n in (2, 3, 4)]
            assert refusal(stays.check_in_together, self.school.pk, family) == "over_capacity"
            assert self.load(self.school) == (1, 1)
            found = stays.check_in_together(self.temple.pk, family)
            assert len({stay.party for stay in found}) == 1
            assert newest(self.incident.pk, 1)[0].value["in"] == 3

    def test_the_same_act_sent_again_changes_nothing_and_other_content_is_refused(self):
        key = uuid.uuid4()
        with self.shelter_desk():
            one = stays.check_in(self.school.pk, guest(1), instance=key)
            again = stays.check_in(self.school.pk, guest(1), instance=key)
            assert (one.pk, self.load(self.school)) == (again.pk, (1, 1))
            assert refusal(stays.check_in, self.school.pk, guest(2), instance=key) == "other_content"
            left = uuid.uuid4()
            stays.check_out(one.pk, "home", instance=left)
            assert stays.check_out(one.pk, "home", instance=left).state == "checked_out"
            assert [line.value.get("out") for line in newest(self.incident.pk, 2)] == [1, None]

    def test_out_for_a_while_keeps_the_place(self):
        with self.shelter_desk():
            stay = stays.check_in(self.school.pk, guest())
            assert stays.step_out(stay.pk).state == "temporarily_out"
            assert self.load(self.school) == (1, 1)
            assert refusal(stays.step_out, stay.pk) == "move_refused"
            assert stays.come_back(stay.pk).state == "checked_in"

    def test_everybody_leaves_somewhere(self):
        with self.shelter_desk():
            stay = stays.check_in(self.school.pk, guest(), at=NOW - timedelta(hours=2))
            assert refusal(stays.check_out, stay.pk, "") == "bad_how"
            assert refusal(stays.check_out, stay.pk, "other_shelter") == "bad_how"
            done = stays.check_out(stay.pk, "hospital")
            assert (done.state, done.how, done.out_at, self.load(self.school)) == (
                "checked_out",
                "hospital",
                NOW,
                (0, 0),
            )
            assert refusal(stays.check_out, stay.pk, "home") == "move_refused"
            assert refusal(stays.check_in, self.school.pk, guest(2), at=NOW + timedelta(hours=1)) == "ahead"

    def test_a_transfer_is_out_of_one_and_into_the_other_or_nothing(self):
        with self.shelter_desk():
            pair = stays.check_in_together(self.temple.pk, [guest(1, band="0000018"), guest(2, needs=("oxygen",))])
            moved = stays.transfer([row.pk for row in pair], self.school.pk)
            assert [row.band for row in moved] == ["000001-8", ""]
            assert [row.came_from_id for row in moved] == [row.pk for row in pair]
            assert {Stay.objects.get(pk=row.pk).how for row in pair} == {"other_shelter"}
            assert StayNeed.objects.get(stay=moved[1]).need == "oxygen"
            assert (self.load(self.temple), self.load(self.school)) == ((0, 0), (2, 2))
            assert [line.value.get("in", line.value.get("out")) for line in newest(self.incident.pk, 2)] == [2, 2]
            more = stays.check_in_together(self.temple.pk, [guest(3), guest(4)])
            assert refusal(stays.transfer, [row.pk for row in more], self.school.pk) == "over_capacity"
            assert (self.load(self.temple), self.load(self.school)) == ((2, 2), (2, 2))
            assert refusal(stays.transfer, [moved[0].pk], self.school.pk) == "same_shelter"
            assert refusal(stays.transfer, [pair[0].pk], self.school.pk) == "move_refused"

    def test_who_is_expected_is_not_counted_until_she_comes(self):
        with self.shelter_desk():
            stay = stays.expect(self.school.pk, guest(1))
            other = stays.expect(self.school.pk, guest(2))
            assert self.load(self.school) == (0, 0)
            assert stays.arrive(stay.pk).state == "checked_in"
            assert stays.cancel(other.pk).state == "cancelled"
            assert refusal(stays.cancel, stay.pk) == "move_refused"
            assert self.load(self.school) == (1, 1)

    def test_what_was_typed_wrongly_is_said_by_its_field(self):
        wrong = {
            "bad_id": {"national_id": "1101700230709"}, "bad_phone": {"phone": "12"}, "bad_age": {"age": 200},
            "bad_sex": {"sex": "q"}, "bad_needs": {"needs": ("cancer",)}, "bad_band": {"band": "1234"},
            "no_person": {"person_key": uuid.uuid4()},
        }  # fmt: skip
        with self.shelter_desk():
            for code, told in wrong.items():
                assert refusal(stays.check_in, self.school.pk, guest(1, **told)) == code
            assert self.load(self.school) == (0, 0)

    def test_names_are_encrypted_and_seen_under_the_purpose_only(self):
        with self.shelter_desk():
            stay = stays.check_in(self.school.pk, guest(1, phone="081-234-5678", needs=("pregnant",)))
            raw = Stay.objects.raw("SELECT id, name::text AS cell, phone::text AS call FROM emergency_stay")[0]
            need = StayNeed.objects.raw("SELECT id, need::text AS cell FROM emergency_stayneed")[0]
            assert raw.cell.startswith("\\x")
            assert need.cell.startswith("\\x")
            assert stay.phone == "0812345678"
        with acting(self.volunteer.actor, "emergency.field"):
            assert Stay.objects.count() == StayEvent.objects.count() == StayNeed.objects.count() == 0
            assert Shelter.objects.count() == 2


class TestNoName(Shelters, AppTestCase):
    """Who has no card and says no name gets a wristband; later she gets her name."""

    def setUp(self) -> None:
        super().setUp()
        self.people()

    def test_nobody_without_a_name_goes_without_a_band(self):
        with self.shelter_desk():
            one, two = (stays.check_in(self.school.pk, stays.Guest(sex="f", age=80)) for _ in range(2))
            assert (one.band, two.band) == ("000001-8", "000002-6")
            assert refusal(stays.check_in, self.temple.pk, stays.Guest(band=one.band)) == "band_taken"
            stays.check_out(one.pk, "home")
            assert stays.check_in(self.temple.pk, stays.Guest(band=one.band)).band == one.band

    def test_she_is_merged_with_the_register_and_keeps_what_was_told(self):
        with self.shelter_desk():
            stay = stays.check_in(self.school.pk, stays.Guest(age=71))
            found = identify(stay.pk, MALEE)
            assert (found.person_key, found.name, found.age, found.band) == (MALEE, "นางมาลี สุขใจดี", 71, "000001-8")
            assert refusal(identify, stay.pk, BOONMA) == "identified"
            assert refusal(identify, stay.pk, uuid.uuid4()) == "identified"

    def test_an_open_stay_elsewhere_is_a_conflict_until_somebody_decides(self):
        with self.shelter_desk():
            before = stays.check_in(self.temple.pk, stays.Guest(person_key=MALEE), at=NOW - timedelta(hours=3))
            stay = stays.check_in(self.school.pk, stays.Guest(sex="f"), at=NOW - timedelta(hours=1))
            assert refusal(identify, stay.pk, MALEE) == "open_elsewhere"
            found = identify(stay.pk, MALEE, move_here=True)
            old = Stay.objects.get(pk=before.pk)
            assert (old.state, old.how, old.out_at) == ("checked_out", "other_shelter", NOW - timedelta(hours=1))
            assert found.came_from_id == before.pk
            assert (self.load(self.temple), self.load(self.school)) == ((0, 0), (1, 1))

    def test_a_correction_needs_the_newest_page(self):
        with self.shelter_desk():
            stay = stays.check_in(self.school.pk, stays.Guest("มะลิ", age=20))
            fixed = amend(stay.pk, stays.Guest("มาลี", age=71, sex="f", needs=("disability",)), stay.version)
            assert (fixed.name, fixed.age, [row.need for row in fixed.needs.all()]) == ("มาลี", 71, ["disability"])
            assert refusal(amend, stay.pk, stays.Guest("มะลิ"), stay.version) == "stale_stay"


class TestShelters(Shelters, AppTestCase):
    def test_a_shelter_moves_by_its_table_and_closes_empty(self):
        with self.shelter_desk():
            stay = stays.check_in(self.school.pk, guest())
            assert refusal(shelters.move_shelter, self.school.pk, "planned") == "move_refused"
            assert refusal(shelters.close, self.school.pk) == "still_inside"
            shelters.move_shelter(self.school.pk, "closing")
            assert refusal(stays.check_in, self.school.pk, guest(2)) == "shelter_shut"
            with pytest.raises(IntegrityError, match="still has people"), transaction.atomic():
                Shelter.objects.filter(pk=self.school.pk).update(state="closed")
            stays.check_out(stay.pk, "home")
            assert shelters.close(self.school.pk).closed_at == NOW
            assert [one.shelter.pk for one in load(self.incident)] == [self.temple.pk]

    def test_capacity_never_falls_below_who_is_inside(self):
        with self.shelter_desk():
            for number in range(2):
                stays.check_in(self.school.pk, guest(number))
            version = Shelter.objects.get(pk=self.school.pk).version
            assert refusal(shelters.change_facts, self.school.pk, shelters.Facts(1), version) == "below_load"
            row = shelters.change_facts(self.school.pk, shelters.Facts(2, 4), version)
            assert refusal(shelters.change_facts, self.school.pk, shelters.Facts(9), version) == "stale_shelter"
            assert (row.capacity_night, ShelterLoad.objects.get(pk=row.pk).capacity_day) == (2, 4)
            found = {one.shelter.pk: (one.capacity, one.inside, one.free, one.full) for one in load(self.incident)}
            assert found == {self.school.pk: (2, 2, 0, True), self.temple.pk: (10, 0, 10, False)}

    def test_full_is_derived_and_the_triple_is_the_contract(self):
        with self.shelter_desk():
            for number in range(3):
                stays.check_in(self.school.pk, guest(number))
            found = {shelter.pk: (capacity, inside) for shelter, capacity, inside in load(self.incident)}
            assert found == {self.school.pk: (3, 3), self.temple.pk: (10, 0)}
            assert {one.shelter.pk: one.full for one in load(self.incident)} == {
                self.school.pk: True, self.temple.pk: False,
            }  # fmt: skip

    def test_an_incident_does_not_close_over_people_who_sleep_in_a_shelter(self):
        with self.shelter_desk():
            stay = stays.check_in(self.school.pk, guest())
        with self.command():
            assert [p.code for p in unmet(("no_open_stay",), self.incident, {})] == ["guard_no_open_stay"]
        with self.shelter_desk():
            stays.check_out(stay.pk, "home")
        with self.command():
            assert unmet(("no_open_stay",), self.incident, {}) == []

    def test_what_cannot_be_a_shelter_is_refused(self):
        with self.shelter_desk():
            plan = shelters.plan_shelter
            assert refusal(plan, self.incident, SCHOOL, shelters.Facts(3)) == "shelter_exists"
            assert refusal(plan, self.incident, uuid.uuid4(), shelters.Facts(3)) == "no_place"
            shelters.close(self.temple.pk)
            assert refusal(plan, self.incident, TEMPLE) == "no_capacity"
            for wrong in (shelters.Facts(0), shelters.Facts(5, 4)):
                assert refusal(plan, self.incident, TEMPLE, wrong) == "bad_capacity"
            assert refusal(plan, self.incident, TEMPLE, shelters.Facts(5, facilities=("pool",))) == "bad_facts"
        with self.command():
            move(self.incident.pk, "rejected", reason="ไม่ใช่เหตุ")
            self.incident.refresh_from_db()
            assert refusal(plan, self.incident, TEMPLE, shelters.Facts(3)) == "not_open"

    def test_bands_come_from_one_series(self):
        with self.shelter_desk():
            first, second = (shelters.issue_bands(key, 20) for key in (self.school.pk, self.temple.pk))
            assert (first.first, first.last, second.first) == (1, 20, 21)
            assert refusal(shelters.issue_bands, self.school.pk, 0) == "bad_count"
