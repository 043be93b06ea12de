"""A damaged home: told, surveyed once whatever the phone does, reviewed, certified with a paper that can be checked."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.db import DatabaseError, connection, transaction

from maehia.emergency.actions import damage
from maehia.emergency.models import Survey, SurveyConflict, SurveyPhoto
from maehia.emergency.queries import damage as queries
from maehia.emergency.queries.log import newest
from maehia.emergency.rules.damage import broken
from maehia.emergency.tests.cast import Watch
from maehia.emergency.tests.damage_cast import COST, ROOF, Code, Damaged, photo
from maehia.forms.models import Attachment
from maehia.forms.queries import open_document, verify
from maehia.kit.acting import acting
from maehia.kit.testing import EXTRA_KEPT, NOW, AppTestCase, ConcurrentTestCase, in_threads

EXTRA_KEPT |= {"access_role", "access_roleevent"}


class Case(Watch, Damaged, AppTestCase):
    def setUp(self):
        super().setUp()
        self.flooded()


class TestReporting(Case):
    def test_a_citizen_tells_and_gets_a_number_and_a_code(self):
        row = self.tell()
        assert (row.state, row.is_self_reported, row.number) == ("reported", True, f"{self.incident.number}/ค0001")
        assert len(row.code) == 8
        with Code("no_phone"):
            self.tell(instance="citizen-2", phone="12")
        with Code("no_holder"):
            self.tell(instance="citizen-2", holder=" ")

    def test_swapped_coordinates_are_noticed(self):
        with Code("bad_point"):
            self.tell(lon=18.74, lat=98.95)

    def test_a_closed_incident_takes_no_more(self):
        type(self.incident).objects  # noqa: B018
        self.incident.state = "closed"
        with Code("not_open"):
            self.tell()

    def test_who_asked_is_not_readable_in_the_table_and_not_seen_without_the_purpose(self):
        row = self.tell()
        with self.relief(), connection.cursor() as cursor:
            cursor.execute("SELECT holder::text || phone::text || address::text FROM emergency_survey")
            assert "มาลี" not in cursor.fetchone()[0]
        with acting(self.volunteer.actor, "emergency.field"):
            assert Survey.objects.count() == 0
        with damage.papers(self.officer.actor, uuid.uuid4(), "live"):
            assert Survey.objects.count() == 0  # another home's papers
        with damage.papers(self.officer.actor, row.pk, "live"):
            assert Survey.objects.count() == 1


class TestSurveying(Case):
    def test_the_same_form_ten_times_is_one_survey(self):
        made = [self.survey() for _ in range(10)]
        assert [came for _, came in made] == ["new", *["same"] * 9]
        assert len({row.pk for row, _ in made}) == 1

    def test_the_same_form_with_other_content_waits_for_somebody_to_look(self):
        row, _ = self.survey()
        _, came = self.survey(people=9)
        self.survey(people=9)
        with self.relief():
            assert came == "conflict"
            assert Survey.objects.get().people == 3
            assert [c.survey_id for c in queries.conflicts(self.incident)] == [row.pk]

    def test_the_later_one_is_taken_or_left_and_then_it_is_settled(self):
        self.survey()
        self.survey(people=9, lines=[ROOF])
        with self.relief():
            conflict = queries.conflicts(self.incident)[0]
            damage.settle(conflict, take=True)
            row = Survey.objects.get()
            assert (row.people, row.lines.count(), row.household_key) == (9, 1, self.found().home.household)
            with Code("settled_before"):
                damage.settle(conflict, take=False)
        self.survey(people=5)
        with self.relief():
            damage.settle(queries.conflicts(self.incident)[0], take=False)
            assert Survey.objects.get().people == 9

    def test_what_was_reviewed_is_not_overwritten_from_the_queue(self):
        row, _ = self.survey()
        self.review(row)
        self.survey(people=9)
        with self.relief(), Code("too_late"):
            damage.settle(queries.conflicts(self.incident)[0], take=True)

    def test_grade_and_cost_follow_from_the_lines(self):
        row, _ = self.survey()
        with self.relief():
            assert sum(n.amount for n in row.lines.all()) == COST == D("54800.00")
        assert (row.share, row.grade, row.bands) == (D("15.50"), "minor", "share-2563")

    def test_a_home_without_damage_has_a_grade_too(self):
        row, _ = self.survey(lines=())
        assert (row.grade, row.share) == ("none", 0)

    def test_a_phone_ahead_of_time_is_noted_and_held_and_a_late_one_marked(self):
        ahead, _ = self.survey("fast", happened_at=NOW + timedelta(days=3))
        assert (ahead.skew_s, ahead.happened_at) == (3 * 86400, NOW)
        late, _ = self.survey("slow", happened_at=NOW - timedelta(hours=20))
        assert (late.skew_s, late.happened_at) == (0, NOW - timedelta(hours=20))
        with self.relief():
            assert [line.late for line in newest(self.incident.pk, 2)] == [True, False]

    def test_photos_keep_their_hash_and_come_once(self):
        row, _ = self.survey(pictures=[photo(), photo("blue"), photo()])
        with damage.papers(self.officer.actor, row.pk, "live"):
            assert SurveyPhoto.objects.count() == Attachment.objects.count() == 2
            assert set(SurveyPhoto.objects.values_list("sha256", flat=True)) == set(
                Attachment.objects.values_list("received_sha256", flat=True)
            )
        with damage.papers(self.officer.actor, uuid.uuid4(), "live"):
            assert Attachment.objects.count() == 0

    def test_a_reported_home_is_surveyed_on_its_own_number(self):
        told = self.tell()
        with self.relief():
            with Code("no_day"):
                damage.move(told.pk, "scheduled")
            damage.move(told.pk, "scheduled", visit_on=NOW.date())
        row, came = self.survey("phone-7", bound=told.pk)
        assert (row.pk, came, row.number, row.state) == (told.pk, "new", told.number, "surveyed")
        _, again = self.survey("phone-8", bound=told.pk, people=7)
        assert again == "conflict"

    def test_floors_fit_the_house(self):
        with Code("bad_floors"):
            self.survey(storeys=1, flooded_floors=2)
        with Code("bad_occupancy"):
            self.survey(occupancy="ghost")

    def test_an_exercise_is_surveyed_apart(self):
        self.survey()
        self.flooded("exercise")
        row, came = self.survey()
        assert (row.mode, came) == ("exercise", "new")
        with self.relief():
            assert Survey.objects.count() == 1

    def test_two_surveys_of_one_home_are_shown_to_each_other(self):
        first, _ = self.survey("a")
        second, _ = self.survey("b")
        with self.relief():
            assert [row.pk for row in queries.same_home(first)] == [second.pk]


class TestCertifying(Case):
    def test_the_paper_can_be_checked_by_its_code(self):
        row = self.certified()
        with damage.papers(self.mayor.actor, row.pk, "live"):
            pdf, code = open_document(row.document), self.code_of(row)
        assert pdf.startswith(b"%PDF")
        face = verify(code)
        assert (face.state, face.number, face.signed_position) == ("valid", row.document_number, "นายกเทศมนตรี")
        assert "มาลี" not in face.holder

    def code_of(self, row):
        from maehia.forms.models import Document

        return Document.objects.get(pk=row.document).code

    def test_only_who_holds_the_power_signs(self):
        row, _ = self.survey()
        self.review(row)
        with Code("no_power"):
            self.certify(row, self.clerk)

    def test_nothing_is_certified_before_the_engineers_have_looked(self):
        row, _ = self.survey()
        with Code("move_refused"):
            self.certify(row)

    def test_without_a_house_registration_an_officers_statement_comes_first(self):
        row, _ = self.survey(is_registered=False)
        self.review(row)
        with Code("needs_statement"):
            self.certify(row)
        with self.relief():
            with Code("no_words"):
                damage.state(row.pk, "จริง")
            damage.state(row.pk, "ผู้ใหญ่บ้านหมู่ 5 รับรองว่าอยู่จริงตั้งแต่ปี 2560")
        assert self.certify(row).state == "certified"

    def test_a_certified_survey_has_its_paper_in_the_database(self):
        row, _ = self.survey()
        with self.relief(), pytest.raises(DatabaseError), transaction.atomic():
            Survey.objects.filter(pk=row.pk).update(state="certified")

    def test_a_refusal_has_a_reason_and_can_be_appealed(self):
        row, _ = self.survey()
        with self.relief():
            with Code("no_reason"):
                damage.move(row.pk, "rejected")
            damage.move(row.pk, "rejected", reason="อยู่นอกพื้นที่ประสบภัย")
            with Code("move_refused"):
                damage.move(row.pk, "reviewed")
            assert damage.move(row.pk, "appealed", reason="มีภาพน้ำท่วมในบ้าน").state == "appealed"
        _, came = self.survey("phone-9", bound=row.pk)
        assert came == "new"

    def test_a_stale_page_changes_nothing(self):
        row, _ = self.survey()
        self.review(row)
        with self.relief(), Code("stale_survey"):
            damage.move(row.pk, "rejected", reason="ซ้ำ", version=1)


class TestLossCard(Case):
    def test_what_nobody_counts_is_unknown_and_not_zero(self):
        with self.relief():
            before = {row.field: row.known for row in queries.card(self.incident)}
        self.survey("a")
        self.survey("b", lines=[broken(p, "1", "100") for p in ("foundation", "frame", "roof", "walls", "floor")])
        with self.relief():
            card = {row.field: (row.value, row.known) for row in queries.card(self.incident)}
        assert not before["houses_destroyed"]
        assert (card["houses_destroyed"], card["houses_affected"], card["affected"]) == (
            (1, True),
            (1, True),
            (6, True),
        )
        assert card["deaths"] == (0, False)
        assert card["losses_local"][0] == COST + D("9000") + D("6500") + D("650") + D("480") + D("520")


class TestAtOnce(Watch, Damaged, ConcurrentTestCase):
    def test_one_form_sent_by_eight_tries_at_once_is_one_survey(self):
        self.flooded()
        made = in_threads(8, lambda _n: self.survey())
        came = sorted(how for _, how in made)
        assert came == ["new", *["same"] * 7], made
        with self.relief():
            assert Survey.objects.count() == 1
            assert SurveyConflict.objects.count() == 0
