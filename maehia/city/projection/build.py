"""All tables of the register, in the order in which they can be written."""

from __future__ import annotations

from django.db.models import Model

from maehia.city.models import House
from maehia.city.projection import evidence, houses, people, things
from maehia.kit.modes import current_mode

Rows = dict[type[Model], list[Model]]


def project() -> Rows:
    """Unsaved rows per table, from what evidence and decisions say now, in the mode of the context.

    Needs `acting()` with a purpose that reads people and needs; reads the database, writes nothing.
    An exercise has people of its own and shares houses, land and places with the living town.
    """
    found = evidence.load()
    if current_mode() == "exercise":
        return people.project(found, dict(House.objects.values_list("key", "moo")))
    rows: Rows = {}
    rows.update(houses.project(found))
    rows.update(things.project(found))
    moos = {house.pk: house.moo for house in rows[House]}  # type: ignore[attr-defined]
    rows.update(people.project(found, moos))
    return rows
