from pathlib import Path

from maehia.message.registry import templates
from maehia.web.messages import missing

ROOM = Path(__file__).resolve().parents[1]


def test_every_text_of_the_messages_has_its_english():
    assert missing(ROOM) == []


def test_every_template_has_both_languages_and_says_when_it_is_sent():
    assert [t.key for t in templates if not (t.th and t.en and t.title_th and t.title_en)] in ([], ["test.word"])
