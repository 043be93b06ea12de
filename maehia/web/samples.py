"""Invented values for the style guide. Nobody here exists."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms

from maehia.base import BANGKOK, Problem
from maehia.web import charts, fields
from maehia.web.progress import Progress
from maehia.web.sample_maps import BOUNDS, PLACES, layers, picture
from maehia.web.table import Cell, Column, Table
from maehia.web.values import Action, Chip, Crumb, Event, Source, Task, Term, Tile

NOON = datetime(2026, 11, 21, 14, 30, tzinfo=BANGKOK)
TODAY = NOON.date()
CIVIL = Source("ทะเบียนราษฎร", date(2026, 10, 31), "civil.xlsx แผ่น 1 แถว 1,204", "#source", "ตรงกันกับอีก 2 รายการ")
VHV = Source("สำรวจ อสม.", date(2026, 9, 15), "vhv.xlsx แผ่น หมู่ 4 แถว 88")


class SampleForm(fields.AddressForm):
    name = forms.CharField(
        label="ชื่อและนามสกุล", help_text="ตามบัตรประชาชน", widget=forms.TextInput({"autocomplete": "name"})
    )
    national_id = fields.NationalIdField(help_text="13 หลัก จะเว้นวรรคหรือไม่ก็ได้")
    phone = fields.PhoneField(required=False)
    born = fields.ThaiDateField(label="วันเกิด", help_text="เช่น 21 พฤศจิกายน 2510", autocomplete="bday")
    kind = fields.CardsField(
        label="เรื่องที่แจ้ง",
        choices=[("light", "ไฟส่องสว่าง"), ("road", "ถนนและทางเท้า"), ("water", "น้ำท่วมขังหรือท่อตัน")],
        hints={"light": "ไฟทางดับ กะพริบ หรือเสาชำรุด", "road": "หลุม รอยแตก ฝาท่อหาย"},
    )
    needs = fields.ManyCardsField(
        label="ผู้ที่อยู่ในบ้าน", required=False, choices=[("old", "ผู้สูงอายุ"), ("bed", "ผู้ป่วยติดเตียง"), ("baby", "เด็กเล็ก")]
    )
    photo = fields.PickFileField(label="รูปถ่าย", required=False, accept="image/*", help_text="ถ่ายให้เห็นจุดสังเกตรอบข้าง")
    detail = forms.CharField(label="รายละเอียด", required=False, widget=forms.Textarea({"rows": 3}))


MOOS = [("50011101", "หมู่ 1 บ้านตัวอย่างเหนือ"), ("50011104", "หมู่ 4 บ้านตัวอย่างใต้")]


def form(bound: bool) -> SampleForm:
    data = {"name": "", "national_id": "1-2345-67890-12-3", "born_day": "30", "born_month": "2", "born_year": "2510"}
    made = SampleForm(data if bound else None, moos=MOOS, prefix="wrong" if bound else None)
    if bound:
        made.data = {f"wrong-{name}": value for name, value in data.items()}
    return made


def table(query: Any, *, empty: bool = False) -> Table:
    columns = [
        Column("name", "หมู่", sortable=True),
        Column("houses", "ครัวเรือน", numeric=True, sortable=True),
        Column("people", "ประชากร", numeric=True, sortable=True),
        Column("state", "สถานะการตรวจ"),
    ]
    rows = [
        {
            "name": Cell("หมู่ 1 บ้านตัวอย่างเหนือ", url="#moo1"),
            "houses": 1204,
            "people": 2011,
            "state": Cell("ตรวจแล้ว", state="done"),
        },
        {
            "name": Cell("หมู่ 4 บ้านตัวอย่างใต้", url="#moo4"),
            "houses": 988,
            "people": 1523,
            "state": Cell("กำลังตรวจ", state="work"),
        },
        {
            "name": Cell("หมู่ 10 บ้านตัวอย่างสันทรายน้อยเหนือ", url="#moo10"),
            "houses": 2310,
            "people": 4102,
            "state": Cell("เกินกำหนด", state="late"),
        },
    ]
    return Table(
        caption="ครัวเรือนและประชากรรายหมู่",
        columns=columns,
        rows=[] if empty else rows,
        totals={"name": "รวม", "houses": 4502, "people": 7636},
        sort="name",
        query=query,
        chips=[Chip("ทั้งหมด", "?", on=True, count=3), Chip("เกินกำหนด", "?state=late", count=1)],
        csv_url="?format=csv",
        id="table-empty" if empty else "table",
        empty_title="ยังไม่มีรายชื่อที่นำเข้า",
        empty_text="เมื่อนำไฟล์ทะเบียนเข้าระบบแล้ว ครัวเรือนของแต่ละหมู่จะขึ้นที่นี่",
        empty_action=Action("นำเข้าไฟล์", "#intake", "primary", "upload"),
    )


MONTHS = ["ต.ค.", "พ.ย.", "ธ.ค.", "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย."]
DUST = [18, 22, 31, 38, 52, 78, 66, 29, 16, 13, 12, 14]
DUST_BEFORE = [16, 20, 27, 35, 61, 92, 71, 33, 17, 13, 13, 15]
WATER = [0.8, 0.8, 0.9, 0.9, 1.1, 1.4, 1.8, 2.2, 2.1, 1.9, 1.6, 1.4, 1.2, 1.1, 1.0, 1.0, 0.9, 0.9, 0.9, 0.8, 0.8]
FOUR_MOOS = ["หมู่ 1 บ้านตัวอย่างเหนือ", "หมู่ 4 บ้านตัวอย่างใต้", "หมู่ 7 บ้านตัวอย่างกลาง", "หมู่ 10 บ้านตัวอย่างสันทรายน้อย"]


def dust() -> charts.Figure:
    now = charts.Series("PM2.5", DUST, [d * 0.8 for d in DUST], [d * 1.25 for d in DUST])
    return charts.figure(
        "line",
        MONTHS,
        [now, charts.Series("ปีก่อน", DUST_BEFORE)],
        finding="ฝุ่น PM2.5 เกินมาตรฐาน 4 เดือน สูงสุดเดือนมีนาคม",
        what="ค่าเฉลี่ย PM2.5 รายเดือน (มคก./ลบ.ม.)",
        unit="มคก./ลบ.ม.",
        target=charts.Target(37.5, "มาตรฐาน 24 ชม. 37.5"),
        source="สถานีวัดสมมติ 3 จุด",
        as_of=TODAY,
        first_header="เดือน",
    )


def water() -> charts.Figure:
    return charts.figure(
        "step",
        [f"{n} พ.ย." for n in range(1, 22)],
        WATER,
        finding="ระดับน้ำสูงสุดวันที่ 8 พ.ย. แต่ไม่ถึงระดับล้นตลิ่ง",
        what="ระดับน้ำที่สะพานตัวอย่าง (ม.)",
        unit="ม.",
        target=charts.Target(2.5, "ล้นตลิ่ง 2.5"),
        source="เครื่องวัดระดับน้ำสมมติ",
        as_of=TODAY,
        first_header="วันที่",
    )


def reports() -> list[charts.Figure]:
    said: dict[str, Any] = {"source": "เรื่องแจ้งของเมืองตัวอย่าง", "as_of": TODAY, "first_header": "หมู่", "unit": "เรื่อง"}
    parts = [
        charts.Series("เสร็จในกำหนด", [20, 11, 31, 9]),
        charts.Series("เสร็จช้า", [9, 6, 14, 2]),
        charts.Series("ยังไม่เสร็จ", [5, 4, 12, 1]),
    ]
    most, what = "หมู่ 7 แจ้งเรื่องไฟทางมากที่สุด", "เรื่องแจ้งไฟส่องสว่างรายหมู่ เดือนนี้"
    return [
        charts.figure("hbar", FOUR_MOOS, [34, 21, 57, 12], finding=most, what=what, highlight=FOUR_MOOS[2], **said),
        charts.figure("stacked", FOUR_MOOS, parts, finding="สามในห้าเรื่องเสร็จในกำหนด", what="ผลของเรื่องแจ้งรายหมู่", **said),
    ]


def income() -> charts.Figure:
    return charts.figure(
        "bar",
        ["2565", "2566", "2567", "2568", "2569", "2570"],
        [12.4, 13.1, 12.9, 14.2, 15.8, 16.1],
        finding="รายได้ท้องถิ่นเพิ่มขึ้นสามปีติดกัน",
        what="รายได้ที่จัดเก็บเอง (ล้านบาท)",
        unit="ล้านบาท",
        target=charts.Target(15, "เป้าหมาย 15"),
        source="งบประมาณสมมติ",
        as_of=TODAY,
        first_header="ปีงบประมาณ",
    )


def figures() -> list[charts.Figure]:
    return [dust(), *reports(), income(), water()]


def running(url: str) -> Progress:
    return Progress(
        "job",
        "นำเข้าทะเบียนราษฎร",
        "running",
        url,
        12_400,
        19_352,
        "กำลังตรวจเลขประจำตัวประชาชน",
        NOON - timedelta(seconds=80),
        NOON,
    )


def ended() -> list[Progress]:
    trouble = Problem(
        "id_as_number",
        "คอลัมน์เลขบัตรกลายเป็นตัวเลขย่อ เช่น 3.1E+12 จึงไม่ได้นำเข้าคอลัมน์นี้",
        fix="จัดรูปแบบคอลัมน์เป็นข้อความแล้วส่งไฟล์ใหม่",
    )
    return [
        Progress(
            "job2",
            "เชื่อมโยงบุคคล 7 บัญชี",
            "done",
            "",
            55_102,
            55_102,
            "พบ 19,352 คน",
            next_url="#review",
            next_label="ตรวจคู่ที่ยังไม่แน่ใจ",
        ),
        Progress("job3", "นำเข้ารายชื่อผู้ใช้น้ำ", "failed", "", 0, 0, "หยุดก่อนบันทึก ไม่มีข้อมูลเปลี่ยน", problem=trouble),
    ]


def context(request: Any, url: str) -> dict[str, Any]:
    """Everything the style guide shows."""
    return {
        "crumbs": [Crumb("หน้าแรก", "/staff/"), Crumb("ส่วนประกอบของหน้า")],
        "actions": [Action("บันทึก", "#save", "primary", "check"), Action("พิมพ์", "#print", "", "print")],
        "states": [
            ("open", "เปิดใหม่"),
            ("work", "กำลังดำเนินการ"),
            ("done", "เสร็จแล้ว"),
            ("late", "เกินกำหนด"),
            ("wait", "รอข้อมูล"),
        ],
        "levels": [(1, "ปกติ"), (2, "เฝ้าระวัง"), (3, "เตือนภัย"), (4, "อันตราย"), (5, "วิกฤต")],
        "bands": [(1, "ดีมาก", 12), (2, "ดี", 34), (3, "ปานกลาง", 71), (4, "เริ่มมีผลกระทบ", 140), (5, "มีผลกระทบ", 220)],
        "tasks": [
            Task("คู่รายชื่อที่ต้องตัดสิน", "#review", 42, "เก่าที่สุดรอมา 3 วัน", "late", "เกินกำหนด 5 เรื่อง"),
            Task("ไฟล์ที่รอยืนยันก่อนนำเข้า", "#intake", 2, "ผู้ใช้น้ำ เดือนตุลาคม 2569"),
            Task("ข้อมูลเซนเซอร์ที่เงียบไป", "#sensors", 1, state="wait", state_label="รอช่างตรวจ"),
        ],
        "terms": [
            Term("ชื่อ", "นายสมมติ ตัวอย่างดี", [CIVIL, VHV]),
            Term("เลขประจำตัวประชาชน", "x-xxxx-xxxxx-12-1", [CIVIL], "ปิดบังไว้ เปิดดูได้เมื่อระบุวัตถุประสงค์"),
            Term("ที่อยู่", "99/9 หมู่ 4 ถนนทดสอบซึ่งตั้งชื่อไว้ยาวมากเพื่อดูการตัดบรรทัดของภาษาไทย ตำบลตัวอย่าง", [VHV], url="#house"),
            Term("โทรศัพท์", None),
        ],
        "events": [
            Event(NOON, "ช่างกำลังออกไปที่จุดเกิดเหตุ", "คาดว่าถึงภายใน 15.30 น.", "กองช่าง", "now"),
            Event(NOON - timedelta(hours=3), "รับเรื่องแล้ว", by="ศูนย์บริการเป็นเลิศ"),
            Event(NOON - timedelta(hours=4), "แจ้งเรื่อง", "ไฟทางดับ 3 ดวง หน้าวัดตัวอย่าง"),
        ],
        "tiles": [
            Tile("ประชากรตามทะเบียน", 19352, "คน", "+112 จากปีก่อน", None, "ทะเบียนราษฎร", TODAY, "#people"),
            Tile("เรื่องที่เสร็จในกำหนด", "87.5", "%", "ดีขึ้น 4.2 จุดจากเดือนก่อน", True, "เรื่องแจ้ง", TODAY),
            Tile("PM2.5 เฉลี่ย 24 ชม.", "41.3", "มคก./ลบ.ม.", "เพิ่มขึ้น 6.1 จากเมื่อวาน", False, "สถานีวัด 3 จุด", TODAY),
        ],
        "tabs": [
            {"label": "ข้อมูลปัจจุบัน", "url": "?", "current": True},
            {"label": "ตามวันที่", "url": "?tab=asof"},
            {"label": "ประวัติ", "url": "?tab=history", "count": 12},
        ],
        "table": table(request.GET),
        "empty_table": table(request.GET, empty=True),
        "form": form(False),
        "wrong_form": form(True),
        "figures": figures(),
        "spark": charts.sparkline([3, 4, 4, 6, 5, 8, 9], title="เจ็ดวันล่าสุด"),
        "map_layers": layers(url),
        "map_places": PLACES,
        "map_picture": picture(),
        "map_bounds": BOUNDS,
        "job": running(f"{url}progress/"),
        "ended": ended(),
        "consequences": ["รายการที่นำเข้า 1,204 แถวจะถูกถอนออก", "ค่าเดิมก่อนนำเข้าจะกลับมาทั้งหมด", "ทำซ้ำได้ โดยนำไฟล์เดิมเข้าอีกครั้ง"],
        "noon": NOON,
        "source": CIVIL,
        "long_word": "โครงการก่อสร้างเขื่อนป้องกันตลิ่งริมลำน้ำพร้อมปรับปรุงภูมิทัศน์และทางเดินเท้าสาธารณประโยชน์ตลอดแนว",
    }
