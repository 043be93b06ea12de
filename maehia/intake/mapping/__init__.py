"""Mapping: what the columns of a file mean -> proposed, confirmed once, laid over every delivery of the source."""

from maehia.intake.mapping.apply import EXT_ID, SHAPE, SHAPE_AS_CAME, Mapped, apply_mapping
from maehia.intake.mapping.layout import (
    Layout,
    LayoutChange,
    compare_layout,
    discarded,
    follow,
    layout_of,
    layout_problems,
)
from maehia.intake.mapping.mapping import Mapping, sheets_for
from maehia.intake.mapping.profiles import ColumnProfile, profile
from maehia.intake.mapping.proposals import Around, Proposal, Question, propose
from maehia.intake.mapping.suggest import about_sheet, as_of, propose_for

__all__ = [
    "EXT_ID", "SHAPE", "SHAPE_AS_CAME", "Around", "ColumnProfile", "Layout", "LayoutChange", "Mapped", "Mapping",
    "Proposal", "Question", "about_sheet", "apply_mapping", "as_of", "compare_layout", "discarded", "follow",
    "layout_of", "layout_problems",
    "profile", "propose", "propose_for", "sheets_for",
]  # fmt: skip
