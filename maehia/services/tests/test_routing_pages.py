"""Routing, ladder and units in the browser: drafted, tried on the past, published with a note, taken back."""

from datetime import timedelta
from uuid import uuid4

import pytest

from maehia.base import ProblemError
from maehia.city.tests.cast import text_of
from maehia.kit import clock
from maehia.kit.testing import NOW
from maehia.services.actions import units
from maehia.services.actions.routing import dry_run, publish_routing, published_rules, save_draft
from maehia.services.models import Case, EscalationRung, RoutingVersion, Unit, UnitMember
from maehia.services.queries.ladder import drill
from maehia.services.tests.desk_cast import HallCase, lay

MOO_3 = {"key": "moo_3", "unit": "health", "conditions": [{"fact": "moo", "operator": "in", "value": [3, 4]}]}
DARK = {"key": "dark", "unit": "clerk", "conditions": [{"fact": "text", "operator": "has", "value": "มืด"}]}
REST = {"key": "rest", "unit": "works", "conditions": []}


class Rules(HallCase):
    def test_a_dry_run_lists_each_case_of_the_year_that_would_move(self):
        with self.acting():
            moves = lay(moo=3)
            lay(moo=5)
            lay(moo=3, service="smoke")  # goes to health anyway
            lay(moo=3, received_at=NOW - timedelta(days=400))
            dark = lay("ซอยมืดมาก", moo=5)
            found = dry_run([MOO_3, DARK], until=NOW)
        assert found.looked_at == 4
        assert {(m.case_id, m.before, m.after, m.why) for m in found.moved} == {
            (moves.pk, "works", "health", "moo_3"), (dark.pk, "works", "clerk", "dark"),
        }  # fmt: skip

    def test_it_is_compared_with_the_rules_in_force_not_with_what_officers_did(self):
        with self.acting():
            lay(moo=3, unit_id="clerk")  # handed over by an officer
            publish_routing([MOO_3], by="user:1", note="หมู่ 3 และ 4")
            assert dry_run([MOO_3], until=NOW).moved == ()
            assert len(dry_run([], until=NOW).moved) == 1

    def test_rules_with_faults_or_without_a_note_are_not_published(self):
        for rules, note, code in (
            ([{**MOO_3, "unit": "nowhere"}], "x", "rules_have_faults"),
            ([REST, MOO_3], "x", "rules_have_faults"),
            ([MOO_3], "  ", "no_note"),
        ):
            with self.acting(), pytest.raises(ProblemError) as caught:
                publish_routing(rules, by="user:1", note=note)
            assert caught.value.problem.code == code
        with self.acting():
            assert published_rules() == []

    def test_from_a_rule_on_the_page_to_a_case_that_follows_it_and_back(self):
        self.enter(self.clerk)
        self.page("/staff/cases/routing/")
        fields = {"key": "moo_3", "unit_0": "health", "fact_0_0": "moo", "operator_0_0": "in", "value_0_0": "๓, 4"}
        self.send("/staff/cases/routing/edit/", do="save", **fields)
        with self.acting():
            assert RoutingVersion.objects.get(state="draft").rules == [MOO_3]
            lay(moo=3)
        tried = self.page("/staff/cases/routing/try/")
        assert "จาก 1 เรื่องในหนึ่งปี" in text_of(tried)
        assert self.send("/staff/cases/routing/try/", note="").status_code == 422
        assert self.send("/staff/cases/routing/try/", note="หมู่ 3 ย้ายไปสาธารณสุข").status_code == 302
        assert published_rules() == [MOO_3]
        self.send("/staff/cases/routing/edit/", do="save", key="rest", unit_0="works")
        self.send("/staff/cases/routing/try/", note="กลับเป็นกองช่าง")
        first = RoutingVersion.objects.filter(state="retired").get()
        assert "หมู่ 3 ย้ายไปสาธารณสุข" in self.page("/staff/cases/routing/")
        self.send(f"/staff/cases/routing/{first.pk}/restore/")
        assert published_rules() == [MOO_3]
        assert RoutingVersion.objects.filter(state="published").count() == 1

    def test_rules_are_added_moved_and_taken_out_without_javascript(self):
        self.enter(self.clerk)
        two = {"key": ["a", "b"], "unit_0": "works", "unit_1": "health"}
        for do, keys in (("add", ["rule_1", "a", "b"]), ("down:0", ["b", "a"]), ("up:1", ["b", "a"]), ("drop:0", ["b"]),
                         ("up:9", ["a", "b"])):  # fmt: skip
            self.send("/staff/cases/routing/edit/", do=do, **two)
            assert [rule["key"] for rule in RoutingVersion.objects.get(state="draft").rules] == keys, do

    def test_faults_are_shown_where_they_stand(self):
        self.enter(self.clerk)
        self.send("/staff/cases/routing/edit/", do="save", key=["rest", "late"], unit_0="works", unit_1="",
                  fact_1_0="moo", operator_1_0="is", value_1_0="3")  # fmt: skip
        text = text_of(self.page("/staff/cases/routing/"))
        assert "ไม่มีเรื่องใดมาถึงกฎนี้" in text
        assert "ไม่มีหน่วยงาน" in text

    def test_only_whoever_manages_services_comes_in(self):
        self.enter(self.works)
        for path in ("routing/", "units/", "escalation/", "retention/", "suggestions/", "export/"):
            assert self.client.get(f"/staff/cases/{path}").status_code == 403, path


