"""Log-in: its own purpose, a second factor for staff, no identity kept beyond an HMAC, the demo's doors."""

import json

import pytest
from allauth.mfa.adapter import get_adapter as mfa_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache, caches
from django.db import IntegrityError, connection, transaction
from django.test import RequestFactory
from django.urls import reverse

from maehia.access import actions
from maehia.access.adapters import SocialAccountAdapter, subject_index
from maehia.access.backends import AccountBackend
from maehia.access.models import Account, Role
from maehia.access.permissions import acting_as, rights_of
from maehia.access.tests.cast import CastCase, ConcurrentCast
from maehia.access.views.demo import is_local
from maehia.kit.acting import NoPurpose, acting, current
from maehia.kit.demo import write_mark
from maehia.kit.recorders import assert_queries

PASSWORD = "ต้นไม้ริมคลอง-2569"


class LoginCase(CastCase):
    def setUp(self):
        super().setUp()
        with self.acting("system.demo"):
            for account in (self.malee, self.kamon):
                actions.change_password(account, PASSWORD)

    def enter(self, login, password=PASSWORD):
        return self.client.post(reverse("account_login"), {"login": login, "password": password})

    def give_factor(self, account):
        secret = generate_totp_secret()
        with acting("system:login", "system.login"):
            TOTP.activate(account, secret)
        return secret


class Passwords(LoginCase):
    def test_the_page_of_log_in_opens(self):
        answer = self.client.get(reverse("account_login"))
        assert answer.status_code == 200

    def test_a_citizen_comes_to_her_own_data(self):
        answer = self.enter("kamon")
        assert answer.status_code == 302
        assert answer.url == "/me/"
        assert self.client.get("/me/").status_code == 200

    def test_capitals_of_the_name_do_not_matter(self):
        assert self.enter("KAMON").status_code == 302

    def test_a_wrong_password_is_refused(self):
        assert self.enter("kamon", "wrong-password-1").status_code == 200
        assert "_auth_user_id" not in self.client.session

    def test_wrong_passwords_close_the_door_in_every_web_process(self):
        cache.clear()
        self.addCleanup(cache.clear)
        for n in range(5):
            self.enter("kamon", f"wrong-password-{n}")
        del caches["default"]  # what another process starts with
        assert self.enter("kamon").status_code == 200
        assert "_auth_user_id" not in self.client.session
        cache.clear()
        assert self.enter("kamon").status_code == 302

    def test_a_closed_account_is_refused(self):
        with self.acting("system.demo"):
            actions.deactivate(self.kamon)
        self.enter("kamon")
        assert self.client.get("/me/").status_code == 302

    def test_nobody_signs_up(self):
        answer = self.client.post(
            reverse("account_signup"), {"username": "x", "password1": PASSWORD, "password2": PASSWORD}
        )
        assert answer.status_code in {200, 302}
        with self.acting():
            assert not Account.objects.filter(login="x").exists()

    def test_no_cache_keeps_a_page_of_somebody_who_is_logged_in(self):
        self.enter("kamon")
        for address in ("/me/", "/me/reads/", "/", "/staff/purposes/"):
            assert "no-store" in self.client.get(address)["Cache-Control"], address

    def test_nothing_stays_open_after_log_in(self):
        self.enter("kamon")
        assert current() is None
        with pytest.raises(NoPurpose):
            Account.objects.first()

    def test_who_asks_is_known_with_three_reads(self):
        """Account, roles of today, open reviews, between the begin and the end of their context."""
        with assert_queries(7) as asked:
            account = AccountBackend().get_user(str(self.malee.pk))
            assert "city.search" in rights_of(account).permissions
        assert len([query for query in asked.captured_queries if " FROM " in query["sql"]]) == 3

    def test_a_session_of_nobody_is_nobody(self):
        for key in ("not-a-key", "00000000-0000-4000-8000-00000000dead"):
            assert AccountBackend().get_user(key) is None


