"""What is wrong with a service definition: each fault with its line in the YAML, in a sentence, with what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from jsonschema import Draft202012Validator, ValidationError

from maehia.base import Problem
from maehia.forms.engine import faults as form_faults
from maehia.services.workflow import KINDS

Path = tuple[str | int, ...]
Fault = tuple[Path, str, str, str]  # path, code, what, fix
MINUTES = {"working_minutes": 1, "working_days": 7 * 60, "calendar_days": 5 * 60}  # rough, to compare promises only


def faults(
    given: str | Mapping[str, Any], *, acts: Iterable[str] | None = None, tariffs: Iterable[str] | None = None
) -> list[Problem]:
    """All faults of a YAML text (of one or more documents, with lines) or of plain data; [] when it is good.

    acts, tariffs: the keys that exist; None = not checked.
    """
    if not isinstance(given, str):
        return faults_of_data(plain_data(given), acts, tariffs)
    try:
        nodes = [node for node in yaml.compose_all(given, Loader=yaml.SafeLoader) if node is not None]
    except yaml.YAMLError as error:
        return [_unreadable(error)]
    if not nodes:
        return [Problem("empty_definition", "ไฟล์นี้ไม่มีข้อมูลบริการ", "บรรทัด 1", "ใส่ข้อมูลอย่างน้อยหนึ่งบริการ")]
    return [problem for node in nodes for problem in _faults_of_node(node, acts, tariffs)]


def read_documents(text: str) -> list[dict[str, Any]]:
    """The plain data of each document of a YAML text that `faults` found good."""
    return [plain_data(part) for part in yaml.safe_load_all(text) if part is not None]


def plain_data(value: Any) -> Any:
    """Days of YAML as ISO text, so that the data can be kept as JSON and be checked by the schema."""
    if isinstance(value, Mapping):
        return {key: plain_data(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain_data(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def faults_of_data(data: Any, acts: Iterable[str] | None = None, tariffs: Iterable[str] | None = None) -> list[Problem]:
    """As `faults`, of plain data: the places are paths instead of lines."""
    return [Problem(code, what, _shown(path), fix) for path, code, what, fix in _all(data, acts, tariffs)]


def _faults_of_node(node: yaml.Node, acts: Iterable[str] | None, tariffs: Iterable[str] | None) -> list[Problem]:
    lines: dict[Path, int] = {}
    found = list(_walk(node, (), lines))
    try:
        data = plain_data(_construct(node))
    except (yaml.YAMLError, ValueError, TypeError) as error:
        return [_unreadable(error)]
    found += _all(data, acts, tariffs)
    return [Problem(code, what, f"บรรทัด {_line(path, lines)} ({_shown(path)})", fix) for path, code, what, fix in found]


def _construct(node: yaml.Node) -> Any:
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_document(node)
    finally:
        loader.dispose()


def _walk(node: yaml.Node, path: Path, lines: dict[Path, int]) -> Iterator[Fault]:
    """Notes the line of every part; a key written twice is a fault, since YAML would quietly keep the last."""
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            here = (*path, str(key.value))
            if key.value in seen:
                yield here, "key_twice", f"หัวข้อ “{key.value}” เขียนซ้ำ", "เหลือไว้เพียงหัวข้อเดียว"
            seen.add(str(key.value))
            lines[here] = key.start_mark.line + 1
            yield from _walk(value, here, lines)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield from _walk(value, (*path, number), lines)


def _line(path: Path, lines: Mapping[Path, int]) -> int:
    while path not in lines:
        path = path[:-1]
    return lines[path]


def _shown(path: Path) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path) or "ทั้งบริการ"


def _unreadable(error: Exception) -> Problem:
    mark = getattr(error, "problem_mark", None)
    where = f"บรรทัด {mark.line + 1} คอลัมน์ {mark.column + 1}" if mark else "บรรทัด 1"
    what = f"อ่าน YAML ไม่ได้: {getattr(error, 'problem', None) or error}"
    return Problem("bad_yaml", what, where, "ตรวจการเยื้อง เครื่องหมาย : และเครื่องหมายคำพูดในบรรทัดนั้น")


@cache
def _schema() -> Draft202012Validator:
    text = (files("maehia.services") / "data" / "definition_schema.yaml").read_text("utf-8")
    return Draft202012Validator(yaml.safe_load(text))


def _all(data: Any, acts: Iterable[str] | None, tariffs: Iterable[str] | None) -> list[Fault]:
    shape = [_worded(error) for error in sorted(_schema().iter_errors(data), key=lambda e: list(map(str, e.path)))]
    return shape or [*_promises(data), *_form(data), *_states(data), *_keys(data, acts, tariffs)]


def _worded(error: ValidationError) -> Fault:
    path: Path = tuple(error.absolute_path)
    code, what, fix = _WORDS.get(str(error.validator), _other)(error)
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        extra = [key for key in error.instance if key not in error.schema.get("properties", {})]
        path = (*path, str(extra[0]))
    return path, code, what, fix


def _missing(error: ValidationError) -> tuple[str, str, str]:
    absent = [key for key in error.validator_value if key not in error.instance]
    return "missing_part", f"ขาดหัวข้อ {', '.join(absent)}", "เติมหัวข้อที่ขาด"


def _unknown(error: ValidationError) -> tuple[str, str, str]:
    extra = [str(key) for key in error.instance if key not in error.schema.get("properties", {})]
    return "unknown_part", f"ไม่รู้จักหัวข้อ {', '.join(extra)}", "ตรวจตัวสะกด หรือลบหัวข้อนี้"


def _not_of(error: ValidationError) -> tuple[str, str, str]:
    return "not_allowed", f"ค่า “{_short(error)}” ใช้ไม่ได้", f"ใช้ค่าใดค่าหนึ่งใน {', '.join(error.validator_value)}"


def _type(error: ValidationError) -> tuple[str, str, str]:
    return "wrong_type", f"ค่า “{_short(error)}” ผิดชนิด", f"ต้องเป็น {_TYPES.get(str(error.validator_value), 'ชนิดอื่น')}"


def _range(error: ValidationError) -> tuple[str, str, str]:
    word = "ไม่น้อยกว่า" if str(error.validator) == "minimum" else "ไม่เกิน"
    return "out_of_range", f"ค่า {_short(error)} อยู่นอกช่วง", f"ต้อง{word} {error.validator_value}"


def _other(error: ValidationError) -> tuple[str, str, str]:
    return "bad_value", f"ค่า “{_short(error)}” ใช้ไม่ได้", "แก้ค่าให้ตรงรูปแบบ ดู docs/services.md"


def _short(error: ValidationError) -> str:
    return str(error.instance)[:60]


_TYPES = {
    "object": "กลุ่มหัวข้อ",
    "array": "รายการ",
    "string": "ข้อความ",
    "integer": "จำนวนเต็ม",
    "boolean": "true หรือ false",
}
_WORDS: Mapping[str, Any] = {
    "required": _missing, "additionalProperties": _unknown, "enum": _not_of, "type": _type,
    "minimum": _range, "maximum": _range,
}  # fmt: skip


def _minutes(promise: Mapping[str, Any]) -> int:
    return int(promise["amount"]) * MINUTES[promise["unit"]]


def _promises(data: Mapping[str, Any]) -> Iterator[Fault]:
    promise = data["promise"]
    if "first_answer" in promise and _minutes(promise["first_answer"]) > _minutes(promise["resolve"]):
        yield (("promise", "first_answer"), "answer_after_end", "กำหนดตอบครั้งแรกนานกว่ากำหนดแล้วเสร็จ",
               "ให้กำหนดตอบครั้งแรกสั้นกว่าหรือเท่ากัน")  # fmt: skip
    sizes = [_minutes(rung["exceeded_by"]) for rung in data.get("ladder", ())]
    for number in range(1, len(sizes)):
        if sizes[number] <= sizes[number - 1]:
            yield (("ladder", number), "ladder_goes_down", "ลำดับการแจ้งผู้บังคับบัญชาไม่เรียงจากน้อยไปมาก",
                   "เรียงขั้นตามเวลาที่เกินกำหนด")  # fmt: skip


def _form(data: Mapping[str, Any]) -> Iterator[Fault]:
    """What the form engine says of the questions, and documents asked for by a question that is not there."""
    found = form_faults(data["form"]) if "form" in data else []
    for problem in found:
        yield ("form", *_parts(problem.where)), problem.code, problem.what, problem.fix
    if not found:
        yield from _papers(data, {part["id"] for part in data.get("form", {}).get("fields", ())})


def _parts(where: str) -> Path:
    """A path of the form engine, fields[2].label, as the parts that lines are kept by."""
    return tuple(int(part) if part.isdigit() else part for part in re.findall(r"[^.\[\]]+", where))


def _papers(data: Mapping[str, Any], asked: set[str]) -> Iterator[Fault]:
    for number, paper in enumerate(data.get("documents", ())):
        about = (paper.get("show_if") or {}).get("field")
        if about is not None and about not in asked:
            yield (("documents", number, "show_if"), "asks_later", f"ไม่มีคำถาม “{about}” ในแบบคำขอ",
                   "อ้างถึงคำถามที่มีอยู่")  # fmt: skip


def _states(data: Mapping[str, Any]) -> Iterator[Fault]:
    table = KINDS[data["kind"]]
    for code in data.get("closing", {}):
        if code not in table or table[code].type not in ("closed", "fixed"):
            yield (
                ("closing", code),
                "no_end_state",
                f"“{code}” ไม่ใช่สถานะสิ้นสุดของเรื่องประเภทนี้",
                "ดูสถานะใน docs/services.md",
            )
    for number, step in enumerate(data.get("steps", ())):
        if step.get("state") and step["state"] not in table:
            yield ("steps", number, "state"), "no_state", f"ไม่มีสถานะ “{step['state']}”", "ดูสถานะใน docs/services.md"
    if data.get("confidential") and data.get("visibility", {}).get("is_public"):
        yield (("visibility", "is_public"), "confidential_is_public", "เรื่องลับเผยแพร่ไม่ได้",
               "ตั้ง is_public: false")  # fmt: skip


def _keys(data: Mapping[str, Any], acts: Iterable[str] | None, tariffs: Iterable[str] | None) -> Iterator[Fault]:
    if acts is not None and data.get("act") and data["act"] not in set(acts):
        yield ("act",), "unknown_act", f"ไม่รู้จักกฎหมาย “{data['act']}”", "ดูรหัสใน acts.yaml"
    if tariffs is not None and data.get("fee") and data["fee"] not in set(tariffs):
        yield ("fee",), "unknown_tariff", f"ไม่รู้จักอัตราค่าธรรมเนียม “{data['fee']}”", "เพิ่มอัตราก่อน แล้วอ้างรหัสนั้น"
