"""The same warning for other mouths: a line of news, LINE, a short message, a loudspeaker. All from one info."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from maehia.emergency.rules.cap.message import Alert, Info, infos_of
from maehia.emergency.rules.cap.times import OFFSET, read

THAI_SEGMENT, LATIN_SEGMENT = 70, 160  # letters that one short message carries (unverified)
STATUS_WORDS = {
    "Exercise": ("ฝึกซ้อม: ", "EXERCISE: "), "Test": ("ทดสอบระบบ: ", "TEST: "), "System": ("ระบบ: ", "SYSTEM: "),
    "Draft": ("ร่าง: ", "DRAFT: "),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Texts:
    """sms: short, without a link. line: whole. speaker: read aloud twice. broadcast: for cell broadcast, no link."""

    title: str
    sms: str
    line: str
    speaker: str
    broadcast: str


def texts_of(alert: Alert, language: str) -> tuple[str, Texts | None]:
    """XPath of the info in a language and the texts made from it; None when the message has no such info."""
    for path, info in infos_of(alert):
        if (info.language or "en-US").lower().startswith(language.lower()):
            return path, make(alert, info)
    return "/alert/info", None


def make(alert: Alert, info: Info) -> Texts:
    thai = (info.language or "").lower().startswith("th")
    title = marked(alert.status, info.headline or info.event, thai)
    until = when(read(info.expires or ""), thai)
    places = ", ".join(area.desc for area in info.areas)
    parts = [info.description, info.instruction]
    spoken = [title, *(part for part in parts if part)]
    line = [*spoken, f"{'พื้นที่' if thai else 'Area'}: {places}"]
    line += [f"{'ถึง' if thai else 'Until'} {until}"] if until else []
    line += [f"{'ติดต่อ' if thai else 'Contact'} {info.contact}"] if info.contact else []
    line += [info.web] if info.web else []
    line += [f"({info.sender_name})"] if info.sender_name else []
    return Texts(title, short(title, info.instruction), "\n".join(line), aloud(spoken, info, thai), " ".join(spoken))


def marked(status: str, text: str, thai: bool) -> str:
    """The headline, after the word that says when it is not real (once)."""
    word = STATUS_WORDS.get(status, ("", ""))[0 if thai else 1]
    return text if not word or text.startswith(word.strip()) else f"{word}{text}"


def short(title: str, instruction: str | None) -> str:
    """Headline, and the first sentence of the instruction where one short message holds both."""
    first = (instruction or "").split("\n")[0].strip()
    both = f"{title} {first}".strip()
    return both if segments(both) == 1 else title


def aloud(spoken: list[str], info: Info, thai: bool) -> str:
    """What a loudspeaker reads: who speaks, the message, and the message once more."""
    who = f"{'ประกาศจาก' if thai else 'This is'} {info.sender_name}" if info.sender_name else ""
    again = "ประกาศซ้ำอีกครั้ง" if thai else "I repeat"
    body = "\n".join(spoken)
    return "\n".join(part for part in (who, body, again, body) if part)


def segments(text: str) -> int:
    """How many short messages a text takes."""
    longest = LATIN_SEGMENT if text.isascii() else THAI_SEGMENT
    return max(1, math.ceil(len(text) / longest))


def when(moment: datetime | None, thai: bool) -> str:
    if moment is None:
        return ""
    here = moment.astimezone(OFFSET)
    if thai:
        return f"{here.hour:02d}.{here.minute:02d} น. วันที่ {here.day}/{here.month}/{here.year + 543}"
    return f"{here.hour:02d}:{here.minute:02d}, {here.day}/{here.month}/{here.year}"
