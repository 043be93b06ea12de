"""Readiness in the menu, and what waits for who is on duty."""

from __future__ import annotations

from django.http import HttpRequest

from maehia.access.permissions import acting_as, purposes_of
from maehia.emergency.actions.calltree import contact_of
from maehia.emergency.models import ThresholdCrossing
from maehia.emergency.queries import calltree
from maehia.emergency.views.parts import own_purpose
from maehia.kit.acting import current
from maehia.web import registry as web

GROUP = {"group_th": "ภาวะฉุกเฉิน", "group_en": "Emergency"}
PURPOSE = "emergency.command"


def crossings_waiting(request: HttpRequest) -> int:
    """Crossings that nobody has answered. A menu is drawn inside whatever its page has opened: it opens no more."""
    if current() is not None or PURPOSE not in purposes_of(request.user):  # type: ignore[arg-type]
        return 0
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        return ThresholdCrossing.objects.filter(answer="").count()


def calls_waiting(request: HttpRequest) -> int:
    """Calls to the one who looks that wait for her answer."""
    if current() is not None:
        return 0
    with acting_as(request.user, own_purpose(request)):  # type: ignore[arg-type]
        me = contact_of(request.user)  # type: ignore[arg-type]
        return len(calltree.waiting_for(me)) if me else 0


MENU = (
    web.MenuEntry("readiness", "ความพร้อม", "Readiness", "emergency:readiness", permission="emergency.open",
                  icon="shield", order=20, **GROUP),
    web.MenuEntry("roster", "เวรและผู้ปฏิบัติงาน", "Roster", "emergency:roster", permission="emergency.open",
                  icon="calendar", order=21, **GROUP),
    web.MenuEntry("call-trees", "ผังการเรียกคน", "Call trees", "emergency:call_trees", permission="emergency.open",
                  icon="phone", order=22, **GROUP),
    web.MenuEntry("resources", "รถ เรือ เครื่องมือ", "Vehicles and tools", "emergency:resources",
                  permission="emergency.open", icon="settings", order=23, **GROUP),
    web.MenuEntry("thresholds", "เกณฑ์เตือน", "Limits", "emergency:thresholds", permission="emergency.open",
                  icon="sensor", order=24, **GROUP),
)  # fmt: skip
TASKS = (
    web.TaskSource("emergency.crossings", "ค่าที่วัดถึงเกณฑ์ รอการตัดสินใจ", "Limits reached, to decide",
                   "emergency:crossings", crossings_waiting, permission="emergency.open", order=0),
    web.TaskSource("emergency.calls", "มีการเรียกคุณเข้าปฏิบัติงาน", "You are called out", "emergency:call_mine",
                   calls_waiting, permission="emergency.see", order=0),
)  # fmt: skip


def register() -> None:
    for entry in MENU:
        web.menu.add(entry)
    for task in TASKS:
        web.tasks.add(task)
