"""Numbers without gaps, notices, limits, the clock, the demo's mark, the recorders."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from maehia.base import ProblemError
from maehia.kit import clock, demo, notices, rates
from maehia.kit.models import Notice
from maehia.kit.recorders import assert_index_used, assert_queries, explain, nodes
from maehia.kit.series import buddhist_year, format_number, next_number
from maehia.kit.testing import NOW, AppTestCase, ConcurrentTestCase, in_threads, owner_connection

notices.register_text("test.review", "มีรายการรอตรวจ {count} คู่")
CLERK, MAYOR = "user:clerk", "user:mayor"


class Numbers(ConcurrentTestCase):
    def test_a_year_begins_at_one(self):
        with transaction.atomic():
            assert [next_number("case", 2569), next_number("case", 2569), next_number("case", 2570)] == [1, 2, 1]

    def test_twenty_clerks_leave_no_gap_and_no_double(self):
        def take(number):
            taken = []
            for turn in range(5):
                try:
                    with transaction.atomic():
                        taken.append(next_number("receipt"))
                        if (number + turn) % 3 == 0:
                            raise ZeroDivisionError
                except ZeroDivisionError:
                    taken.pop()
            return taken

        numbers = sorted(n for taken in in_threads(8, take) for n in taken)
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) > 20

    def test_a_number_without_a_transaction_is_refused(self):
        with pytest.raises(RuntimeError):
            next_number("case")

    def test_the_year_is_buddhist_and_of_bangkok(self):
        with clock.at(datetime(2026, 12, 31, 18, 0, tzinfo=UTC)):
            assert buddhist_year() == 2570

    def test_a_number_is_written_with_its_year(self):
        assert format_number(12, 2569, prefix="รง") == "รง00012/2569"


class Notices(AppTestCase):
    def test_a_notice_stands_until_it_is_read(self):
        notices.notify(CLERK, "test.review", "/staff/review/", count=14)
        assert (notices.unread_count(CLERK), notices.unread_count(MAYOR)) == (1, 0)
        assert notices.text_of(notices.of(CLERK)[0]) == "มีรายการรอตรวจ 14 คู่"
        assert notices.mark_read(CLERK) == 1
        assert notices.unread_count(CLERK) == 0

    def test_nobody_reads_a_notice_for_another(self):
        notice = notices.notify(CLERK, "test.review", count=1)
        assert notices.mark_read(MAYOR, notice.pk) == 0

    def test_only_registered_sentences_with_their_parts_are_sent(self):
        for text, parts in (("test.unknown", {}), ("test.review", {})):
            with pytest.raises(KeyError):
                notices.notify(CLERK, text, **parts)

    def test_a_notice_of_a_room_that_left_shows_its_key(self):
        assert notices.text_of(Notice(text_key="gone.room")) == "gone.room"

    def test_one_key_has_one_sentence(self):
        with pytest.raises(ValueError, match="twice"):
            notices.register_text("test.review", "อย่างอื่น")


class Limits(AppTestCase):
    def test_the_sixth_search_of_five_is_refused(self):
        for _ in range(5):
            rates.limit("last4:clerk", 5, 600)
        with pytest.raises(rates.TooOften, match="5 ครั้ง"):
            rates.limit("last4:clerk", 5, 600)
        rates.limit("last4:mayor", 5, 600)

    def test_the_next_window_begins_again(self):
        rates.limit("last4:clerk", 1, 600)
        with clock.at(NOW + timedelta(minutes=10)):
            rates.limit("last4:clerk", 1, 600)

    def test_old_windows_are_forgotten(self):
        rates.count("last4:clerk", 600)
        with clock.at(NOW + timedelta(days=3)):
            assert rates.forget_old() == 1


class DemoMark(ConcurrentTestCase):
    def test_no_mark_no_demo(self):
        assert not demo.is_demo()
        with pytest.raises(ProblemError, match="เมืองตัวอย่าง"):
            demo.require_demo()

    def test_the_mark_is_written_once_by_the_owner(self):
        demo.write_mark(7, 20000)
        assert demo.write_mark(8, 1).seed == 7
        assert demo.is_demo()
        demo.require_demo()
        for statement in ("DELETE FROM kit_demo_mark", "UPDATE kit_demo_mark SET seed = 1"):
            with pytest.raises(Exception, match="written once"), owner_connection().cursor() as cursor:
                cursor.execute(statement)

    def test_the_serving_role_cannot_write_it(self):
        with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
            cursor.execute("INSERT INTO kit_demo_mark VALUES (1, now(), 1, 1)")

    def test_there_is_one_mark_only(self):
        with pytest.raises(IntegrityError), owner_connection().cursor() as cursor:
            cursor.execute("INSERT INTO kit_demo_mark VALUES (2, now(), 1, 1)")


class Recorders(AppTestCase):
    def test_too_many_questions_are_named(self):
        def ask_twice():
            with assert_queries(1):
                notices.unread_count(CLERK)
                notices.unread_count(CLERK)

        with pytest.raises(AssertionError, match="kit_notice"):
            ask_twice()

    def test_enough_is_enough(self):
        with assert_queries(1):
            notices.unread_count(CLERK)

    def test_a_plan_names_its_index(self):
        assert_index_used(notices.of(CLERK), "kit_notice_account")
        with pytest.raises(AssertionError, match="not used"):
            assert_index_used(Notice.objects.filter(text_key="x"), "kit_notice_account")

    def test_a_plan_is_a_tree(self):
        plan = explain("SELECT 1 FROM kit_notice ORDER BY id", None)
        assert next(nodes(plan)) is plan
