"""What the doors for programs bring at start: a menu entry, and room for a photo in a POST."""

from __future__ import annotations

from maehia.forms.photos import MOST_BYTES
from maehia.web import body_limit
from maehia.web import registry as web

MENU = web.MenuEntry(
    "api-keys", "กุญแจสำหรับแอปอื่น", "Keys for other apps", "services:api_keys", permission="services.manage",
    icon="key", group_th="งานบริการ", group_en="Services", order=48,
)  # fmt: skip
AROUND = 2**20  # the rest of a form with a photo


def register() -> None:
    web.menu.add(MENU)
    for base in ("/open311/v2/", "/open311/test/v2/"):
        for suffix in ("xml", "json"):
            body_limit.allow(f"{base}requests.{suffix}", MOST_BYTES + AROUND, visitors=True)
