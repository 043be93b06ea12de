"""What the desk brings to the console: menu entries with the number of late cases, and today's tasks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest
from django.utils.translation import gettext

from maehia.access.permissions import acting_as, purposes_of
from maehia.kit import clock, purposes
from maehia.kit.acting import current
from maehia.services.queries.inbox import Desk, Filter, late_for
from maehia.services.views.staff_parts import desk_for
from maehia.web import registry as web
from maehia.web.formats import show_span

PURPOSE = "services.desk"
GROUP = {"group_th": "งานบริการ", "group_en": "Services"}
SET_UP = {"group_th": "ตั้งค่างานบริการ", "group_en": "Services set-up"}


def register() -> None:
    """Called once at start."""
    for entry in MENU:
        web.menu.add(entry)
    for task in TASKS:
        web.tasks.add(task)


@contextmanager
def own_desk(request: HttpRequest) -> Iterator[Desk | None]:
    """The desk with the right to count on it; None for whoever is in no unit or stands in another purpose.

    A menu is drawn inside whatever its page has opened, so it never opens more than that.
    """
    desk, context = desk_for(request), current()
    if not desk.units or PURPOSE not in purposes_of(request.user):  # type: ignore[arg-type]
        yield None
    elif context is None:
        with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
            yield desk
    else:
        yield desk if "case" in purposes.get(context.purpose).reads and context.scope is None else None


def late_badge(request: HttpRequest) -> int | None:
    known: int | None = getattr(request, "maehia_late", None)  # the inbox has counted them already
    if known is not None:
        return known
    with own_desk(request) as desk:
        return late_for(desk) if desk else None


def _count(request: HttpRequest, when: str) -> int:
    with own_desk(request) as desk:
        return Filter(desk, "unit", when).apply(clock.now()).count() if desk else 0


def _late(request: HttpRequest) -> web.TaskCount:
    with own_desk(request) as desk:
        if desk is None:
            return web.TaskCount(0)
        late = Filter(desk, "unit", "late").apply(clock.now())
        first = late.order_by("due_at").values_list("due_at", flat=True).first()
        hint = gettext("ช้าที่สุด %(span)s") % {"span": show_span(clock.now() - first)} if first else ""
        return web.TaskCount(late.count(), hint=hint)


MENU = (
    web.MenuEntry("services-inbox", "กล่องงาน", "Inbox", "services:inbox", permission="services.inbox", icon="inbox",
                  order=1, thumb=True, badge=late_badge, **GROUP),
    web.MenuEntry("services-entry", "บันทึกเรื่อง", "Enter a case", "services:entry", permission="services.enter",
                  icon="plus", order=2, thumb=True, **GROUP),
    web.MenuEntry("services-repeated", "ร้องซ้ำ", "Reported again and again", "services:repeated",
                  permission="services.inbox", icon="history", order=3, **GROUP),
    web.MenuEntry("services-confidential", "เรื่องลับ", "Confidential", "services:confidential",
                  permission="services.confidential", icon="lock", order=4, **GROUP),
    web.MenuEntry("services-export", "ส่งออก CSV", "Export as CSV", "services:export", permission="services.export",
                  icon="download", order=5, **GROUP),
    web.MenuEntry("services-units", "หน่วยงานและสมาชิก", "Units and members", "services:units",
                  permission="services.manage", icon="people", order=30, **SET_UP),
    web.MenuEntry("services-routing", "เส้นทางเรื่อง", "Routing", "services:routing", permission="services.manage",
                  icon="split", order=31, **SET_UP),
    web.MenuEntry("services-escalation", "ลำดับการเตือน", "Escalation", "services:escalation",
                  permission="services.manage", icon="bell", order=32, **SET_UP),
    web.MenuEntry("services-suggestions", "ความแม่นของคำแนะนำ", "Accuracy of suggestions", "services:suggestions",
                  permission="services.manage", icon="chart", order=33, **SET_UP),
    web.MenuEntry("services-retention", "การลบตามอายุ", "Erasing by age", "services:retention",
                  permission="services.manage", icon="bin", order=34, **SET_UP),
)  # fmt: skip
TASKS = (
    web.TaskSource("services.late", "เรื่องที่เกินกำหนด", "Late cases", "services:inbox", _late,
                   permission="services.inbox", order=1),
    web.TaskSource("services.today", "เรื่องที่ครบกำหนดวันนี้", "Cases due today", "services:inbox",
                   lambda request: _count(request, "today"), permission="services.inbox", order=2),
    web.TaskSource("services.new", "เรื่องใหม่ที่รอรับ", "New cases to accept", "services:inbox",
                   lambda request: _count(request, "new"), permission="services.inbox", order=3),
)  # fmt: skip
