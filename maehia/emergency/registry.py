"""What the emergency room brings to every page: menu entries, tasks, layers, banners."""

from __future__ import annotations


def register() -> None:
    """Called once at start. Each part registers itself in a module of its own, named here."""
    from maehia.emergency import (
        affected_registry,
        alerts_registry,
        help_registry,
        readiness_registry,
        recovery_registry,
        release_registry,
        relief_registry,
        shelters_registry,
    )
    from maehia.emergency.views import doors_menu, menu

    menu.register()
    alerts_registry.register()
    doors_menu.register()
    relief_registry.register()
    recovery_registry.register()
    help_registry.register()
    release_registry.register()
    readiness_registry.register()
    affected_registry.register()
    shelters_registry.register()


def prepare() -> None:
    """What must lie ready before the service answers: the public pages of alerts."""
    from maehia.emergency.views.public_alerts import write_all

    write_all()
