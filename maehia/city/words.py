"""Words of the register for the screen: kinds, fields, roles, needs; and values as people read them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from maehia.base import BANGKOK
from maehia.thai import PartialDate, format_house_code, format_partial_date
from maehia.web import registry as web

NOTHING = "–"
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

KIND = {
    "person": _("บุคคล"), "household": _("ครัวเรือน"), "house": _("บ้าน"), "building": _("อาคาร"),
    "parcel": _("แปลงที่ดิน"), "business": _("สถานประกอบการ"), "place": _("สถานที่"), "asset": _("ทรัพย์สินสาธารณะ"),
    "pet": _("สัตว์เลี้ยง"), "area": _("เขตพื้นที่"), "road": _("ถนน"), "waterway": _("ทางน้ำ"), "station": _("สถานีตรวจวัด"),
}  # fmt: skip
ICON = {
    "person": "person", "household": "people", "house": "house", "building": "building", "parcel": "parcel",
    "business": "business", "place": "pin", "asset": "light", "pet": "pet", "area": "flag", "road": "road",
    "waterway": "water", "station": "sensor",
}  # fmt: skip

FIELD = {
    "title": _("คำนำหน้า"), "first_name": _("ชื่อ"), "last_name": _("นามสกุล"), "full_name": _("ชื่อเต็มตามบัญชี"),
    "sex": _("เพศ"), "birth": _("วันเกิด"), "birth_precision": _("ความละเอียดของวันเกิด"), "birth_text": _("วันเกิดตามที่เขียน"),
    "nationality": _("สัญชาติ"), "national_id": _("เลขประจำตัวประชาชน"), "phone": _("โทรศัพท์"), "died": _("วันที่เสียชีวิต"),
    "moo": _("หมู่ที่"), "house": _("บ้าน"), "house_id": _("บ้าน"), "registered": _("มีชื่อในทะเบียนราษฎร"),
    "address": _("ที่อยู่ตามที่เขียน"), "house_no": _("บ้านเลขที่"), "house_code": _("เลขรหัสประจำบ้าน"),
    "village": _("ชื่อหมู่บ้าน"), "house_kind": _("ประเภทบ้าน"), "status": _("สถานภาพในบ้าน"), "relation": _("ความสัมพันธ์"),
    "household_no": _("เลขครัวเรือน"), "role": _("บทบาทในบัญชี"), "mother_id": _("เลขประจำตัวมารดา"),
    "account_no": _("เลขผู้ใช้บริการ"), "moved_in": _("วันที่ย้ายเข้า"), "moved_out": _("วันที่ย้ายออก"),
    "benefit": _("สวัสดิการ"), "amount_baht": _("จำนวนเงิน (บาท)"), "place_code": _("รหัสพื้นที่"),
    "storeys": _("จำนวนชั้น"), "material": _("วัสดุ"), "use": _("การใช้ประโยชน์"), "floor_height_m": _("พื้นชั้นล่างสูงจากดิน (ม.)"),
    "area_m2": _("พื้นที่ (ตร.ม.)"), "value_baht": _("มูลค่า (บาท)"), "built_year": _("ปีที่สร้าง"),
    "deed_kind": _("เอกสารสิทธิ"), "deed_no": _("เลขที่เอกสารสิทธิ"), "land_office": _("สำนักงานที่ดิน"),
    "survey_sheet": _("ระวาง"), "land_no": _("เลขที่ดิน"), "ltax_code": _("รหัสแปลงที่ดิน"), "land_use": _("การใช้ที่ดิน"),
    "area_rai": _("เนื้อที่ (ไร่)"), "area_ngan": _("เนื้อที่ (งาน)"), "area_wa": _("เนื้อที่ (ตร.ว.)"),
    "name": _("ชื่อ"), "juristic_id": _("เลขนิติบุคคล"), "business_kind": _("ประเภทกิจการ"), "license_no": _("เลขใบอนุญาต"),
    "place_kind": _("ประเภทสถานที่"), "capacity": _("รองรับได้ (คน)"), "is_shelter": _("เป็นศูนย์พักพิง"),
    "code": _("รหัส"), "asset_kind": _("ประเภททรัพย์สิน"), "state": _("สภาพ"), "installed": _("วันที่ติดตั้ง"),
    "species": _("ชนิด"), "colour": _("สี"), "vaccinated_on": _("วันที่ฉีดวัคซีน"), "sterilised": _("ทำหมันแล้ว"),
    "area_kind": _("ประเภทเขต"), "quality": _("คุณภาพของแนวเขต"), "road_kind": _("ประเภทถนน"), "surface": _("ผิวทาง"),
    "width_m": _("กว้าง (ม.)"), "waterway_kind": _("ประเภททางน้ำ"), "station_kind": _("ประเภทสถานี"),
    "quantities": _("ค่าที่วัด"), "geom": _("ตำแหน่งบนแผนที่"), "number": _("เลขครัวเรือน"), "kind": _("ประเภท"),
}  # fmt: skip

HOUSEHOLD = {
    "registered": _("ครัวเรือนตามทะเบียนบ้าน"), "actual": _("ครัวเรือนที่อยู่จริง"), "budget": _("ครัวเรือนในบัญชีสวัสดิการ"),
}  # fmt: skip
RESIDENCE = {"registered": _("ที่อยู่ตามทะเบียนบ้าน"), "actual": _("ที่อยู่จริง")}
ROLE = {
    "resident": _("ผู้อยู่อาศัย"), "owner": _("เจ้าของ"), "customer": _("ผู้ใช้บริการ"), "complainant": _("ผู้ร้องเรียน"),
    "keeper": _("ผู้เลี้ยง"), "tenant": _("ผู้เช่า"), "operator": _("ผู้ประกอบการ"),
}  # fmt: skip
NEED = {
    "bedridden": _("ติดเตียง"), "homebound": _("ติดบ้าน"), "oxygen": _("ต้องใช้ออกซิเจน"), "dialysis": _("ต้องฟอกไต"),
    "wheelchair": _("เคลื่อนไหวลำบาก"), "blind": _("มองเห็นลำบาก"), "deaf": _("ได้ยินหรือสื่อสารลำบาก"),
    "mental": _("ต้องการการดูแลด้านจิตใจ"), "intellectual": _("ต้องการความช่วยเหลือด้านสติปัญญา"),
    "learning": _("ต้องการความช่วยเหลือด้านการเรียนรู้"),
    "autism": _("ออทิสติก"), "dementia": _("หลงลืม"), "pregnant": _("ตั้งครรภ์"), "infant": _("มีทารกหรือเด็กเล็ก"),
    "alone": _("อยู่คนเดียว"), "chronic": _("ต้องกินยาต่อเนื่อง"), "disability": _("พิการ"), "other": _("ต้องการความช่วยเหลืออื่น"),
}  # fmt: skip
GROUND = {
    "s26_5_a": _("มาตรา 26(5)(ก) (ยังไม่ได้ตรวจกับตัวบท)"), "s26_5_c": _("มาตรา 26(5)(ค) (ยังไม่ได้ตรวจกับตัวบท)"),
}  # fmt: skip
SEX = {"M": _("ชาย"), "F": _("หญิง")}
AREA_KIND = {
    "municipality": _("เขตเทศบาล"), "moo": _("หมู่บ้าน"), "community": _("ชุมชน"), "zone": _("เขตเฉพาะกิจ"),
}  # fmt: skip
OUTLINE = {"sketch": _("โดยประมาณ"), "surveyed": _("จากการรังวัด")}
SPECIES = {"dog": _("สุนัข"), "cat": _("แมว")}
HOUSE_KIND = {
    "house": _("บ้านเดี่ยว"), "townhouse": _("ทาวน์เฮาส์"), "flat": _("ห้องชุด"), "shophouse": _("ตึกแถว"),
}  # fmt: skip
SEX_OF_PET = {"M": _("ผู้"), "F": _("เมีย")}

_CHOICES: dict[str, dict[str, Any]] = {
    "sex": SEX, "role": ROLE, "area_kind": AREA_KIND, "quality": OUTLINE, "species": SPECIES, "house_kind": HOUSE_KIND,
}  # fmt: skip
SECRET = ("national_id", "mother_id", "phone")


def kind_word(kind: str) -> str:
    return str(KIND.get(kind, kind))


def field_word(field: str) -> str:
    return str(FIELD.get(field, field))


def choice(words: dict[str, Any], key: str) -> str:
    """The word for a code of a list; a code that nobody listed is shown as it came."""
    return str(words.get(key, key))


def show(field: str, value: Any, precision: str = "", kind: str = "") -> str:
    """One value in the language of the page: พ.ศ. dates, numbers with separators, yes and no, codes as words."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return gettext("ใช่") if value else gettext("ไม่ใช่")
    if isinstance(value, date):
        return show_day(value, precision)
    if field in _CHOICES:
        return choice(SEX_OF_PET if (kind, field) == ("pet", "sex") else _CHOICES[field], str(value))
    if field == "house_code":
        return format_house_code(str(value)) or str(value)
    if field == "built_year":
        return web.in_language(gettext("พ.ศ. %(y)s") % {"y": int(value) + 543}, str(value))
    if hasattr(value, "geom_type"):
        return gettext("มีตำแหน่งบนแผนที่")
    return show_number(value) if isinstance(value, int | float | Decimal) else str(value)


def show_number(value: Any) -> str:
    shown = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def show_day(value: date, precision: str = "") -> str:
    """A day, a month or a year, as far as it is known: พ.ศ. in Thai, ค.ศ. in English."""
    if isinstance(value, datetime):
        value = value.astimezone(BANGKOK).date()
    if (get_language() or "th").startswith("en"):
        month = f"{_MONTHS_EN[value.month - 1]} {value.year}"
        return {"year": str(value.year), "month": month}.get(precision, f"{value.day} {month}")
    return format_partial_date(PartialDate(value, precision if precision in {"month", "year"} else "day"))  # type: ignore[arg-type]


def masked(value: str) -> str:
    """All but the last four signs."""
    return "•" * max(0, len(value) - 4) + value[-4:]