class Factors(LoginCase):
    def test_staff_without_a_second_factor_must_set_one_up(self):
        self.enter("malee")
        answer = self.client.get("/staff/purposes/")
        assert answer.url == reverse("mfa_activate_totp")
        assert self.client.get(answer.url).status_code in {200, 302}

    def test_a_role_that_lost_the_console_still_needs_one(self):
        with self.acting("system.demo"):
            role = Role.objects.get(key="counter")
            actions.save_role(role, chosen_permissions=["city.people"], chosen_purposes=role.purposes)
        self.enter("malee")
        assert self.client.get("/me/").url == reverse("mfa_activate_totp")

    def test_a_citizen_needs_none(self):
        self.enter("kamon")
        assert self.client.get("/me/").status_code == 200

    def test_with_a_factor_the_code_is_asked_at_log_in(self):
        secret = self.give_factor(self.malee)
        answer = self.enter("malee")
        assert answer.url == reverse("mfa_authenticate")
        counter = next(iter(yield_hotp_counters_from_time()))
        code = format_hotp_value(hotp_value(secret, counter))
        assert self.client.post(answer.url, {"code": code}).status_code == 302
        assert self.client.get("/staff/purposes/").status_code == 200

    def test_a_wrong_code_is_refused(self):
        self.give_factor(self.malee)
        self.enter("malee")
        assert self.client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
        assert self.client.get("/staff/purposes/").status_code == 302

    def test_the_secret_lies_encrypted(self):
        secret = self.give_factor(self.malee)
        with self.acting(), connection.cursor() as cursor:
            cursor.execute("SELECT data::text FROM mfa_authenticator")
            assert secret not in cursor.fetchone()[0]
        with self.acting():
            stored = Authenticator.objects.get().data["secret"]
        assert mfa_adapter().decrypt(stored) == secret

    def test_staff_cannot_put_their_factor_away(self):
        self.give_factor(self.malee)
        with self.acting():
            assert not mfa_adapter().can_delete_authenticator(Authenticator.objects.get())

    def test_a_lost_factor_is_taken_away_by_the_administrator(self):
        self.give_factor(self.malee)
        with acting_as(self.arthit, "access.manage"):
            assert actions.reset_factors(self.malee) == 1
        self.enter("malee")
        assert self.client.get("/staff/purposes/").url == reverse("mfa_activate_totp")


class Providers(CastCase):
    def login_from(self, subject="1234567890121"):
        class Found:
            account = SocialAccount(provider="thaid", uid=subject, extra_data={"pid": subject, "name": "กมล"})
            email_addresses = ["kamon@example.test"]
            token = "secret"
            user = Account()

        found = Found()
        SocialAccountAdapter().populate_user(RequestFactory().get("/"), found, {"name": "กมล"})
        return found

    def test_only_an_hmac_of_the_subject_is_kept(self):
        found = self.login_from()
        assert found.account.uid == subject_index("thaid", "1234567890121")
        assert found.account.extra_data == {}
        assert (found.email_addresses, found.token) == ([], None)
        assert "1234567890121" not in found.account.uid

    def test_the_same_subject_of_another_provider_is_somebody_else(self):
        assert subject_index("thaid", "1") != subject_index("line", "1")

    def test_it_is_made_into_an_hmac_once(self):
        uid = self.login_from().account.uid
        assert self.login_from(uid).account.uid == uid

    def test_the_database_refuses_a_national_id_and_any_extra(self):
        with self.acting():
            for uid, extra in (("1234567890121", {}), (subject_index("thaid", "1"), {"name": "กมล"})):
                with pytest.raises(IntegrityError, match="mh_subject_is_hmac"):
                    self.keep(uid, extra)
            self.keep(subject_index("thaid", "1"), {})

    @transaction.atomic
    def keep(self, uid, extra):
        SocialAccount.objects.create(user=self.kamon, provider="thaid", uid=uid, extra_data=extra)


class DemoDoors(ConcurrentCast):
    def setUp(self):
        super().setUp()
        with self.acting("system.demo"):
            account = actions.create_account("data", "เจ้าหน้าที่ข้อมูล (สมมติ)")
            actions.assign(account, "data", starts_on=self.now.date())

    def enter(self, role="data", **where):
        return self.client.post("/demo/enter/", {"role": role}, **where)

    def test_a_real_town_has_no_such_door(self):
        assert self.enter().status_code == 404
        assert "_auth_user_id" not in self.client.session

    def test_one_click_enters_the_demo_without_a_second_factor(self):
        write_mark(1, 100)
        assert self.enter().url == "/staff/"
        assert self.client.get("/staff/purposes/").status_code == 200

    def test_it_is_closed_to_other_machines_and_through_proxies(self):
        write_mark(1, 100)
        assert self.enter(REMOTE_ADDR="192.0.2.7").status_code == 404
        assert self.enter(headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404

    def test_an_unknown_role_has_no_door(self):
        write_mark(1, 100)
        assert self.enter("king").status_code == 404
        assert self.enter("mayor").status_code == 404  # no such account in this demo

    def test_a_door_is_a_post(self):
        write_mark(1, 100)
        assert self.client.get("/demo/enter/").status_code == 405


def test_local_means_this_machine_by_its_own_name():
    make = RequestFactory()
    assert is_local(make.get("/", headers={"Host": "127.0.0.1:8000"}))
    assert is_local(make.get("/", headers={"Host": "[::1]:8000"}, REMOTE_ADDR="::1"))
    assert not is_local(make.get("/", REMOTE_ADDR=""))
    assert not is_local(make.get("/", REMOTE_ADDR="10.0.0.5"))
    assert json.dumps(is_local(make.get("/"))) == "true"
