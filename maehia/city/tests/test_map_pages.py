"""The map: which layers for whom, and the list that says the same without a pointer."""

import json
import re

from django.core.cache import cache

from maehia.city.actions import set_town
from maehia.city.tests.cast import PageCase, text_of, url
from maehia.city.tests.test_thing_pages import KEYS, build_things
from maehia.web import registry as web
from maehia.web.layers import LegendStep, MapLayer

PERSONAL = MapLayer(
    "elders", "ผู้สูงอายุ", "Elders", "point", "ทดสอบ", "ใช้ภายใน", "ทดสอบ", klass="personal", permission="city.map",
    purpose="welfare.care", sql="SELECT h.key::text AS id, h.geom, h.house_no FROM city_house h WHERE h.geom IS NOT NULL",
    properties=("house_no",), label="house_no", legend=(LegendStep("บ้าน", "House", "m-c1"),),
)  # fmt: skip


class MapCase(PageCase):
    def setUp(self):
        super().setUp()
        cache.clear()
        with self.acting():
            build_things()

    def layers_of(self, page):
        found = re.search(r'<script id="map\d+-config" type="application/json">(.*?)</script>', page, re.DOTALL)
        return {layer["key"]: layer for layer in json.loads(found.group(1))["layers"]}


class PublicMapTests(MapCase):
    def test_everybody_gets_the_open_layers_and_no_other(self):
        layers = self.layers_of(self.page("/map/"))
        assert {"places", "assets", "stations", "moo", "roads"} <= set(layers)
        assert not {"houses", "parcels", "buildings", "businesses"} & set(layers)

    def test_cards_of_the_public_map_lead_to_no_staff_page(self):
        layers = self.layers_of(self.page("/map/"))
        assert {layer["page"] for layer in layers.values() if layer["role"] != "base"} == {""}
        assert 'href="/staff/register/' not in self.page("/map/")

    def test_the_list_says_what_the_map_shows(self):
        assert "วัดตัวอย่าง ประเภท วัด · รองรับ (คน) 120" in text_of(self.page("/map/"))

    def test_a_layer_for_staff_is_not_listed_to_the_public(self):
        self.page("/map/list/", status=404, layer="houses")

    def test_the_english_map_is_english(self):
        shown = text_of(self.page("/en/map/"))
        assert "City map" in shown
        assert "Capacity 120" in shown

    def test_the_picture_is_there_without_a_live_map(self):
        set_town({"name_th": "เมืองตัวอย่าง (ข้อมูลสมมติ)", "lao_type": "เทศบาลเมือง", "district_code": "5001", "province_code": "50",
                  "outline": '{"type":"Polygon","coordinates":[[[98.94,18.73],[98.97,18.73],[98.97,18.76],[98.94,18.76],[98.94,18.73]]]}'})  # fmt: skip
        page = self.page("/map/")
        assert 'class="svg-map"' in page
        assert "หมู่ 5 บ้านตัวอย่าง</text>" in page


class StaffMapTests(MapCase):
    def test_staff_see_inner_layers_and_their_pages(self):
        self.enter(self.planner)
        layers = self.layers_of(self.page("/staff/map/"))
        assert {"houses", "parcels", "buildings", "businesses"} <= set(layers)
        assert layers["houses"]["page"] == "/staff/register/house/{id}/"

    def test_the_list_is_kept_to_the_box(self):
        self.enter(self.planner)
        near = text_of(self.page("/staff/map/list/", layer="parcels", box="98.94,18.74,98.955,18.75"))
        assert "01A001" in near
        assert "01A002" not in near
        assert "1 รายการ · เฉพาะที่เห็นบนแผนที่" in near

    def test_a_moo_can_be_picked_by_name(self):
        self.enter(self.planner)
        near = text_of(self.page("/staff/map/list/", layer="parcels", moo="50010905"))
        assert "01A001" in near
        assert "01A002" not in near

    def test_each_line_leads_to_its_page(self):
        self.enter(self.planner)
        assert url("parcel", KEYS["parcel"]) in self.page("/staff/map/list/", layer="parcels")

    def test_a_box_that_is_none_is_the_whole_town(self):
        self.enter(self.planner)
        for box in ("1,2", "a,b,c,d", "98,19,97,18", "nan,nan,nan,nan", "';--"):
            assert "2 รายการ" in text_of(self.page("/staff/map/list/", layer="parcels", box=box))

    def test_a_page_beyond_the_end_is_empty_not_an_error(self):
        self.enter(self.planner)
        assert "ไม่มีรายการในพื้นที่นี้" in text_of(self.page("/staff/map/list/", layer="parcels", page="99"))

    def test_a_layer_with_people_is_only_for_a_purpose_that_opens_it(self):
        web.layers.add(PERSONAL)
        self.addCleanup(web.layers.remove, "elders")
        self.enter(self.planner)
        assert "elders" not in self.layers_of(self.page("/staff/map/"))
        self.page("/staff/map/list/", status=404, layer="elders")
        self.enter(self.officer)
        assert "elders" in self.layers_of(self.page("/staff/map/"))
        assert "12/3" in text_of(self.page("/staff/map/list/", layer="elders"))

    def test_the_map_needs_its_permission(self):
        assert self.client.get("/staff/map/").status_code == 302
        self.enter(self.citizen)
        self.page("/staff/map/", status=403)
        self.page("/staff/map/list/", status=403)
