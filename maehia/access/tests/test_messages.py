"""Every text of access has English, and the compiled file is what the text file says."""

from pathlib import Path

from django.test import override_settings
from django.utils.translation import override

import maehia.access
from maehia.access.purposes import get
from maehia.access.queries import grounds, via_words
from maehia.kit import notices
from maehia.kit.models import Notice
from maehia.web import messages

ROOM = Path(maehia.access.__file__).parent


def test_every_thai_text_has_english():
    assert messages.missing(ROOM) == []


def test_the_compiled_file_is_up_to_date():
    text = messages.english_file(ROOM)
    assert text.with_suffix(".mo").read_bytes() == messages.mo_bytes(messages.read_po(text))


@override_settings(USE_I18N=True)
def test_data_speaks_both_languages():
    with override("en"):
        assert get("counter.service").title == "Service at the counter"
        assert grounds()["disaster"].title.startswith("Order")
        assert via_words("page") == "data page"
    with override("th"):
        assert get("counter.service").title == "ให้บริการประชาชนที่เคาน์เตอร์"
        assert via_words("reveal:national_id") == "เปิดเลขเต็ม"
    assert via_words("fax") == "fax"


def test_a_notice_speaks_the_language_of_the_page():
    notice = Notice(text_key="access.glass", params={"unit": "กองช่าง", "count": 2})
    with override("en"):
        assert notices.text_of(notice).startswith("Break-glass by กองช่าง")
    with override("th"):
        assert "2 คน" in notices.text_of(notice)
