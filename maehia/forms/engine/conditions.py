"""Whether a question is asked: conditions on earlier answers, also in words for those who read without a script."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from maehia.forms.engine.definition import All, Any_, Condition, Field, Form, Shown

Answers = Mapping[str, Any]


def holds(shown: Shown | None, answers: Answers) -> bool:
    """Whether the condition fits the answers; no condition always does. A missing answer fits "is_empty" only."""
    if shown is None:
        return True
    if isinstance(shown, All):
        return all(holds(part, answers) for part in shown.parts)
    if isinstance(shown, Any_):
        return any(holds(part, answers) for part in shown.parts)
    return _compare(shown, answers.get(shown.field))


def _compare(condition: Condition, seen: Any) -> bool:
    empty = seen is None or seen in ("", [], {})
    if condition.operator == "is_empty":
        return empty is bool(condition.value)
    if empty:
        return False
    # Of several chosen ones, one that fits is enough.
    values = seen if isinstance(seen, list | tuple) else [seen]
    match condition.operator:
        case "is":
            return any(same(value, condition.value) for value in values)
        case "is_not":
            return not any(same(value, condition.value) for value in values)
        case "in":
            return any(same(value, one) for value in values for one in condition.value)
        case _:
            return any(_ordered(condition.operator, value, condition.value) for value in values)


def same(seen: Any, value: Any) -> bool:
    """Equal as answers: "5.0" is 5, but True is not 1."""
    if isinstance(seen, bool) or isinstance(value, bool):
        return seen is value
    if seen == value:
        return True
    left, right = number(seen), number(value)
    return left is not None and left == right


def _ordered(operator: str, seen: Any, value: Any) -> bool:
    left, right = number(seen), number(value)
    if left is not None and right is not None:
        return left >= right if operator == "at_least" else left < right
    if isinstance(seen, str) and isinstance(value, str):  # days as ISO text are in order
        return seen >= value if operator == "at_least" else seen < value
    return False


def number(value: Any) -> Decimal | None:
    """A finite number, exact; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


WORDS = {
    "is": ("คือ", "is"),
    "is_not": ("ไม่ใช่", "is not"),
    "in": ("เป็นข้อใดข้อหนึ่งใน", "is one of"),
    "at_least": ("ตั้งแต่", "is at least"),
    "less_than": ("น้อยกว่า", "is less than"),
}
JOIN = {"all": (" และ ", " and "), "any": (" หรือ ", " or ")}


def say(form: Form, shown: Shown, lang: str = "th") -> str:
    """The condition as a clause: "ประเภทงาน คือ สร้างใหม่"."""
    english = int(lang.startswith("en"))
    if isinstance(shown, All | Any_):
        joined = JOIN["all" if isinstance(shown, All) else "any"][english]
        return joined.join(say(form, part, lang) for part in shown.parts)
    field = form.field(shown.field)
    label = field.label.in_(lang) if field else shown.field
    if shown.operator == "is_empty":
        words = (("ไม่ได้ตอบ", "is not answered"), ("ตอบแล้ว", "is answered"))[0 if shown.value else 1]
        return f"{label} {words[english]}"
    values = shown.value if isinstance(shown.value, tuple) else (shown.value,)
    return f"{label} {WORDS[shown.operator][english]} {', '.join(_value(field, value, lang) for value in values)}"


def _value(field: Field | None, value: Any, lang: str) -> str:
    if isinstance(value, bool):
        return (("ไม่ใช่", "no"), ("ใช่", "yes"))[value][lang.startswith("en")]
    option = field.option(str(value)) if field else None
    return option.label.in_(lang) if option else str(value)
