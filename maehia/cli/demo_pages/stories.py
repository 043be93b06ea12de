"""Stories of the demo town: what to try first, as whom, at which address. Each is three clicks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from maehia.web.registry import Story, in_language, stories


@dataclass(frozen=True, slots=True)
class Door:
    """One entry of a story: the role, the address (with names of `examples` in braces), the words on the button."""

    role: str
    url: str
    label_th: str
    label_en: str

    @property
    def label(self) -> str:
        return in_language(self.label_th, self.label_en)


@dataclass(frozen=True, slots=True)
class Tale:
    """A story with its doors and the file that it needs."""

    key: str
    title_th: str
    title_en: str
    steps: Sequence[tuple[str, str]]
    doors: Sequence[Door]
    file: str = ""

    @property
    def title(self) -> str:
        return in_language(self.title_th, self.title_en)

    @property
    def step_texts(self) -> list[str]:
        return [in_language(th, en) for th, en in self.steps]


DATA = "เจ้าหน้าที่ข้อมูล"
TALES: Sequence[Tale] = (
    Tale(
        "dirty-excel", "วางไฟล์ Excel ที่สกปรก", "Drop this dirty Excel file",
        (
            ("ดาวน์โหลด elders.xlsx แล้วเข้าเป็นเจ้าหน้าที่ข้อมูล", "Download elders.xlsx and enter as the data officer"),
            ("เลือกไฟล์ แล้วกดส่ง ระบบอ่านเองว่าคอลัมน์ไหนคืออะไร และถามเฉพาะที่ไม่แน่ใจ",
             "Pick the file and send it: the system reads what each column is and asks only when unsure"),
            ("ดูแถวที่มีปัญหาและสิ่งที่จะเปลี่ยน ก่อนกดนำเข้า", "See the rows with problems and what would change, then apply"),
        ),
        (Door("data", "/staff/intake/deliver/?source=elders", f"เข้าเป็น{DATA}", "Enter as data officer"),),
        "elders.xlsx",
    ),
    Tale(
        "next-month", "ไฟล์เดือนถัดไป แสดงเฉพาะสิ่งที่เปลี่ยน", "Next month's file shows only what changed",
        (
            ("ดาวน์โหลด vhv-next.xlsx แล้วเข้าเป็นเจ้าหน้าที่ข้อมูล", "Download vhv-next.xlsx and enter as the data officer"),
            ("ส่งไฟล์ของแบบสำรวจ อสม. ระบบจำการจับคู่คอลัมน์เดิมได้", "Send it as the volunteers' survey: columns are known"),
            ("ดูเฉพาะรายการใหม่ เปลี่ยน และหายไป จาก 18,000 แถว", "Of 18,000 rows see only new, changed and gone"),
        ),
        (Door("data", "/staff/intake/deliver/?source=vhv", f"เข้าเป็น{DATA}", "Enter as data officer"),),
        "vhv-next.xlsx",
    ),
    Tale(
        "seven-lists", "คนหนึ่งคนจากหลายบัญชี", "One person out of seven lists",
        (
            ("เข้าเป็นเจ้าหน้าที่สวัสดิการ ระบบเปิดหน้าของคนที่อยู่ในหลายบัญชีที่สุด",
             "Enter as the welfare officer: the page of the person who stands in the most lists opens"),
            ("กดที่แหล่งข้อมูลข้างค่า ดูว่าค่านี้มาจากบัญชีใด วันใด แถวใด", "Click the source beside a value: list, day, row"),
            ("กดแท็บประวัติ ดูว่าแต่ละบัญชีเคยบอกอะไร", "Open the history: what each list has said"),
        ),
        (Door("officer", "/staff/register/person/{person}/", "เข้าเป็นเจ้าหน้าที่สวัสดิการ", "Enter as welfare officer"),),
    ),
    Tale(
        "doubtful-pair", "ตัดสินคู่ที่ไม่แน่ใจด้วยแป้นพิมพ์", "Decide a doubtful pair with the keyboard",
        (
            ("เข้าเป็นเจ้าหน้าที่ข้อมูล เปิดคิวคู่ที่รอตรวจ", "Enter as the data officer: the queue of doubtful pairs"),
            ("เปิดคู่แรก ดูเหตุผลที่ใช่และไม่ใช่", "Open the first pair: evidence for and against, in words"),
            ("กด s = คนเดียวกัน n = คนละคน u = ไม่แน่ใจ ข้ามไปก่อน", "Press s = same, n = never the same, u = unsure"),
        ),
        (Door("data", "/staff/intake/review/", f"เข้าเป็น{DATA}", "Enter as data officer"),),
    ),
    Tale(
        "who-looked", "ใครเคยเปิดดูข้อมูลของฉัน", "Who looked at me",
        (
            ("เข้าเป็นเจ้าหน้าที่เคาน์เตอร์ เปิดหน้าของประชาชนตัวอย่าง", "Enter at the counter: the citizen's page opens"),
            ("กลับมาหน้านี้ แล้วเข้าเป็นประชาชนคนนั้น", "Come back here and enter as that citizen"),
            ("เห็นว่าหน่วยงานใดเปิดดู เมื่อใด เพื่ออะไร", "See which unit looked, when and what for"),
        ),
        (
            Door("counter", "/staff/register/person/{citizen}/", "1. เข้าเป็นเคาน์เตอร์", "1. Enter at the counter"),
            Door("citizen", "/me/reads/", "2. เข้าเป็นประชาชน", "2. Enter as citizen"),
        ),
    ),
    Tale(
        "break-glass", "เปิดข้อมูลฉุกเฉิน แล้วมีคนตรวจทาน", "Break the glass, and be reviewed",
        (
            ("เข้าเป็นเจ้าหน้าที่เวร ขอเปิดข้อมูลในพื้นที่ที่วาด พร้อมเหตุผล", "Enter on duty: ask for a drawn area, with a reason"),
            ("เห็นเท่าที่ต้องใช้ช่วยคน ไม่เกินสองชั่วโมง", "See what a rescue needs and no more, for two hours at most"),
            ("กลับมาหน้านี้ เข้าเป็น DPO เพื่อตรวจทาน", "Come back here and review it as the data protection officer"),
        ),
        (
            Door("duty", "/staff/break-glass/", "1. เข้าเป็นเจ้าหน้าที่เวร", "1. Enter as duty officer"),
            Door("dpo", "/staff/break-glass/review/", "2. เข้าเป็น DPO", "2. Enter as DPO"),
        ),
    ),
    Tale(
        "as-it-was", "ย้อนดูวันวาน เท่าที่เรารู้ในวันนั้น", "As it was on one day, as known on another",
        (
            ("เข้าเป็นเจ้าหน้าที่ข้อมูล เปิดคนที่เคยย้ายบ้าน", "Enter as the data officer: the page of a person who moved house"),
            ("ระบบแสดงที่อยู่ ณ วันที่ในอดีต พร้อมที่มา", "It shows the address of a past day, with its source"),
            ("เปลี่ยนวันแรกเป็นวันนี้ แล้วเทียบกัน", "Change the first day to today and compare"),
        ),
        (
            Door(
                "data", "/staff/register/person/{moved}/then/?{days}", f"เข้าเป็น{DATA}",
                "Enter as data officer",
            ),
        ),
    ),
    Tale(
        "found-and-missed", "ระบบพบเท่าไร พลาดเท่าไร", "How much was found, how much missed",
        (
            ("เข้าเป็นเจ้าหน้าที่ข้อมูล เปิดตารางเทียบกับเฉลย", "Enter as the data officer: the table against the truth"),
            ("ดูความสกปรกแต่ละแบบที่ใส่ไว้ พบ และพลาด", "See each kind of dirt: planted, found, missed"),
            ("ดูว่ารวมคนได้ถูกต้องเท่าไรจากเจ็ดบัญชี", "See how well people were put together from seven lists"),
        ),
        (Door("data", "/staff/demo/score/", f"เข้าเป็น{DATA}", "Enter as data officer"),),
    ),
)  # fmt: skip
BY_KEY = {tale.key: tale for tale in TALES}


def register() -> None:
    """Put the stories on the home page of a demo town."""
    for order, tale in enumerate(TALES):
        stories.add(
            Story(
                tale.key, tale.title_th, tale.title_en, tale.steps, f"/demo/story/{tale.key}/",
                role=tale.doors[0].role, order=order,
            )
        )  # fmt: skip
