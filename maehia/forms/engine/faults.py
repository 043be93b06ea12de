"""What is wrong with the plain data of a form: every fault with its path, in a sentence, with what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from maehia.base import Problem
from maehia.forms.engine.conditions import number
from maehia.forms.engine.definition import OPERATORS, TYPES

ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
SOURCE = re.compile(r"[a-z][a-z0-9_.]{0,59}")
KEYS = {
    "id", "type", "page", "label", "hint", "required", "show_if", "options", "min", "max", "length", "decimals", "most",
    "prefill",
}  # fmt: skip
MOST_FIELDS, MOST_DEPTH, LONGEST = 200, 6, 20_000
LISTS, TEXTS, FILES = ("choice", "choices"), ("text", "longtext"), ("photo", "file")
LIMITED = {
    "min": ("number", "date", "choices"),
    "max": ("number", "date", "choices"),
    "length": TEXTS,
    "decimals": ("number",),
    "most": FILES,
    "options": LISTS,
}
Found = Iterator[Problem]


def faults(data: Any) -> list[Problem]:
    """All faults of a form's plain data; [] when it is good. `where` is a path like fields[2].options[0].value."""
    if not isinstance(data, Mapping):
        return [_fault("form_shape", "", "แบบฟอร์มต้องเป็นข้อมูลแบบมีชื่อกำกับ", "เริ่มด้วย fields:")]
    found = list(_unknown(data, {"version", "pages", "fields"}, ""))
    found += _version(data.get("version", 1))
    pages, wrong = _pages(data.get("pages", []))
    found += wrong
    fields = data.get("fields")
    if not isinstance(fields, list) or len(fields) > MOST_FIELDS:
        return [*found, _fault("form_fields", "fields", f"fields ต้องเป็นรายการคำถามไม่เกิน {MOST_FIELDS} ข้อ", "")]
    earlier: dict[str, Mapping[str, Any]] = {}
    for place, field in enumerate(fields):
        path = f"fields[{place}]"
        if not isinstance(field, Mapping):
            found.append(_fault("form_shape", path, "คำถามต้องเป็นข้อมูลแบบมีชื่อกำกับ", "ใส่ id, type และ label"))
            continue
        found += _field(field, path, pages, earlier)
        if isinstance(field.get("id"), str):
            earlier.setdefault(field["id"], field)
    return found


def _fault(code: str, where: str, what: str, fix: str) -> Problem:
    return Problem(code, what, where, fix)


def _unknown(data: Mapping[Any, Any], known: set[str], path: str) -> Found:
    for key in data:
        if key not in known:
            where = f"{path}.{key}" if path else str(key)
            yield _fault("form_unknown_key", where, f"ไม่รู้จัก {key}", "ตรวจตัวสะกด หรือลบออก")


def _version(value: Any) -> Found:
    if not _whole(value, 1):
        yield _fault("form_version", "version", "version ต้องเป็นจำนวนเต็มตั้งแต่ 1", "")


def _whole(value: Any, least: int, most: int = 10**9) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _pages(data: Any) -> tuple[set[str], list[Problem]]:
    if not isinstance(data, list):
        return set(), [_fault("form_pages", "pages", "pages ต้องเป็นรายการ", "")]
    ids: set[str] = set()
    found: list[Problem] = []
    for place, page in enumerate(data):
        path = f"pages[{place}]"
        if not isinstance(page, Mapping):
            found.append(_fault("form_pages", path, "หน้าต้องมี id และ title", ""))
            continue
        found += [*_unknown(page, {"id", "title"}, path), *_id(page.get("id"), f"{path}.id", ids)]
        found += _text(page.get("title"), f"{path}.title")
        if isinstance(page.get("id"), str):
            ids.add(page["id"])
    return ids, found


