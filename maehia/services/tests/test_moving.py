"""A case on its way: moves of the table, clocks, history, messages, two officers at once."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from maehia.base import BANGKOK, ProblemError
from maehia.kit import clock
from maehia.kit.acting import Scope, acting
from maehia.kit.testing import NOW, ConcurrentTestCase, in_threads
from maehia.message.models import Message
from maehia.services import actions, workflow
from maehia.services.models import Case, CaseEvent, CaseLink, ClockPause, Party
from maehia.services.queries import cases
from maehia.services.tests.case_cast import DEVICE, FAH, LAMP_B, OTHER_DEVICE, StreetCase, build_street, dark_lamp
from maehia.services.tests.desk_cast import build_town
from maehia.services.tests.photo_cast import attach_photo

DAENG, SAIJAI = f"user:{uuid.UUID(int=501)}", f"user:{uuid.UUID(int=502)}"


class DeskCase(StreetCase):
    def desk(self, by: str = DAENG):
        return acting(by, "services.desk")

    def move(self, case: Case, to: str, by: str = DAENG, **said) -> Case:
        with self.desk(by):
            return actions.move(case.pk, to, by=by, **said)

    def refused(self, code: str, work, *args, **said) -> ProblemError:
        with pytest.raises(ProblemError) as caught:
            work(*args, **said)
        assert caught.value.problem.code == code
        return caught.value

    def bodies(self, case: Case) -> list[str]:
        with self.acting():
            return list(
                Message.objects.filter(about=case.pk).order_by("created_at", "id").values_list("body", flat=True)
            )


class MovingTests(DeskCase):
    def test_a_lamp_goes_from_received_to_fixed_with_its_photo(self):
        case = self.file()
        self.move(case, "accepted")
        self.move(case, "in_progress")
        self.refused("guard_after_photo", self.move, case, "fixed")
        with self.desk():
            photo = attach_photo(case.pk, "after")
        done = self.move(case, "fixed", note="เปลี่ยนหลอดแล้ว", after_photos=[photo.pk])
        assert (done.state, done.state_type, done.closed_at) == ("fixed", "fixed", NOW)
        assert done.last_note == "เปลี่ยนหลอดแล้ว"
        with self.acting():
            kinds = list(CaseEvent.objects.filter(case_id=case.pk).values_list("seq", "state"))
            assert kinds == [(1, "submitted"), (2, "accepted"), (3, "in_progress"), (4, "fixed")]
            assert cases.check_chain(case.pk) is None

    def test_a_jump_that_is_not_in_the_table_is_refused_and_nothing_is_written(self):
        case = self.file()
        for to in ("fixed", "cannot_fix", "closure_requested", "draft", "erased", "teleported"):
            self.refused("move_refused", self.move, case, to, note="เหตุผล")
        with self.acting():
            assert CaseEvent.objects.filter(case_id=case.pk).count() == 1

    def test_no_person_erases(self):
        case = self.move(self.file(), "not_ours", note="เป็นของแขวงทางหลวง")
        self.refused("move_refused", self.move, case, "erased")

    def test_every_state_change_tells_the_reporter_once_in_words(self):
        case = self.file()
        self.move(case, "accepted")
        self.move(case, "waiting_citizen", question="เสาต้นที่เท่าไรจากปากซอย")
        texts = self.bodies(case)
        assert len(texts) == 3
        assert sum("รับเรื่องแล้ว" in text for text in texts) == 1
        assert sum("เสาต้นที่เท่าไรจากปากซอย" in text for text in texts) == 1

    def test_hiding_tells_nobody_and_shows_nobody_and_goes_back_to_where_it_was(self):
        case = self.move(self.file(), "accepted")
        told = len(self.bodies(case))
        self.refused("guard_internal_reason", self.move, case, "moderated")
        self.move(case, "moderated", internal="มีเบอร์โทรของคนอื่นในข้อความ")
        with acting("system:public", "services.public"):
            assert cases.public(case.number) is None
            assert not CaseEvent.objects.filter(case_id=case.pk).exists()
        self.refused("move_refused", self.move, case, "in_progress", internal="ไม่ใช่สถานะเดิม")
        assert self.move(case, "accepted", internal="แก้ข้อความแล้ว").state == "accepted"
        assert len(self.bodies(case)) == told + 1


class ClockTests(DeskCase):
    def at(self, **later):
        return clock.at(NOW + timedelta(**later))

    def test_the_clock_stands_still_while_the_citizen_is_asked(self):
        case = self.file()
        due = case.due_at
        assert self.move(case, "waiting_citizen", question="ต้นไหน").due_at is None
        with self.at(days=1), acting(DEVICE, "services.link", scope=Scope.subject(case.pk)):
            actions.answer(case.pk, "ต้นที่สอง", by=DEVICE)
        now_due = self.fresh(case)
        assert now_due.state == "in_progress"
        # Asked on Wednesday before noon, answered on Thursday: Wednesday's evening is not the citizen's loss.
        assert now_due.due_at >= due
        with self.acting():
            pause = ClockPause.objects.get(case_id=case.pk)
        assert (pause.end - pause.start, pause.cause) == (timedelta(days=1), "รอข้อมูลจากผู้แจ้ง")

    def test_a_pause_of_three_working_days_moves_the_due_day_by_as_many(self):
        case = self.file()
        due = case.due_at
        with self.at(days=1):  # Thursday
            self.move(case, "waiting_citizen", question="ต้นไหน")
        with self.at(days=6, hours=-1):  # Tuesday morning: Thursday, Friday and Monday were waited
            self.move(case, "in_progress")
        assert self.fresh(case).due_at - due == timedelta(days=3)

    def test_the_first_answer_is_the_first_thing_that_an_officer_does(self):
        case = self.file()
        assert self.fresh(case).answered_at is None
        with self.at(hours=2):
            self.move(case, "accepted")
        with self.at(hours=5):
            self.move(case, "in_progress")
        assert self.fresh(case).answered_at == NOW + timedelta(hours=2)

    def test_the_time_in_which_a_case_was_closed_is_not_counted_when_it_opens_again(self):
        case = self.move(self.file(), "not_ours", note="เป็นของแขวงทางหลวง")
        due = case.due_at
        with self.at(days=7):
            back = self.move(case, "submitted", note="สำรวจแล้วเป็นของเทศบาล")
        assert back.reopened == 1
        # Due on Monday; three working days were left, and the Wednesday on which it opened again is the first.
        assert (due.astimezone(BANGKOK).day, back.due_at.astimezone(BANGKOK).day) == (23, 27)


class ReopeningTests(DeskCase):
    def closed(self) -> Case:
        case = self.file()
        self.move(case, "in_progress")
        with self.desk():
            attach_photo(case.pk, "after")
        return self.move(case, "fixed", note="เปลี่ยนหลอดแล้ว")

    def as_reporter(self, case: Case):
        return acting(DEVICE, "services.link", scope=Scope.subject(case.pk))

    def test_the_citizen_asks_again_with_a_reason_and_the_old_photo_counts_no_more(self):
        case = self.closed()
        with self.as_reporter(case):
            self.refused("guard_reopen_ground", actions.reopen, case.pk, by=DEVICE)
            again = actions.reopen(case.pk, by=DEVICE, reason="ยังดับอยู่เมื่อคืน")
        assert (again.state, again.reopened, again.rating) == ("in_progress", 1, None)
        with clock.at(NOW + timedelta(hours=1)):
            self.refused("guard_after_photo", self.move, case, "fixed", note="แก้แล้วอีกครั้ง")

    def test_after_the_window_the_citizen_is_sent_to_a_new_report_but_an_officer_may(self):
        case = self.closed()
        with clock.at(NOW + timedelta(days=15)):
            with self.as_reporter(case):
                self.refused("guard_reopen_window", actions.reopen, case.pk, by=DEVICE, reason="ดับอีก")
            assert self.move(case, "in_progress", note="ตรวจพบว่าดับอีก").state == "in_progress"

    def test_stars_are_one_to_five_for_what_is_closed(self):
        case = self.file()
        with self.as_reporter(case):
            self.refused("not_closed", actions.rate, case.pk, 5, by=DEVICE)
        case = self.closed()
        with self.as_reporter(case):
            for stars in (0, 6, -1):
                self.refused("bad_stars", actions.rate, case.pk, stars, by=DEVICE)
            actions.rate(case.pk, 4, by=DEVICE, comment="เร็วดี")
        assert self.fresh(case).rating == 4


class TalkTests(DeskCase):
    def test_me_too_counts_each_device_once_and_tells_the_follower(self):
        case = self.file()
        self.refused("counted_already", actions.follow_case, case.pk, actions.Contact(), by=DEVICE)
        actions.follow_case(case.pk, FAH, by=OTHER_DEVICE)
        self.refused("counted_already", actions.follow_case, case.pk, FAH, by=OTHER_DEVICE)
        assert self.fresh(case).me_too == 1
        self.move(case, "accepted")
        with self.acting():
            assert Message.objects.filter(about=case.pk, template="case.state").count() == 2

    def test_an_empty_or_endless_text_is_refused(self):
        case = self.file()
        with self.desk():
            self.refused("no_text", actions.add_note, case.pk, "  ", by=DAENG)
            self.refused("text_too_long", actions.add_note, case.pk, "ก" * 4001, by=DAENG)

    def test_an_internal_note_is_seen_by_the_desk_and_by_neither_reporter_nor_public(self):
        case = self.file()
        with self.desk():
            actions.add_note(case.pk, "ผู้แจ้งเคยโทรมาสามครั้ง", by=DAENG)
            assert any("สามครั้ง" in e.note for e in cases.page(case.pk, "own_unit").events)
        with acting(DEVICE, "services.link", scope=Scope.subject(case.pk)):
            assert not any("สามครั้ง" in e.note for e in cases.page(case.pk, "link_holder").events)
        with acting("system:public", "services.public"):
            assert not CaseEvent.objects.filter(note__contains="สามครั้ง").exists()


class SortingTests(DeskCase):
    def test_another_category_brings_another_unit_a_new_day_and_news_for_the_citizen(self):
        case = self.file()
        with self.desk():
            moved = actions.recategorise(case.pk, "smoke", by=DAENG, note="เป็นควันจากการเผา")
        assert (moved.service_id, moved.unit_id, moved.assignee) == ("smoke", "health", None)
        assert sum("ควันและการเผา" in text for text in self.bodies(case)) == 1
        with self.acting():
            assert cases.check_chain(case.pk) is None

    def test_what_is_confidential_cannot_be_opened_by_changing_its_category(self):
        case = self.file()
        with self.desk():
            self.refused("sealed_stays", actions.recategorise, case.pk, "staff_conduct", by=DAENG)
            self.refused("same_service", actions.recategorise, case.pk, "street_light", by=DAENG)

    def test_a_case_that_is_handed_over_loses_its_officer(self):
        case = self.file()
        with self.desk():
            actions.assign_person(case.pk, uuid.UUID(int=501), by=DAENG)
            moved = actions.assign_unit(case.pk, "health", by=DAENG, note="ไม่ใช่งานช่าง")
            self.refused("unknown_unit", actions.assign_unit, case.pk, "moon", by=DAENG)
        assert (moved.unit_id, moved.assignee) == ("health", None)


class MergingTests(DeskCase):
    def two(self) -> tuple[Case, Case]:
        return self.file(), self.file(by=OTHER_DEVICE, contact=FAH)

    def test_a_merge_moves_the_followers_and_its_undoing_brings_them_back(self):
        parent, child = self.two()
        with self.desk():
            link = actions.merge(child.pk, parent.pk, by=DAENG, why="เสาต้นเดียวกัน")
            assert Party.objects.filter(case_id=parent.pk).count() == 2
        assert self.fresh(child).state == "duplicate"
        assert self.fresh(parent).me_too == 1
        with self.desk():
            actions.unmerge(link.pk, by=DAENG)
            assert Party.objects.filter(case_id=child.pk).count() == 1
            self.refused("no_link", actions.unmerge, link.pk, by=DAENG)
        back = self.fresh(child)
        assert (back.state, back.parent_id, self.fresh(parent).me_too) == ("submitted", None, 0)

    def test_there_is_one_level_of_duplicates_only(self):
        parent, child = self.two()
        third = self.file(by="device:33333333-3333-4333-8333-333333333333", asset_key=LAMP_B)
        with self.desk():
            actions.merge(child.pk, parent.pk, by=DAENG)
            self.refused("parent_is_duplicate", actions.merge, third.pk, child.pk, by=DAENG)
            self.refused("child_is_parent", actions.merge, parent.pk, third.pk, by=DAENG)
            self.refused("merge_self", actions.merge, third.pk, third.pk, by=DAENG)
            assert CaseLink.objects.count() == 1


class AtOnceTests(ConcurrentTestCase):
    def setUp(self):
        with self.acting():
            build_town()
            build_street()
        self.case = actions.file_case(dark_lamp(), by=DEVICE).case

    def test_of_two_officers_at_once_one_acts_and_the_other_is_told(self):
        def act(n):
            by = (DAENG, SAIJAI)[n]
            with acting(by, "services.desk"):
                return actions.move(self.case.pk, "accepted", by=by, version=1).version

        made = in_threads(2, act)
        assert sorted(type(m).__name__ for m in made) == ["Stale", "int"]
        stale = next(m for m in made if isinstance(m, actions.Stale))
        assert (stale.problem.code, stale.case.state, stale.case.version) == ("stale_case", "accepted", 2)

    def test_two_who_merge_crosswise_do_not_wait_for_each_other_for_ever(self):
        other = actions.file_case(dark_lamp(), by=OTHER_DEVICE).case
        pairs = [(self.case.pk, other.pk), (other.pk, self.case.pk)]

        def merge(n):
            with acting(DAENG, "services.desk"):
                return actions.merge(*pairs[n], by=DAENG)

        made = in_threads(2, merge)
        assert sorted(type(m).__name__ for m in made) == ["CaseLink", "ProblemError"]
        with self.acting():
            assert Case.objects.filter(state="duplicate").count() == 1


def test_each_final_word_of_the_table_has_a_message():
    from maehia.services.actions.moving import SILENT, TELLS

    for kind in ("report", "service"):
        closed = {s.code for s in workflow.KINDS[kind].values() if s.type in ("closed", "fixed")}
        assert closed <= set(TELLS) | set(SILENT)
