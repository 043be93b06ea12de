"""A real linkage run over a small street: keys stay, verdicts hold, merges leave a way back."""

from datetime import date

from maehia.city.actions import check_projection, refresh
from maehia.city.models import House, Person
from maehia.city.queries.entities import standing_key
from maehia.evidence.actions import rule_pair, undo_verdict, withdraw_delivery
from maehia.evidence.models import Delivery, Link, Redirect
from maehia.evidence.tests.cast import BOONMA, JAIDEE, MALEE, deliver, make_source, row
from maehia.intake.actions import decide, relink
from maehia.intake.linking import birth_text, person_frame, run_linkage
from maehia.intake.models import ReviewItem
from maehia.kit.testing import AppTestCase

MAY = date(2026, 5, 1)
# The same มาลี as the volunteers wrote her: a slip in the name, no ID, the same birthday, house and phone.
MALEE_VHV = {**MALEE, "first_name": "มาลี่", "national_id": None}


class LinkingCase(AppTestCase):
    def setUp(self):
        context = self.acting()
        context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        civil = make_source("civil", rank=10, household_kind="registered")
        vhv = make_source("vhv", rank=20, household_kind="actual")
        deliver(civil, MAY, [row("civil:1", MALEE), row("civil:2", BOONMA)])
        deliver(vhv, MAY, [row("vhv:1", MALEE_VHV), row("vhv:2", JAIDEE)])
        relink()

    def key(self, ref, kind="person"):
        return Link.objects.get(kind=kind, ref=ref, ended_run=None).key


class RunTests(LinkingCase):
    def test_two_lists_of_one_woman_are_one_person(self):
        assert self.key("civil:1") == self.key("vhv:1")
        assert Person.objects.count() == 3

    def test_her_son_at_the_same_house_is_another_person(self):
        assert self.key("civil:1") != self.key("civil:2")
        assert House.objects.filter(house_no="12/3", moo=5).count() == 1

    def test_a_second_run_moves_nothing(self):
        before = set(Link.objects.filter(ended_run=None).values_list("ref", "key"))
        run_linkage()
        assert set(Link.objects.filter(ended_run=None).values_list("ref", "key")) == before
        assert refresh().total == 0

    def test_a_company_is_no_person(self):
        tax = make_source("tax")
        deliver(tax, MAY, [row("tax:1", {"role": "organisation", "full_name": "บริษัท สมมติ จำกัด"})])
        relink()
        assert not Link.objects.filter(ref="tax:1").exists()
        assert Person.objects.count() == 3

    def test_the_frame_holds_ids_in_memory_only(self):
        frame = person_frame()
        assert frame.set_index("rec_id").loc["civil:1", "national_id"] == MALEE["national_id"]
        assert set(frame.columns) >= {"rec_id", "source", "birth", "address"}


def test_a_birth_is_handed_over_as_far_as_it_is_known():
    row_of = {"birth": date(1996, 1, 1), "birth_text": "25390000"}
    assert birth_text({**row_of, "birth_precision": "year"}) == "1996"
    assert birth_text({**row_of, "birth_precision": "day"}) == "1996-01-01"
    assert birth_text({"birth": None, "birth_text": "ไม่ทราบ"}) == "ไม่ทราบ"


class VerdictTests(LinkingCase):
    def test_never_the_same_parts_them_in_every_later_run_and_undo_joins_them_again(self):
        joined = self.key("civil:1")
        verdict = rule_pair("person", "vhv:1", "civil:1", same=False, why="เป็นพี่น้องฝาแฝด")
        relink()
        relink()
        assert self.key("civil:1") != self.key("vhv:1")
        assert Person.objects.count() == 4
        undo_verdict(verdict, "ตรวจแล้วเป็นคนเดียวกัน")
        relink()
        assert self.key("civil:1") == self.key("vhv:1") == joined
        assert check_projection().is_clean

    def test_the_same_joins_them_and_the_lost_key_leads_to_the_one_that_stands(self):
        lost = {self.key("vhv:2"), self.key("civil:2")}
        verdict = rule_pair("person", "vhv:2", "civil:2", same=True, why="เปลี่ยนชื่อแล้ว")
        relink()
        stands = self.key("vhv:2")
        assert stands == self.key("civil:2")
        (gone,) = lost - {stands}
        assert standing_key("person", gone) == stands
        undo_verdict(verdict, "กดผิด")
        relink()
        assert {self.key("vhv:2"), self.key("civil:2")} == lost
        assert not Redirect.objects.filter(ended_run=None).exists()

    def test_a_pair_that_was_ruled_on_is_not_asked_again(self):
        ReviewItem.objects.all().delete()
        item = ReviewItem.objects.create(kind="person", ref_a="civil:2", ref_b="vhv:2", p=0.5, reason="band")
        decide(item, same=False, why="คนละคน")
        relink()
        assert not ReviewItem.objects.filter(verdict=None, ref_a="civil:2", ref_b="vhv:2").exists()


class WithdrawalTests(LinkingCase):
    def test_after_withdrawal_and_return_everybody_has_the_same_key(self):
        before = {ref: self.key(ref) for ref in ("civil:1", "civil:2", "vhv:1", "vhv:2")}
        withdraw_delivery(Delivery.objects.get(source_id="vhv"), "ส่งผิดไฟล์")
        relink()
        assert Person.objects.count() == 2
        assert check_projection().is_clean
        deliver(
            make_source("vhv", rank=20, household_kind="actual"), MAY, [row("vhv:1", MALEE_VHV), row("vhv:2", JAIDEE)]
        )
        relink()
        assert {ref: self.key(ref) for ref in before} == before


class ModeTests(AppTestCase):
    def test_an_exercise_has_people_of_its_own_and_the_living_town_none_of_them(self):
        with self.acting(mode="exercise"):
            deliver(make_source("civil", household_kind="registered"), MAY, [row("civil:1", MALEE)])
            relink()
            assert Person.objects.count() == 1
        with self.acting():
            assert Person.objects.count() == 0
            assert not Link.objects.filter(mode="live").exists()
