"""What the fees bring to the pages: menu entries, today's tasks."""

from __future__ import annotations

from django.http import HttpRequest

from maehia.access.permissions import acting_as, purposes_of
from maehia.kit.acting import current
from maehia.services.queries import fees
from maehia.web import registry as web

PURPOSE = "services.fees"


def _waiting(request: HttpRequest) -> int:
    if current() is not None or PURPOSE not in purposes_of(request.user):  # type: ignore[arg-type]
        return 0
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        return len(fees.open_lines())


def register() -> None:
    """Called once at start."""
    web.menu.add(web.MenuEntry("fees", "ค่าธรรมเนียม", "Fees", "services:fees", permission="services.fees", icon="money",
                               order=8, group_th="ศูนย์บริการ", group_en="Service centre"))  # fmt: skip
    web.menu.add(web.MenuEntry("my-fees", "ค่าธรรมเนียมของฉัน", "My fees", "services:my_fees", area="me", icon="money",
                               order=12))  # fmt: skip
    web.tasks.add(web.TaskSource("services.bank", "รายการธนาคารที่ต้องตรวจ", "Bank lines to look at",
                                 "services:fees_bank", _waiting, permission="services.fees", order=30))  # fmt: skip
