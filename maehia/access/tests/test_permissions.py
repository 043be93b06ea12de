"""What somebody may do follows from the roles of today, and a purpose reaches as far as its area."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory

from maehia.access import actions, permissions, purposes
from maehia.access.models import Account, Assignment, Role
from maehia.access.permissions import acting_as, can, load_rights, purposes_of, require, scope_for
from maehia.access.queries import events_of, fields_of, holders_of
from maehia.access.tests.cast import KAMON, SINCE, CastCase
from maehia.base import ProblemError
from maehia.kit import clock, notices
from maehia.kit.acting import NoPurpose, Scope, Widening, acting, current
from maehia.kit.testing import NOW


@require("city.search")
def search(request):
    return HttpResponse("ผลการค้น")


class Rights(CastCase):
    def test_a_role_gives_its_permissions(self):
        assert can(self.malee, "city.search")
        assert not can(self.malee, "access.oversee")
        assert can(self.dao, "access.oversee")

    def test_a_visitor_may_nothing(self):
        assert not can(AnonymousUser(), "city.search")
        assert not can(None, "city.search")

    def test_a_permission_nobody_declared_is_an_error(self):
        with pytest.raises(KeyError, match="fly"):
            can(self.malee, "city.fly")

    def test_nobody_is_above_the_rules(self):
        assert not self.arthit.is_superuser
        assert not self.arthit.has_perm("access.oversee")
        assert self.arthit.has_perm("access.accounts")

    def test_a_role_ends_with_its_last_day(self):
        with self.acting("system.demo"):
            row = self.malee.assignments.get()
            actions.end_assignment(row, NOW.date())
        assert "city.search" in load_rights(self.malee).permissions
        with clock.at(NOW + timedelta(days=1)):
            assert load_rights(self.malee).permissions == frozenset()

    def test_a_closed_account_may_nothing(self):
        with self.acting("system.demo"):
            actions.deactivate(self.malee)
        assert not can(Account(is_active=False), "city.search")
        assert load_rights(self.malee).purposes == frozenset()

    def test_purposes_come_with_roles(self):
        assert "counter.service" in purposes_of(self.malee)
        assert "volunteer.visit" not in purposes_of(self.malee)

    def test_rights_are_read_in_two_questions_and_then_kept(self):
        with self.acting("system.demo"), self.assertNumQueries(2):
            permissions.rights_of(self.malee)
            permissions.rights_of(self.malee)

    def test_holders_of_a_permission(self):
        with self.acting("system.demo"):
            assert [a.login for a in holders_of("access.review")] == ["dao", "prasit"]


class Acting(CastCase):
    def test_a_volunteer_sees_his_moo_only(self):
        assert scope_for(self.wichai, "volunteer.visit") == Scope.area(["5"])
        with acting_as(self.wichai, "volunteer.visit") as context:
            assert context.actor == f"user:{self.wichai.pk}"
            assert current().scope == Scope.area(["5"])

    def test_a_citizen_is_his_own_subject(self):
        assert scope_for(self.kamon, "me.data") == Scope.subject(KAMON)

    def test_a_citizen_who_is_nobody_yet_sees_nothing(self):
        self.kamon.person_key = None
        with pytest.raises(ProblemError, match="ยืนยันตัวตน"):
            scope_for(self.kamon, "me.data")

    def test_a_purpose_of_another_role_is_refused(self):
        with pytest.raises(ProblemError, match="วัตถุประสงค์"), acting_as(self.malee, "welfare.care"):
            pass

    def test_a_purpose_nobody_published_is_refused(self):
        with pytest.raises(ProblemError), acting_as(self.malee, "fun"):
            pass

    def test_staff_cannot_read_log_in_machinery(self):
        with acting_as(self.malee, "counter.service"), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM mfa_authenticator")
            assert cursor.fetchone() == (0,)

    def test_accounts_are_not_read_without_a_purpose(self):
        with pytest.raises(NoPurpose, match="access_account"):
            Account.objects.first()

    def test_log_in_cannot_be_opened_inside_the_work_of_another(self):
        with acting_as(self.malee, "counter.service"), pytest.raises(Widening), acting("x", "system.login"):
            pass


class Getters(CastCase):
    def ask(self, user):
        request = RequestFactory().get("/staff/search/?q=x")
        request.user = user
        return search(request)

    def test_who_may_gets_the_page(self):
        assert self.ask(self.malee).content.decode() == "ผลการค้น"

    def test_who_may_not_gets_403(self):
        with pytest.raises(PermissionDenied):
            self.ask(self.somchai)

    def test_a_visitor_is_sent_to_log_in(self):
        answer = self.ask(AnonymousUser())
        assert answer.status_code == 302
        assert "next=/staff/search/%3Fq%3Dx" in answer.url


class Roles(CastCase):
    def manage(self):
        return acting_as(self.arthit, "access.manage")

    def test_a_change_of_a_role_is_dated_and_can_be_undone(self):
        role = Role.objects.get(key="mayor")
        before = list(role.permissions)
        with self.manage():
            actions.save_role(role, chosen_permissions=["city.search"], chosen_purposes=[])
            assert Role.objects.get(key="mayor").permissions == ["city.search"]
            event = events_of(role)[0]
            assert event.pgh_context.metadata["actor"] == self.arthit.actor
            actions.undo(role)
        assert Role.objects.get(key="mayor").permissions == before

    def test_an_undo_can_be_undone(self):
        role = Role.objects.get(key="mayor")
        with self.manage():
            actions.save_role(role, chosen_permissions=["city.search"], chosen_purposes=[])
            actions.undo(role)
            actions.undo(role)
        assert Role.objects.get(key="mayor").permissions == ["city.search"]

    def test_a_new_assignment_is_undone_by_removing_it(self):
        with self.manage():
            row = actions.assign(self.somchai, "planner", starts_on=SINCE)
            assert actions.undo(row) is None
            assert not Assignment.objects.filter(account=self.somchai, role_id="planner").exists()

    def test_nobody_gives_himself_a_role_or_takes_one_back_again(self):
        with self.acting("system.demo"):
            row = actions.assign(self.arthit, "counter", starts_on=SINCE)
            actions.end_assignment(row, SINCE)
        with self.manage():
            with pytest.raises(ProblemError, match="ตนเอง"):
                actions.assign(self.arthit, "officer", starts_on=SINCE)
            with pytest.raises(ProblemError, match="ตนเอง"):
                actions.undo(row)

    def test_the_dpo_hears_of_every_right_that_somebody_gives(self):
        with self.manage():
            actions.assign(self.somchai, "planner", starts_on=SINCE)
            actions.save_role(Role.objects.get(key="mayor"), chosen_permissions=["city.search"], chosen_purposes=[])
            actions.reset_factors(self.malee)
        assert notices.unread_count(self.dao.actor) == 3
        told = [notices.text_of(row) for row in notices.of(self.dao.actor)]
        assert [any(word in text for text in told) for word in ("planner", "mayor", "2FA")] == [True] * 3

    def test_an_unknown_right_is_refused(self):
        with self.manage(), pytest.raises(ProblemError, match="ไม่มีสิทธิ์นี้"):
            actions.save_role(Role.objects.get(key="mayor"), chosen_permissions=["city.fly"], chosen_purposes=[])

    def test_the_same_role_does_not_overlap(self):
        with self.manage(), pytest.raises(ProblemError, match="ช่วงวันที่"):
            actions.assign(self.malee, "counter", starts_on=date(2026, 5, 1))

    def test_days_the_wrong_way_round_are_refused(self):
        with self.manage(), pytest.raises(ProblemError, match="วันสิ้นสุด"):
            actions.assign(self.malee, "planner", starts_on=date(2026, 5, 2), ends_on=date(2026, 5, 1))

    def test_a_role_that_has_not_begun_is_removed(self):
        with self.manage():
            row = actions.assign(self.malee, "planner", starts_on=date(2027, 1, 1))
            actions.end_assignment(row, date(2026, 12, 1))
            assert not Assignment.objects.filter(pk=row.pk).exists()

    def test_a_name_is_taken_once_whatever_its_capitals(self):
        with self.manage(), pytest.raises(ProblemError, match="มีผู้ใช้แล้ว"):
            actions.create_account(" MALEE ", "มาลีคนที่สอง")

    def test_a_weak_password_is_refused(self):
        with self.manage(), pytest.raises(ProblemError):
            actions.change_password(self.malee, "1234")

    def test_without_the_purpose_nothing_is_assigned(self):
        with acting_as(self.malee, "counter.service"), pytest.raises(Exception, match="row-level security"):
            Assignment.objects.create(account=self.malee, role_id="admin", starts_on=SINCE)


class Published(CastCase):
    def test_every_purpose_names_basis_and_classes(self):
        for info in purposes.published().values():
            assert info.th
            assert info.en
            assert info.basis
            assert info.reads or info.writes

    def test_a_purpose_that_shows_needs_reads_them(self):
        for info in purposes.published().values():
            assert "need" not in info.fields or "s26" in info.reads, info.key

    def test_roles_of_purposes_and_permissions_exist(self):
        known = set(permissions.role_names())
        for roles in [p.roles for p in purposes.published().values()]:
            assert set(roles) <= known
        for entry in permissions.catalogue().values():
            assert set(entry["roles"]) <= known

    def test_a_visit_shows_no_id_and_a_rescue_no_birth(self):
        assert "national_id" not in fields_of("volunteer.visit", "person")
        assert "birth" not in fields_of("break_glass", "person")
        assert fields_of("counter.service", "need") == frozenset()
        assert fields_of("fun", "person") == frozenset()

    def test_setup_gave_every_role_its_rights(self):
        assert set(permissions.role_names()) == set(Role.objects.values_list("key", flat=True))
        assert "intake.apply" in Role.objects.get(key="data").permissions
