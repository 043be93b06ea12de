"""English is a full second language."""

from __future__ import annotations

import gettext
import io
from pathlib import Path

import pytest

from maehia.web import messages

ROOM = Path(messages.__file__).parent


def test_every_thai_text_of_the_shells_has_english():
    assert messages.missing(ROOM) == []


def test_no_english_is_left_in_thai():
    entries = messages.read_po(messages.english_file(ROOM))
    assert [v for values in entries.values() for v in values if messages.THAI.search(v)] == []


def test_no_translation_is_kept_for_a_text_that_is_gone():
    entries = messages.read_po(messages.english_file(ROOM))
    assert {key[0] for key in entries} - {""} <= set(messages.texts(ROOM))


@pytest.mark.parametrize("language", ["en", "th"])
def test_the_compiled_file_is_what_the_text_says(language):
    text = ROOM / f"locale/{language}/LC_MESSAGES/django.po"
    assert text.with_suffix(".mo").read_bytes() == messages.mo_bytes(messages.read_po(text))


def test_placeholders_survive_translation():
    import re

    marks = re.compile(r"%\(\w+\)[sd]")
    for key, values in messages.read_po(messages.english_file(ROOM)).items():
        for value in values if key != ("",) else ():
            assert sorted(marks.findall(value)) == sorted(marks.findall(key[0])), key


def test_python_reads_what_we_compile():
    entries = {("แมว",): ("cat",), ("%d ตัว", "%d ตัว"): ("%d cat", "%d cats"), ("ว่าง",): ("",)}
    read = gettext.GNUTranslations(io.BytesIO(messages.mo_bytes(entries)))
    assert read.gettext("แมว") == "cat"
    assert read.ngettext("%d ตัว", "%d ตัว", 1) == "%d cat"
    assert read.ngettext("%d ตัว", "%d ตัว", 5) == "%d cats"
    assert read.gettext("ว่าง") == "ว่าง"


def test_texts_are_found_in_code_and_templates():
    code = 'from x import gettext as _\na = _("หนึ่ง")\nb = ngettext("%d สอง", "%d สอง", n)\nc = gettext(name)\nd = other("สาม")\n'
    assert list(messages.in_python(code)) == [("หนึ่ง",), ("%d สอง", "%d สอง")]
    page = '{% load i18n %}{% translate "สี่" %}{% include "x" with a=_("ห้า") %}{% blocktranslate trimmed %}\n หก {{ n }}\n{% endblocktranslate %}{{ v|default:_("เจ็ด") }}'
    assert {m[0] for m in messages.in_template(page)} == {"สี่", "ห้า", "หก %(n)s", "เจ็ด"}


def test_a_file_survives_writing_and_reading(tmp_path):
    file = tmp_path / "django.po"
    entries = {('ข้อ "ก"\nข',): ('a "b"\nc',), ("%d ตัว", "%d ตัว"): ("%d x", "%d xs")}
    messages.write_po(file, entries)
    read = messages.read_po(file)
    read.pop(("",))
    assert read == entries


def test_a_new_text_without_english_is_reported(tmp_path):
    (tmp_path / "views.py").write_text('gettext("ใหม่")', "utf-8")
    assert messages.main([str(tmp_path)]) == 1
    assert messages.missing(tmp_path) == ["ใหม่"]
    messages.write_po(messages.english_file(tmp_path), {("ใหม่",): ("new",)})
    assert messages.main([str(tmp_path)]) == 0
