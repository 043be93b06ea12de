"""What recovery, reports, reviews and exercises bring: tabs, menu entries, tasks."""

from __future__ import annotations

from django.http import HttpRequest

from maehia.access.permissions import acting_as
from maehia.emergency.actions import exercise_readings  # noqa: F401 - it registers what a reading of a script does
from maehia.emergency.models import CorrectiveAction, Incident
from maehia.emergency.queries.review import overdue
from maehia.emergency.views import picture_layers
from maehia.emergency.views.incident_tabs import Tab, tabs
from maehia.emergency.views.menu import GROUP
from maehia.emergency.views.picture import may_watch
from maehia.kit import purposes
from maehia.kit.acting import current
from maehia.web import registry as web
from maehia.web.live import topics


def register() -> None:
    """Called once at start."""
    for tab in TABS:
        tabs.add(tab)
    for entry in MENU:
        web.menu.add(entry)
    web.tasks.add(OVERDUE)
    picture_layers.register()
    topics.add("incident", may_watch)


def _late(request: HttpRequest) -> int:
    """Corrections past their day, of incidents and exercises alike."""
    context = current()
    if context is not None:
        return len(overdue()) if "incident" in purposes.get(context.purpose).reads else 0
    found: list[CorrectiveAction] = []
    for mode in ("live", "exercise"):
        with acting_as(request.user, "emergency.command", mode=mode):  # type: ignore[arg-type]
            found += overdue()
    return len(found)


def _gaps(incident: Incident) -> int | None:
    return CorrectiveAction.objects.filter(finding__review__incident=incident).exclude(state="verified").count() or None


TABS = (
    Tab("picture", "ภาพรวม", "Picture", "emergency:picture", "emergency.see", order=5),
    Tab("recovery", "การฟื้นตัว", "Recovery", "emergency:recovery", "emergency.see", order=80),
    Tab("sitreps", "รายงาน", "Reports", "emergency:sitreps", "emergency.see", order=85),
    Tab("review", "ทบทวน", "Review", "emergency:review", "emergency.see", order=90, count=_gaps),
    Tab("exercise", "บทฝึก", "Script", "emergency:exercise", "emergency.see", order=95, mode="exercise"),
)
MENU = (
    web.MenuEntry("emergency-exercises", "การฝึกซ้อม", "Exercises", "emergency:exercises",
                  permission="emergency.exercise", icon="exercise", order=15, **GROUP),
    web.MenuEntry("emergency-corrections", "การแก้ไขหลังการทบทวน", "Corrections after reviews", "emergency:corrections",
                  permission="emergency.see", icon="check", order=16, **GROUP),
    web.MenuEntry("emergency-lifelines", "เป้าหมายการฟื้นตัว", "Recovery targets", "emergency:lifelines",
                  permission="emergency.prepare", icon="chart", order=17, **GROUP),
)  # fmt: skip
OVERDUE = web.TaskSource(
    "emergency.overdue", "การแก้ไขที่เกินกำหนด", "Corrections overdue", "emergency:corrections", _late,
    permission="emergency.review", order=20,
)  # fmt: skip
