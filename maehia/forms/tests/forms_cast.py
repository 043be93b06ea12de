"""A form that asks everything once: what มาลี would fill in to have a tree cut."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

from cssselect2 import ElementWrapper

from maehia.forms.engine import Form, read_form

TODAY = date(2026, 11, 22)


def pair(th: str, en: str = "") -> dict[str, str]:
    return {"th": th, "en": en or th}


def question(id_: str, type_: str = "text", **more: Any) -> dict[str, Any]:
    return {"id": id_, "type": type_, "label": pair(f"คำถาม {id_}", f"Question {id_}"), **more}


def options(*values: str) -> list[dict[str, Any]]:
    return [{"value": value, "label": pair(f"ข้อ {value}", f"Option {value}")} for value in values]


TREE: dict[str, Any] = {
    "version": 3,
    "pages": [{"id": "what", "title": pair("ต้นไม้", "The tree")}, {"id": "who", "title": pair("ผู้ขอ", "Who asks")}],
    "fields": [
        question("kind", "choice", page="what", required=True, options=options("fallen", "branch", "other")),
        question("other_kind", page="what", required=True, length=40, show_if={"field": "kind", "is": "other"}),
        question("height", "number", page="what", min=1, max=60, decimals=1, hint=pair("เมตร", "metres")),
        question("danger", "yes_no", page="what", show_if={"field": "height", "at_least": 10}),
        question("near", "choices", page="what", max=2, options=options("road", "wire", "house")),
        question("since", "date", page="what", min="2026-01-01", max="2026-12-31"),
        question("where", "point", page="what"),
        question("photos", "photo", page="what", most=3),
        question("note", "longtext", page="what", length=200),
        question("id", "person_id", page="who", prefill="person.national_id"),
        question("phone", "phone", page="who", required=True, prefill="person.phone"),
        question("home", "address", page="who"),
        question("house", "house", page="who"),
        question("deed", "parcel", page="who"),
        question("plan", "file", page="who", show_if={"any": [
            {"field": "kind", "is": "fallen"}, {"all": [{"field": "danger", "is": True}, {"field": "near", "in": ["wire"]}]},
        ]}),
    ],
}  # fmt: skip

# Every answer as it may come from a phone: Thai digits, spaces, dashes.
TYPED: dict[str, Any] = {
    "kind": "branch", "height": "๑๒.๕", "danger": "yes", "near": ["wire", "road"], "since": "1/2/2569",
    "where": {"lat": "18.7447200", "lon": "98.9511"}, "note": "บรรทัดหนึ่ง\r\nบรรทัดสอง", "id": "1-2345-67890-12-1",
    "phone": "๐๘๑ ๒๓๔ ๕๖๗๘", "home": {"house_no": "๑๒/๓", "moo": "๕", "note": ""}, "house": "5001-012345-6", "deed": "โฉนด ๑๒๓",
    "plan": ["00000000-0000-0000-0000-000000000007"], "photos": ["00000000-0000-0000-0000-000000000001"],
}  # fmt: skip


def tree(**changes: Any) -> Form:
    return read_form({**copy.deepcopy(TREE), **changes})


def form_of(*fields: dict[str, Any]) -> Form:
    return read_form({"fields": list(fields)})


def select(page: Any, css: str) -> list[Any]:
    """The elements of a parsed page that a CSS selector means."""
    return [found.etree_element for found in ElementWrapper.from_html_root(page).query_all(css)]
