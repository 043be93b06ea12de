"""Appointments: only free slots, each once; moved, kept, missed and reminded by the table of the workflow."""

import uuid
from datetime import UTC, timedelta

from maehia.city.models import AnnouncedDay
from maehia.kit import clock
from maehia.kit.acting import Scope, acting
from maehia.kit.testing import AppTestCase, ConcurrentTestCase, in_threads
from maehia.message.models import Message
from maehia.services.actions import booking as actions
from maehia.services.actions import queue as desk_actions
from maehia.services.actions.booking import Visitor
from maehia.services.models import Booking, BookingEvent, BookingFor
from maehia.services.queries import booking as queries
from maehia.services.tests.counter_cast import DEVICE, NINE, Hall, at, build_hall
from maehia.services.tests.test_queue_actions import code_of

KAM = Visitor(name="ยายคำ (สมมติ)", phone="081-000-0001", service="smoke")
TEN_TOMORROW = at(10, day=19)


class Booked(Hall, AppTestCase):
    def setUp(self):
        with self.acting():
            build_hall()

    def book(self, slot=TEN_TOMORROW, group="general", when=NINE, visitor=KAM):
        with clock.at(when):
            return actions.book_as_visitor(group, slot, visitor, by=DEVICE)

    def free(self, day=19, group="general", when=NINE):
        with self.staff(when):
            return queries.free_on(at(9, day=day).date(), group, when)

    def holder(self, booking, when=NINE):
        stack = self.staff(when)
        stack.close()
        stack.enter_context(clock.at(when))
        stack.enter_context(acting(DEVICE, "services.link", scope=Scope.subject(booking.pk)))
        return stack


class Making(Booked):
    def test_slots_lie_in_the_office_hours_of_working_days(self):
        free = self.free()
        assert free[0] == at(8, 30, day=19)
        assert free[-1] == at(16, day=19)
        assert self.free(day=21) == []

    def test_a_slot_is_given_until_the_share_of_appointments_is_used(self):
        """Two desks, half of them: one desk of thirty minutes, two visitors of fifteen."""
        self.book(), self.book()
        assert TEN_TOMORROW not in self.free()
        assert code_of(self.book) == "slot_taken"

    def test_times_that_are_no_slot_gone_closed_or_too_far_are_refused(self):
        for slot, code in (
            (at(10, 7, day=19), "slot_taken"), (at(8, 30, day=18), "slot_taken"), (at(10, day=21), "slot_taken"),
            (at(16, 30, day=19), "slot_taken"), (NINE + timedelta(days=300), "too_far"),
        ):  # fmt: skip
            assert code_of(lambda slot=slot: self.book(slot)) == code

    def test_a_time_of_another_zone_is_the_same_slot(self):
        assert self.book(TEN_TOMORROW.astimezone(UTC)).slot == TEN_TOMORROW
        with self.acting():
            assert Booking.objects.get().day == TEN_TOMORROW.date()

    def test_a_booked_desk_is_not_given_to_who_walks_in(self):
        self.book(at(16), when=at(15, 50)), self.book(at(16), when=at(15, 50))
        taken = [self.visitor(when=at(16)), self.visitor(when=at(16))]
        assert len(taken) == 2
        assert code_of(lambda: self.visitor(when=at(16))) == "full_today"

    def test_who_waits_today_takes_from_the_slots_of_today(self):
        assert at(16) in self.free(day=18, when=at(15, 55))
        for _ in range(3):
            self.visitor(when=at(15, 55))
        assert at(16) in self.free(day=18, when=at(15, 55))
        self.visitor(when=at(15, 55))
        assert at(16) not in self.free(day=18, when=at(15, 55))

    def test_a_holiday_announced_later_closes_its_slots_and_shows_who_is_stranded(self):
        self.book()
        AnnouncedDay.objects.create(
            day=TEN_TOMORROW.date(), name="วันหยุดพิเศษ (สมมติ)", source="ทดสอบ", added_by="system:test", added_at=NINE
        )
        assert self.free() == []
        with self.staff():
            assert [b.slot for b in queries.stranded(NINE)] == [TEN_TOMORROW]

    def test_days_count_their_free_slots(self):
        with self.staff():
            before = {d.day: d.free for d in queries.days_for("general", NINE)}
        self.book(), self.book()
        with self.staff():
            after = {d.day: d.free for d in queries.days_for("general", NINE)}
        assert before[TEN_TOMORROW.date()] - after.pop(TEN_TOMORROW.date()) == 1
        assert all(before[day] == n for day, n in after.items())