def _id(value: Any, path: str, taken: Any) -> Found:
    if not isinstance(value, str) or not ID.fullmatch(value):
        yield _fault("form_id", path, "id ต้องเป็น a-z 0-9 _ เริ่มด้วยตัวอักษร ไม่เกิน 40 ตัว", "")
    elif value in taken:
        yield _fault("form_id_twice", path, f"id {value} ซ้ำกับข้อก่อนหน้า", "ตั้งชื่อใหม่ให้ไม่ซ้ำ")


def _text(value: Any, path: str) -> Found:
    if not isinstance(value, Mapping) or set(value) != {"th", "en"}:
        yield _fault("form_text", path, "ต้องมีข้อความทั้ง th และ en", "เช่น {th: ชื่อ, en: Name}")
        return
    for lang, words in value.items():
        if not isinstance(words, str) or not words.strip() or len(words) > 2000:
            yield _fault("form_text", f"{path}.{lang}", "ข้อความต้องไม่ว่างและไม่เกิน 2,000 ตัวอักษร", "")


def _field(field: Mapping[str, Any], path: str, pages: set[str], earlier: Mapping[str, Any]) -> Found:
    yield from _unknown(field, KEYS, path)
    yield from _id(field.get("id"), f"{path}.id", earlier)
    yield from _text(field.get("label"), f"{path}.label")
    if "hint" in field:
        yield from _text(field["hint"], f"{path}.hint")
    if not isinstance(field.get("required", False), bool):
        yield _fault("form_required", f"{path}.required", "required ต้องเป็น true หรือ false", "")
    if field.get("type") not in TYPES:
        yield _fault("form_type", f"{path}.type", "ไม่รู้จักชนิดคำถามนี้", f"ใช้ {', '.join(TYPES)}")
    else:
        yield from _limits(field, path)
    yield from _place(field, path, pages)
    if "show_if" in field:
        yield from _shown(field["show_if"], f"{path}.show_if", earlier)


def _place(field: Mapping[str, Any], path: str, pages: set[str]) -> Found:
    page = field.get("page", "")
    if page not in (pages or {""}) if isinstance(page, str) else True:
        yield _fault("form_page", f"{path}.page", "ไม่มีหน้านี้ใน pages", "ใช้ id ของหน้าที่ประกาศไว้")
    source = field.get("prefill", "")
    if not isinstance(source, str) or (source and not SOURCE.fullmatch(source)):
        yield _fault("form_prefill", f"{path}.prefill", "ชื่อแหล่งข้อมูลต้องเป็นแบบ person.phone", "")


def _limits(field: Mapping[str, Any], path: str) -> Found:
    kind = field["type"]
    for name, kinds in LIMITED.items():
        if name in field and kind not in kinds:
            yield _fault("form_limit", f"{path}.{name}", f"คำถามชนิด {kind} ไม่มี {name}", "ลบออก")
    if kind in LISTS:
        yield from _options(field.get("options"), f"{path}.options")
    if kind in LIMITED["min"]:
        yield from _range(field, path)
    for name, least, most in (("length", 1, LONGEST), ("decimals", 0, 6), ("most", 1, 10)):
        if name in field and not _whole(field[name], least, most):
            yield _fault("form_limit", f"{path}.{name}", f"{name} ต้องเป็นจำนวนเต็ม {least} ถึง {most}", "")


def _range(field: Mapping[str, Any], path: str) -> Found:
    read = _day if field["type"] == "date" else number
    ends: list[Any] = []
    for name in ("min", "max"):
        if name not in field:
            continue
        value = read(field[name])
        if value is None or (field["type"] == "choices" and value not in range(101)):
            yield _fault("form_limit", f"{path}.{name}", f"อ่านค่า {name} ไม่ได้", "ใส่ตัวเลข หรือวันที่แบบ 2026-11-22")
        else:
            ends.append(value)
    if len(ends) == 2 and ends[0] > ends[1]:
        yield _fault("form_limit", f"{path}.max", "max น้อยกว่า min", "สลับค่า")


