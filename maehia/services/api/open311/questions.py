"""The questions of a service as Open311 attributes, and the answers that a client sends to them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from maehia.services.api.open311.asked import finite
from maehia.services.api.open311.faults import Fault, about

LISTS = ("singlevaluelist", "multivaluelist")
DATATYPES = ("string", "number", "datetime", "text", *LISTS)
MOST_TEXT = 4000
_FIELD = re.compile(r"attribute\[([^\[\]]{1,80})\](\[\])?")


@dataclass(frozen=True, slots=True)
class Question:
    """One attribute. values: (key, name) of the list types. variable: False = a text to read, nothing to answer."""

    code: str
    datatype: str
    description: str
    order: int
    required: bool = False
    variable: bool = True
    datatype_description: str = ""
    values: tuple[tuple[str, str], ...] = ()

    def shape(self) -> dict[str, Any]:
        """As the wire shows it; `values` for the list types only."""
        found: dict[str, Any] = {
            "variable": self.variable, "code": self.code, "datatype": self.datatype, "required": self.required,
            "datatype_description": self.datatype_description or None, "order": self.order,
            "description": self.description,
        }  # fmt: skip
        if self.datatype in LISTS:
            found["values"] = [{"key": key, "name": name} for key, name in self.values]
        return found


def definition(service_code: str, questions: Sequence[Question]) -> dict[str, Any]:
    return {"service_code": service_code, "attributes": [question.shape() for question in questions]}


def sent_answers(fields: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Answers by code from `attribute[CODE]` and `attribute[CODE][]`; empty ones count as not sent."""
    found: dict[str, list[str]] = {}
    for name, values in fields.items():
        match = _FIELD.fullmatch(name)
        if match and (given := [text.strip() for text in values if text.strip()]):
            found.setdefault(match[1], []).extend(given)
    return found


def check_answers(questions: Sequence[Question], sent: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Answers as the form keeps them: text, number, ISO time, key, or a list of keys.

    Raises Fault 400 with everything that is wrong: missing, unknown, of another kind, not in the list.
    """
    askable = {question.code: question for question in questions if question.variable}
    wrong = [_said(code, "ไม่มีคำถามนี้", "no such attribute") for code in sent if code not in askable]
    answers: dict[str, Any] = {}
    for code, question in askable.items():
        if code in sent:
            found = read_answer(question, sent[code])
            if isinstance(found, Refused):
                wrong.append(_said(code, found.th, found.en))
            else:
                answers[code] = found
        elif question.required:
            wrong.append(_said(code, "ต้องตอบข้อนี้", "is required"))
    if wrong:
        raise Fault(400, *wrong)
    return answers


@dataclass(frozen=True, slots=True)
class Refused:
    th: str
    en: str


def _said(code: str, th: str, en: str) -> str:
    return about(f"attribute[{code}]", th, en)


def read_answer(question: Question, given: Sequence[str]) -> Any:
    """The answer as a value, or Refused."""
    if question.datatype == "multivaluelist":
        keys = list(dict.fromkeys(given))
        return keys if {key for key, _ in question.values} >= set(keys) else NOT_IN_LIST
    if len(given) != 1:
        return Refused("ตอบได้เพียงค่าเดียว", "takes one value")
    return READERS[question.datatype](question, given[0])


NOT_IN_LIST = Refused("ไม่มีในรายการให้เลือก", "is not a key of its list")


def _text(_question: Question, text: str) -> Any:
    return text if len(text) <= MOST_TEXT else Refused("ยาวเกิน 4000 ตัวอักษร", "longer than 4000 characters")


def _number(_question: Question, text: str) -> Any:
    number = finite(text)
    if number is None:
        return Refused("ต้องเป็นตัวเลข", "must be a number")
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _moment(_question: Question, text: str) -> Any:
    """Kept as it came: a form's date field takes the day, its time field the time."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or not 1800 <= found.year < 2400:
        return Refused("ต้องเป็นวันเวลาแบบ ISO 8601 ปี ค.ศ.", "must be ISO 8601, Gregorian year")
    return text


def _key(question: Question, text: str) -> Any:
    return text if text in {key for key, _ in question.values} else NOT_IN_LIST


READERS = {"string": _text, "text": _text, "number": _number, "datetime": _moment, "singlevaluelist": _key}
