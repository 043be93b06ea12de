"""Names of persons: title, first name, last name, and what the title proves about sex and age."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from typing import Any

from maehia.thai.data import load_yaml
from maehia.thai.text import clean_text


@dataclass(frozen=True, slots=True)
class Title:
    """A title in its full form. sex "M", "F" or None; adult True (15 or over), False (under 15) or None."""

    text: str
    sex: str | None = None
    adult: bool | None = None


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name taken apart. `note` is what stood in brackets (an older name, a nickname)."""

    title: str
    first: str
    last: str
    sex: str | None = None
    adult: bool | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One spelling of a title without dots and spaces, and how it may stand before a name."""

    key: str
    title: Title
    kind: str
    form: str
    not_before: tuple[str, ...] = ()


NO_TITLE = Title("")
_BRACKET = re.compile(r"[(\[{（]")
_BRACKETS = re.compile(r"\s*[(\[{（]([^)\]}）]*)[)\]}）]?\s*")
_NO_SURNAME = re.compile(r"(?:ไม่มี|ไม่ปรากฏ|ไม่ทราบ)\s?(?:ชื่อสกุล|นามสกุล|สกุล)")
# After a name: others are meant too (กับพวก), an office for the owner, or an officer of the navy (ร.น.).
_AFTER = re.compile(r"(?<=\s)(กับพวก|และพวก|และคณะ|กับคณะ|ร\.\s?น\.)(?:\s|$).*")
_AND = re.compile(r"\s*[/;&\n]\s*|\s+(?:และ|กับ)(?!พวก|คณะ)\s*|(?<=\S)และ(?=นาย|นาง|น\.ส|ด\.[ชญ])")
_EDGE = " .,-–—_*'\"/:;"
_JOINT = re.compile(r"[ .]*")
_BEGINS_A_WORD = re.compile("[ก-ฮเ-ไA-Za-z]")
_MAX_TITLES = 3
_BEFORE_CIVIL = frozenset({"army", "navy", "air_force", "police", "volunteer", "academic", "health", "polite"})


def _key(text: str) -> str:
    return text.replace(" ", "").replace(".", "").lower()


def _entries_of(group: dict[str, Any]) -> list[_Entry]:
    """All spellings of one group of the data file, with หญิง after and ว่าที่ before where they exist."""
    sex, adult = group.get("sex"), group.get("adult")
    rest = (group["kind"], group["form"], tuple(group.get("not_before", ())))
    found = []
    for line in group["titles"]:
        spellings = [spelling.strip() for spelling in line.split("|")]
        forms = [("", "", sex)]
        if group.get("female"):
            forms.append(("", "หญิง", "F"))
        if group.get("acting"):
            forms += [("ว่าที่" + before, after, of) for before, after, of in forms]
        for before, after, of in forms:
            title = Title(before + spellings[0] + after, of, adult)
            found += [_entry(before + spelling + after, title, *rest) for spelling in spellings]
    return found


def _entry(spelling: str, title: Title, kind: str, form: str, not_before: tuple[str, ...]) -> _Entry:
    # หญิง is a whole word, so the name may follow it at once: ร.ต.หญิงสมร.
    return _Entry(_key(spelling), title, kind, "word" if spelling.endswith("หญิง") else form, not_before)


@cache
def _index() -> dict[str, tuple[_Entry, ...]]:
    """Entries by up to three first letters, longest first: ว่าที่ ร.ต.หญิง is met before ร.ต."""
    entries = [entry for group in load_yaml("titles.yaml")["groups"] for entry in _entries_of(group)]
    by_start: dict[str, list[_Entry]] = {}
    for entry in sorted(entries, key=lambda e: (-len(e.key), e.form != "word")):
        by_start.setdefault(entry.key[:3], []).append(entry)
    return {start: tuple(found) for start, found in by_start.items()}


def _stands(entry: _Entry, written: str, joint: str, rest: str) -> bool:
    """Whether the letters of the entry are a title here and not the beginning of a name."""
    if not rest:
        return entry.form != "spaced"
    if entry.form == "spaced":
        return bool(joint)
    if entry.form == "dot":
        return "." in joint
    if entry.form == "abbr":
        return _abbreviation_stands(entry, written, joint, rest)
    return bool(joint) or (_BEGINS_A_WORD.match(rest) is not None and not rest.startswith(entry.not_before))


def _abbreviation_stands(entry: _Entry, written: str, joint: str, rest: str) -> bool:
    """With its last dot; or with a space; or, for น.ส ด.ช ด.ญ, joined to the name (น.สพร is not น.สพ. + ร)."""
    everyday = entry.kind in ("civil", "child")
    if not joint:
        return everyday and written[1:2] == "."
    # สอ ใจดี is a person called สอ, สอ สมชาย ใจดี is a sergeant.
    return "." in joint or "." in written or everyday or entry.kind == "foreign" or " " in rest


def _end_of(text: str, letters: int) -> int:
    """Where the given number of characters other than dots and spaces ends."""
    for position, character in enumerate(text):
        if character not in " .":
            letters -= 1
            if not letters:
                return position + 1
    return len(text)


def _take_title(text: str) -> tuple[_Entry, bool, str] | None:
    """The title in front of the text, whether it was dotted, and what follows; None when there is none."""
    compact = _key(text)
    index = _index()
    for entry in chain(*(index.get(compact[:length], ()) for length in (3, 2, 1))):
        if compact.startswith(entry.key):
            end = _end_of(text, len(entry.key))
            joint = _JOINT.match(text, end)
            assert joint is not None  # the pattern matches nothing too  # noqa: S101
            rest = text[joint.end() :]
            if _stands(entry, text[:end], joint.group(), rest):
                return entry, "." in text[: joint.end()], rest
    return None


def _take_titles(text: str) -> tuple[Title, str]:
    """All titles in front (ผศ.ดร., พ.ต.ท.ดร.) as one, and the name."""
    taken: list[_Entry] = []
    while len(taken) < _MAX_TITLES and text and (found := _take_title(text)):
        entry, dotted, rest = found
        if taken and not dotted and not _may_follow(taken[-1], entry, rest):
            break
        taken.append(entry)
        text = rest
    return _joined([entry.title for entry in taken]), text


def _may_follow(first: _Entry, second: _Entry, rest: str) -> bool:
    """Whether a title without dots is a second title (พ.ต.อ. นาย ก ข) and not already the name."""
    return second.kind == "civil" and first.kind in _BEFORE_CIVIL and " " in rest


def _joined(titles: list[Title]) -> Title:
    if len(titles) < 2:
        return titles[0] if titles else NO_TITLE
    sex = next((t.sex for t in titles if t.sex), None)
    adult = next((t.adult for t in titles if t.adult is not None), None)
    return Title(" ".join(t.text for t in titles), sex, adult)


@lru_cache(maxsize=1 << 14)
def parse_title(text: str | None) -> Title:
    """The title in its full form with what it proves; an unknown one comes back as it is, proving nothing."""
    cleaned = clean_text(text).replace("(หญิง)", "หญิง").strip("-_ ")
    if not cleaned:
        return NO_TITLE
    title, rest = _take_titles(cleaned)
    return title if title.text else Title(rest)


def _split(name: str) -> tuple[str, str]:
    """First and last name. Thai: first word and the rest (ณ เชียงใหม่); Latin: last word last."""
    if "," in name:
        last, _, first = name.partition(",")
        if first.strip() and last.strip():
            return first.strip(), last.strip()
    words = [word for word in name.split(" ") if word.strip(_EDGE)]
    if len(words) < 2:
        return " ".join(words), ""
    if name.isascii():
        return " ".join(words[:-1]), words[-1]
    return words[0], " ".join(words[1:])


@lru_cache(maxsize=1 << 17)
def parse_name(full: str | None) -> PersonName:
    """A full name taken apart. A single name (Shan, Burmese) has last "". Raises nothing."""
    text = clean_text(full).replace("(หญิง)", "หญิง")
    note = ""
    if _BRACKET.search(text):
        note = " ".join(part.strip() for part in _BRACKETS.findall(text)).strip()
        text = _BRACKETS.sub(" ", text)
    if "ไม่" in text:
        text = _NO_SURNAME.sub(" ", text)
    if after := _AFTER.search(text):
        note = f"{note} {after[1]}".strip()
        text = text[: after.start()]
    title, name = _take_titles(text.strip(_EDGE))
    first, last = _split(name.strip(_EDGE))
    return PersonName(title.text, first.strip(_EDGE), last.strip(_EDGE), title.sex, title.adult, note)


@cache
def _organisation_words() -> re.Pattern[str]:
    rows = load_yaml("organisations.yaml")
    starts = "|".join(re.escape(word).replace(r"\ ", r"\s?") for word in rows["starts"])
    ends = "|".join(map(re.escape, rows["ends"]))
    return re.compile(rf"^(?:{starts})(?![ะ-ฺ็-๎])|(?:{ends})$", re.IGNORECASE)


def is_organisation(text: str | None) -> bool:
    """Whether the owner is no person: บริษัท, หจก., วัด, โรงเรียน, เทศบาล, ... by `data/organisations.yaml`."""
    return _organisation_words().search(clean_text(text)) is not None


def split_persons(text: str | None) -> tuple[str, ...]:
    """The names of a cell that holds several: นาย ก ข และ นาง ค ง; never inside one Latin "Last, First"."""
    cleaned = clean_text(text)
    if is_organisation(cleaned):
        return (cleaned,)
    parts = _AND.split(cleaned)
    if len(parts) == 1 and not cleaned.isascii():
        parts = cleaned.split(",")
    return tuple(part.strip(_EDGE) for part in parts if part.strip(_EDGE))


def name_key(text: str | None) -> str:
    """A name for comparing: cleaned, without spaces, dots and dashes, small letters. สม ศรี = สมศรี."""
    return re.sub(r"[\s.\-'\"]+", "", clean_text(text)).casefold()
