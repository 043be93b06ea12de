"""Two people release a warning; whoever does not answer is followed by the next; only bytes that were seen go out."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.contrib.gis.geos import Polygon
from django.db import DatabaseError, connection, transaction

from maehia.base import ProblemError
from maehia.emergency.actions import alert_desk, alerts, alerts_release, fanout, release
from maehia.emergency.actions.alerts_settings import set_setting
from maehia.emergency.models import Alert, AlertRecipient, ApprovalCall, BroadcastRequest, Fanout, ThresholdCrossing
from maehia.emergency.queries import alerts as seen
from maehia.emergency.queries.log import newest
from maehia.emergency.rules.release import Called, next_call, unreadable
from maehia.emergency.tests.cast import Watch
from maehia.kit import clock
from maehia.kit.acting import acting
from maehia.kit.models import Job, Notice
from maehia.kit.testing import NOW, AppTestCase
from maehia.message.models import Message

AREA = Polygon.from_bbox((98.94, 18.73, 98.96, 18.75))
AREA.srid = 4326


def code_of(caught) -> str:
    return caught.value.problem.code


class Case(Watch, AppTestCase):
    def waiting(self, mode: str = "live", template: str = "flash_flood", **more) -> Alert:
        """A submitted alert of ดวงใจ."""
        with self.command(mode):
            incident = self.flood(mode)
        with acting(self.duty.actor, "emergency.command", mode=mode):
            made = alert_desk.from_template(
                template, area="หมู่ 5", area_en="Moo 5", incident=incident, geom=AREA, **more
            )
            return alerts.submit(made.pk)

    def released(self, mode: str = "live") -> Alert:
        row = self.waiting(mode)
        with self.command(mode):
            return release.release(row.pk, self.commander, sha256=row.sha256)


class TestTwoPersons(Case):
    def test_the_second_person_approves_the_bytes_she_saw_and_they_go_out(self):
        row = self.waiting()
        with self.command():
            done = release.release(row.pk, self.commander, sha256=row.sha256)
            assert (done.state, done.sha256, done.approved_sha256) == ("published", row.sha256, row.sha256)
            assert bytes(Alert.objects.get(pk=row.pk).xml) == bytes(row.xml)
            assert seen.in_force("live")[0].pk == row.pk
            assert ApprovalCall.objects.get(alert=row, answer="approved").account == self.commander.pk

    def test_other_bytes_than_those_on_the_page_are_refused(self):
        row = self.waiting()
        with self.command():
            for act in (lambda sha: release.release(row.pk, self.commander, sha256=sha),
                        lambda sha: release.give_back(row.pk, self.commander, "ผิดหมู่", sha256=sha)):  # fmt: skip
                with pytest.raises(ProblemError) as caught:
                    act("0" * 64)
                assert code_of(caught) == "other_bytes"

    def test_who_wrote_it_cannot_release_it_alone_unless_the_town_allows_it(self):
        row = self.waiting()
        with self.command():
            row = alerts.send_back(row.pk, "แก้ชื่อหมู่")
            row = alerts.submit(row.pk)
            with pytest.raises(ProblemError) as caught:
                release.release(row.pk, self.commander, sha256=row.sha256)
            assert code_of(caught) == "same_person"
            with pytest.raises(ProblemError) as caught:
                release.release_alone(row.pk, self.commander, "ติดต่อใครไม่ได้", sha256=row.sha256)
            assert code_of(caught) == "solo_off"
            set_setting("solo_release", True, by=self.mayor.actor)
            done = release.release_alone(row.pk, self.commander, "ติดต่อใครไม่ได้ น้ำถึงสะพานแล้ว", sha256=row.sha256)
            assert (done.state, done.solo_review.answered_at) == ("published", None)

    def test_it_is_returned_with_a_reason_and_the_calls_end(self):
        row = self.waiting()
        release.call_due()
        with self.command():
            back = release.give_back(row.pk, self.commander, "ระบุหมู่ผิด", sha256=row.sha256)
            assert (back.state, back.returned_reason) == ("draft", "ระบุหมู่ผิด")
        assert release.call_due() == 0


class TestDeputies(Case):
    def called(self) -> list:
        with self.acting():
            return [call.account for call in ApprovalCall.objects.order_by("n")]

    def test_the_next_is_called_every_two_minutes_until_somebody_answers(self):
        row = self.waiting()
        assert release.call_due() == 1
        assert self.called() == [self.commander.pk]
        assert release.call_due() == 0  # the clock has not moved
        for minutes, count in ((1, 0), (2, 1), (3, 0), (4, 1), (6, 1)):
            with clock.at(NOW + timedelta(minutes=minutes)):
                assert release.call_due() == count, minutes
        people = self.called()
        assert set(people[:3]) == {self.commander.pk, self.clerk.pk, self.mayor.pk}
        assert people[3] == people[0]  # from the top again
        with clock.at(NOW + timedelta(minutes=7)), acting(self.mayor.actor, "emergency.command"):
            release.release(row.pk, self.mayor, sha256=row.sha256)
        with clock.at(NOW + timedelta(minutes=30)):
            assert release.call_due() == 0

    def test_a_call_is_a_notice_and_an_urgent_letter_with_a_link_behind_the_log_in(self):
        row = self.waiting()
        release.call_due()
        assert Notice.objects.get(account_key=str(self.commander.pk)).link.endswith(f"/alerts/{row.pk}/approve/")
        with acting("system:message", "message.send"):
            letter = Message.objects.get(about=row.pk)
        assert letter.urgent
        assert f"/alerts/{row.pk}/approve/" in letter.body
        assert "น้ำป่า" not in letter.body  # what it says is read behind the second factor only

    def test_a_call_of_an_exercise_stays_in_the_house(self):
        row = self.waiting("exercise")
        assert release.call_due() == 0
        assert release.call_due("exercise") == 1
        with acting("system:message", "message.send"):
            assert not Message.objects.filter(about=row.pk).exists()
        with acting("system:message", "message.send", mode="exercise"):
            assert Message.objects.get(about=row.pk).mode == "exercise"

    def test_a_changed_alert_is_called_for_anew(self):
        row = self.waiting()
        release.call_due()
        with acting(self.duty.actor, "emergency.command"), clock.at(NOW + timedelta(minutes=1)):
            alerts.send_back(row.pk, "แก้")
            alerts.submit(row.pk)
        with clock.at(NOW + timedelta(minutes=1)):
            assert release.call_due() == 1

    def test_every_call_stands_in_the_log(self):
        row = self.waiting()
        release.call_due()
        with self.command():
            line = newest(row.incident_id, 1)[0]
        assert (line.kind, line.after, line.value["n"]) == ("approval", "called", 1)


class TestWhatNeverLeaves(Case):
    def test_an_exercise_reaches_nobody_outside(self):
        row = self.released("exercise")
        assert not Job.objects.filter(name=fanout.JOB).exists()
        with pytest.raises(ProblemError) as caught:
            fanout.fan_out(row.pk)
        assert code_of(caught) == "no_alert"
        with self.command("exercise"), pytest.raises(ProblemError) as caught:
            fanout.resend(row)
        assert code_of(caught) == "not_outside"

    def test_the_database_refuses_an_exercise_that_tries_a_live_channel(self):
        row = self.released("exercise")
        rows = (
            lambda status, mode: Fanout(alert=row, mode=mode, status=status, started_at=NOW),
            lambda status, mode: AlertRecipient(alert=row, mode=mode, status=status, recipient_index=b"1" * 16, how="sms",
                                                message=row.pk, queued_at=NOW),
            lambda status, mode: BroadcastRequest(alert=row, mode=mode, status=status, number="1", document=row.pk,
                                                  text="x", area="x", asked_by="x", asked_at=NOW),
        )  # fmt: skip
        for make in rows:
            for status, mode in (("Exercise", "exercise"), ("Actual", "exercise"), ("Actual", "live")):
                with self.command(mode), transaction.atomic(), connection.cursor() as cursor:
                    refused = None
                    try:
                        with transaction.atomic():
                            make(status, mode).save(force_insert=True)
                            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                    except DatabaseError as error:
                        refused = error
                    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
                    assert refused, (make, status, mode)

    def test_no_other_status_goes_to_anybody(self):
        for status in ("Test", "System", "Draft", "Exercise", ""):
            assert fanout.may_leave(Alert(mode="live", status=status, state="published")) is False

    def test_before_it_is_published_nothing_goes(self):
        row = self.waiting()
        with pytest.raises(ProblemError) as caught:
            fanout.fan_out(row.pk)
        assert code_of(caught) == "not_outside"


class TestDrafts(Case):
    def test_every_template_passes_all_rules(self):
        for key in alert_desk.shipped():
            row = self.waiting(template=key)
            assert row.state == "in_review", key

    def test_templates_can_be_read_aloud(self):
        for key, one in alert_desk.shipped().items():
            for text in one.th.values():
                assert unreadable(text) == (), (key, text)
        assert unreadable("โทร. 053 เวลา 17.00 น. ระดับ PM 2.5") == ("โทร.", "น.", "PM")

    def test_the_town_words_a_template_anew_from_now_on(self):
        own = {"headline": "น้ำมาแล้ว{area} หนีขึ้นวัด", "description": "น้ำมาเร็ว", "instruction": "ขึ้นวัดเดี๋ยวนี้"}
        with self.command():
            alert_desk.word_template("flash_flood", own, {})
            incident = self.flood()
            made = alert_desk.from_template("flash_flood", area="หมู่ 5", incident=incident, geom=AREA)
            assert made.words().headline == "น้ำมาแล้วหมู่ 5 หนีขึ้นวัด"
            with pytest.raises(ProblemError) as caught:
                alert_desk.word_template("flash_flood", {"headline": "สั้น"}, {})
            assert code_of(caught) == "no_words"

    def test_a_limit_makes_one_draft_and_sends_nothing(self):
        class Limit:
            hazard = "flash_flood"

        crossing = ThresholdCrossing(station="P.1", value=4.3, at=NOW)
        crossing._state.fields_cache["threshold"] = Limit()
        with self.command():
            alert_desk.draft_of_crossing(crossing)
            alert_desk.draft_of_crossing(crossing)
            row = Alert.objects.get(origin="threshold")
            assert (row.state, row.incident) == ("draft", None)
            incident = self.flood()
            assert alert_desk.take_into(row, incident).incident == incident
        assert release.call_due() == 0

    def test_only_an_approver_approves(self):
        row = self.waiting()
        with acting(self.officer.actor, "emergency.command"), pytest.raises(ProblemError) as caught:
            alerts_release.approve(row.pk, self.officer, sha256=row.sha256)
        assert code_of(caught) == "may_not_approve"


def test_whose_turn_it_is_comes_from_the_clock_alone():
    one, two = UUID(int=1), UUID(int=2)
    wait = timedelta(minutes=2)
    assert next_call([], [], NOW, wait) is None
    assert next_call([one, two], [Called(one, NOW)], NOW + timedelta(seconds=119), wait) is None
    assert next_call([one, two], [Called(one, NOW)], NOW + wait, wait) == two
    assert next_call([one, two], [Called(one, NOW, True)], NOW + timedelta(hours=1), wait) is None
