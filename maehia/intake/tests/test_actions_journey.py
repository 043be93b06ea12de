"""One list from its file to the register and back, through the pages and the worker; nothing is lost on the way."""

from datetime import timedelta

from django.urls import reverse

from maehia.city.actions import check_projection
from maehia.city.models import Person
from maehia.evidence.models import Delivery, PersonRecord
from maehia.intake.tests.cast import AS_OF, NEXT_MONTH, IntakeCase
from maehia.intake.tests.makers import PEOPLE, PEOPLE_HEAD, SOMCHAI, text_file
from maehia.kit import clock

NEXT = [
    [1, "นาย", "สมชาย", "ใจดี", SOMCHAI, "13 เม.ย. 2492", "200", "5"],
    PEOPLE[1],
    [4, "น.ส.", "ดาวใจ", "ศรีนวล", "", "๓ ก.พ. ๒๕๔๔", "๑๒/๓", "๕"],
]


class Journey(IntakeCase):
    def register(self):
        """Name -> key and house number, as the register shows people now."""
        with self.acting():
            assert check_projection().is_clean
            return {p.first_name: (p.key, p.house_id) for p in Person.objects.all()}

    def withdraw(self, found, why="ส่งผิดเดือน"):
        self.client.post(reverse("intake:withdraw", args=[found.pk]), {"why": why})
        return self.work()

    def test_deliver_apply_next_month_and_withdraw_return_everything(self):
        self.applied(self.people_file())
        before = self.register()
        assert set(before) == {"สมชาย", "มาลี", "บุญมี"}
        found = self.applied(self.people_file("next.xlsx", NEXT), as_of=NEXT_MONTH)
        after = self.register()
        assert set(after) == {"สมชาย", "มาลี", "ดาวใจ"}
        assert after["มาลี"] == before["มาลี"]
        assert after["สมชาย"][0] == before["สมชาย"][0]
        assert self.withdraw(found).state == "done"
        assert self.register() == before

    def test_withdrawing_the_only_list_empties_the_register(self):
        found = self.applied(self.people_file())
        self.withdraw(found)
        assert self.register() == {}
        with self.acting():
            assert PersonRecord.objects.count() == 3, "what a list said is never thrown away"

    def test_a_withdrawn_file_may_be_brought_again_with_the_same_keys(self):
        before = (self.applied(self.people_file()), self.register())[1]
        self.withdraw(self.delivery())
        self.applied(self.people_file())
        assert self.register() == before

    def test_only_the_newest_delivery_is_withdrawn(self):
        first = self.applied(self.people_file())
        with clock.at(self.now + timedelta(days=1)):
            self.applied(self.people_file("next.xlsx", NEXT), as_of=NEXT_MONTH)
        assert self.withdraw(first).problem["code"] == "not_newest"
        assert Delivery.objects.get(pk=first.pk).state == "committed"
        self.register()

    def test_an_old_csv_with_a_modern_name_is_read(self):
        rows = [["ลำดับ", *PEOPLE_HEAD[1:]], *PEOPLE]
        found = self.applied(text_file(self.folder / "water-utf8.csv", rows, encoding="cp874"), "utility", AS_OF)
        assert (found.state, found.counts["good"]) == ("committed", 3)
        assert "มาลี" in self.register()

    def test_two_lists_make_one_person_with_two_sources(self):
        self.applied(self.people_file())
        self.applied(self.people_file("water.xlsx"), "utility")
        assert len(self.register()) == 3
        with self.acting():
            assert PersonRecord.objects.current().count() == 6

    def test_a_clean_file_of_next_month_changes_nothing(self):
        self.applied(self.people_file())
        before = self.register()
        found = self.applied(self.people_file("same.xlsx", day="๓๑ ต.ค. ๒๕๖๙"), as_of=NEXT_MONTH)
        assert found.counts["applied"]["same"] == 3
        assert found.counts["applied"]["new"] == 0
        assert self.register() == before
