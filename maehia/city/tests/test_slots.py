"""What the register answers to access."""

import uuid

from django.contrib.gis.geos import Polygon

from maehia.access import registry
from maehia.access.permissions import acting_as
from maehia.access.purposes import fields_of
from maehia.city.queries import slots
from maehia.city.tests.cast import P_BOONMA, P_JAIDEE, P_MALEE, PageCase
from maehia.evidence.tests.cast import MALEE_ID
from maehia.kit.acting import Scope, acting

AROUND = Polygon.from_bbox((98.95, 18.74, 98.952, 18.75))
ELSEWHERE = Polygon.from_bbox((99.95, 18.74, 99.952, 18.75))


class SlotTests(PageCase):
    def test_the_slots_are_filled(self):
        assert registry.area_keys.function is slots.area_keys
        assert registry.kin.function is slots.kin
        assert registry.minimal.function is slots.minimal
        assert registry.own_data.function is slots.own_data

    def test_people_of_a_drawn_area_are_found_by_key(self):
        with acting("user:00000000-0000-4000-8000-00000000000a", "break_glass.resolve"):
            assert set(slots.area_keys(AROUND)) == {P_MALEE, P_BOONMA}
            assert slots.area_keys(ELSEWHERE) == []

    def test_kin_are_of_one_surname_or_one_house(self):
        with acting(self.counter.actor, "counter.service"):
            assert set(slots.kin(P_BOONMA, [P_MALEE, P_JAIDEE])) == {P_MALEE}
            assert slots.kin(P_JAIDEE, [P_MALEE]) == []
            assert slots.kin(uuid.UUID(int=9), [P_MALEE]) == []

    def test_a_rescuer_sees_name_place_and_phone_and_nothing_else(self):
        fields = fields_of("break_glass", "person")
        with acting(self.citizen.actor, "me.data", scope=Scope.subject(P_MALEE)):
            found = slots.minimal(fields)
        assert [(p.name, p.place, p.phone) for p in found] == [("นางมาลี สุขใจดี", "บ้านเลขที่ 12/3 หมู่ 5", "081-234-5678")]
        assert MALEE_ID not in str(found)

    def test_own_data_names_the_lists_that_know_her(self):
        with acting_as(self.citizen, "me.data"):
            terms = slots.own_data(P_MALEE, fields_of("me.data", "person"))
        told = {term.label: term for term in terms}
        assert told["ชื่อ"].value == "มาลี"
        assert told["บัญชีที่มีชื่อคุณ"].value == "บัญชี civil (ข้อมูลสมมติ), บัญชี vhv (ข้อมูลสมมติ)"
        assert told["ที่อยู่จริง"].value == "บ้านเลขที่ 12/3 หมู่ 5"
        assert told["เลขประจำตัวประชาชน"].value == "•••••••••5635"

    def test_nobody_else_is_there_for_a_citizen(self):
        with acting_as(self.citizen, "me.data"):
            assert slots.own_data(P_BOONMA, fields_of("me.data", "person")) == []
