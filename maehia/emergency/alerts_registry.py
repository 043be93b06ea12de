"""What alerts bring to every page: the strip, a menu entry, pages made beforehand. Called once at start."""

from __future__ import annotations

from maehia.emergency.actions import alerts_release
from maehia.emergency.views import public_alerts, public_alerts_cards
from maehia.web import registry as web

MENU = web.MenuEntry("alerts", "เตือนภัย", "Alerts", "emergency:alerts", area="public", icon="warn", order=12)
SETTINGS = web.MenuEntry("alert-settings", "การตั้งค่าประกาศเตือน", "Alert settings", "emergency:alert_settings",
                         permission="town.settings", icon="settings", order=60, group_th="ภาวะฉุกเฉิน",
                         group_en="Emergency")  # fmt: skip


def register() -> None:
    web.menu.add(MENU)
    web.menu.add(SETTINGS)
    web.banners.provide(public_alerts_cards.banners)
    web.offline_pages.add(web.OfflinePage("alerts", "/alerts/"))
    alerts_release.after_commit(public_alerts.write_calmly)
