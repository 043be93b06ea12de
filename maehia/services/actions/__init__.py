"""The verbs of the services. Each locks, checks right and table, writes with its line of history, and tells."""

from maehia.services.actions.base import Stale
from maehia.services.actions.merging import merge, unmerge
from maehia.services.actions.moving import move
from maehia.services.actions.opening import Contact, NewCase, Opened, file_case, open_case, secret_of
from maehia.services.actions.releasing import release_photo, release_text, unrelease_photo
from maehia.services.actions.sorting import assign_person, assign_unit, recategorise, set_place, set_urgent
from maehia.services.actions.talking import add_note, answer, ask, follow_case, me_too, rate, reopen, unfollow

__all__ = [
    "Contact",
    "NewCase",
    "Opened",
    "Stale",
    "add_note",
    "answer",
    "ask",
    "assign_person",
    "assign_unit",
    "file_case",
    "follow_case",
    "me_too",
    "merge",
    "move",
    "open_case",
    "rate",
    "recategorise",
    "release_photo",
    "release_text",
    "reopen",
    "secret_of",
    "set_place",
    "set_urgent",
    "unfollow",
    "unmerge",
    "unrelease_photo",
]
