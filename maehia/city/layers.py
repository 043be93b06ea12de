"""Map layers of the register. Each names its source, licence and quality; outlines that are sketches say so."""

from __future__ import annotations

from maehia.web.layers import LegendStep as Step
from maehia.web.layers import MapLayer

OWN = "ทะเบียนเมือง"
INNER = "ใช้ภายในเทศบาล"
CC_BY = "CC BY 4.0"
SKETCH = "เขตโดยประมาณ (sketch) จนกว่าจะมีแนวเขตจากการรังวัด"
CHECKED = "ตรวจตามกฎนำเข้า"

LAYERS = (
    MapLayer(
        "outline", "เขตเทศบาล (โดยประมาณ)", "Town outline (sketch)", "polygon", OWN, CC_BY, SKETCH,
        sql="SELECT key::text AS id, geom, name FROM city_area WHERE area_kind = 'municipality'",
        properties=("name",), role="base", legend=(Step("เขตเทศบาล", "Town outline", "m-outline"),), order=5,
    ),
    MapLayer(
        "moo", "หมู่บ้าน", "Villages (moo)", "polygon", OWN, CC_BY, SKETCH,
        sql="SELECT key::text AS id, geom, name, code FROM city_area WHERE area_kind = 'moo'",
        properties=("name", "code"), label="name", role="overlay",
        card=(("name", "ชื่อ", "Name"), ("code", "รหัส", "Code")),
        page_url="/staff/register/area/{id}/", legend=(Step("แนวเขตหมู่บ้าน", "Village boundary", "m-outline"),), order=10,
    ),
    MapLayer(
        "community", "ชุมชน", "Communities", "polygon", OWN, CC_BY, SKETCH,
        sql="SELECT key::text AS id, geom, name, code FROM city_area WHERE area_kind = 'community'",
        properties=("name", "code"), label="name", role="overlay", card=(("name", "ชื่อ", "Name"),),
        page_url="/staff/register/area/{id}/",
        legend=(Step("แนวเขตชุมชน", "Community boundary", "m-outline"),), order=11,
    ),
    MapLayer(
        "waterways", "ทางน้ำ", "Waterways", "line", OWN, CC_BY, CHECKED,
        sql="SELECT key::text AS id, geom, name FROM city_waterway", properties=("name",), label="name", role="base",
        legend=(Step("ทางน้ำ", "Waterway", "m-water"),), order=15,
    ),
    MapLayer(
        "roads", "ถนน", "Roads", "line", OWN, CC_BY, CHECKED,
        sql="SELECT key::text AS id, geom, name, road_kind, surface, width_m::float AS width_m FROM city_road",
        properties=("name", "road_kind", "surface", "width_m"), label="name", role="base",
        card=(("name", "ชื่อ", "Name"), ("road_kind", "ประเภท", "Kind"), ("surface", "ผิวทาง", "Surface"),
              ("width_m", "กว้าง (ม.)", "Width (m)")),
        page_url="/staff/register/road/{id}/", legend=(Step("ถนน", "Road", "m-road"),), order=20,
    ),
    MapLayer(
        "buildings", "อาคาร", "Buildings", "polygon", OWN, INNER, CHECKED, permission="city.map",
        sql="SELECT key::text AS id, geom, use, storeys FROM city_building WHERE geom IS NOT NULL",
        properties=("use", "storeys"), classed_by="storeys", role="thematic", min_zoom=13,
        card=(("use", "การใช้", "Use"), ("storeys", "จำนวนชั้น", "Storeys")), page_url="/staff/register/building/{id}/",
        legend=(Step("1 ชั้น", "1 storey", "m-fill-2", 0), Step("2 ชั้น", "2 storeys", "m-fill-3", 2),
                Step("3 ชั้นขึ้นไป", "3 or more", "m-fill-5", 3)), order=30,
    ),
    MapLayer(
        "houses", "บ้าน", "Houses", "point", OWN, INNER, CHECKED, permission="city.map",
        sql="SELECT key::text AS id, geom, house_no, moo FROM city_house WHERE geom IS NOT NULL",
        properties=("house_no", "moo"), label="house_no", role="thematic", min_zoom=12,
        card=(("house_no", "เลขที่", "Number"), ("moo", "หมู่", "Moo")), page_url="/staff/register/house/{id}/",
        legend=(Step("บ้าน", "House", "m-c1"),), order=31,
    ),
    MapLayer(
        "parcels", "แปลงที่ดิน", "Parcels", "polygon", OWN, INNER, CHECKED, permission="city.map",
        sql="SELECT key::text AS id, geom, ltax_code, land_use FROM city_parcel WHERE geom IS NOT NULL",
        properties=("ltax_code", "land_use"), label="ltax_code", classed_by="land_use", role="thematic", min_zoom=13,
        card=(("ltax_code", "รหัสแปลง", "LTAX code"), ("land_use", "การใช้ที่ดิน", "Land use")),
        page_url="/staff/register/parcel/{id}/",
        legend=(Step("ที่อยู่อาศัย", "Residential", "m-c1", "ที่อยู่อาศัย"),
                Step("เกษตรกรรม", "Agriculture", "m-c3", "เกษตรกรรม"),
                Step("พาณิชยกรรม", "Commerce", "m-c2", "พาณิชยกรรม"), Step("ที่ว่าง", "Vacant", "m-c5", "ที่ว่าง"),
                Step("อื่นๆ", "Other", "m-c4")), order=32,
    ),
    MapLayer(
        "places", "สถานที่สำคัญ", "Places", "point", OWN, CC_BY, CHECKED,
        sql="SELECT key::text AS id, ST_Centroid(geom) AS geom, name, place_kind, capacity FROM city_place"
            " WHERE geom IS NOT NULL",
        properties=("name", "place_kind", "capacity"), label="name", role="overlay",
        card=(("name", "ชื่อ", "Name"), ("place_kind", "ประเภท", "Kind"), ("capacity", "รองรับ (คน)", "Capacity")),
        page_url="/staff/register/place/{id}/", legend=(Step("สถานที่", "Place", "m-c2"),), order=40,
    ),
    MapLayer(
        "assets", "ทรัพย์สินสาธารณะ", "Public assets", "point", OWN, CC_BY, CHECKED,
        sql="SELECT key::text AS id, geom, asset_kind, name, state FROM city_asset WHERE geom IS NOT NULL",
        properties=("asset_kind", "name", "state"), role="overlay", min_zoom=12,
        card=(("asset_kind", "ประเภท", "Kind"), ("name", "ชื่อ", "Name"), ("state", "สภาพ", "State")),
        page_url="/staff/register/asset/{id}/", legend=(Step("ทรัพย์สิน", "Asset", "m-c4"),), order=41,
    ),
    MapLayer(
        "businesses", "สถานประกอบการ", "Businesses", "point", OWN, INNER, CHECKED, permission="city.map",
        sql="SELECT key::text AS id, geom, name, business_kind FROM city_business WHERE geom IS NOT NULL",
        properties=("name", "business_kind"), label="name", role="overlay", min_zoom=12,
        card=(("name", "ชื่อ", "Name"), ("business_kind", "ประเภท", "Kind")), page_url="/staff/register/business/{id}/",
        legend=(Step("สถานประกอบการ", "Business", "m-c5"),), order=42,
    ),
    MapLayer(
        "stations", "สถานีตรวจวัด", "Stations", "point", OWN, CC_BY, CHECKED,
        sql="SELECT key::text AS id, geom, name, station_kind, code FROM city_station WHERE geom IS NOT NULL",
        properties=("name", "station_kind", "code"), label="name", role="overlay",
        card=(("name", "ชื่อ", "Name"), ("station_kind", "ประเภท", "Kind")), page_url="/staff/register/station/{id}/",
        legend=(Step("สถานีตรวจวัด", "Station", "m-c3"),), order=43,
    ),
)  # fmt: skip
