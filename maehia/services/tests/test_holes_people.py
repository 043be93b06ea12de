"""What must not outlive a care, and what the counter does not begin."""

from __future__ import annotations

from maehia.city.tests.cast import P_MALEE
from maehia.message.models import Message
from maehia.services import actions
from maehia.services.models import Case, Party
from maehia.services.tests.counter_cast import publish
from maehia.services.tests.test_care import CareCase
from maehia.services.tests.test_counter_pages import CounterCase


class CarersMail(CareCase):
    def test_the_secret_link_of_what_a_carer_files_goes_to_neither_her_phone_nor_her_mail(self):
        with self.acting():
            publish("waste_account")
        self.give()
        self.enter(self.boonma)
        page = self.page(f"/me/care/{P_MALEE}/apply/waste_account/")
        assert 'name="x-email"' not in page
        assert 'name="x-phone"' not in page
        sent = {"account_no": "W-1", "change": "name", "new_name": "บุญมา สุขใจดี", "step": "send",
                "x-phone": "0899999999", "x-email": "boonma@example.org"}  # fmt: skip
        self.send(f"/me/care/{P_MALEE}/apply/waste_account/", **sent)
        with self.acting():
            party = Party.objects.get(role="applicant")
            secret = actions.secret_of(Case.objects.get().pk)
            told = [row.recipient for row in Message.objects.all() if secret in row.body]
        assert "99999999" not in (party.phone or "")
        assert party.email is None
        assert not any("boonma@example.org" in to or "99999999" in to for to in told)


class CounterList(CounterCase):
    def test_a_sealed_complaint_is_not_begun_among_her_cases_at_the_counter(self):
        self.find("มาลี", "12/3")
        self.choose()
        page = self.page(f"{self.url}report/")
        assert 'value="smoke"' in page
        assert 'value="staff_conduct"' not in page
