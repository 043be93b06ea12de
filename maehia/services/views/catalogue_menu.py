"""What the catalogue and the applications bring to the menus, the home page and today's tasks."""

from __future__ import annotations

from django.http import HttpRequest

from maehia.access.permissions import can
from maehia.forms.registry import takes_files
from maehia.services.models import Case
from maehia.services.views.fast_lane_desk import STAGES
from maehia.services.views.staff_menu import GROUP, SET_UP, own_desk
from maehia.web import registry as web

MOST_FILES = 8
WHOSE = {"new": "services.enter", "look": "services.review", "sign": "services.sign"}


def waiting(request: HttpRequest) -> int | None:
    """Applications in the stages where this officer has something to do; None for none."""
    user = request.user
    states = [state for stage, right in WHOSE.items() if can(user, right) for state in STAGES[stage]]
    with own_desk(request) as desk:
        return (Case.objects.filter(kind="service", state__in=states).count() or None) if desk and states else None


def register() -> None:
    """Called once at start."""
    takes_files("/apply/", MOST_FILES, visitors=True)
    for entry in MENU:
        web.menu.add(entry)
    web.home_tiles.add(TILE)


TILE = web.HomeTile(
    "services", "บริการออนไลน์", "Services online", "ใบอนุญาต ค่าขยะ เบี้ยยังชีพ ขอใช้สถานที่",
    "Permits, fees, allowances, venues", "services:catalogue", icon="file", order=20,
)  # fmt: skip
MENU = (
    web.MenuEntry("services-catalogue", "บริการ", "Services", "services:catalogue", area="public", icon="file",
                  order=30),
    web.MenuEntry("services-applications", "คำขอและใบอนุญาต", "Applications", "services:applications",
                  permission="services.inbox", icon="check", order=2, badge=waiting, **GROUP),
    web.MenuEntry("services-editor", "บริการและประเภทเรื่อง", "Services and categories", "services:editor",
                  permission="services.manage", icon="edit", order=29, **SET_UP),
)  # fmt: skip