class Keeping(Booked):
    def test_a_message_says_when_and_how_to_change_it(self):
        booking = self.book()
        with self.acting():
            assert Message.objects.filter(about=booking.pk, template="booking.made").count() == 1

    def test_who_leaves_no_contact_is_sent_nothing(self):
        self.book(visitor=Visitor())
        with self.acting():
            assert not Message.objects.exists()

    def test_moving_frees_the_old_slot_and_is_written_down(self):
        first, _ = self.book(), self.book()
        with self.holder(first):
            actions.move_booking(first.pk, at(11, day=20), by=DEVICE)
        assert TEN_TOMORROW in self.free()
        with self.acting():
            assert [(e.state, e.slot) for e in first.events.all()] == [
                ("booked", TEN_TOMORROW),
                ("booked", at(11, day=20)),
            ]

    def test_moving_to_a_full_slot_leaves_everything_as_it_was(self):
        self.book(), self.book()
        mine = self.book(at(11, day=19))
        with self.holder(mine):
            assert code_of(lambda: actions.move_booking(mine.pk, TEN_TOMORROW, by=DEVICE)) == "slot_taken"
        with self.acting():
            assert Booking.objects.get(pk=mine.pk).slot == at(11, day=19)

    def test_the_holder_of_one_appointment_cannot_touch_another(self):
        mine, other = self.book(), self.book()
        with self.holder(mine):
            assert code_of(lambda: actions.cancel_booking(other.pk, by=DEVICE)) == "no_booking"
            assert queries.about(other.pk) is None

    def test_a_cancelled_appointment_frees_its_slot_and_ends(self):
        booking, _ = self.book(), self.book()
        with self.holder(booking):
            actions.cancel_booking(booking.pk, by=DEVICE)
            assert code_of(lambda: actions.cancel_booking(booking.pk, by=DEVICE)) == "booking_move"
            assert code_of(lambda: actions.move_booking(booking.pk, at(11, day=20), by=DEVICE)) == "booking_move"
        assert TEN_TOMORROW in self.free()

    def test_who_checks_in_goes_first_at_her_time_and_the_appointment_follows_her_ticket(self):
        booking = self.book(at(10), when=NINE)
        walker = self.visitor(when=at(9, 30))
        with self.holder(booking, at(9, 50)):
            ticket = actions.check_in(booking.pk, by=DEVICE)
        with self.staff(at(9, 56)):
            assert desk_actions.call_next(self.desk(2)).pk == ticket.pk == booking.pk
            desk_actions.start(ticket.pk)
            assert Booking.objects.get().state == "serving"
            desk_actions.finish(ticket.pk)
            assert Booking.objects.get().state == "done"
            assert desk_actions.call_next(self.desk()).pk == walker.pk

    def test_checking_in_twice_on_another_day_or_too_late_is_refused(self):
        booking = self.book(at(10))
        with self.holder(booking, at(10, 20)):
            assert code_of(lambda: actions.check_in(booking.pk, by=DEVICE)) == "booking_late"
        with self.holder(booking, at(9, day=17)):
            assert code_of(lambda: actions.check_in(booking.pk, by=DEVICE)) == "not_today"
        with self.holder(booking, at(9, 55)):
            actions.check_in(booking.pk, by=DEVICE)
        with self.holder(booking, at(9, 56)):
            assert code_of(lambda: actions.check_in(booking.pk, by=DEVICE)) == "booking_move"

    def test_who_checked_in_and_went_has_no_open_appointment(self):
        booking = self.book(at(10))
        with self.holder(booking, at(9, 55)):
            actions.check_in(booking.pk, by=DEVICE)
            desk_actions.leave(booking.pk)
        with self.acting():
            assert Booking.objects.get().state == "cancelled"

    def test_who_never_came_is_marked_when_the_day_is_over(self):
        self.book(at(10)), self.book()
        with self.staff(at(22)):
            assert actions.mark_missed(NINE.date()) == 1
            assert actions.mark_missed(NINE.date()) == 0
        with self.acting():
            assert list(Booking.objects.order_by("slot").values_list("state", flat=True)) == ["no_show", "booked"]
            assert BookingEvent.objects.filter(state="no_show").count() == 1

    def test_a_reminder_goes_out_once_on_the_working_day_before(self):
        self.book(at(10, day=23), when=NINE)  # a Monday
        with clock.at(at(15, day=19)), acting("system:services", "services.clock"):
            assert actions.remind(at(15, day=19).date()) == 0
        with clock.at(at(15, day=20)), acting("system:services", "services.clock"):
            assert actions.remind(at(15, day=20).date()) == 1
            assert actions.remind(at(15, day=20).date()) == 0

    def test_an_appointment_of_a_person_is_hers_to_see(self):
        me = uuid.UUID(int=77)
        self.book(visitor=Visitor(person_key=me)), self.book(at(11, day=19))
        with clock.at(NINE), acting("user:1", "me.services", scope=Scope.subject(me)):
            assert [b.slot for b in queries.mine(me)] == [TEN_TOMORROW]
            assert BookingFor.objects.count() == 1


class AtOnce(Hall, ConcurrentTestCase):
    def test_the_last_free_slot_is_booked_once(self):
        with self.acting():
            build_hall(desks=2)
        with clock.at(NINE):
            actions.book_as_visitor("general", TEN_TOMORROW, Visitor(), by=DEVICE)

        def book(n):
            with clock.at(NINE):
                return actions.book_as_visitor("general", TEN_TOMORROW, Visitor(), by=f"device:{n}").state

        found = [getattr(getattr(r, "problem", None), "code", r) for r in in_threads(5, book)]
        assert sorted(found) == ["booked", *["slot_taken"] * 4]
        with self.acting():
            assert Booking.objects.count() == 2
