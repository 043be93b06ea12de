"""What access puts on every page: menu lines, the bell's number, tasks, and the demo's doors."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext

from maehia.access import permissions
from maehia.access.queries import glass_to_review, open_alerts
from maehia.kit import clock, notices
from maehia.web.registry import DemoRole, MenuEntry, TaskCount, TaskSource, demo_roles, may, menu, tasks, unread

GROUP_TH, GROUP_EN = "ความไว้วางใจ", "Trust"
# Demo role -> (Thai, English) of what one sees there.
DEMO_TEXTS = {
    "citizen": ("ดูข้อมูลของตนเอง และใครเคยเปิดดู", "See your own data and who looked at it"),
    "volunteer": ("เยี่ยมบ้านเฉพาะหมู่ของตน", "Visit homes in your own moo"),
    "officer": ("ดูแลผู้มีความต้องการพิเศษ", "Care for people with needs"),
    "counter": ("ค้นทะเบียนและให้บริการ", "Search the register and serve"),
    "engineer": ("ตรวจแบบ ตรวจสถานที่ และซ่อม", "Review plans, visit sites, repair"),
    "finance": ("ค่าธรรมเนียมและกระทบยอด", "Fees and reconciliation"),
    "data": ("รับไฟล์ ตรวจ และนำเข้าเป็นทะเบียนเดียว", "Turn messy lists into one record"),
    "planner": ("ดูยอดรวมเพื่อวางแผน", "See totals for planning"),
    "duty": ("เวรป้องกันภัย", "On duty for emergencies"),
    "commander": ("สั่งการเมื่อเกิดภัย", "Command in an emergency"),
    "clerk": ("กำกับงานและตรวจทาน", "Oversee and review"),
    "mayor": ("ภาพรวมของเมือง", "The town at a glance"),
    "dpo": ("ตรวจว่าใครอ่านข้อมูลใคร", "Check who read whose data"),
    "admin": ("จัดการบัญชีและบทบาท", "Manage accounts and roles"),
}


def register_all() -> None:
    """Called once at start."""
    may.provide(permissions.may)
    unread.provide(unread_of)
    for order, entry in enumerate(MENU, start=700):
        menu.add(MenuEntry(order=order, **entry))
    tasks.add(TaskSource(
        "access.review", "ตรวจทานการเปิดข้อมูลฉุกเฉิน", "Review break-glass", "access-glass-review", count_reviews,
        permission="access.review", order=20,
    ))  # fmt: skip
    tasks.add(TaskSource(
        "access.alerts", "การอ่านข้อมูลที่ควรตรวจสอบ", "Odd reading to check", "access-alerts", count_alerts,
        permission="access.oversee", order=21,
    ))  # fmt: skip
    for order, (key, (text_th, text_en)) in enumerate(DEMO_TEXTS.items()):
        demo_roles.add(DemoRole(key, *_role_name(key), text_th, text_en, "access-demo-enter", order=order))


MENU: list[dict] = [
    {"key": "access.glass", "title_th": "เปิดข้อมูลฉุกเฉิน", "title_en": "Break-glass", "url": "access-glass",
     "permission": "access.break_glass", "icon": "key"},
    {"key": "access.review", "title_th": "ตรวจทานข้อมูลฉุกเฉิน", "title_en": "Review break-glass",
     "url": "access-glass-review", "permission": "access.review", "icon": "check"},
    {"key": "access.reads", "title_th": "บันทึกการอ่าน", "title_en": "Read log", "url": "access-reads",
     "permission": "access.oversee", "icon": "eye"},
    {"key": "access.purposes", "title_th": "วัตถุประสงค์ที่ประกาศ", "title_en": "Published purposes",
     "url": "access-purposes", "permission": "staff.enter", "icon": "list"},
    {"key": "access.accounts", "title_th": "บัญชีผู้ใช้", "title_en": "Accounts", "url": "access-accounts",
     "permission": "access.accounts", "icon": "person"},
    {"key": "access.roles", "title_th": "บทบาท", "title_en": "Roles", "url": "access-roles",
     "permission": "access.roles", "icon": "people"},
    {"key": "access.signing", "title_th": "ผู้มีอำนาจลงนาม", "title_en": "Signers", "url": "access-signing",
     "permission": "access.signing", "icon": "edit"},
]  # fmt: skip
for _entry in MENU:
    _entry |= {"group_th": GROUP_TH, "group_en": GROUP_EN}


def _role_name(key: str) -> tuple[str, str]:
    name = permissions.role_names()[key]
    return name["th"], name["en"]


def unread_of(request: HttpRequest) -> int:
    """The bell's number."""
    user = getattr(request, "user", None)
    return notices.unread_count(user.actor) if user is not None and user.is_authenticated else 0


def count_reviews(request: HttpRequest) -> TaskCount:
    with permissions.acting_as(request.user, "access.oversee"):  # type: ignore[arg-type]
        due = list(glass_to_review().exclude(actor=request.user.actor).values_list("review_due", flat=True))  # type: ignore[union-attr]
    late = sum(1 for moment in due if moment < clock.now())
    return TaskCount(len(due), late, gettext("ครบกำหนดใน 7 วันหลังเปิด") if due else "")


def count_alerts(request: HttpRequest) -> int:
    with permissions.acting_as(request.user, "access.oversee"):  # type: ignore[arg-type]
        return open_alerts().exclude(actor=request.user.actor).count()  # type: ignore[union-attr]
