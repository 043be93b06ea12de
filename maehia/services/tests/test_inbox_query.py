"""The officer's list: what is due first, one filter behind list, counts and badge, pages by key, one statement."""

from datetime import timedelta
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from maehia.kit.recorders import assert_queries
from maehia.kit.testing import NOW
from maehia.services.queries.inbox import After, Desk, Filter, counts, desk_of, late_for, rows
from maehia.services.tests.desk_cast import HallCase, lay


class Lists(HallCase):
    def setUp(self):
        super().setUp()
        with self.acting():
            self.desk = desk_of(self.works.pk)

    def numbers(self, **asked):
        after = asked.pop("after", None)
        limit = asked.pop("limit", 100)
        with self.acting("services.desk"):
            page = rows(Filter.of({"who": "all", **asked}, self.desk), limit=limit, after=after)
        self.after = page.after
        return [row["number"] for row in page.rows]

    def test_what_is_due_first_comes_first_and_without_a_moment_last(self):
        with self.acting():
            for number, due in (("2569-000001", 5), ("2569-000002", None), ("2569-000003", -2), ("2569-000004", 0)):
                lay(number=number, due=due)
        assert self.numbers() == ["2569-000003", "2569-000004", "2569-000001", "2569-000002"]

    def test_pages_by_key_show_each_case_once(self):
        with self.acting():
            laid = [lay(due=due).number for due in (1, 1, 1, 2, None, None, None)]
        seen = self.numbers(limit=2)
        while self.after:
            seen += self.numbers(limit=2, after=After.read(str(self.after)))
        assert sorted(seen) == sorted(laid)
        assert len(seen) == 7

    def test_ended_cases_have_pages_of_their_own_newest_first(self):
        with self.acting():
            for day in range(5):
                lay(number=f"2569-00001{day}", state="fixed", state_type="fixed",
                    received_at=NOW - timedelta(days=day), due=1)  # fmt: skip
        first = self.numbers(when="closed", limit=3)
        assert first == ["2569-000010", "2569-000011", "2569-000012"]
        assert self.numbers(when="closed", limit=3, after=self.after) == ["2569-000013", "2569-000014"]

    def test_each_chip_counts_what_its_list_shows(self):
        with self.acting():
            lay(due=-1, assignee=self.works.pk)
            lay(due=0.2, is_urgent=True)
            lay(service="smoke", due=-3)
            lay(state="waiting_citizen", due=-1)
            lay(due=4, state="accepted")
            lay(state="fixed", state_type="fixed", due=-1)
        for who in ("unit", "me", "all"):
            asked = Filter.of({"who": who}, self.desk)
            with self.acting("services.desk"):
                told = counts(asked)
                for when in ("late", "today", "waiting", "urgent", "new"):
                    assert told[f"when_{when}"] == len(rows(asked.but(when=when)).rows), (who, when)
                assert told[f"who_{who}"] == len(rows(asked).rows)
        assert told["when_late"] == 2

    def test_the_badge_is_the_count_of_late_ones_in_the_own_unit(self):
        with self.acting():
            lay(due=-1)
            lay(service="smoke", due=-1)
        with self.acting("services.desk"):
            assert late_for(self.desk) == 1
            assert counts(Filter.of({"who": "unit"}, self.desk))["when_late"] == 1

    def test_a_number_is_found_however_it_is_typed_and_in_any_state(self):
        with self.acting():
            lay(number="2569-000123", state="fixed", state_type="fixed")
            lay(number="2568-000123")
            lay(number="2569-001230")
        assert self.numbers(q="2569-123") == ["2569-000123"]
        assert self.numbers(q="๒๕๖๙-๐๐๐๑๒๓") == ["2569-000123"]
        assert sorted(self.numbers(q="#123")) == ["2568-000123", "2569-000123"]

    def test_words_are_found_inside_the_description(self):
        with self.acting():
            lay("ต้นไม้ล้มขวางทางปากซอย", number="2569-000777")
            lay("ไฟถนนดับ")
        assert self.numbers(q="ขวางทาง") == ["2569-000777"]
        assert self.numbers(q="100%_") == []

    def test_filters_narrow_together(self):
        with self.acting():
            lay(moo=3, channel="phone", number="2569-000031")
            lay(moo=3, channel="web")
            lay(moo=4, channel="phone", service="smoke")
        assert self.numbers(moo="๓", channel="phone") == ["2569-000031"]
        assert len(self.numbers(service="smoke")) == 1

    def test_sealed_and_hidden_cases_are_in_no_list_of_the_desk(self):
        with self.acting():
            lay("เจ้าหน้าที่เรียกเงิน", service="staff_conduct")
            lay(state="moderated", state_type="hidden")
        assert self.numbers() == []
        with self.acting("services.desk"):
            assert counts(Filter.of({}, self.desk))["who_all"] == 0

    def test_one_statement_whatever_the_size(self):
        with self.acting():
            for due in range(120):
                lay(due=due)
        with self.acting("services.desk"):
            with assert_queries(1):
                page = rows(Filter.of({"who": "all"}, self.desk))
            with assert_queries(1):
                counts(Filter.of({"who": "all"}, self.desk))
        assert len(page.rows) == 100
        assert page.after is not None
        assert page.rows[0]["words"] == "ไฟถนนดับหน้าบ้าน"


class Pages(HallCase):
    def test_the_page_asks_as_often_for_three_hundred_cases_as_for_one(self):
        self.enter(self.works)
        with self.acting():
            lay(assignee=self.works.pk)
        self.page("/staff/cases/")
        with CaptureQueriesContext(connection) as few:
            self.page("/staff/cases/")
        with self.acting():
            for due in range(300):
                lay(due=due - 20, assignee=self.works2.pk)
        with CaptureQueriesContext(connection) as many:
            page = self.page("/staff/cases/")
        assert len(many) == len(few)
        own = [query for query in many if '"services_' in query["sql"] and "services_ticket" not in query["sql"]]
        assert len(own) <= 12
        assert page.count('class="row ') == 100
        assert 'rel="next"' in page


@given(st.dictionaries(st.sampled_from(["who", "when", "kind", "moo", "channel", "q", "unit", "service"]), st.text()))
def test_any_address_makes_a_filter(asked):
    made = Filter.of(asked, Desk(uuid4()))
    assert made.who in {"unit", "me", "all"}
    assert len(made.typed) <= 80


@given(st.text())
def test_a_place_in_the_list_that_no_page_gave_is_the_beginning(text):
    found = After.read(text)
    assert found is None or After.read(str(found)) == found
