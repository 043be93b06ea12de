"""What the service centre brings to the pages: menu entries, texts of its messages, its jobs, today's tasks."""

from __future__ import annotations

from django.http import HttpRequest

from maehia.access.permissions import acting_as, purposes_of
from maehia.kit import clock, purposes
from maehia.kit.acting import current
from maehia.services import queue_jobs  # noqa: F401 (registers the jobs)
from maehia.services.models import Ticket
from maehia.services.queries import booking as bookings
from maehia.services.queries import queue
from maehia.web import registry as web

PURPOSE = "services.desk"
GROUP = {"group_th": "ศูนย์บริการ", "group_en": "Service centre"}
SET_UP = {"group_th": "ตั้งค่างานบริการ", "group_en": "Services set-up"}


def register() -> None:
    """Called once at start."""
    from maehia.message.registry import templates
    from maehia.services.actions.booking import TEXTS

    for template in TEXTS:
        templates.add(template)
    for entry in MENU:
        web.menu.add(entry)
    for tile in TILES:
        web.home_tiles.add(tile)
    web.tasks.add(STRANDED)


def waiting_badge(request: HttpRequest) -> int | None:
    """How many wait in the hall; a menu is drawn inside whatever its page has opened and never opens more."""
    context = current()
    if context is not None:
        return _waiting() if "open" in purposes.get(context.purpose).reads else None
    if PURPOSE not in purposes_of(request.user):  # type: ignore[arg-type]
        return None
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        return _waiting()


def _waiting() -> int | None:
    return Ticket.objects.filter(day=queue.local_today(), state="waiting").count() or None


def _stranded(request: HttpRequest) -> int:
    if current() is not None or PURPOSE not in purposes_of(request.user):  # type: ignore[arg-type]
        return 0
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        return len(bookings.stranded(clock.now()))


MENU = (
    web.MenuEntry("queue-desk", "โต๊ะคิว", "Queue desk", "services:queue_desk", permission="services.queue",
                  icon="list", order=6, thumb=True, badge=waiting_badge, **GROUP),
    web.MenuEntry("counter", "เคาน์เตอร์", "Counter", "services:counter", permission="services.queue", icon="people",
                  order=7, **GROUP),
    web.MenuEntry("queue-screen", "จอเรียกคิว", "Queue screen", "services:queue_screen", permission="services.queue",
                  icon="eye", order=8, **GROUP),
    web.MenuEntry("queue-statistics", "สถิติคิว", "Queue figures", "services:queue_statistics",
                  permission="services.queue", icon="chart", order=9, **GROUP),
    web.MenuEntry("queue-settings", "ตั้งค่าคิว", "Queue set-up", "services:queue_settings",
                  permission="services.manage", icon="settings", order=35, **SET_UP),
    web.MenuEntry("public-queue", "คิวและนัดหมาย", "Queue and appointments", "services:queue", area="public",
                  icon="clock", order=20),
    web.MenuEntry("public-ratings", "คะแนนบริการ", "Ratings", "services:ratings", area="foot", icon="star", order=20),
    web.MenuEntry("my-care", "ผู้ดูแล", "Carers", "services:care", area="me", permission="services.mine", icon="heart",
                  order=20),
)  # fmt: skip
TILES = (
    web.HomeTile("queue", "รับบัตรคิว", "Take a ticket", "ดูลำดับและเวลารอบนโทรศัพท์",
                 "See your place and the wait on your phone",
                 "services:queue", icon="clock", order=20),
    web.HomeTile("booking", "จองเวลา", "Book a time", "เลือกวันและเวลาที่ว่างของศูนย์บริการ",
                 "Choose a free time at the service centre",
                 "services:booking", icon="calendar", order=21),
)  # fmt: skip
STRANDED = web.TaskSource(
    "services.stranded", "นัดที่ตรงกับวันปิดทำการ", "Appointments on closed days", "services:queue_desk", _stranded,
    permission="services.queue", order=8,
)  # fmt: skip
