"""{% load maehia_web %}: icons, Thai dates and numbers, masked IDs, source chips, maps, figures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from maehia import thai
from maehia.web import formats, maps, registry
from maehia.web.context import page_parts
from maehia.web.values import Source

register = template.Library()

register.filter("thai_date", formats.show_date)
register.filter("thai_datetime", formats.show_datetime)
register.filter("since", formats.show_since)
register.filter("span", formats.show_span)
register.filter("number", formats.show_number)
register.filter("baht", formats.show_baht)
register.filter("national_id", formats.show_national_id)
register.filter("phone", formats.show_phone)
register.filter("house_code", formats.show_house_code)
register.filter("size", formats.show_size)

STATE_ICONS = {"open": "open", "work": "work", "done": "done", "late": "late", "wait": "wait"}


@register.filter
def fiscal_year(value: date | datetime | None) -> int | str:
    """ปีงบประมาณ of a day, as พ.ศ."""
    return thai.fiscal_year(formats.local_day(value)) if isinstance(value, date) else formats.NOTHING


@register.filter
def short_count(value: int | None) -> str:
    """A count for a small badge: 999+ above 999."""
    return "" if value is None else "999+" if value > 999 else str(value)


@register.filter
def get_item(mapping: Mapping[Any, Any] | None, key: Any) -> Any:
    """The value of a key, or "" (for tables whose rows are dicts)."""
    return mapping.get(key, "") if isinstance(mapping, Mapping) else ""


@register.filter
def digits(value: object) -> str:
    """Only the digits, for tel: links."""
    return "".join(c for c in thai.to_arabic(str(value)) if c.isdigit() or c == "+")


@register.filter
def in_language(pair: tuple[str, str]) -> str:
    """The text of a (Thai, English) pair in the language of the page."""
    th, en = pair
    return en if en and (get_language() or "th").startswith("en") else th


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An icon of the sprite. Without a label it is decoration and hidden from screen readers."""
    href = f"{static('web/img/icons.svg')}#{name}"
    css = f"icon {css}".strip()
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', css, label, href)
    return format_html('<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"/></svg>', css, href)


@register.simple_tag
def status(state: str, label: str) -> SafeString:
    """A status tag: colour, icon and word together. state: open work done late wait."""
    state = state if state in STATE_ICONS else "wait"
    return format_html('<span class="tag tag-{}">{} {}</span>', state, icon(STATE_ICONS[state]), label)


@register.inclusion_tag("web/parts/source_chip.html")
def source_chip(source: Source | None = None, **parts: Any) -> dict[str, Any]:
    """ "มาจาก: ทะเบียนราษฎร": give a `Source`, or its parts by name (name, as_of, where, url, note)."""
    return {"source": source or Source(**parts)}


@register.simple_tag(takes_context=True)
def load_page_parts(context: template.RequestContext) -> str:
    """Puts town, banners, menus, ... into the context, where no context processor did."""
    request: HttpRequest | None = context.get("request")
    for name, value in page_parts(request).items():
        if name not in context:
            context.dicts[0][name] = value
    return ""


@register.simple_tag
def page_scripts() -> list[str]:
    """Paths of the modules that rooms bring to every page."""
    return [script.path for script in registry.page_scripts]


@register.inclusion_tag("web/parts/map.html", takes_context=True)
def map_widget(context: template.RequestContext, **options: Any) -> dict[str, Any]:
    """A map figure with its list twin. Options: see `maehia.web.maps.map_figure`."""
    return maps.map_figure(context.get("request"), **options)


@register.filter
def make_list_words(text: str) -> list[str]:
    """A text cut at spaces."""
    return text.split()
