"""Every text of forms and documents has its English."""

from __future__ import annotations

from pathlib import Path

from maehia.forms.numbering import built_in
from maehia.web.messages import missing

ROOM = Path(__file__).resolve().parents[1]


def test_every_text_of_forms_and_documents_has_its_english():
    assert missing(ROOM) == []


def test_every_series_has_both_names_and_a_pattern_that_can_be_printed():
    for series in built_in().values():
        assert series.th
        assert series.en
        assert "12" in series.text(12, 2569)
