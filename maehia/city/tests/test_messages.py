from pathlib import Path

from maehia.city import words
from maehia.city.queries.entities import KINDS
from maehia.evidence.models import RECORDS
from maehia.web.messages import missing

ROOM = Path(__file__).resolve().parents[1]


def test_every_text_of_the_register_has_its_english():
    assert missing(ROOM) == []


def test_every_field_that_a_page_may_show_has_its_word():
    shown = {f.name for model in KINDS.values() for f in model._meta.concrete_fields} - {"key", "sources"}
    shown |= {name for kind in ("person", "house", "parcel") for name in RECORDS[kind].VALUES} - {
        "about_kind",
        "about_ref",
    }
    assert shown - set(words.FIELD) == set()


def test_every_kind_has_its_word_and_its_icon():
    assert set(words.KIND) == set(words.ICON) == {*KINDS, "person", "household"}
