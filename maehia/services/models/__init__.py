"""The nouns of the services."""

from maehia.services.models.cases import CHANNELS, Case, CaseDetail, CaseEvent, ClockPause, RungFired
from maehia.services.models.catalogue import (
    EscalationRung,
    RoutingVersion,
    Service,
    ServiceVersion,
    State,
    Unit,
    UnitMember,
)
from maehia.services.models.people import Caring, CaseLink, CaseSecret, Party, Tombstone

__all__ = [
    "CHANNELS",
    "Caring",
    "Case",
    "CaseDetail",
    "CaseEvent",
    "CaseLink",
    "CaseSecret",
    "ClockPause",
    "EscalationRung",
    "Party",
    "RoutingVersion",
    "RungFired",
    "Service",
    "ServiceVersion",
    "State",
    "Tombstone",
    "Unit",
    "UnitMember",
]
