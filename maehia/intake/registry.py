"""What intake offers to the console: menu entries, tasks, and the words of its notices."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maehia.access.permissions import can
from maehia.evidence import registry as evidence
from maehia.evidence.models import Delivery, Source
from maehia.intake.models import ChangeSample, ProblemRow
from maehia.kit import clock, notices
from maehia.web import registry as web
from maehia.web.formats import show_number

GROUP = {"group_th": "ข้อมูลเข้า", "group_en": "Data in"}
NOTICES = {
    "intake.looked": "{source}: ตรวจไฟล์แล้ว รอคุณยืนยันการนำเข้า (ปัญหา {problems} รายการ)",
    "intake.asks": "{source}: ระบบต้องถามความหมายของคอลัมน์ก่อนตรวจไฟล์",
    "intake.refused": "{source}: รับไฟล์ไม่ได้ เปิดดูเหตุผลและวิธีแก้",
    "intake.applied": "{source}: นำเข้าแล้ว เพิ่ม {new} แก้ {changed} สิ้นสุด {gone} รายการ",
    "intake.withdrawn": "{source}: ถอนรอบส่งแล้ว ทะเบียนกลับเป็นอย่างเดิม",
    "intake.relinked": "ใช้คำวินิจฉัยกับทะเบียนแล้ว เหลือคู่ที่รอตรวจ {pairs} คู่",
    "intake.failed": "{source}: งานไม่สำเร็จ ไม่มีข้อมูลใดเปลี่ยน เปิดดูเหตุผล",
    "intake.relink_failed": "ใช้คำวินิจฉัยกับทะเบียนไม่สำเร็จ ไม่มีข้อมูลใดเปลี่ยน",
}


def register() -> None:
    """Called once at start."""
    for entry in MENU:
        web.menu.add(entry)
    for task in TASKS:
        web.tasks.add(task)
    for key, text in NOTICES.items():
        notices.register_text(key, text)
    evidence.forgets("intake", forget)


def forget(deliveries: list[int]) -> None:
    """After a redaction: no sample of changes and no value of a problem stays of these deliveries."""
    ChangeSample.objects.filter(delivery__in=deliveries).delete()
    ProblemRow.objects.filter(delivery__in=deliveries).update(value="")


def waiting_files(request: HttpRequest) -> int | None:
    """Deliveries that wait for this officer: columns to confirm, differences to look at."""
    if not can(request.user, "intake.deliver"):
        return None
    return Delivery.objects.filter(state__in=("parsed", "previewed"), source__built_in=False).count()


def waiting_pairs(_request: HttpRequest) -> int:
    from maehia.intake.pages import waiting_pairs as count

    return count()


def _to_confirm(_request: HttpRequest) -> int:
    return Delivery.objects.filter(state="parsed", source__built_in=False).count()


def _to_apply(_request: HttpRequest) -> int:
    return Delivery.objects.filter(state="previewed", source__built_in=False).count()


def _late_sources(_request: HttpRequest) -> web.TaskCount:
    """Lists past their promise; a locked one is somebody else's task."""
    from maehia.evidence.queries import freshness

    late = [row for row in freshness(clock.today()) if row.state == "late" and not row.source.is_locked]
    worst = max((row.late_days for row in late), default=0)
    hint = _("ช้าที่สุด %(n)s วัน") % {"n": show_number(worst)} if late else ""
    return web.TaskCount(len(late), hint=hint)


def _locked_sources(_request: HttpRequest) -> int:
    return sum(source.is_locked for source in Source.objects.filter(needs_leave=True))


def _pairs(_request: HttpRequest) -> web.TaskCount:
    """Doubtful pairs; how many of them somebody's help or money waits for."""
    from maehia.intake.models import ReviewItem

    waiting = ReviewItem.objects.filter(verdict=None)
    heavy = waiting.filter(weight__gt=0).count()
    words = ngettext("มีผู้รอคำตอบ %(n)d คู่", "มีผู้รอคำตอบ %(n)d คู่", heavy) % {"n": heavy}
    return web.TaskCount(waiting.count(), hint=words if heavy else "")


MENU = (
    web.MenuEntry("intake", "รับข้อมูล", "Data intake", "intake:index", permission="intake.view", icon="inbox", order=10,
                  thumb=True, badge=waiting_files, **GROUP),
    web.MenuEntry("intake-deliver", "ส่งไฟล์", "Send a file", "intake:deliver", permission="intake.deliver",
                  icon="upload", order=11, **GROUP),
    web.MenuEntry("intake-review", "คู่ที่รอตรวจ", "Pairs to review", "intake:review", permission="intake.review",
                  icon="people", order=12, thumb=True, badge=waiting_pairs, **GROUP),
)  # fmt: skip
TASKS = (
    web.TaskSource("intake.confirm", "ยืนยันความหมายของคอลัมน์", "Confirm what columns mean", "intake:index", _to_confirm,
                   permission="intake.deliver", order=10),
    web.TaskSource("intake.apply", "ดูสิ่งที่จะเปลี่ยน แล้วนำเข้า", "Look at changes and apply", "intake:index", _to_apply,
                   permission="intake.apply", order=11),
    web.TaskSource("intake.review", "คู่ที่ระบบไม่แน่ใจ", "Doubtful pairs", "intake:review", _pairs,
                   permission="intake.review", order=12),
    web.TaskSource("intake.late", "บัญชีที่เลยกำหนดส่ง", "Lists past their day", "intake:index", _late_sources,
                   permission="intake.deliver", order=13),
    web.TaskSource("intake.leave", "บัญชีที่ยังไม่มีหนังสืออนุญาต", "Lists without a written leave", "intake:index",
                   _locked_sources, permission="intake.leave", order=14),
)  # fmt: skip
