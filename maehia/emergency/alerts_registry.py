"""What alerts bring to every page: the strip, a menu entry, pages made beforehand. Called once at start."""

from __future__ import annotations

from maehia.emergency.actions import alerts_release
from maehia.emergency.views import public_alerts, public_alerts_cards
from maehia.web import registry as web

MENU = web.MenuEntry("alerts", "ประกาศเตือนภัย", "Alerts", "emergency:alerts", area="public", icon="warn", order=12)


def register() -> None:
    web.menu.add(MENU)
    web.banners.provide(public_alerts_cards.banners)
    web.offline_pages.add(web.OfflinePage("alerts", "emergency:alerts"))
    alerts_release.after_commit(public_alerts.write_calmly)
