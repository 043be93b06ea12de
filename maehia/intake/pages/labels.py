"""Words for the codes that rows carry, in the language of the page."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from maehia.city.registry import kind_word
from maehia.intake.words import kinds, load_data
from maehia.web.registry import in_language

CADENCE = {
    "once": _("ครั้งเดียว"), "daily": _("รายวัน"), "monthly": _("รายเดือน"), "quarterly": _("รายไตรมาส"),
    "yearly": _("รายปี"), "live": _("ต่อเนื่อง"),
}  # fmt: skip
COVERAGE = {
    "snapshot": _("บัญชีทั้งหมด (รายการที่หายไปถือว่าสิ้นสุด)"), "additions": _("เฉพาะรายการเพิ่มหรือแก้ไข"),
}  # fmt: skip
DATA_CLASS = {
    "open": _("ข้อมูลเปิด"), "personal": _("ข้อมูลส่วนบุคคล"), "s26": _("ข้อมูลอ่อนไหว (มาตรา 26)"),
}  # fmt: skip
DELIVERY = {
    "received": _("กำลังอ่าน"), "parsed": _("รอคุณยืนยันคอลัมน์"), "mapped": _("กำลังตรวจ"), "checked": _("กำลังตรวจ"),
    "previewed": _("รอคุณยืนยันการนำเข้า"), "committed": _("นำเข้าแล้ว"), "refused": _("ไม่รับ"), "withdrawn": _("ถอนแล้ว"),
}  # fmt: skip
DELIVERY_TAG = {
    "received": "work", "parsed": "open", "mapped": "work", "checked": "work", "previewed": "open", "committed": "done",
    "refused": "late", "withdrawn": "wait",
}  # fmt: skip
SEVERITY = {
    "error": _("แถวนี้รอแก้ ยังไม่นำเข้า"), "column": _("ไม่รับทั้งคอลัมน์ แถวนำเข้า"), "warning": _("ไม่รับค่านี้ แถวนำเข้า"),
    "note": _("ควรตรวจดู แถวนำเข้าครบ"),
}  # fmt: skip
SEVERITY_TAG = {"error": "late", "column": "late", "warning": "work", "note": "open"}
SEVERITY_ORDER = ("error", "column", "warning", "note")
# What stands between two records: the guards of the linkage, or the band of doubt.
REASON = {
    "doubt": _("ข้อมูลยังไม่พอให้ตัดสินเอง"), "nid": _("เลขประจำตัวประชาชนที่ถูกต้องสองเลขไม่ตรงกัน"), "sex": _("เพศต่างกัน"),
    "birth": _("วันเกิดต่างกัน"), "age": _("อายุตามคำนำหน้าชื่อขัดกับวันเกิด"), "list": _("อยู่ในบัญชีเดียวกันสองแถว"),
    "never": _("เคยวินิจฉัยว่าเป็นคนละราย"), "code": _("เลขรหัสประจำบ้านต่างกัน"), "number": _("บ้านเลขที่ต่างกัน"),
    "moo": _("หมู่ต่างกัน"), "place": _("ตำแหน่งห่างกันเกินไป"), "number_only": _("บ้านเลขที่ตรงกัน แต่ไม่ทราบหมู่ของฝ่ายหนึ่ง"),
}  # fmt: skip
WAITS_ON = {"ความช่วยเหลือในภาวะฉุกเฉิน": gettext_noop("ความช่วยเหลือในภาวะฉุกเฉิน")}
JOB = {
    "intake.preview": _("อ่านและตรวจไฟล์"), "intake.apply": _("นำเข้าฐานข้อมูลเมือง"), "intake.withdraw": _("ถอนรอบส่ง"),
    "intake.relink": _("ปรับทะเบียนตามคำวินิจฉัย"),
}  # fmt: skip
STEP = {
    "กำลังอ่านไฟล์": _("กำลังอ่านไฟล์"), "กำลังตรวจสอบทีละแถว": _("กำลังตรวจสอบทีละแถว"),
    "กำลังเปรียบเทียบกับข้อมูลเดิม": _("กำลังเปรียบเทียบกับข้อมูลเดิม"), "กำลังบันทึก": _("กำลังบันทึก"),
    "เชื่อมโยงบ้านและที่อยู่": _("เชื่อมโยงบ้านและที่อยู่"), "เชื่อมโยงบุคคล": _("เชื่อมโยงบุคคล"),
    "กำลังปรับทะเบียนเมือง": _("กำลังปรับทะเบียนเมือง"), "กำลังถอนรายการ": _("กำลังถอนรายการ"),
}  # fmt: skip
KIND = {
    "need": _("ความต้องการพิเศษ"), "reading": _("ค่าตรวจวัด"), "place_code": _("รหัสพื้นที่"),
}  # fmt: skip
FIELD = {
    "ext_id": _("รหัสแถวของบัญชี"), "lon": _("ลองจิจูด"), "lat": _("ละติจูด"), "geometry": _("รูปบนแผนที่"),
    "need_kinds": _("ความต้องการพิเศษ"), "need_kind": _("ความต้องการพิเศษ"), "need_level": _("ระดับการพึ่งพา"),
    "level": _("ระดับ"),
    "need_note": _("หมายเหตุความต้องการ"), "note": _("หมายเหตุ"), "ground": _("ฐานกฎหมาย"), "person_ref": _("บุคคล"),
    "owner_name": _("ชื่อเจ้าของ"), "owner_id": _("เลขประจำตัวเจ้าของ"), "owner_phone": _("โทรศัพท์เจ้าของ"),
    "station": _("รหัสสถานี"), "quantity": _("ค่าที่วัด"), "time": _("เวลา"), "value": _("ค่า"),
    "name_th": _("ชื่อภาษาไทย"), "name_en": _("ชื่อภาษาอังกฤษ"), "parent": _("รหัสระดับบน"), "postcode": _("รหัสไปรษณีย์"),
    "about_kind": _("เกี่ยวกับ"), "about_ref": _("เกี่ยวกับรายการ"), "street": _("ถนน"),
}  # fmt: skip


def kind_label(kind: str) -> str:
    """บุคคล, บ้าน, ... in the language of the page."""
    return str(KIND[kind]) if kind in KIND else kind_word(kind)


def kind_choices() -> list[tuple[str, str]]:
    return [(name, kind_label(name)) for name in kinds()]


@cache
def _problems() -> dict[str, dict[str, Any]]:
    words: dict[str, dict[str, Any]] = load_data("problem_words.yaml")["problems"]
    return words


def problem_label(code: str) -> str:
    """What kind of problem a code is, without the value of one row."""
    words = _problems().get(code)
    return in_language(words["th"], words["en"]) if words else code.replace("_", " ")


def severity_words(severity: str) -> str:
    return str(SEVERITY.get(severity, severity))
