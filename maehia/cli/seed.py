"""What every town starts with: roles, purposes, sources, measured quantities, services, emergencies. Safe to repeat."""

from __future__ import annotations


def fill() -> None:
    """Add what is missing; what a town changed stays as it is. Needs Django set up and tables migrated."""
    from maehia.access.actions import install_roles
    from maehia.city.actions import load_quantities
    from maehia.emergency.actions.shipped import load_shipped as load_emergency
    from maehia.intake.sources import fill_sources
    from maehia.kit.purposes import publish
    from maehia.services.actions.catalogue import load_shipped

    publish("owner")
    install_roles()
    fill_sources()
    load_quantities()
    load_shipped()
    load_emergency()
