from datetime import date

from maehia.city.actions import check_projection, refresh
from maehia.city.models import House, Household, HouseholdMember, Need, Person, PersonName, Residence, Tie
from maehia.city.tests.cast import H_12_3, MAY, P_BOONMA, P_JAIDEE, P_MALEE, PEOPLE, build_street, link
from maehia.evidence.actions import correct_value, undo_correction, withdraw_delivery
from maehia.evidence.models import Delivery
from maehia.evidence.tests.cast import MALEE_ID, deliver, make_source, row
from maehia.kit.testing import AppTestCase


class RegisterCase(AppTestCase):
    def setUp(self):
        context = self.acting()
        context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        build_street()


class ProjectionTests(RegisterCase):
    def test_two_lists_give_one_person_with_the_source_of_each_value(self):
        malee = Person.objects.get(key=P_MALEE)
        assert (malee.first_name, malee.last_name, malee.national_id) == ("มาลี", "สุขใจดี", MALEE_ID)
        assert malee.phone == "0812345678"  # only the volunteers knew it
        assert malee.sources["first_name"] != malee.sources["phone"]
        assert malee.registered
        assert not Person.objects.get(key=P_JAIDEE).registered

    def test_every_name_is_kept_for_search(self):
        names = PersonName.objects.filter(person_id=P_MALEE).order_by("name")
        assert [(n.name, n.current) for n in names] == [("มะลิ สุขใจดี", False), ("มาลี สุขใจดี", True)]
        assert names[1].folded == "มาลีสุขใจดี"

    def test_people_stand_at_their_house_and_in_its_moo(self):
        assert {p.house_id for p in Person.objects.filter(moo=5)} == {H_12_3}
        assert Residence.objects.filter(house_id=H_12_3, kind="registered").count() == 2
        assert Residence.objects.filter(house_id=H_12_3, kind="actual").count() == 1

    def test_households_of_two_kinds_stand_apart(self):
        kinds = Household.objects.filter(house_id=H_12_3).values_list("kind", flat=True)
        assert sorted(kinds) == ["actual", "registered"]
        assert HouseholdMember.objects.filter(person_id=P_BOONMA).count() == 1

    def test_an_address_fills_what_the_house_list_leaves_open(self):
        house = House.objects.get(key=H_12_3)
        assert (house.house_no, house.moo, house.house_code) == ("12/3", 5, "50010123456")
        assert house.geom.coords == (98.951, 18.744)

    def test_a_need_without_a_legal_ground_is_kept_out(self):
        welfare = make_source("welfare", data_class="s26", kind="need")
        base = {"person_ref": "civil:1", "level": "", "note": "ใช้เครื่องผลิตออกซิเจน"}
        deliver(welfare, MAY, [
            row("w:1", {**base, "need_kind": "oxygen", "ground": "s24_4"}),
            row("w:2", {**base, "need_kind": "blind", "ground": ""}),
        ], kind="need")  # fmt: skip
        refresh()
        need = Need.objects.get()
        assert (need.need_kind, need.person_id, need.note) == ("oxygen", P_MALEE, "ใช้เครื่องผลิตออกซิเจน")

    def test_an_owner_is_tied_to_the_thing(self):
        tax = make_source("tax", kind="parcel")
        deliver(tax, MAY, [row("tax:7", {"deed_no": "12345", "land_use": "บ้าน"})], kind="parcel")
        owner = {
            "role": "owner",
            "first_name": "มาลี",
            "last_name": "สุขใจดี",
            "about_kind": "parcel",
            "about_ref": "tax:7",
        }
        deliver(make_source("taxowner"), MAY, [row("tax.owner:7", owner)])
        from uuid import UUID

        from maehia.evidence.actions import LinkChange, save_links

        save_links(LinkChange("parcel", {"tax:7": UUID(int=77)}, {}))
        link({**PEOPLE, "tax.owner:7": P_MALEE})
        refresh()
        tie = Tie.objects.get(role="owner")
        assert (tie.person_id, tie.about_kind, tie.about_key) == (P_MALEE, "parcel", UUID(int=77))


class DecisionTests(RegisterCase):
    def test_a_correction_stands_over_every_list_until_it_is_undone(self):
        decision = correct_value("person", P_MALEE, "first_name", "มาลัย", why="แก้ตามบัตรประชาชน")
        refresh()
        malee = Person.objects.get(key=P_MALEE)
        assert malee.first_name == "มาลัย"
        assert malee.sources["first_name"] == f"correction:{decision.pk}"
        undo_correction(decision, "กรอกผิดคน")
        refresh()
        assert Person.objects.get(key=P_MALEE).first_name == "มาลี"

    def test_a_birth_date_can_be_corrected(self):
        correct_value("person", P_MALEE, "birth", "1949-04-14", why="แก้ตามสูติบัตร")
        refresh()
        assert Person.objects.get(key=P_MALEE).birth == date(1949, 4, 14)
        assert refresh().total == 0


class RebuildTests(RegisterCase):
    def test_a_second_projection_touches_nothing(self):
        assert refresh().total == 0

    def test_check_is_clean_after_import_and_after_withdrawal(self):
        assert check_projection().is_clean
        withdraw_delivery(Delivery.objects.get(source_id="vhv"), "ส่งผิดไฟล์")
        refresh()
        assert check_projection().is_clean
        assert not Person.objects.filter(key=P_JAIDEE).exists()
        assert Person.objects.get(key=P_MALEE).phone is None

    def test_check_finds_a_value_that_somebody_changed_by_hand(self):
        Person.objects.filter(key=P_MALEE).update(first_name="ปลอม")
        PersonName.objects.filter(person_id=P_JAIDEE).delete()
        found = check_projection()
        assert found.differing == {"city_person": [P_MALEE]}
        assert list(found.missing) == ["city_personname"]
        refresh()
        assert check_projection().is_clean
