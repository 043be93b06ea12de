"""The nouns of the services."""

from maehia.services.models.api import ApiKey, ReportToken, TokenService
from maehia.services.models.care import CareCode, CaringWho
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
from maehia.services.models.counter import CounterVisit, VisitRating, VisitWords
from maehia.services.models.fees import BankFile, BankLine, Invoice, PayeeSetting, Payment
from maehia.services.models.peers import Peer, PeerHint, PeerOut, PeerTicket
from maehia.services.models.people import Caring, CaseLink, CaseSecret, Party, Tombstone
from maehia.services.models.queue import (
    Booking,
    BookingEvent,
    BookingFor,
    Desk,
    Period,
    QueueGroup,
    QueueRules,
    Ticket,
    TicketFor,
)
from maehia.services.models.tariffs import TariffRate

__all__ = [
    "CHANNELS",
    "ApiKey",
    "BankFile",
    "BankLine",
    "Booking",
    "BookingEvent",
    "BookingFor",
    "CareCode",
    "Caring",
    "CaringWho",
    "Case",
    "CaseDetail",
    "CaseEvent",
    "CaseLink",
    "CaseSecret",
    "ClockPause",
    "CounterVisit",
    "Desk",
    "EscalationRung",
    "Invoice",
    "Party",
    "PayeeSetting",
    "Payment",
    "Peer",
    "PeerHint",
    "PeerOut",
    "PeerTicket",
    "Period",
    "QueueGroup",
    "QueueRules",
    "ReportToken",
    "RoutingVersion",
    "RungFired",
    "Service",
    "ServiceVersion",
    "State",
    "TariffRate",
    "Ticket",
    "TicketFor",
    "TokenService",
    "Tombstone",
    "Unit",
    "UnitMember",
    "VisitRating",
    "VisitWords",
]
