"""Pages of houses, parcels and the rest: what stands where, and people only under a purpose."""

from datetime import date
from uuid import UUID

from django.contrib.gis.geos import LineString, Point, Polygon

from maehia.city import models
from maehia.city.actions import refresh
from maehia.city.tests.cast import H_12_3, H_45, MAY, P_MALEE, PEOPLE, PLACE, PageCase, link, text_of, url
from maehia.evidence.actions import LinkChange, save_links
from maehia.evidence.tests.cast import deliver, make_source, row
from maehia.kit.recorders import assert_queries

SQUARE = Polygon.from_bbox((98.950, 18.743, 98.952, 18.745))
SQUARE.srid = 4326
OTHER = Polygon.from_bbox((98.960, 18.753, 98.962, 18.755))
OTHER.srid = 4326
KEYS = {name: UUID(int=100 + n) for n, name in enumerate(
    ("parcel", "building", "business", "pet", "place", "asset", "area", "road", "waterway", "station", "far")
)}  # fmt: skip


def build_things():
    """A parcel of มาลี with her house, a shop, a dog, and what the town has around it."""
    tax = make_source("tax", kind="parcel")
    deliver(tax, MAY, [
        row("tax:7", {"deed_kind": "โฉนด", "deed_no": "12345", "ltax_code": "01A001", "land_use": "ที่อยู่อาศัย", "geom": SQUARE}),
        row("tax:8", {"deed_kind": "โฉนด", "deed_no": "99999", "ltax_code": "01A002", "geom": OTHER}),
    ], kind="parcel")  # fmt: skip
    owner = {"role": "owner", "first_name": "มาลี", "last_name": "สุขใจดี", "about_kind": "parcel", "about_ref": "tax:7"}
    deliver(make_source("taxowner"), MAY, [row("tax.owner:7", owner)])
    keeper = {"role": "owner", "first_name": "มาลี", "last_name": "สุขใจดี", "about_kind": "pet", "about_ref": "dog:1"}
    deliver(make_source("dogowner"), MAY, [row("dog.owner:1", keeper)])
    at = {"house_no": "12/3", "moo": 5}
    said = {
        "building": {**at, "storeys": 2, "material": "คอนกรีต", "use": "พักอาศัย", "geom": SQUARE},
        "business": {**at, "name": "ร้านก๋วยเตี๋ยวมาลี", "business_kind": "ร้านอาหาร", "geom": PLACE},
        "pet": {**at, "species": "สุนัข", "name": "ด่าง", "sex": "M", "vaccinated_on": date(2026, 2, 1)},
        "place": {"name": "วัดตัวอย่าง", "place_kind": "วัด", "capacity": 120, "is_shelter": True, "geom": PLACE},
        "asset": {"asset_kind": "ไฟส่องสว่าง", "name": "เสาไฟ 7", "state": "ใช้งานได้", "geom": PLACE},
        "area": {"code": "50010905", "area_kind": "moo", "name": "หมู่ 5 บ้านตัวอย่าง", "quality": "sketch", "geom": SQUARE},
        "road": {"name": "ถนนตัวอย่าง", "road_kind": "ถนนเทศบาล", "surface": "คอนกรีต", "width_m": 6,
                 "geom": LineString((98.95, 18.744), (98.96, 18.744), srid=4326)},
        "waterway": {"name": "ลำเหมืองตัวอย่าง", "geom": LineString((98.95, 18.744), (98.951, 18.744), srid=4326)},
        "station": {"code": "AQ1", "name": "สถานีตัวอย่าง", "geom": PLACE},
    }  # fmt: skip
    refs = {"pet": "dog:1"}
    for kind, values in said.items():
        ref = refs.get(kind, f"{kind}s:1")
        deliver(make_source(ref.split(":")[0], kind=kind, data_class="open"), MAY, [row(ref, values)], kind=kind)
        save_links(LinkChange(kind, {ref: KEYS[kind]}, {}))
    save_links(LinkChange("parcel", {"tax:7": KEYS["parcel"], "tax:8": KEYS["far"]}, {}))
    link({**PEOPLE, "tax.owner:7": P_MALEE, "dog.owner:1": P_MALEE})
    refresh()


class ThingCase(PageCase):
    def setUp(self):
        super().setUp()
        with self.acting():
            build_things()


