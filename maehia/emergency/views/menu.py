"""Menu entries of the emergency room, tabs of an incident's desk, and what waits there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.http import HttpRequest

from maehia.access.permissions import acting_as, purposes_of
from maehia.emergency.actions.incidents import on_open
from maehia.emergency.actions.notices import start_clocks
from maehia.emergency.actions.playbooks import bring
from maehia.emergency.models import Incident
from maehia.emergency.queries import desk, playbooks
from maehia.emergency.queries.incidents import live_ones
from maehia.emergency.views.incident_tabs import Tab, tabs
from maehia.kit.acting import current
from maehia.web import registry as web

GROUP = {"group_th": "ภาวะฉุกเฉิน", "group_en": "Emergency"}
COMMAND = "emergency.command"


@contextmanager
def reading(request: HttpRequest) -> Iterator[bool]:
    """Whether incidents may be counted. A menu is drawn inside whatever its page opened and never opens more."""
    if COMMAND not in purposes_of(request.user):  # type: ignore[arg-type]
        yield False
    elif current() is None:
        with acting_as(request.user, COMMAND):  # type: ignore[arg-type]
            yield True
    else:
        context = current()
        yield bool(context and context.purpose == COMMAND and context.mode == "live")


def _counted(count: Callable[[HttpRequest], int]) -> Callable[[HttpRequest], int]:
    def counted(request: HttpRequest) -> int:
        with reading(request) as allowed:
            return count(request) if allowed else 0

    return counted


@_counted
def live_badge(_request: HttpRequest) -> int:
    return len(live_ones())


@_counted
def waiting(request: HttpRequest) -> int:
    return len(desk.waiting_for(request.user))  # type: ignore[arg-type]


@_counted
def untold(_request: HttpRequest) -> int:
    return desk.late_notices()


MENU = (
    web.MenuEntry("emergency", "เหตุฉุกเฉิน", "Emergencies", "emergency:incidents", permission="emergency.see",
                  icon="flag", order=10, thumb=True, badge=lambda request: live_badge(request) or None, **GROUP),
    web.MenuEntry("emergency.playbooks", "แผนเผชิญเหตุ", "Playbooks", "emergency:playbooks",
                  permission="emergency.prepare", icon="list", order=40, **GROUP),
)  # fmt: skip
TASKS = (
    web.TaskSource("emergency.handover", "การส่งมอบการบังคับบัญชาที่รอคุณ", "Command offered to you", "emergency:incidents",
                   waiting, permission=COMMAND, order=0),
    web.TaskSource("emergency.untold", "หน่วยเหนือที่ยังไม่ได้แจ้งตามเวลา", "Authorities not told in time",
                   "emergency:incidents", untold, permission=COMMAND, order=0),
)  # fmt: skip


def _late_steps(incident: Incident) -> int | None:
    return sum(one["late"] for one in playbooks.checklists(incident)) or None


def _teams_out(incident: Incident) -> int | None:
    return incident.teams.filter(ended_at=None).count() or None


TABS = (
    Tab("command", "สั่งการ", "Command", "emergency:incident", "emergency.see", 10),
    Tab("area", "พื้นที่", "Area", "emergency:area", "emergency.see", 20),
    Tab("plans", "แผน", "Plan", "emergency:plans", "emergency.see", 40, _late_steps),
    Tab("teams", "ชุด", "Teams", "emergency:teams", "emergency.see", 45, _teams_out),
    Tab("shifts", "กะ", "Shifts", "emergency:shifts", "emergency.see", 50),
    Tab("log", "บันทึก", "Log", "emergency:log", "emergency.see", 90),
)


def register() -> None:
    """Called once at start. Clocks and plans hang on the opening of an incident."""
    on_open(start_clocks)
    on_open(bring)
    for entry in MENU:
        web.menu.add(entry)
    for task in TASKS:
        web.tasks.add(task)
    for tab in TABS:
        tabs.add(tab)
