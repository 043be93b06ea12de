"""The demo's two years: rows like those of the verbs, chains that hold, every way a case can go, the same each time."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import date, timedelta

from django.contrib.gis.geos import Point

from maehia.access.actions import assign, create_account, tie_person
from maehia.access.models import Account
from maehia.city.models import House, Person
from maehia.demo.cases import Step, make_cases
from maehia.forms.models import Attachment
from maehia.kit import clock
from maehia.kit.acting import acting
from maehia.kit.testing import NOW, AppTestCase
from maehia.message.models import Message
from maehia.services import actions, demo, demo_cases
from maehia.services.actions import NewCase
from maehia.services.actions.catalogue import load_shipped
from maehia.services.demo_book import Book, own_cases
from maehia.services.demo_register import fill_units, read_register
from maehia.services.demo_story import begin, happen, merged
from maehia.services.models import Case, CaseEvent, CaseLink, CaseSecret, ClockPause, Party, UnitMember
from maehia.services.queries.current import current
from maehia.services.queries.places import Where
from maehia.services.rules.chain import Line, broken_at
from maehia.services.tests.case_cast import AT_LAMP_A, build_street

SEED, CITIZEN = 7, uuid.UUID(int=702)
DAENG, DEVICE = f"user:{uuid.UUID(int=501)}", "device:11111111-1111-4111-8111-111111111111"
REPORTS, APPLICATIONS = 160, 40
START = NOW - timedelta(days=10)
SAME = (
    "kind", "service_id", "state", "state_type", "state_before", "unit_id", "is_public", "public_text", "last_note", "moo",
    "received_at", "recorded_at", "due_at", "answer_due_at", "answered_at", "closed_at", "updated_at", "promise", "version",
    "me_too", "reopened", "rating",
)  # fmt: skip


def people_and_houses() -> None:
    for n in range(12):
        house = House.objects.create(
            key=uuid.UUID(int=900 + n), house_no=f"{n + 1}", moo=5, geom=Point(98.9505 + n / 5000, 18.7441, srid=4326)
        )
        Person.objects.create(
            key=uuid.UUID(int=700 + n), title="นาย", first_name=f"สมมติ{n}", last_name="ตัวอย่าง", registered=True,
            birth=date(1950 + 5 * n, 3, 1), house=house, moo=5,
        )  # fmt: skip


class DemoTown(AppTestCase):
    """A street, its people, the shipped catalogue and five officers."""

    @classmethod
    def setUpTestData(cls) -> None:
        with clock.at(NOW), acting(demo.ACTOR, demo.PURPOSE):
            load_shipped()
            build_street()
            people_and_houses()
            for login in ("officer", "counter", "engineer", "clerk", "mayor"):
                assign(create_account(login, f"{login} (ตัวอย่าง)"), login, starts_on=NOW.date())


class TheSameRows(DemoTown):
    """What a story writes is what the verbs write, moment by moment."""

    steps = (
        ("accepted", {}, Step(1, "state", to="accepted")),
        ("waiting_citizen", {"question": "อยู่ตรงไหน"}, Step(2, "state", to="waiting_citizen", question="อยู่ตรงไหน")),
        ("answer", {}, Step(4, "answer", by="citizen", note="หน้าวัด")),
        ("fixed", {"note": "เรียบร้อย"}, Step(5, "state", to="fixed", note="เรียบร้อย")),
        ("reopen", {}, Step(6, "state", to="in_progress", by="citizen", note="ยังไม่หาย")),
        ("fixed", {"note": "เสร็จจริง"}, Step(7, "state", to="fixed", note="เสร็จจริง")),
        ("rate", {}, Step(8, "rating", by="citizen", stars=4, note="ดี")),
    )

    def new(self) -> NewCase:
        return NewCase(service="smoke", channel="web", description="ควันเข้าบ้าน", point=AT_LAMP_A, event_at=START)

    def by_verbs(self) -> Case:
        key = uuid.UUID(int=1)
        with clock.at(START):
            actions.open_case(self.new(), by=DEVICE, case_id=key)
        for what, said, step in self.steps:
            with clock.at(START + timedelta(days=step.at)):
                if what == "answer":
                    actions.answer(key, step.note, by=DEVICE)
                elif what == "reopen":
                    actions.reopen(key, by=DEVICE, reason=step.note)
                elif what == "rate":
                    actions.rate(key, step.stars, by=DEVICE, comment=step.note)
                else:
                    actions.move(key, what, by=DAENG, **said)
        return Case.objects.get(pk=key)

    def by_story(self):
        story = begin(self.new(), current("smoke"), Where(True, 5, ""), case_id=uuid.UUID(int=2), number="x", by=DEVICE)
        for _, _, step in self.steps:
            by = DAENG if step.by == "staff" else DEVICE
            assert happen(story, step, START + timedelta(days=step.at), by), step
        return story

    def test_columns_lines_and_pauses_are_the_same(self):
        with acting(demo.ACTOR, demo.PURPOSE):
            case, story = self.by_verbs(), self.by_story()
            assert {name: getattr(story.case, name) for name in SAME} == {name: getattr(case, name) for name in SAME}
            lines = [self.line(event) for event in CaseEvent.objects.filter(case=case)]
            assert [self.line(event) for event in story.events] == lines
            pauses = [(row.start, row.end, row.cause) for row in ClockPause.objects.filter(case=case)]
            assert [(row.start, row.end, row.cause) for row in story.pauses] == pauses

    @staticmethod
    def line(event: CaseEvent) -> tuple:
        return (event.seq, event.kind, event.state, event.value, event.note, event.is_public, event.actor,
                event.event_at, event.recorded_at)  # fmt: skip

    def test_a_merge_is_the_same_on_both_sides(self):
        with acting(demo.ACTOR, demo.PURPOSE):
            real = [actions.open_case(self.new(), by=DEVICE, case_id=uuid.UUID(int=n)).case for n in (3, 4)]
            with clock.at(NOW + timedelta(seconds=1)):
                actions.merge(real[1].pk, real[0].pk, by=DAENG)
            told = [
                begin(self.new(), current("smoke"), Where(True, 5, ""), case_id=uuid.UUID(int=n), number=real[n - 5].number,
                      by=DEVICE, recorded=NOW)
                for n in (5, 6)
            ]  # fmt: skip
            assert merged(told[1], told[0], NOW + timedelta(seconds=1), DAENG)
            for case, story in zip(real, told, strict=True):
                case.refresh_from_db()
                assert {n: getattr(story.case, n) for n in SAME} == {n: getattr(case, n) for n in SAME}
                kinds = list(CaseEvent.objects.filter(case=case).values_list("kind", "state", "value"))
                assert [(e.kind, e.state, e.value) for e in story.events] == kinds

    def test_a_move_that_the_table_does_not_have_leaves_the_story_as_it_was(self):
        with acting(demo.ACTOR, demo.PURPOSE):
            story = self.by_story()
            before = (story.case.version, len(story.events))
            assert not happen(story, Step(9, "state", to="planned"), NOW, DAENG)
            assert not happen(story, Step(9, "me_too", by="citizen"), NOW, DEVICE)
            assert (story.case.version, len(story.events)) == before


class TheLoadedYears(DemoTown):
    """A smaller plan, written once and read back."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        with clock.at(NOW), acting(demo.ACTOR, demo.PURPOSE):
            tie_person(create_account("citizen", "ประชาชน (ตัวอย่าง)"), CITIZEN)
            cls.plan = make_cases(SEED, NOW, reports=REPORTS, applications=APPLICATIONS)
            cls.stories = demo_cases.tell(cls.book(), cls.plan)
            demo_cases.store(cls.stories)

    @classmethod
    def book(cls) -> Book:
        return Book(SEED, NOW, read_register(NOW.date()), own_cases(cls.plan))

    def test_every_history_holds_and_nothing_happens_in_the_future(self):
        with acting(demo.ACTOR, demo.PURPOSE):
            assert len(self.plan) == len(self.stories) == Case.objects.count() == CaseSecret.objects.count()
            events: dict = {}
            for row in CaseEvent.objects.order_by("case_id", "seq"):
                line = Line(str(row.case_id), row.seq, row.kind, row.state, row.value, row.note, row.is_public, row.actor,
                            row.event_at, row.recorded_at)  # fmt: skip
                events.setdefault(row.case_id, []).append((line, bytes(row.prev_hash), bytes(row.hash)))
            for case in Case.objects.all():
                assert broken_at(events[case.pk], bytes(case.head)) is None, case.number
                times = [line.recorded_at for line, _, _ in events[case.pk]]
                assert times == sorted(times)
                assert times[-1] <= NOW + timedelta(minutes=30)

    def test_the_years_show_every_way_a_case_can_go(self):
        with acting(demo.ACTOR, demo.PURPOSE):
            states = Counter(Case.objects.values_list("state", flat=True))
            assert {"fixed", "forwarded", "cannot_fix", "not_ours", "duplicate", "issued", "submitted"} <= set(states)
            assert Case.objects.filter(reopened__gt=0).exists()
            assert any(
                case.closed_at > case.due_at for case in Case.objects.filter(state="fixed", due_at__isnull=False)
            )
            assert CaseLink.objects.filter(kind="duplicate").count() == states["duplicate"] > 0
            assert Party.objects.filter(moved_from__isnull=False).exists()
            assert Case.objects.filter(rating__isnull=False).exists()
            assert not Case.objects.filter(is_confidential=True, is_public=True).exists()
            hot = Counter((p.service, p.moo, p.spot) for p in self.plan if NOW - p.received < timedelta(days=365))
            assert sum(count >= 3 for count in hot.values()) >= 8

    def test_nothing_old_is_left_lying(self):
        with acting(demo.ACTOR, demo.PURPOSE):
            old = Case.objects.filter(kind="report", received_at__lt=NOW - timedelta(days=180), state_type="open")
            assert not old.exists(), list(old.values_list("number", "service_id", "state"))

    def test_a_new_case_gets_the_number_after_the_last_of_this_year(self):
        with acting(demo.ACTOR, demo.PURPOSE):
            last = Case.objects.filter(number__startswith="2569-").order_by("-number").first()
            new = actions.open_case(NewCase(service="smoke", channel="web", point=AT_LAMP_A), by=DEVICE).case
            assert new.number == f"2569-{int(last.number[5:]) + 1:06d}"

    def test_the_same_seed_tells_the_same_stories(self):
        with acting(demo.ACTOR, demo.PURPOSE):
            again = demo_cases.tell(self.book(), make_cases(SEED, NOW, reports=REPORTS, applications=APPLICATIONS))
            told = [[(s.case.pk, s.case.state, s.case.due_at, len(s.events)) for s in part]
                    for part in (self.stories, again)]  # fmt: skip
            assert told[0] == told[1]

    def test_the_demo_citizen_has_cases_of_her_own(self):
        with acting(demo.ACTOR, demo.PURPOSE):
            own = Case.objects.filter(person_key=CITIZEN, parties__account_id=Account.objects.get(login="citizen").pk)
            assert {case.kind for case in own} == {"report", "service"}

    def test_photos_are_attached_and_those_of_repairs_are_released(self):
        with acting(demo.ACTOR, demo.PURPOSE):
            count = demo_cases.attach_photos(SEED, self.stories)
            rows = list(Attachment.objects.all())
            assert len(rows) == count > 3
            assert {row.role for row in rows} == {"photo", "after"}
            named = {str(photo) for e in CaseEvent.objects.filter(kind="opened") for photo in e.value["photos"]}
            assert named == {str(row.pk) for row in rows if row.role == "photo"}
            public = set(Case.objects.filter(is_public=True).values_list("pk", flat=True))
            assert all(row.released_at for row in rows if row.role == "after" and row.about in public)