class Ladder(HallCase):
    def rung(self, percent=100, **more):
        values = {"name_th": f"ขั้น {percent}", "after_percent": percent, "roles": ["clerk"], **more}
        return EscalationRung.objects.create(**values)

    def test_a_drill_over_a_real_week_finds_what_was_reached_in_it_and_sends_nothing(self):
        monday = NOW - timedelta(days=9)
        with self.acting():
            self.rung()
            self.rung(300, active=False)
            inside = lay(received_at=monday - timedelta(days=2), due_at=monday + timedelta(days=2))
            ended = lay(received_at=monday - timedelta(days=2), due_at=monday + timedelta(days=2), state="fixed",
                        state_type="fixed", closed_at=monday + timedelta(days=1))  # fmt: skip
            lay(received_at=monday - timedelta(days=9), due_at=monday - timedelta(days=5))  # reached before
            lay(received_at=monday + timedelta(days=6), due_at=monday + timedelta(days=20))  # not yet
            found = drill(monday, list(EscalationRung.objects.all()))
        assert {(one.case_id, one.name) for one in found.fired} == {(inside.pk, "ขั้น 100")}
        assert ended.pk not in {one.case_id for one in found.fired}
        assert found.looked_at == 4

    def test_the_page_of_the_drill_tells_how_many_it_would_tell(self):
        with self.acting():
            self.rung(50)
            lay(received_at=NOW - timedelta(days=20), due_at=NOW + timedelta(days=8))
        self.enter(self.clerk)
        text = text_of(self.page("/staff/cases/escalation/drill/"))
        assert "ไม่มีข้อความใดถูกส่ง" in text
        assert "จะเตือน 0 ครั้ง" in text or "จะเตือน 1 ครั้ง" in text

    def test_a_rung_is_added_and_changed_and_a_bad_one_is_not(self):
        self.enter(self.clerk)
        self.send("/staff/cases/escalation/new/", name_th="เตือนปลัด", after_percent="100", roles=["clerk"], active="on")
        row = EscalationRung.objects.get()
        self.send(f"/staff/cases/escalation/{row.pk}/", name_th="เตือนปลัด", after_percent="120", roles=["clerk", "head"])
        row.refresh_from_db()
        assert (row.after_percent, row.roles, row.active) == (120, ["clerk", "head"], False)
        for bad in ({"after_percent": "0"}, {"roles": []}, {"name_th": " "}):
            fields = {"name_th": "x", "after_percent": "10", "roles": ["clerk"], **bad}
            assert self.send("/staff/cases/escalation/new/", **fields).status_code == 422, bad


class Units(HallCase):
    def test_a_unit_gets_members_and_a_member_gets_its_inbox(self):
        self.enter(self.clerk)
        self.send("/staff/cases/units/", key="water", name_th="กองการประปา", order="9", active="on")
        self.send("/staff/cases/units/water/member/", account=str(self.counter.pk), is_head="on")
        assert UnitMember.objects.get(unit="water").is_head
        assert "มาลัย ศรีสุข" in self.page("/staff/cases/units/water/")
        self.send("/staff/cases/units/water/member/", account=str(self.counter.pk), do="remove")
        assert not UnitMember.objects.filter(unit="water").exists()

    def test_a_unit_with_open_cases_or_rules_stays(self):
        with self.acting():
            lay()
            with pytest.raises(ProblemError) as caught:
                units.save_unit("works", name_th="กองช่าง", active=False)
            assert caught.value.problem.code == "unit_has_cases"
            Case.objects.update(state="fixed", state_type="fixed")
            publish_routing([REST], by="user:1", note="x")
            with pytest.raises(ProblemError) as caught:
                units.save_unit("works", name_th="กองช่าง", active=False)
            assert caught.value.problem.code == "unit_has_rules"

    def test_a_bad_key_and_an_unknown_account_are_refused(self):
        with self.acting():
            for key in ("กองช่าง", "A", "1x", "", "x" * 31):
                with pytest.raises(ProblemError):
                    units.save_unit(key, name_th="x")
            with pytest.raises(ProblemError):
                units.add_member("works", uuid4())
        assert Unit.objects.count() == 3

    def test_a_draft_is_one(self):
        with self.acting(), clock.at(NOW):
            save_draft([MOO_3], by="user:1")
            save_draft([REST], by="user:1")
        assert RoutingVersion.objects.get().rules == [REST]
