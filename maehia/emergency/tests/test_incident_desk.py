"""The desk of an incident: authorities are told in time, posts leave entries, command changes hands with a briefing."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maehia.base import ProblemError
from maehia.emergency.actions import desk, desk_shifts, desk_teams, incidents, notices
from maehia.emergency.actions.grants import may_see
from maehia.emergency.models import AuthorityNotice, Incident, Post, Shift
from maehia.emergency.queries import desk as reads
from maehia.emergency.queries.log import newest, tampered_at
from maehia.emergency.rules.notices import NoticeRule, fill, on_day
from maehia.emergency.rules.posts import Held, Written, silent
from maehia.emergency.tests.cast import Watch
from maehia.kit import clock
from maehia.kit import notices as bell
from maehia.kit.acting import acting
from maehia.kit.testing import EXTRA_KEPT, NOW, AppTestCase, ConcurrentTestCase, in_threads

EXTRA_KEPT |= {"access_role", "access_roleevent"}


@contextmanager
def refused(code: str):
    with pytest.raises(ProblemError) as caught:
        yield
    assert caught.value.problem.code == code, caught.value.problem


class TestNotices(Watch, AppTestCase):
    def test_opening_starts_the_clocks_of_district_and_province(self):
        with self.command():
            made = self.flood()
            rows = reads.notices_of(made)
            late_at_first = reads.late_notices()
        assert [(row.rule, row.due_at - NOW) for row in rows] == [
            ("district", timedelta(minutes=30)), ("province", timedelta(hours=1))
        ]  # fmt: skip
        assert late_at_first == 0
        assert not any(row.verified for row in rows)

    def test_the_clock_runs_from_when_we_wrote_it_down(self):
        with self.command():
            made = self.flood(started_at=NOW - timedelta(hours=5))
            assert reads.notices_of(made)[0].due_at == NOW + timedelta(minutes=30)

    def test_an_hour_later_nobody_was_told_and_it_shows(self):
        with self.command():
            self.flood()
            with clock.at(NOW + timedelta(minutes=31)):
                assert reads.late_notices() == 1

    def test_the_text_follows_the_incident_until_it_is_sent(self):
        with self.command():
            made = incidents.open_incident(incidents.NewIncident("น้ำป่าเข้าหมู่ 5", "flash_flood", "หมู่ 5"))
            row = reads.notices_of(made)[0]
            assert "อยู่ระหว่างประเมิน" in notices.text_now(row)
            incidents.set_level(made.pk, 1)
            incidents.name_commander(made.pk, self.commander)
            sent = notices.mark_sent(made.pk, row.pk, "phone", "ปลัดอำเภอเวร")
            assert "ระดับ 1 ขนาดเล็ก" in sent.text
            assert "วิชัย กล้าหาญ" in sent.text
            incidents.set_level(made.pk, 2, declared_by="ผู้ว่าฯ คำสั่ง 9/2569")
            assert notices.text_now(reads.notices_of(made)[0]) == sent.text

    def test_telling_late_is_written_down_with_the_minutes(self):
        with self.command():
            made = self.flood()
            row = reads.notices_of(made)[0]
            with clock.at(NOW + timedelta(minutes=42)):
                notices.mark_sent(made.pk, row.pk, "radio", "ศูนย์วิทยุอำเภอ")
            line = newest(made.pk, 1)[0]
        assert (line.kind, line.value) == ("notice", {"rule": "district", "how": "radio", "late_minutes": 12})

    def test_it_is_told_once_by_whom_and_how(self):
        with self.command():
            made = self.flood()
            row = reads.notices_of(made)[0]
            for how, receiver, code in (("", "ก", "bad_how"), ("phone", " ", "no_receiver")):
                with refused(code):
                    notices.mark_sent(made.pk, row.pk, how, receiver)
            with refused("sent_ahead"):
                notices.mark_sent(made.pk, row.pk, "phone", "ก", sent_at=NOW + timedelta(hours=1))
            notices.mark_sent(made.pk, row.pk, "phone", "ปลัดอำเภอเวร")
            with refused("notice_sent"):
                notices.mark_sent(made.pk, row.pk, "phone", "อีกคน")
            with pytest.raises(IntegrityError), transaction.atomic():
                AuthorityNotice.objects.filter(pk=reads.notices_of(made)[1].pk).update(sent_at=NOW)

    def test_an_exercise_says_so_before_anything_else(self):
        with self.command("exercise"):
            made = self.flood("exercise")
            assert notices.text_now(reads.notices_of(made)[0]).startswith("[การฝึกซ้อม ไม่ใช่เหตุจริง]")


def test_of_rules_with_the_same_key_the_newest_of_the_day_holds():
    def rule(day: int, minutes: int, **more) -> NoticeRule:
        return NoticeRule("district", date(2026, 1, day), minutes, "ก", "A", "", "", "", False, **more)

    found = on_day([rule(1, 60), rule(10, 30), rule(20, 5)], date(2026, 1, 15))
    assert [one.minutes for one in found] == [30]
    assert on_day([rule(1, 60, ends=date(2026, 1, 5))], date(2026, 1, 6)) == []


def test_a_word_that_nobody_knows_is_a_dash():
    assert fill("{name} {nobody_knows}", {"name": "น้ำป่า"}) == "น้ำป่า –"


class TestShifts(Watch, AppTestCase):
    def at_work(self, *roles: str) -> Incident:
        with clock.at(NOW - timedelta(minutes=10)):
            made = self.flood()
        desk_shifts.begin(made.pk)
        people = {"commander": self.commander, "recorder": self.duty, "operations": self.engineer,
                  "liaison": self.clerk}  # fmt: skip
        for role in roles:
            desk_shifts.man(made.pk, role, people[role])
        return made

    def test_a_shift_is_not_closed_while_a_post_has_written_nothing(self):
        with self.command():
            made = self.at_work("commander", "operations")
            with refused("posts_silent"):
                desk_shifts.close(made.pk)
            desk.note(made.pk, "ส่งชุดเคาะประตู", post="operations")
            with refused("posts_silent"):
                desk_shifts.close(made.pk)
            desk.note(made.pk, "สั่งเฝ้าระวังต่อ", post="commander")
            assert desk_shifts.close(made.pk).closed_at == NOW

    def test_what_one_does_is_an_entry_of_the_only_post_that_she_holds(self):
        with self.command():
            made = self.at_work("commander", "recorder")
            incidents.give_order(made.pk, "other", "ให้เฝ้าระวัง", signer=self.commander)
            assert desk_shifts.silent_posts(desk_shifts.open_shift_of(made)) == ["recorder"]
        with acting(self.duty.actor, "emergency.command"):
            desk.note(made.pk, "รับรายงานจากหมู่ 5")
            assert desk_shifts.silent_posts(desk_shifts.open_shift_of(made)) == []

    def test_a_shift_without_anybody_is_not_closed(self):
        with self.command():
            made = self.at_work()
            with refused("nobody_at_post"):
                desk_shifts.close(made.pk)

    def test_one_stands_at_a_post_at_a_time(self):
        with self.command():
            made = self.at_work("operations")
            desk_shifts.man(made.pk, "operations", self.duty)
            standing = Post.objects.filter(role="operations", ends_at=None)
            assert [post.name for post in standing] == ["ดวงใจ เฝ้ายาม"]
            with refused("at_post"):
                desk_shifts.man(made.pk, "operations", self.duty)
            with refused("bad_post"):
                desk_shifts.man(made.pk, "cook", self.duty)
            with pytest.raises(IntegrityError), transaction.atomic():
                Post.objects.create(shift=desk_shifts.open_shift_of(made), mode="live", role="operations",
                                    account=self.clerk.pk, name="สอง", starts_at=NOW)  # fmt: skip

    def test_there_is_one_open_shift(self):
        with self.command():
            made = self.at_work()
            with refused("shift_open"):
                desk_shifts.begin(made.pk)
            with pytest.raises(IntegrityError), transaction.atomic():
                Shift.objects.create(incident=made, mode="live", number=2, starts_at=NOW)

    def test_open_objectives_go_on_into_the_next_shift(self):
        with self.command():
            made = self.at_work("commander")
            desk_shifts.set_objective(made.pk, "ทุกบ้านในหมู่ 5 ได้รับแจ้งก่อน 12:00 น.")
            desk_shifts.set_objective(made.pk, "ปิดถนนที่น้ำท่วม")
            desk_shifts.end_objective(made.pk, 2, "reached")
            desk.note(made.pk, "ส่งกะ", post="commander")
            desk_shifts.close(made.pk)
            second = desk_shifts.begin(made.pk)
            assert [one.text for one in second.objectives.all()] == ["ทุกบ้านในหมู่ 5 ได้รับแจ้งก่อน 12:00 น."]

    def test_objectives_are_approved_by_who_holds_the_power_and_anew_when_they_change(self):
        with self.command():
            made = self.at_work()
            with refused("no_objectives"):
                desk_shifts.approve_objectives(made.pk, self.commander)
            desk_shifts.set_objective(made.pk, "อพยพหมู่ 5")
            with refused("no_power"):
                desk_shifts.approve_objectives(made.pk, self.officer)
            assert desk_shifts.approve_objectives(made.pk, self.mayor).approved_by == self.mayor.pk
            desk_shifts.set_objective(made.pk, "เปิดศูนย์พักพิง")
            assert desk_shifts.open_shift_of(made).approved_at is None

    def test_a_note_keeps_when_it_happened_and_refuses_what_cannot_be(self):
        with self.command():
            made = self.flood(started_at=NOW - timedelta(hours=2))
            line = desk.note(made.pk, "ถนนขาด", event_at=NOW - timedelta(hours=1))
            assert (line.event_at, line.late) == (NOW - timedelta(hours=1), True)
            for more, code in (({"text": " "}, "no_text"), ({"text": "ก", "post": "cook"}, "bad_post"),
                               ({"text": "ก", "event_at": NOW - timedelta(hours=27)}, "before_incident"),
                               ({"text": "ก", "event_at": NOW + timedelta(hours=3)}, "log_ahead")):  # fmt: skip
                with refused(code):
                    desk.note(made.pk, **more)
            assert tampered_at(made) is None


ROLES = ("commander", "operations", "planning", "recorder")
held = st.builds(
    lambda role, actor, start, length: Held(role, f"user:{actor}", NOW + timedelta(minutes=start),
                                            None if length is None else NOW + timedelta(minutes=start + length)),
    st.sampled_from(ROLES), st.integers(1, 3), st.integers(0, 30), st.none() | st.integers(0, 30),
)  # fmt: skip
written = st.builds(
    lambda kind, actor, at, post: Written(kind, f"user:{actor}", NOW + timedelta(minutes=at),
                                          {"post": post} if post else {}),
    st.sampled_from(("note", "order", "post", "shift")), st.integers(1, 3), st.integers(-5, 65),
    st.none() | st.sampled_from(ROLES),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(st.lists(held, max_size=4), st.lists(written, max_size=6))
def test_a_post_is_silent_until_something_was_written_while_it_was_held(posts, lines):
    quiet = silent(posts, lines)
    assert set(quiet) <= {post.role for post in posts}
    assert len(quiet) == len(set(quiet))
    for role in {post.role for post in posts} - set(quiet):
        assert any(line.kind in ("note", "order") and post.covers(line.event_at)
                   for line in lines for post in posts if post.role == role)  # fmt: skip
    for post in posts:
        told = [*lines, Written("note", "user:9", post.starts, {"post": post.role})]
        assert post.role not in silent(posts, told)


class TestCommand(Watch, AppTestCase):
    def test_command_goes_over_with_the_briefing_as_it_was(self):
        with self.command():
            made = self.flood()
            desk_shifts.begin(made.pk)
            desk_shifts.man(made.pk, "commander", self.commander)
            desk_shifts.set_objective(made.pk, "อพยพหมู่ 5")
            with refused("to_oneself"):
                desk.offer_command(made.pk, self.commander, self.commander)
            asked = desk.offer_command(made.pk, self.commander, self.mayor)
            desk_shifts.end_objective(made.pk, 1, "reached")
            assert asked.briefing["objectives"] == [{"text": "อพยพหมู่ 5", "state": "open"}]
            assert asked.briefing["commander"]["order"] == "คำสั่ง 12/2569"
        with acting(self.mayor.actor, "emergency.command"):
            assert [row.pk for row in reads.waiting_for(self.mayor)] == [asked.pk]
            assert bell.unread_count(self.mayor.actor) == 1
            row = desk.answer_command(asked, self.mayor, accept=True)
            assert row.commander == self.mayor.pk
            assert Post.objects.get(role="commander", ends_at=None).account == self.mayor.pk
            with refused("answered"):
                desk.answer_command(asked, self.mayor, accept=True)

    def test_a_refused_handover_leaves_command_where_it_is(self):
        with self.command():
            made = self.flood()
            asked = desk.offer_command(made.pk, self.commander, self.mayor)
        with acting(self.mayor.actor, "emergency.command"):
            assert desk.answer_command(asked, self.mayor, accept=False, note="ไม่อยู่ในพื้นที่").commander == self.commander.pk
            assert reads.waiting_for(self.mayor) == []

    def test_the_page_says_what_is_missing_before_a_move(self):
        with self.command():
            made = incidents.open_incident(incidents.NewIncident("ไฟไหม้", "fire"), state="verified")
            offered = {move.to: move for move in reads.moves_of(made)}
            assert [p.code for p in offered["active"].missing] == ["guard_commander", "guard_level", "guard_area"]
            assert (offered["rejected"].asks, offered["rejected"].missing) == (("reason",), [])
            assert offered["merged"].asks == ("into",)

    def test_a_guard_that_nobody_answers_stands_in_the_way(self):
        from maehia.base.machine import Move

        with self.command():
            made = self.flood()
            assert [p.code for p in reads.missing(made, Move("closed", ("nobody_knows",)))] == ["guard_unknown"]

    def test_those_who_may_command_are_the_holder_and_the_delegated(self):
        with self.command():
            assert [account.pk for account in reads.may_command()] == [self.mayor.pk, self.commander.pk]


class TestAtOnce(Watch, ConcurrentTestCase):
    def test_two_officers_move_it_once_and_five_take_a_post_one_after_the_other(self):
        with self.command():
            made = self.flood()
            desk_shifts.begin(made.pk)
        crew = [self.duty, self.clerk, self.engineer, self.officer, self.mayor]

        def move(_n: int):
            with self.command():
                return incidents.move(made.pk, "rejected", version=made.version, reason="ไม่ใช่เหตุ")

        def man(n: int):
            with self.command():
                return desk_shifts.man(made.pk, "liaison", crew[n])

        posts = in_threads(5, man)
        moves = in_threads(2, move)
        assert [post.role for post in posts] == ["liaison"] * 5
        assert sorted(getattr(one, "state", None) or one.problem.code for one in moves) == [
            "rejected",
            "stale_incident",
        ]
        with self.command():
            assert Post.objects.filter(role="liaison").count() == 5
            assert Post.objects.filter(role="liaison", ends_at=None).count() == 1
            assert tampered_at(made) is None


class TestTeams(Watch, AppTestCase):
    def test_members_belong_to_the_incident_while_their_team_is_out(self):
        with self.command():
            made = self.flood()
            team = desk_teams.make_team(made.pk, desk_teams.NewTeam("ชุด 1", moos=["5"], lead=self.engineer))
            desk_teams.join_team(team.pk, self.volunteer)
            Incident.objects.filter(pk=made.pk).update(state="active")
            made.refresh_from_db()
            assert may_see(self.volunteer, made)
            assert may_see(self.engineer, made)
            desk_teams.leave_team(team.pk, self.engineer.pk)
            assert not may_see(self.engineer, made)
            desk_teams.end_team(team.pk)
            assert not may_see(self.volunteer, made)
            with refused("team_ended"):
                desk_teams.join_team(team.pk, self.volunteer)

    def test_what_cannot_be_a_team_is_refused(self):
        with self.command():
            made = self.flood()
            team = desk_teams.make_team(made.pk, desk_teams.NewTeam("ชุด 1"))
            for new, code in ((desk_teams.NewTeam(" "), "no_name"), (desk_teams.NewTeam("ชุด 1"), "team_named"),
                              (desk_teams.NewTeam("ชุด 2", kind="choir"), "bad_kind"),
                              (desk_teams.NewTeam("ชุด 2", lead=self.finance), "no_field_right")):  # fmt: skip
                with refused(code):
                    desk_teams.make_team(made.pk, new)
            desk_teams.join_team(team.pk, self.volunteer)
            with refused("in_team"):
                desk_teams.join_team(team.pk, self.volunteer)
            with refused("not_in_team"):
                desk_teams.leave_team(team.pk, self.duty.pk)
