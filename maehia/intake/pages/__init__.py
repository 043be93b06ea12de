"""Rows turned into the parts that the pages show. Reads only; personal data only inside a purpose of the caller."""

from maehia.intake.pages.changes import ChangeGroup, change_groups
from maehia.intake.pages.common import actor_names, crumbs, field_label, job_of, progress_of, source_name
from maehia.intake.pages.deliveries import (
    delivery_steps,
    kind_tiles,
    problem_chips,
    problem_groups,
    problem_table,
    register_table,
    row_tiles,
    waiting_pairs,
)
from maehia.intake.pages.review import (
    Found,
    likelihood,
    neighbours,
    next_in_line,
    not_yet_applied,
    ordered,
    queue_table,
    ruling_words,
    side_by_side,
    verdict_table,
    waits_words,
)
from maehia.intake.pages.sources import (
    delivery_table,
    freshness_table,
    mapping_terms,
    source_terms,
)

__all__ = [
    "ChangeGroup",
    "Found",
    "actor_names",
    "change_groups",
    "crumbs",
    "delivery_steps",
    "delivery_table",
    "field_label",
    "freshness_table",
    "job_of",
    "kind_tiles",
    "likelihood",
    "mapping_terms",
    "neighbours",
    "next_in_line",
    "not_yet_applied",
    "ordered",
    "problem_chips",
    "problem_groups",
    "problem_table",
    "progress_of",
    "queue_table",
    "register_table",
    "row_tiles",
    "ruling_words",
    "side_by_side",
    "source_name",
    "source_terms",
    "verdict_table",
    "waiting_pairs",
    "waits_words",
]
