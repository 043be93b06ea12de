"""What each class of dirt in the truth means, and what the platform should do with it."""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple


class DirtClass(NamedTuple):
    """words: Thai, for the page of found and missed; fate: 'cleaned' (read as if it were clean), 'linked' (the
    row still finds its person), 'reported' (a problem is shown) or 'none' (a cell is simply empty)."""

    words: str
    fate: str


CLASSES = MappingProxyType(
    {
        "respelled": DirtClass("สะกดชื่อหรือนามสกุลต่างไป เสียงเดิม", "linked"),
        "name_slip": DirtClass("พิมพ์ชื่อตกหรือเกินหนึ่งตัว", "linked"),
        "swapped_names": DirtClass("ชื่อกับนามสกุลสลับช่อง", "linked"),
        "first_name_only": DirtClass("มีแต่ชื่อ ไม่มีนามสกุล", "linked"),
        "full_name_in_one_cell": DirtClass("คำนำหน้า ชื่อ นามสกุล อยู่ช่องเดียว", "cleaned"),
        "title_in_first_name": DirtClass("คำนำหน้าติดอยู่กับชื่อ", "cleaned"),
        "no_title": DirtClass("ไม่มีคำนำหน้า", "none"),
        "extra_spaces": DirtClass("เว้นวรรคเกิน", "cleaned"),
        "hidden_mark": DirtClass("อักขระที่มองไม่เห็นในชื่อ", "cleaned"),
        "double_e": DirtClass("พิมพ์ เเ แทน แ", "cleaned"),
        "split_am": DirtClass("พิมพ์ ํ กับ า แทน ำ", "cleaned"),
        "tone_order": DirtClass("วรรณยุกต์มาก่อนสระบน", "cleaned"),
        "thai_digits": DirtClass("เลขไทย", "cleaned"),
        "no_id": DirtClass("ไม่มีเลขประจำตัว", "none"),
        "id_slip": DirtClass("เลขประจำตัวพิมพ์ผิด", "reported"),
        "placeholder_id": DirtClass("เลขประจำตัวหลอก 0000000000000", "reported"),
        "no_birth": DirtClass("ไม่มีวันเกิด", "none"),
        "birth_slip": DirtClass("วันเกิดผิดวัน เดือน หรือปี", "linked"),
        "first_of_january": DirtClass("เกิด 1 มกราคมเพราะไม่รู้วันจริง", "cleaned"),
        "date_short_month": DirtClass("วันที่เขียนเดือนย่อ", "cleaned"),
        "date_long_month": DirtClass("วันที่เขียนเดือนเต็ม", "cleaned"),
        "date_two_digit": DirtClass("ปี พ.ศ. สองหลัก", "cleaned"),
        "date_compact": DirtClass("วันที่ติดกันแปดหลัก", "cleaned"),
        "date_iso_be": DirtClass("ปี พ.ศ. นำหน้าแบบ 2564-06-15", "cleaned"),
        "date_christian": DirtClass("ปี ค.ศ. ปนมา", "cleaned"),
        "date_year": DirtClass("รู้แต่ปีเกิด", "cleaned"),
        "date_year_zeros": DirtClass("รู้แต่ปีเกิด เขียน 25390000", "cleaned"),
        "impossible_day": DirtClass("วันที่ไม่มีจริง (30 กุมภาพันธ์)", "reported"),
        "future_day": DirtClass("วันเกิดในอนาคต (พ.ศ. 2650)", "reported"),
        "no_address": DirtClass("ไม่มีที่อยู่", "none"),
        "address_elsewhere": DirtClass("ที่อยู่นอกเขตเทศบาล", "none"),
        "moo_unknown": DirtClass("หมู่ที่ไม่มีในเมือง (ม.15)", "reported"),
        "central_register": DirtClass("ทะเบียนบ้านกลาง ไม่ใช่บ้านจริง", "cleaned"),
        "stale": DirtClass("ข้อมูลค้างจากสองปีก่อน", "linked"),
        "twice_in_list": DirtClass("คนเดียวสองแถวในบัญชีเดียว", "linked"),
        "total_row": DirtClass("แถวยอดรวมท้ายตาราง", "cleaned"),
        "juristic_owner": DirtClass("เจ้าของเป็นนิติบุคคล", "cleaned"),
        "juristic_id_slip": DirtClass("เลขทะเบียนนิติบุคคลผิด", "reported"),
        "swapped_lat_lon": DirtClass("ละติจูดกับลองจิจูดสลับกัน", "reported"),
        "no_position": DirtClass("ไม่มีพิกัด", "reported"),
        "position_zero": DirtClass("พิกัด 0,0", "reported"),
        "duplicate_key": DirtClass("เลขประจำแถวซ้ำในไฟล์", "reported"),
        "self_crossing": DirtClass("รูปหลายเหลี่ยมตัดตัวเอง", "reported"),
        "no_house_code": DirtClass("บ้านไม่มีเลขรหัสประจำบ้าน", "none"),
        "house_code_dashes": DirtClass("เลขรหัสประจำบ้านมีขีด", "cleaned"),
        "ltax_without_zeros": DirtClass("รหัสแปลงขาดเลขศูนย์ (1A1)", "cleaned"),
        "area_disagrees": DirtClass("เนื้อที่ตามเอกสารไม่ตรงกับรูปแปลง", "reported"),
        "stuck_run": DirtClass("เครื่องวัดค้างค่าเดิม", "reported"),
        "gap": DirtClass("ค่าตรวจวัดขาดช่วง", "reported"),
        "out_of_range": DirtClass("ค่าตรวจวัดเกินที่เป็นไปได้", "reported"),
        "phone_plain": DirtClass("โทรศัพท์ติดกัน", "cleaned"),
        "phone_dash": DirtClass("โทรศัพท์มีขีด", "cleaned"),
        "phone_one_dash": DirtClass("โทรศัพท์ขีดเดียว", "cleaned"),
        "phone_space": DirtClass("โทรศัพท์เว้นวรรค", "cleaned"),
        "phone_country": DirtClass("โทรศัพท์ขึ้นต้น +66", "cleaned"),
        "phone_no_zero": DirtClass("โทรศัพท์ศูนย์หน้าหาย", "cleaned"),
        "address_moo_dot": DirtClass("ที่อยู่แบบ 12/3 ม.5", "cleaned"),
        "address_glued": DirtClass("ที่อยู่แบบ 12/3ม.5", "cleaned"),
        "address_moo_word": DirtClass("ที่อยู่แบบ 12/3 หมู่ 5", "cleaned"),
        "address_dash": DirtClass("ที่อยู่แบบ 12-3 หมู่5", "cleaned"),
        "address_estate": DirtClass("ที่อยู่มีแต่ชื่อหมู่บ้าน (ม.บ.)", "linked"),
        "address_estate_moo": DirtClass("ที่อยู่มีชื่อหมู่บ้านและหมู่ที่", "cleaned"),
        "address_soi": DirtClass("ที่อยู่มีซอย", "cleaned"),
        "address_long": DirtClass("ที่อยู่เต็มถึงจังหวัด", "cleaned"),
    }
)
