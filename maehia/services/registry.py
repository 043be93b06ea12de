"""What the services bring to every page: menu entries, tasks, layers."""

from __future__ import annotations


def register() -> None:
    """Called once at start."""
    from django.db.models.signals import post_save

    from maehia.city.models import AnnouncedDay
    from maehia.message.registry import templates
    from maehia.services import citizen
    from maehia.services.actions import fees, forecast, permit, telling
    from maehia.services.api import register as api
    from maehia.services.line import register as line
    from maehia.services.views import catalogue_menu, counter_menu, fees_menu, staff_menu

    for template in telling.templates():
        templates.add(template)
    fees.register()
    permit.register()
    counter_menu.register()
    fees_menu.register()
    catalogue_menu.register()
    citizen.register()
    api.register()
    line.register()
    staff_menu.register()
    post_save.connect(forecast.announced, sender=AnnouncedDay, dispatch_uid=forecast.JOB)
