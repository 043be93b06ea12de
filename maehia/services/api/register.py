"""What the doors for programs bring at start: menu entries, the link to Traffy, room for a photo in a POST."""

from __future__ import annotations

from maehia.forms.photos import MOST_BYTES
from maehia.message.registry import Connection, connections
from maehia.services.peers.traffy import link
from maehia.web import body_limit
from maehia.web import registry as web

MENU = web.MenuEntry(
    "api-keys", "กุญแจสำหรับแอปอื่น", "Keys for other apps", "services:api_keys", permission="services.manage",
    icon="key", group_th="งานบริการ", group_en="Services", order=48,
)  # fmt: skip
TRAFFY_PAGE = web.MenuEntry(
    "traffy", "รับส่งกับ Traffy", "Exchange with Traffy", "services:traffy", permission="services.manage",
    icon="link", group_th="งานบริการ", group_en="Services", order=49,
)  # fmt: skip
AROUND = 2**20  # the rest of a form with a photo


TRAFFY = Connection(
    link.KEY, "Traffy Fondue", "Traffy Fondue", link.state, link.test,
    "ขอบัญชี Exchange API จากทีม Traffy Fondue (NECTEC) แล้วใส่ MAEHIA_TRAFFY_USER และ MAEHIA_TRAFFY_PASSWORD "
    "จากนั้นแจ้งที่อยู่ webhook และเปิดการรับส่งที่หน้า Traffy",
    "Ask the Traffy Fondue team (NECTEC) for an Exchange API account, set MAEHIA_TRAFFY_USER and "
    "MAEHIA_TRAFFY_PASSWORD, give them the webhook address and open the exchange on the Traffy page",
    order=60, names=("MAEHIA_TRAFFY_USER", "MAEHIA_TRAFFY_PASSWORD", "MAEHIA_TRAFFY_HOOK_SECRET"),
)  # fmt: skip


def register() -> None:
    web.menu.add(MENU)
    web.menu.add(TRAFFY_PAGE)
    connections.add(TRAFFY)
    for base in ("/open311/v2/", "/open311/test/v2/"):
        for suffix in ("xml", "json"):
            body_limit.allow(f"{base}requests.{suffix}", MOST_BYTES + AROUND, visitors=True)
