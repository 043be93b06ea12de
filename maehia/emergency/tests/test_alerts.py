"""An alert goes out as the bytes that two people saw, once, and never changes after."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.contrib.gis.geos import Polygon
from django.db import DatabaseError, transaction

from maehia.base import ProblemError
from maehia.emergency.actions import alerts, alerts_follow, alerts_release, incidents
from maehia.emergency.actions.alerts_compose import CERTIFICATE_FILE, KEY_FILE, findings
from maehia.emergency.actions.alerts_settings import set_setting, undo_setting
from maehia.emergency.models import Alert, AlertInfo, AlertSetting
from maehia.emergency.queries import alerts as queries
from maehia.emergency.queries.log import lines
from maehia.emergency.rules import cap
from maehia.emergency.rules.cap.sign import verify
from maehia.emergency.tests.alert_cast import THAI, Warned, flash_flood
from maehia.emergency.tests.cap_cast import make_key
from maehia.kit import clock
from maehia.kit.acting import acting
from maehia.kit.sweep import findings as sweep
from maehia.kit.testing import NOW, AppTestCase


def code_of(caught) -> str:
    return caught.value.problem.code


class TestRelease(Warned, AppTestCase):
    def refused(self, code: str, work) -> ProblemError:
        with pytest.raises(ProblemError) as caught:
            work()
        assert code_of(caught) == code, caught.value.problem
        return caught.value

    def held(self, work, words: str = "maehia:") -> None:
        """The database itself refuses."""
        with pytest.raises(DatabaseError, match=words), transaction.atomic():
            work()

    def test_what_goes_out_is_what_the_second_person_saw(self):
        row = self.waiting()
        seen = bytes(row.xml)
        out = self.publish(self.approve(row))
        assert bytes(out.xml) == seen
        assert hashlib.sha256(seen).hexdigest() == out.sha256 == out.approved_sha256
        assert (out.identifier, out.sender) == ("sample.go.th-2026-11-18-0001", "eoc@sample.go.th")
        message = cap.parse(seen).alert
        assert (message.sent, message.status) == ("2026-11-18T10:00:00+07:00", "Actual")
        assert [info.language for info in message.infos] == ["th-TH", "en"]
        assert message.infos[0].web == f"https://sample.go.th/alerts/{out.identifier}/"

    def test_nothing_in_a_published_row_ever_changes(self):
        row = self.out()
        with self.by(self.commander):
            self.held(lambda: Alert.objects.filter(pk=row.pk).update(sent=NOW + timedelta(hours=1)))
            self.held(lambda: Alert.objects.filter(pk=row.pk).update(state="draft"))
            self.held(lambda: Alert.objects.filter(pk=row.pk)._raw_delete("default"))
            self.held(lambda: AlertInfo.objects.filter(alert=row, language="th").update(headline="x"))
            self.refused("alert_out", lambda: alerts.edit(row.pk, flash_flood()))

    def test_a_changed_byte_makes_it_a_draft_again(self):
        row = self.approved()
        with self.by(self.duty):
            again = alerts.edit(row.pk, flash_flood(severity="Extreme"))
            assert (again.state, again.xml, again.approver, again.level) == ("draft", None, None, "red")
            self.refused("alert_move", lambda: alerts_release.publish(row.pk))
        other = self.approved()
        with self.by(self.duty):
            self.held(lambda: Alert.objects.filter(pk=other.pk).update(severity="Minor"), "draft again")

    def test_the_bytes_seen_must_be_the_bytes_approved(self):
        row = self.waiting()
        with self.by(self.commander):
            self.refused("other_bytes", lambda: alerts_release.approve(row.pk, self.commander, sha256="0" * 64))

    def test_nobody_approves_what_he_wrote(self):
        with self.by(self.commander):
            row = alerts.submit(alerts.draft(flash_flood()).pk)
            self.refused("same_person", lambda: alerts_release.approve(row.pk, self.commander, sha256=row.sha256))
            fields = {"state": "approved", "approver": self.commander.actor, "approved_sha256": row.sha256}
            self.held(lambda: Alert.objects.filter(pk=row.pk).update(**fields), "two_persons")

    def test_only_who_may_approve_does(self):
        row = self.waiting()
        with self.by(self.officer):
            self.refused("may_not_approve", lambda: alerts_release.approve(row.pk, self.officer, sha256=row.sha256))

    def test_one_alone_only_where_the_town_allows_it_and_a_review_is_opened(self):
        with self.by(self.commander):
            row = alerts.submit(alerts.draft(flash_flood()).pk)
            alone = lambda reason: alerts_release.approve_alone(row.pk, self.commander, reason, sha256=row.sha256)  # noqa: E731
            self.refused("solo_off", lambda: alone("ติดต่อใครไม่ได้"))
            setting = set_setting("solo_release", "on", by=self.mayor.actor)
            self.refused("no_reason", lambda: alone(" "))
            made = alone("โทรหาปลัดและนายกแล้วไม่รับ น้ำถึงบ้านแล้ว")
            assert alerts_release.publish(made.pk).state == "published"
            review = made.solo_review
            self.refused("own_review", lambda: alerts_release.answer_review(review, self.commander, "เหมาะสม"))
            assert alerts_release.answer_review(review, self.mayor, "เหมาะสม").answered_by == self.mayor.actor
            undo_setting(setting, by=self.mayor.actor)
            assert AlertSetting.objects.count() == 2
            other = alerts.submit(alerts.draft(flash_flood()).pk)
            self.refused(
                "solo_off", lambda: alerts_release.approve_alone(other.pk, self.commander, "x", sha256=other.sha256)
            )

    def test_an_approval_without_bytes_or_out_of_turn_is_refused_by_the_database(self):
        with self.by(self.duty):
            row = alerts.draft(flash_flood())
            self.held(lambda: Alert.objects.filter(pk=row.pk).update(state="in_review"), "has_bytes|hash")
            self.held(lambda: Alert.objects.filter(pk=row.pk).update(state="published"), "does not go")
            waiting = alerts.submit(row.pk)
            self.held(lambda: Alert.objects.filter(pk=waiting.pk).update(state="published"), "does not go")
            self.held(lambda: Alert.objects.create(**{**self.columns(row), "state": "published"}), "begins as a draft")

    def columns(self, row: Alert) -> dict:
        return {f.attname: getattr(row, f.attname) for f in Alert._meta.concrete_fields if f.attname not in ("id",)}

    def test_an_identifier_is_never_given_twice(self):
        one, two = self.out(), self.out()
        assert (one.identifier[-4:], two.identifier[-4:]) == ("0001", "0002")
        with self.by(self.duty):
            again = alerts.draft(flash_flood())
            fields = {"sender": one.sender, "identifier": one.identifier}
            self.held(lambda: Alert.objects.filter(pk=again.pk).update(**fields), "identifier_once")

    def test_every_error_stops_it_before_a_second_person_is_asked(self):
        world = Polygon(((-179, -80), (179, -80), (179, 80), (-179, 80), (-179, -80)), srid=4326)
        swapped = Polygon(((18.74, 98.95), (18.74, 98.97), (18.72, 98.97), (18.74, 98.95)), srid=4326)
        star = Polygon(((98.95, 18.74), (98.97, 18.725), (98.97, 18.74), (98.95, 18.725), (98.95, 18.74)), srid=4326)
        for rule, changes in (
            (13, {"expires": NOW - timedelta(seconds=1)}), (13, {"onset": NOW + timedelta(hours=7)}),
            (14, {"geom": world}), (14, {"geom": swapped}), (14, {"geom": star}), (10, {"geom": None, "geocodes": ()}),
            (18, {"th": alerts.Words("<b>น้ำ</b>", area="หมู่ 4")}), (17, {"web": "/alerts/"}),
            (19, {"th": alerts.Words("น้ำ")}), (15, {"geom": None, "circle": "13.7,100.5 3"}),
        ):  # fmt: skip
            with self.by(self.duty), transaction.atomic():
                found = self.refused("alert_blocked", lambda changes=changes: self.waiting(**changes))
                assert f"ข้อ {rule})" in found.problem.fix, found.problem
                transaction.set_rollback(True)

    def test_words_that_xml_cannot_carry_are_told(self):
        with self.by(self.duty):
            self.refused("alert_blocked", lambda: self.waiting(th=alerts.Words("น้ำ\x0bป่า", area="หมู่ 4")))
            assert [f.code for f in findings(alerts.draft(flash_flood(th=alerts.Words("น้ำ\x0bป่า"))))] == [
                "cap21_letters"
            ]

    def test_what_waited_too_long_is_made_anew_and_what_is_over_never_goes_out(self):
        row = self.approved()
        with clock.at(NOW + timedelta(hours=3)):
            self.refused("stale_sent", lambda: self.publish(row))
        short = self.approved(expires=NOW + timedelta(minutes=5))
        with clock.at(NOW + timedelta(minutes=6)):
            self.refused("alert_blocked", lambda: self.publish(short))

    def test_a_demo_town_publishes_nothing_real(self):
        row = self.approved()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(alerts_release, "is_demo", lambda: True)
            self.refused("actual_in_demo", lambda: self.publish(row))

    def test_an_exercise_says_so_in_status_and_note_and_cannot_be_real(self):
        with self.command("exercise"):
            drill = self.flood("exercise")
        row = self.out("exercise", drill)
        message = cap.parse(bytes(row.xml)).alert
        assert (message.status, message.note, message.incidents) == ("Exercise", drill.number, drill.number)
        assert message.infos[0].web == f"https://sample.go.th/alerts/exercise/{row.identifier}/"
        with self.by(self.duty, "exercise"):
            self.held(lambda: alerts.draft(flash_flood(status="Actual")), "exercise_is_exercise")
            assert [shown.identifier for shown in queries.in_force("exercise")] == [row.identifier]
            assert queries.in_force("live") == []
        with self.by(self.duty):
            assert queries.in_force() == queries.published() == []

    def test_a_hook_hears_of_what_goes_out(self):
        heard = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(alerts_release, "_published", [lambda row: heard.append(row.identifier)])
            out = self.out()
        assert heard == [out.identifier]

    def test_every_step_stands_in_the_log_of_the_incident(self):
        with self.command():
            flood = self.flood()
        row = self.out(incident=flood)
        with self.command():
            told = [(line.before, line.after) for line in lines(flood.pk, kinds=["alert"])]
            last = lines(flood.pk, kinds=["alert"])[-1]
        assert told == [("", "draft"), ("draft", "in_review"), ("in_review", "approved"), ("approved", "published")]
        assert (last.value["sha256"], last.value["level"]) == (row.sha256, "red")

    def test_what_is_sent_back_says_why(self):
        row = self.waiting()
        with self.by(self.commander):
            self.refused("no_reason", lambda: alerts.send_back(row.pk, " "))
            back = alerts.send_back(row.pk, "ระบุชื่อศูนย์พักพิง")
        assert (back.state, back.returned_reason, back.sha256) == ("draft", "ระบุชื่อศูนย์พักพิง", "")
        with self.by(self.duty):
            again = alerts.submit(back.pk)
        assert again.identifier == row.identifier

    def test_a_stale_page_changes_nothing(self):
        row = self.waiting()
        with self.by(self.duty):
            self.refused("stale_alert", lambda: alerts.edit(row.pk, flash_flood(), version=row.version - 1))
            self.refused("unknown_event", lambda: alerts.draft(flash_flood(event="aliens")))
            self.refused("bad_words", lambda: alerts.draft(flash_flood(certainty="Very Likely")))
            self.refused("no_headline", lambda: alerts.draft(flash_flood(th=alerts.Words(" "))))

    def test_an_incident_is_not_closed_while_its_alert_is_in_force(self):
        with self.command():
            flood = self.flood()
        self.out(incident=flood)
        with self.command():
            assert alerts_release.no_open_alert(flood, {}).code == "guard_no_open_alert"
            with clock.at(NOW + timedelta(hours=7)):
                assert alerts_release.no_open_alert(flood, {}) is None
            incidents.set_level(flood.pk, 1)

    def test_every_new_table_is_protected_or_has_its_reason(self):
        assert [f.where for f in sweep() if "emergency_alert" in f.where or "foreignalert" in f.where] == []

    def test_who_has_another_purpose_sees_no_alert(self):
        self.out()
        with acting(self.counter.actor, "counter.service"):
            assert Alert.objects.count() == 0

    def test_with_a_key_what_goes_out_is_signed_and_a_key_that_is_none_stops_it(self):
        key = make_key()
        (self.folder / "keys").mkdir()
        (self.folder / "keys" / KEY_FILE).write_bytes(key.private)
        (self.folder / "keys" / CERTIFICATE_FILE).write_bytes(key.certificate)
        row = self.out()
        assert verify(bytes(row.xml), key.certificate) == "valid"
        assert cap.parse(bytes(row.xml)).signed
        (self.folder / "keys" / CERTIFICATE_FILE).write_bytes(make_key().certificate)
        with pytest.raises(ProblemError) as caught:
            self.waiting()
        assert code_of(caught) == "alert_blocked"
        assert "ข้อ 22)" in caught.value.problem.fix

    def test_another_domain_and_name_come_from_the_settings(self):
        set_setting("domain", "town.example", by=self.mayor.actor)
        set_setting("sender_name_th", "ศูนย์เตือนภัย", by=self.mayor.actor)
        row = self.out()
        assert row.identifier.startswith("town.example-2026-11-18-")
        with self.by(self.duty):
            shown = queries.get(row.pk)
            assert (shown.words("th").sender_name, shown.words("fr").headline) == ("ศูนย์เตือนภัย", THAI.headline)
        self.refused("setting_value", lambda: set_setting("life_hours", "900", by="x"))
        self.refused("unknown_setting", lambda: set_setting("colour", "red", by="x"))


class TestFollow(Warned, AppTestCase):
    refused = TestRelease.refused

    def test_a_cancel_lies_ready_before_the_alert_is_out(self):
        row = self.out()
        with self.by(self.duty):
            ready = queries.prepared_cancel(row)
            assert (ready.msg_type, ready.state, ready.prepared) == ("Cancel", "draft", True)
            assert queries.drafts() == []
            cancel = alerts_follow.cancel(row.pk, "ตรวจแล้วเป็นสัญญาณผิดพลาด")
        assert cancel.pk == ready.pk
        with clock.at(NOW + timedelta(minutes=3)):
            out = self.through(cancel)
            with self.by(self.duty):
                assert queries.state_of(row) == "cancelled"
                assert queries.in_force() == []
        message = cap.parse(bytes(out.xml)).alert
        assert message.named() == [cap.Triple(*row.triple)]
        assert message.infos[0].responses == ("AllClear",)
        assert "สัญญาณผิดพลาด" in message.infos[0].description

    def test_an_update_names_the_whole_chain_and_takes_its_place(self):
        first = self.out()
        with clock.at(NOW + timedelta(minutes=10)), self.by(self.duty):
            made = alerts_follow.update(first.pk, flash_flood(severity="Extreme", expires=NOW + timedelta(hours=8)))
        with clock.at(NOW + timedelta(minutes=10)):
            second = self.through(made)
        with clock.at(NOW + timedelta(minutes=20)):
            with self.by(self.duty):
                third = alerts_follow.update(second.pk, flash_flood(expires=NOW + timedelta(hours=9)))
                assert [part[1] for part in third.references] == [first.identifier, second.identifier]
            out = self.through(third)
            with self.by(self.duty):
                assert [row.identifier for row in queries.in_force()] == [out.identifier]
                assert {row.identifier for row in queries.chain(first)} == {
                    first.identifier,
                    second.identifier,
                    out.identifier,
                }
                assert Alert.objects.filter(prepared=True, state="draft").count() == 1
                self.refused("alert_over", lambda: alerts_follow.cancel(first.pk))

    def test_what_is_over_is_neither_updated_nor_cancelled(self):
        row = self.out()
        draft = self.approved()
        with self.by(self.duty):
            self.refused("not_out", lambda: alerts_follow.cancel(draft.pk))
            with clock.at(NOW + timedelta(hours=7)):
                self.refused("alert_over", lambda: alerts_follow.cancel(row.pk))
                self.refused("alert_over", lambda: alerts_follow.update(row.pk, flash_flood()))
        with self.by(self.duty):
            cancel = alerts_follow.cancel(row.pk)
        out = self.through(cancel)
        with self.by(self.duty):
            self.refused("alert_over", lambda: alerts_follow.cancel(row.pk))
            self.refused("not_out", lambda: alerts_follow.cancel(out.pk))

    def test_an_update_that_misses_one_of_the_chain_does_not_go_out(self):
        first = self.out()
        with self.by(self.duty):
            one = alerts_follow.update(first.pk, flash_flood(severity="Extreme"))
            other = alerts_follow.update(first.pk, flash_flood(severity="Moderate"))
        with clock.at(NOW + timedelta(minutes=1)):
            slow = None
            with self.by(self.duty):
                slow = alerts.submit(other.pk)
            slow = self.approve(slow)
            self.through(one)
            self.refused("alert_blocked", lambda: self.publish(slow))

    def test_an_update_without_references_is_refused(self):
        self.out()
        with self.by(self.duty):
            made = alerts.draft(flash_flood(msg_type="Update"))
            found = self.refused("alert_blocked", lambda: alerts.submit(made.pk))
            assert "ข้อ 8)" in found.problem.fix
