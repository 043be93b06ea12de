"""What relief and damage bring: tabs of an incident, the guard of closing, a public door, photos in forms."""

from __future__ import annotations


def register() -> None:
    """Called once at start."""
    from maehia.emergency.actions import relief
    from maehia.emergency.views.incident_tabs import Tab, tabs
    from maehia.forms.registry import takes_files
    from maehia.web import registry as web

    relief.register()
    tabs.add(Tab("relief", "สิ่งของ", "Goods", "emergency:relief", "emergency.relief", order=60))
    tabs.add(Tab("damage", "ความเสียหาย", "Damage", "emergency:damage", "emergency.damage", order=70))
    tabs.add(Tab("claims", "เงินช่วยเหลือ", "Relief money", "emergency:claims", "emergency.certify", order=71))
    tabs.add(Tab("claims-pay", "จ่ายเงิน", "Payments", "emergency:claims_pay", "emergency.pay", order=72))
    takes_files("/survey/")
    takes_files("/damage/", visitors=True)
    web.offline_pages.add(web.OfflinePage("damage", "/damage/", order=60))
    web.menu.add(
        web.MenuEntry(
            "damage",
            "แจ้งบ้านเสียหาย",
            "Report damage to a home",
            "emergency:damage_tell",
            area="foot",
            icon="home",
            order=45,
        )
    )
