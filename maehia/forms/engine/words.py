"""Sentences of refused answers, in Thai and English: what is wrong and what to do."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "required": ("กรุณาตอบข้อนี้", "Please answer this question"),
    "unreadable": ("อ่านคำตอบนี้ไม่ได้ กรุณาตอบใหม่", "This answer cannot be read. Please answer again"),
    "too_long": ("ข้อความยาว {seen} ตัวอักษร เกินที่รับได้ {limit} ตัวอักษร", "{seen} characters, but at most {limit} are taken"),
    "number": ("กรุณากรอกเป็นตัวเลข เช่น 12 หรือ 1,250.5", "Please enter a number, such as 12 or 1,250.5"),
    "decimals": ("ทศนิยมต้องไม่เกิน {limit} ตำแหน่ง", "At most {limit} decimal places"),
    "whole": ("กรุณากรอกเป็นจำนวนเต็ม", "Please enter a whole number"),
    "too_small": ("ต้องไม่น้อยกว่า {limit}", "Must be at least {limit}"),
    "too_large": ("ต้องไม่เกิน {limit}", "Must be at most {limit}"),
    "date": ("วันที่นี้ไม่มีในปฏิทิน กรุณาตรวจวัน เดือน และปี พ.ศ. อีกครั้ง", "No such day. Please check day, month and year"),
    "too_early": ("ต้องเป็นวันที่ {limit} หรือหลังจากนั้น", "Must be {limit} or later"),
    "too_late": ("ต้องเป็นวันที่ {limit} หรือก่อนหน้านั้น", "Must be {limit} or earlier"),
    "not_an_option": ("คำตอบนี้ไม่อยู่ในตัวเลือก กรุณาเลือกใหม่", "Not one of the choices. Please choose again"),
    "too_few": ("กรุณาเลือกอย่างน้อย {limit} ข้อ", "Please choose at least {limit}"),
    "too_many": ("เลือกได้ไม่เกิน {limit} ข้อ", "Please choose at most {limit}"),
    "yes_no": ("กรุณาเลือกใช่หรือไม่ใช่", "Please choose yes or no"),
    "id_length": ("เลขประจำตัวประชาชนต้องมี 13 หลัก กรุณาตรวจสอบอีกครั้ง", "A national ID has 13 digits. Please check"),
    "id_check": (
        "เลขบัตรประชาชนไม่ถูกต้อง: ตัวเลขหลักที่ 13 ไม่ตรง กรุณาตรวจสอบอีกครั้ง",
        "The national ID is not right: its 13th digit does not fit. Please check",
    ),
    "phone": (
        "อ่านเบอร์โทรศัพท์นี้ไม่ออก กรุณากรอกตัวเลข 9 หรือ 10 หลัก เช่น 081-234-5678",
        "This phone number cannot be read. Please enter 9 or 10 digits, such as 081-234-5678",
    ),
    "address": ("กรุณากรอกบ้านเลขที่หรือจุดสังเกต", "Please enter a house number or a landmark"),
    "moo": ("หมู่ที่ต้องเป็นตัวเลข 1 ถึง 99", "Moo must be a number from 1 to 99"),
    "point_half": ("พิกัดต้องมีทั้งละติจูดและลองจิจูด", "A point needs both latitude and longitude"),
    "point": ("พิกัดนี้ไม่อยู่ในประเทศไทย กรุณาปักหมุดใหม่", "This point is not in Thailand. Please place the pin again"),
    "files": ("อ่านไฟล์แนบไม่ได้ กรุณาแนบใหม่", "The attached file cannot be read. Please attach it again"),
    "too_many_files": ("แนบได้ไม่เกิน {limit} ไฟล์", "At most {limit} files"),
    "house": ("กรุณากรอกเลขรหัสประจำบ้าน 11 หลัก", "Please enter the house code of 11 digits"),
    "unknown_key": ("แบบฟอร์มไม่มีคำถามนี้", "The form has no such question"),
}


def words(code: str, lang: str, **values: object) -> str:
    """The sentence of a code in a language."""
    return WORDS[code][lang.startswith("en")].format(**values)