def _day(value: Any) -> date | None:
    try:
        return value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def _options(options: Any, path: str) -> Found:
    if not isinstance(options, list) or not 1 <= len(options) <= 200:
        yield _fault("form_options", path, "คำถามแบบเลือกต้องมีตัวเลือก 1 ถึง 200 ข้อ", "ใส่ options")
        return
    values: set[str] = set()
    for place, option in enumerate(options):
        where = f"{path}[{place}]"
        if not isinstance(option, Mapping):
            yield _fault("form_options", where, "ตัวเลือกต้องมี value และ label", "")
            continue
        yield from _unknown(option, {"value", "label"}, where)
        yield from _id(option.get("value"), f"{where}.value", values)
        yield from _text(option.get("label"), f"{where}.label")
        if isinstance(option.get("value"), str):
            values.add(option["value"])


def _shown(data: Any, path: str, earlier: Mapping[str, Any], depth: int = 0) -> Found:
    if not isinstance(data, Mapping) or depth > MOST_DEPTH:
        yield _fault("form_show_if", path, "อ่านเงื่อนไขไม่ได้", "ใช้ {field: ..., is: ...} หรือ {all: [...]}")
        return
    joined = next((name for name in ("all", "any") if name in data), None)
    if joined is None:
        yield from _condition(data, path, earlier)
        return
    parts = data[joined]
    if len(data) != 1 or not isinstance(parts, list) or not parts:
        yield _fault("form_show_if", path, f"{joined} ต้องเป็นรายการเงื่อนไข และไม่มีคำอื่นปน", "")
        return
    for place, part in enumerate(parts):
        yield from _shown(part, f"{path}.{joined}[{place}]", earlier, depth + 1)


def _condition(data: Mapping[str, Any], path: str, earlier: Mapping[str, Any]) -> Found:
    operators = [name for name in OPERATORS if name in data]
    yield from _unknown(data, {"field", *OPERATORS}, path)
    if len(operators) != 1:
        yield _fault("form_show_if", path, "เงื่อนไขต้องมีตัวเปรียบเทียบหนึ่งตัว", f"ใช้ {', '.join(OPERATORS)}")
        return
    name = data.get("field")
    field = earlier.get(name) if isinstance(name, str) else None
    if field is None:
        yield _fault("form_show_if_field", f"{path}.field", "เงื่อนไขต้องอ้างถึงคำถามที่มาก่อน", "ย้ายคำถามขึ้นก่อน หรือแก้ชื่อ")
        return
    yield from _compared(field, operators[0], data[operators[0]], f"{path}.{operators[0]}")


def _compared(field: Mapping[str, Any], operator: str, value: Any, path: str) -> Found:
    if operator == "is_empty":
        if not isinstance(value, bool):
            yield _fault("form_show_if", path, "is_empty ต้องเป็น true หรือ false", "")
        return
    if operator in ("at_least", "less_than"):
        if number(value) is None and _day(value) is None:
            yield _fault("form_show_if", path, "ต้องเป็นตัวเลขหรือวันที่", "")
        return
    if (operator == "in") != isinstance(value, list):
        yield _fault("form_show_if", path, "in ต้องเป็นรายการ ส่วน is และ is_not เป็นค่าเดียว", "")
        return
    values = value if isinstance(value, list) else [value]
    if not values or not all(isinstance(one, str | int | float) for one in values):
        yield _fault("form_show_if", path, "ค่าที่เปรียบเทียบต้องเป็นข้อความ ตัวเลข หรือ true/false", "")
    elif field.get("type") in LISTS:
        yield from _chosen(field, values, path)


def _chosen(field: Mapping[str, Any], values: list[Any], path: str) -> Found:
    options = field.get("options")
    known = [o.get("value") for o in options if isinstance(o, Mapping)] if isinstance(options, list) else []
    for value in values:
        if value not in known:
            yield _fault("form_show_if_value", path, f"คำถามนั้นไม่มีตัวเลือก {value}", "ใช้ค่าใน options ของคำถามนั้น")
