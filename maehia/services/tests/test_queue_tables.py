"""What the database itself refuses: changed periods, two at one desk, authorities that a carer gives herself."""

import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from maehia.kit.acting import Scope, acting
from maehia.kit.sweep import findings
from maehia.kit.testing import NOW, AppTestCase
from maehia.services.models import Booking, BookingFor, Caring, Desk, Period, QueueGroup, Ticket, TicketFor

GRANNY, DAUGHTER, STRANGER = (uuid.UUID(int=n) for n in (71, 72, 73))
LATER = NOW + timedelta(minutes=5)


class QueueTables(AppTestCase):
    def setUp(self):
        with self.acting():
            self.group = QueueGroup.objects.create(key="general", letter="A", name_th="งานทั่วไป")
            self.desk = Desk.objects.create(number=1)
            self.ticket = self.make_ticket(1)

    def make_ticket(self, number: int, **more) -> Ticket:
        return Ticket.objects.create(
            day=NOW.date(), letter="A", number=number, group=self.group, channel="walk_in", ranked_at=NOW, **more
        )

    def period(self, kind="waiting", start=NOW, end=None) -> Period:
        return Period.objects.create(ticket=self.ticket, group=self.group, kind=kind, start=start, end=end)

    def refuse(self, work, *errors, match=""):
        with pytest.raises(errors or DatabaseError, match=match or None), transaction.atomic():
            work()

    def test_every_new_table_is_protected_or_has_its_reason(self):
        assert [f.where for f in findings() if "services_" in f.where] == []

    def test_a_period_is_closed_once_and_never_changed(self):
        with self.acting():
            row = self.period()
            Period.objects.filter(pk=row.pk).update(end=LATER)
            for change in ({"end": NOW}, {"start": LATER}, {"kind": "serving"}):
                self.refuse(
                    lambda change=change: Period.objects.filter(pk=row.pk).update(**change), match="never changed"
                )
            self.refuse(row.delete, match="never changed")

    def test_periods_of_one_ticket_do_not_overlap(self):
        with self.acting():
            self.period(end=LATER)
            self.refuse(lambda: self.period("invited", start=NOW + timedelta(minutes=1)), IntegrityError)
            self.period("invited", start=LATER)
            self.refuse(lambda: self.period("serving", start=LATER), IntegrityError)

    def test_a_desk_has_one_visitor_at_a_time(self):
        with self.acting():
            self.make_ticket(2, state="serving", desk=self.desk)
            self.refuse(lambda: self.make_ticket(3, state="invited", desk=self.desk), IntegrityError)

    def test_a_number_is_given_once_a_day(self):
        with self.acting():
            self.refuse(lambda: self.make_ticket(1), IntegrityError)

    def test_visitors_see_numbers_and_slots_but_not_whose_they_are(self):
        with self.acting():
            TicketFor.objects.create(ticket=self.ticket, person_key=GRANNY)
            booking = Booking.objects.create(group=self.group, slot=NOW, day=NOW.date())
            BookingFor.objects.create(booking=booking, name="คำปัน ใจดี", phone="0812345678")
        with acting("system:public", "services.public"):
            assert Ticket.objects.count() == Booking.objects.count() == 1
            assert TicketFor.objects.count() == BookingFor.objects.count() == 0
            self.refuse(lambda: self.make_ticket(9))

    def test_the_holder_of_one_ticket_changes_no_other(self):
        with self.acting():
            other = self.make_ticket(2)
        with acting("device:1", "services.link", scope=Scope.subject(self.ticket.pk)):
            assert Ticket.objects.filter(pk=other.pk).update(state="left") == 0
            assert Ticket.objects.filter(pk=self.ticket.pk).update(state="left") == 1

    def care(self, cared=GRANNY, carer=DAUGHTER):
        return Caring.objects.create(cared_key=cared, carer_key=carer, granted_by="user:1", how="ในแอป", at=NOW)

    def test_nobody_makes_herself_the_carer_of_another(self):
        with acting("user:1", "me.services", scope=Scope.subject(DAUGHTER)):
            self.refuse(self.care)
        with acting("user:1", "me.services", scope=Scope.subject(GRANNY)):
            assert self.care().pk

    def test_a_carer_passes_her_authority_on_to_nobody_and_does_not_widen_it(self):
        with self.acting():
            row = self.care()
        with acting("user:2", "me.care", scope=Scope.subject(GRANNY)):
            self.refuse(lambda: self.care(carer=STRANGER))
            assert Caring.objects.filter(pk=row.pk).update(alerts=False) == 0
        with acting("user:2", "me.services", scope=Scope.subject(DAUGHTER)):
            self.refuse(lambda: Caring.objects.filter(pk=row.pk).update(may="see"), match="never changed")
            assert Caring.objects.filter(pk=row.pk).update(ended_at=NOW, ended_by="user:2") == 1
            self.refuse(lambda: Caring.objects.filter(pk=row.pk).update(ended_at=None), match="never changed")
