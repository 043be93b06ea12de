"""Documents as PDF: a Django template, the town's own font, a QR to the verify page, nothing fetched from outside."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import segno
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override as language
from lxml import html

from maehia import thai

FONTS = Path(__file__).resolve().parent.parent / "web" / "static" / "web" / "vendor" / "sarabun-5.3.0"
FACE = "@font-face {{ font-family: Sarabun-{letters}; font-weight: {weight}; src: url({url}) }}"
KEEP_ARABIC = frozenset({"style", "script", "svg", "title"})


def render_pdf(template: str, context: Mapping[str, Any], *, lang: str = "th", thai_digits: bool = False) -> bytes:
    """The PDF of a template. thai_digits: every digit a person reads, but in parts with data-arabic (codes, links)."""
    from maehia.forms.printing import write_pdf

    return write_pdf(render_page(template, context, lang=lang, thai_digits=thai_digits))


def render_page(template: str, context: Mapping[str, Any], *, lang: str = "th", thai_digits: bool = False) -> str:
    """The same as HTML, for preview and tests."""
    with language(lang):
        text = render_to_string(template, {**context, "faces": faces(), "lang": lang})
    return with_thai_digits(text) if thai_digits else text


def with_thai_digits(text: str) -> str:
    """๐-๙ in all words of a page; attributes, drawings and what is marked data-arabic stay."""
    page = html.fromstring(text)
    for node in page.iter():
        if not isinstance(node.tag, str):
            continue
        if not _kept(node) and node.text:
            node.text = thai.to_thai(node.text)
        parent = node.getparent()
        if node.tail and parent is not None and not _kept(parent):
            node.tail = thai.to_thai(node.tail)
    return str(html.tostring(page, encoding="unicode", doctype="<!doctype html>"))


def _kept(node: Any) -> bool:
    return any(
        up.tag in KEEP_ARABIC or up.get("data-arabic") is not None
        for up in (node, *node.iterancestors())
        if isinstance(up.tag, str)
    )


@cache
def faces() -> SafeString:
    """The font by file: one family per file, since two files under one name would be mixed up by the PDF."""
    found = []
    for path in sorted(FONTS.glob("sarabun-*-[47]00-normal.woff2")):
        _family, letters, weight, _style = path.name.split("-")
        found.append(FACE.format(letters=letters, weight=weight, url=path.as_uri()))
    return mark_safe("\n".join(found))  # noqa: S308 (our own file names)


def qr(text: str) -> SafeString:
    """A QR code as a drawing in the page, with its quiet edge."""
    drawn = segno.make_qr(text, error="m").svg_inline(scale=3, border=2, omitsize=True)
    return mark_safe(drawn)  # noqa: S308 (made of squares)


def drawing(static_name: str) -> SafeString:
    """An SVG of ours, to stand in the text of a document; nothing when it is not there."""
    found = finders.find(static_name)
    if not isinstance(found, str) or not found.endswith(".svg"):
        return SafeString("")
    text = Path(found).read_text("utf-8")
    return mark_safe(text[text.index("<svg") :])  # noqa: S308 (a file of the repository)
