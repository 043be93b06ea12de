"""Rules 18 and 24: the words of a message, and the texts of other channels made from them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from maehia.emergency.rules.cap.context import Context
from maehia.emergency.rules.cap.finding import ERROR, WARNING, Finding
from maehia.emergency.rules.cap.message import Alert, Info, infos_of
from maehia.emergency.rules.cap.texts import segments, texts_of

HTML = re.compile(r"<\s*/?\s*[A-Za-z!][^>]*>|&(?:[A-Za-z]{2,8}|#\d{1,6}|#[xX][0-9a-fA-F]{1,6});")
LONGEST_HEADLINE = 160


def plain(alert: Alert, context: Context) -> Iterator[Finding]:
    """18: no tags; a headline that fits; three texts that say three things."""
    level = ERROR if context.publishing else WARNING
    for path, info in infos_of(alert):
        for tag, text in texts(info):
            if HTML.search(text):
                yield Finding("cap18_html", level, f"{path}/{tag}", (text[:60],))
        if len(info.headline or "") > LONGEST_HEADLINE:
            yield Finding("cap18_long", WARNING, f"{path}/headline", (str(len(info.headline or "")),))
        if info.headline and info.headline == info.description:
            yield Finding("cap18_same", WARNING, f"{path}/description", ("headline",))
        if info.description and info.description == info.instruction:
            yield Finding("cap18_same", WARNING, f"{path}/instruction", ("description",))


def texts(info: Info) -> Iterator[tuple[str, str]]:
    for tag, text in (("event", info.event), ("senderName", info.sender_name), ("headline", info.headline),
                      ("description", info.description), ("instruction", info.instruction),
                      ("contact", info.contact), ("audience", info.audience)):  # fmt: skip
        if text:
            yield tag, text
    for number, area in enumerate(info.areas, 1):
        yield f"area[{number}]/areaDesc", area.desc


def derived(alert: Alert, context: Context) -> Iterator[Finding]:
    """24: what goes out beside the message says the same; a long short message costs more than one."""
    for (language, channel), text in context.texts.items():
        path, made = texts_of(alert, language)
        if made is None or getattr(made, channel, None) != text:
            yield Finding("cap24_other", WARNING, path, (channel, language))
        if channel == "sms" and segments(text) > 1:
            yield Finding("cap24_segments", WARNING, path, (language, str(segments(text)), str(len(text))))


RULES = (plain, derived)