class HousePageTests(ThingCase):
    def test_a_house_leads_to_its_people_buildings_parcel_shop_and_dog(self):
        self.enter(self.counter)
        shown = text_of(self.page(url("house", H_12_3)))
        for words in ("นางมาลี สุขใจดี", "นายบุญมา", "พักอาศัย 2 ชั้น", "01A001", "ร้านก๋วยเตี๋ยวมาลี", "สุนัข ด่าง", "5001-012345-6"):
            assert words in shown, words
        assert "01A002" not in shown

    def test_people_of_the_house_are_logged(self):
        self.enter(self.counter)
        self.page(url("house", H_12_3))
        assert (self.counter.actor, "counter.service", "house") in self.reads_of(P_MALEE)

    def test_who_may_see_the_map_sees_the_house_without_its_people(self):
        self.enter(self.planner)
        shown = text_of(self.page(url("house", H_12_3)))
        assert "บ้านเลขที่ 12/3 หมู่ 5" in shown
        assert "มาลี สุขใจดี" not in shown
        assert self.reads_of(P_MALEE) == []

    def test_a_volunteer_sees_the_house_of_another_moo_without_its_people(self):
        self.enter(self.volunteer)
        shown = text_of(self.page(url("house", H_45)))
        assert "บ้านเลขที่ 45 หมู่ 2" in shown
        assert "ใจดี มั่งมี" not in shown

    def test_the_page_shows_where_it_is(self):
        self.enter(self.counter)
        page = self.page(url("house", H_12_3))
        assert "18.74400, 98.95100" in text_of(page)
        assert '"type": "FeatureCollection"' in page

    def test_a_house_page_asks_the_database_a_bounded_number_of_times(self):
        self.enter(self.counter)
        self.page(url("house", H_12_3))
        with assert_queries(60):
            self.page(url("house", H_12_3))


class OtherThingTests(ThingCase):
    WORDS = {
        "parcel": ["01A001", "โฉนด", "เจ้าของ", "นางมาลี สุขใจดี", "บ้านเลขที่ 12/3 หมู่ 5"],
        "building": ["พักอาศัย 2 ชั้น", "คอนกรีต", "01A001", "บ้านเลขที่ 12/3 หมู่ 5"],
        "business": ["ร้านก๋วยเตี๋ยวมาลี", "ร้านอาหาร", "บ้านเลขที่ 12/3 หมู่ 5"],
        "pet": ["สุนัข ด่าง", "ผู้", "1 ก.พ. 2569", "นางมาลี สุขใจดี"],
        "place": ["วัดตัวอย่าง", "120", "ใช่"], "asset": ["เสาไฟ 7", "ใช้งานได้"],
        "area": ["หมู่ 5 บ้านตัวอย่าง", "โดยประมาณ", "ในเขตนี้มี"], "road": ["ถนนตัวอย่าง", "1.05 กม."],
        "waterway": ["ลำเหมืองตัวอย่าง", "105 ม."], "station": ["สถานีตัวอย่าง", "ดูค่าล่าสุดและกราฟ"],
    }  # fmt: skip

    def test_each_kind_has_its_page(self):
        self.enter(self.counter)
        for kind, wanted in self.WORDS.items():
            shown = text_of(self.page(url(kind, KEYS[kind])))
            for words in wanted:
                assert words in shown, (kind, words)

    def test_an_owner_is_hidden_without_a_purpose(self):
        self.enter(self.planner)
        assert "มาลี สุขใจดี" not in text_of(self.page(url("parcel", KEYS["parcel"])))

    def test_a_kind_or_key_that_is_not_there_is_404(self):
        self.enter(self.counter)
        self.page(url("dragon", KEYS["parcel"]), status=404)
        for kind in self.WORDS:
            self.page(url(kind, UUID(int=5)), status=404)

    def test_a_visitor_logs_in_first_and_a_citizen_gets_403(self):
        assert self.client.get(url("place", KEYS["place"])).status_code == 302
        self.enter(self.citizen)
        self.page(url("place", KEYS["place"]), status=403)

    def test_a_merged_thing_leads_to_the_one_that_stands(self):
        with self.acting():
            save_links(LinkChange("place", {}, {UUID(int=5): KEYS["place"]}))
        self.enter(self.counter)
        assert self.client.get(url("place", UUID(int=5))).url == url("place", KEYS["place"])

    def test_a_thing_in_two_pieces_of_evidence_shows_both_sayings(self):
        with self.acting():
            survey = make_source("survey", kind="place", data_class="open", rank=90)
            deliver(survey, MAY, [row("survey:1", {"name": "วัดตัวอย่าง", "capacity": 90, "geom": Point(98.951, 18.744, srid=4326)})],
                    kind="place")  # fmt: skip
            save_links(LinkChange("place", {"survey:1": KEYS["place"]}, {}))
            refresh()
            assert models.Place.objects.get().capacity == 120
        self.enter(self.counter)
        shown = text_of(self.page(url("place", KEYS["place"])))
        assert "บัญชีบอกไม่ตรงกัน" in shown
        assert "“90”" in shown
