"""Menu entries of the emergency room."""

from __future__ import annotations

from maehia.web import registry as web

GROUP = {"group_th": "ภาวะฉุกเฉิน", "group_en": "Emergency"}
MENU = (
    web.MenuEntry("emergency", "เหตุฉุกเฉิน", "Emergencies", "emergency:incidents", permission="emergency.see",
                  icon="flag", order=10, thumb=True, **GROUP),
)  # fmt: skip


def register() -> None:
    for entry in MENU:
        web.menu.add(entry)
