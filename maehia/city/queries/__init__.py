"""Reads of the register. People are read under a purpose and every read of a person is logged."""

from maehia.city.queries.entities import KINDS, EntityView, Value, entity_view, origin_of
from maehia.city.queries.history import Event, Said, as_it_was, timeline
from maehia.city.queries.people import PersonView, people_at, person_view, reveal
from maehia.city.queries.readings import StationNow, latest, series
from maehia.city.queries.search import Hit, Term, find, parse_term
from maehia.city.queries.town import place_names, read_town, register_counts

__all__ = [
    "KINDS",
    "EntityView",
    "Event",
    "Hit",
    "PersonView",
    "Said",
    "StationNow",
    "Term",
    "Value",
    "as_it_was",
    "entity_view",
    "find",
    "latest",
    "origin_of",
    "parse_term",
    "people_at",
    "person_view",
    "place_names",
    "read_town",
    "register_counts",
    "reveal",
    "series",
    "timeline",
]
