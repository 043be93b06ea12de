"""Tables of the emergency room, one module per part."""

from maehia.emergency.models.desk import (
    AuthorityNotice,
    Checklist,
    ChecklistItem,
    Objective,
    Playbook,
    PlaybookVersion,
    Post,
    Shift,
)
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
from maehia.emergency.models.recovery import (
    CorrectiveAction,
    Exercise,
    Finding,
    Inject,
    LifelineTarget,
    Review,
    SitRep,
)

__all__ = [
    "AuthorityNotice",
    "Checklist",
    "ChecklistItem",
    "CorrectiveAction",
    "Exercise",
    "Finding",
    "Footprint",
    "Grant",
    "Handover",
    "Incident",
    "Inject",
    "Inside",
    "LifelineTarget",
    "LogLine",
    "Objective",
    "Order",
    "Playbook",
    "PlaybookVersion",
    "Post",
    "Review",
    "Shift",
    "SitRep",
    "Team",
    "TeamMember",
]
