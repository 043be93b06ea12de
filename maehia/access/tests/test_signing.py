"""Positions, delegations and consent, as rows with days and orders."""

from datetime import date

import pytest

from maehia.access import actions, queries
from maehia.access.permissions import acting_as
from maehia.access.tests.cast import KAMON, CastCase
from maehia.base import ProblemError

ORDER = "คำสั่งที่ 12/2569 (สมมติ)"
TODAY = date(2026, 11, 18)


class Signing(CastCase):
    def setUp(self):
        super().setUp()
        with self.acting("system.demo"):
            self.mayor = actions.appoint("mayor", self.somchai, starts_on=date(2026, 1, 1), order_no=ORDER)

    def manage(self):
        return acting_as(self.arthit, "access.manage")

    def delegate(self, powers=("sign.permit",), **options):
        values = {"starts_on": date(2026, 6, 1), "order_no": ORDER} | options
        return actions.delegate(self.mayor, self.prasit, chosen_powers=powers, **values)

    def test_the_holder_signs(self):
        with self.manage():
            assert queries.may_sign(self.somchai, "sign.permit", TODAY).instead_of is None
            assert queries.may_sign(self.prasit, "sign.permit", TODAY) is None

    def test_the_deputy_signs_in_his_stead(self):
        with self.manage():
            self.delegate()
            assert queries.may_sign(self.prasit, "sign.permit", TODAY).instead_of == str(self.somchai.pk)
            assert queries.may_sign(self.prasit, "order.disaster", TODAY) is None

    def test_when_the_holder_goes_so_does_the_deputy(self):
        with self.manage():
            self.delegate()
            actions.end_signing(self.mayor, date(2026, 11, 17))
            assert queries.signers("sign.permit", TODAY) == []

    def test_a_closed_account_signs_nothing(self):
        with self.manage():
            actions.deactivate(self.somchai)
            assert queries.signers("sign.permit", TODAY) == []

    def test_there_is_one_mayor_on_any_day(self):
        with self.manage(), pytest.raises(ProblemError, match="มีผู้ดำรงตำแหน่ง"):
            actions.appoint("mayor", self.prasit, starts_on=TODAY, order_no=ORDER)

    def test_the_next_mayor_follows_the_last(self):
        with self.manage():
            actions.end_signing(self.mayor, date(2026, 11, 17))
            actions.appoint("mayor", self.prasit, starts_on=TODAY, order_no=ORDER)
            assert queries.may_sign(self.prasit, "sign.permit", TODAY)

    def test_what_is_not_right_is_refused(self):
        with self.manage():
            for call in (
                lambda: actions.appoint("king", self.prasit, starts_on=TODAY, order_no=ORDER),
                lambda: actions.appoint("dpo", self.dao, starts_on=TODAY, order_no=" "),
                lambda: actions.appoint("dpo", self.dao, starts_on=TODAY, order_no=ORDER, ends_on=date(2026, 1, 1)),
                lambda: self.delegate(["answer.rights"]),
                lambda: self.delegate(["fly"]),
                lambda: self.delegate([]),
                lambda: self.delegate(ends_on=date(2026, 5, 1)),
                lambda: actions.delegate(
                    self.mayor, self.somchai, chosen_powers=["sign.permit"], starts_on=TODAY, order_no=ORDER
                ),
                lambda: actions.end_signing(self.mayor, date(2025, 1, 1)),
            ):
                with pytest.raises(ProblemError):
                    call()

    def test_an_appointment_is_history(self):
        with self.manage():
            self.delegate()
            actions.end_signing(self.mayor, TODAY)
            assert [e.pgh_label for e in queries.events_of(self.mayor)] == ["update", "insert"]

    def test_an_unknown_power_is_an_error(self):
        with self.manage(), pytest.raises(KeyError):
            queries.signers("sign.everything", TODAY)


class Consenting(CastCase):
    def me(self):
        return acting_as(self.kamon, "me.consent")

    def give(self, **options):
        values = {"text_version": "2569-1", "age": 41} | options
        return actions.give_consent(KAMON, "me.data", **values)

    def test_a_consent_stands_until_it_is_taken_back(self):
        with self.me():
            assert self.give() == self.give()
            assert queries.consented(KAMON, "me.data")
            assert actions.withdraw_consent(KAMON, "me.data")
            assert not queries.consented(KAMON, "me.data")
            assert not actions.withdraw_consent(KAMON, "me.data")

    def test_it_can_be_given_again(self):
        with self.me():
            first = self.give()
            actions.withdraw_consent(KAMON, "me.data")
            assert self.give() != first

    def test_a_minor_needs_a_guardian(self):
        with self.me():
            for age in (7, 15, None):
                with pytest.raises(ProblemError, match="ผู้ใช้อำนาจปกครอง"):
                    self.give(age=age)
            assert self.give(age=15, guardian=True).given_by == "guardian"

    def test_nobody_consents_for_another(self):
        from uuid import uuid4

        with self.me(), pytest.raises(Exception, match="row-level security"):
            actions.give_consent(uuid4(), "me.data", text_version="1", age=30)

    def test_an_unknown_purpose_is_refused(self):
        with self.me(), pytest.raises(ProblemError):
            actions.give_consent(KAMON, "fun", text_version="1", age=30)
