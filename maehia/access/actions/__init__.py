"""The only way to write in access."""

from maehia.access.actions.accounts import (
    assign,
    change_password,
    create_account,
    deactivate,
    describe,
    end_assignment,
    install_roles,
    reset_factors,
    save_role,
    tie_person,
    undo,
)
from maehia.access.actions.consent import give_consent, withdraw_consent
from maehia.access.actions.glass import Ask, break_glass, end_glass, remind_reviews, review_glass
from maehia.access.actions.reading import close_alert, log_read, tell_cli_read
from maehia.access.actions.seals import SealFault, seal_reads, verify_reads
from maehia.access.actions.signing import appoint, delegate, end_signing

__all__ = [
    "Ask",
    "SealFault",
    "appoint",
    "assign",
    "break_glass",
    "change_password",
    "close_alert",
    "create_account",
    "deactivate",
    "delegate",
    "describe",
    "end_assignment",
    "end_glass",
    "end_signing",
    "give_consent",
    "install_roles",
    "log_read",
    "remind_reviews",
    "reset_factors",
    "review_glass",
    "save_role",
    "seal_reads",
    "tell_cli_read",
    "tie_person",
    "undo",
    "verify_reads",
    "withdraw_consent",
]
