"""What requests for help bring to every page and to the chat. Called once at start."""

from __future__ import annotations

from django.http import HttpRequest

from maehia.access.permissions import acting_as, purposes_of
from maehia.emergency import help_line
from maehia.emergency.actions import help_desk  # noqa: F401 (answers the guard requests_done)
from maehia.emergency.queries import help as queries
from maehia.emergency.views.incident_tabs import Tab, tabs
from maehia.message import registry as message
from maehia.web import registry as web

GROUP = {"group_th": "ภาวะฉุกเฉิน", "group_en": "Emergency"}
MENU = (
    web.MenuEntry("help", "ฉุกเฉิน", "Emergency", "emergency:help", area="public",
                  icon="siren", order=13),
    web.MenuEntry("help-waiting", "คำขอนอกเหตุการณ์", "Requests outside incidents", "emergency:help_waiting",
                  permission="emergency.help", icon="siren", order=14, **GROUP),
)  # fmt: skip
TILE = web.HomeTile("help", "ปลอดภัย / ขอความช่วยเหลือ", "Safe / I need help",
                    "ในเหตุฉุกเฉิน บอกว่าปลอดภัยหรือขอให้ไปช่วย",
                    "In an emergency: say you are safe, or ask for help", "emergency:help",
                    icon="siren", order=13)  # fmt: skip
OFFLINE = (web.OfflinePage("help", "/help/"), web.OfflinePage("help-need", "/help/need/"),
           web.OfflinePage("help-safe", "/help/safe/"))  # fmt: skip


def _waiting(request: HttpRequest) -> int:
    if "emergency.command" not in purposes_of(request.user):  # type: ignore[arg-type]
        return 0
    with acting_as(request.user, "emergency.command"):  # type: ignore[arg-type]
        return queries.waiting_count()


TASK = web.TaskSource("emergency.help", "คำขอความช่วยเหลือที่รอเจ้าหน้าที่เวร", "Requests for help outside of incidents",
                      "emergency:help_waiting", _waiting, permission="emergency.help", order=5)  # fmt: skip


def register() -> None:
    for entry in MENU:
        web.menu.add(entry)
    web.home_tiles.add(TILE)
    web.tasks.add(TASK)
    for page in OFFLINE:
        web.offline_pages.add(page)
    tabs.add(Tab("help", "คำขอความช่วยเหลือ", "Requests for help", "emergency:help_board", "emergency.help", order=35,
                 count=queries.open_count))  # fmt: skip
    for template in help_line.templates():
        message.templates.add(template)
    message.inbound.add("emergency.help", help_line.handle, order=help_line.ORDER)
