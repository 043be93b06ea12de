"""The only way to write evidence and decisions."""

from maehia.evidence.actions.commit import CommitCounts, commit_delivery, publish, withdraw_delivery
from maehia.evidence.actions.decisions import correct_value, rule_pair, undo_correction, undo_verdict
from maehia.evidence.actions.deliveries import note_state, open_file, receive_file, refuse_delivery
from maehia.evidence.actions.keeping import discard_file, drop_due_files, due_files, keep_until, sweep_files
from maehia.evidence.actions.links import LinkChange, save_links
from maehia.evidence.actions.redaction import redact, replay_redactions
from maehia.evidence.actions.sources import enter_leave, load_sources, revoke_leave, save_source
from maehia.evidence.rules import Batch

__all__ = [
    "Batch",
    "CommitCounts",
    "LinkChange",
    "commit_delivery",
    "correct_value",
    "discard_file",
    "drop_due_files",
    "due_files",
    "enter_leave",
    "keep_until",
    "load_sources",
    "note_state",
    "open_file",
    "publish",
    "receive_file",
    "redact",
    "refuse_delivery",
    "replay_redactions",
    "revoke_leave",
    "rule_pair",
    "save_links",
    "save_source",
    "sweep_files",
    "undo_correction",
    "undo_verdict",
    "withdraw_delivery",
]