class TheLastHours(DemoTown):
    def test_they_go_through_the_verbs_once_and_tell_their_reporters(self):
        assert demo_cases.load_units(SEED) > 0
        opened = demo_cases.load_recent(SEED)
        assert opened == demo_cases.NOW_CASES
        assert demo_cases.load_recent(SEED) == 0
        with self.acting():
            assert Case.objects.count() == opened
            assert Message.objects.exists()
            assert Case.objects.exclude(state="submitted").exists()

    def test_officers_stand_in_their_units_and_filling_again_adds_nobody(self):
        with acting(demo.ACTOR, demo.PURPOSE):
            assert fill_units() > 0
            assert fill_units() == 0
            heads = set(UnitMember.objects.filter(is_head=True).values_list("unit_id", flat=True))
            assert {"works", "welfare", "clerk_office"} <= heads

    def test_years_are_not_loaded_over_cases_that_stand(self):
        with acting(demo.ACTOR, demo.PURPOSE):
            actions.open_case(NewCase(service="smoke", channel="web", point=AT_LAMP_A), by=DEVICE)
        assert demo_cases.load_past(SEED) == 0

    def test_loaders_run_units_first_and_today_after_the_past(self):
        keys = [key for key, _ in demo.loaders()]
        assert keys.index("units") < keys.index("cases") < keys.index("cases-today")
