"""Tables of the emergency room, one module per part."""

from maehia.emergency.models.incidents import (
    Footprint,
    Grant,
    Handover,
    Incident,
    Inside,
    LogLine,
    Order,
    Team,
    TeamMember,
)

__all__ = ["Footprint", "Grant", "Handover", "Incident", "Inside", "LogLine", "Order", "Team", "TeamMember"]
