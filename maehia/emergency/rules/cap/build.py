"""Writing a message: UTF-8, the fixed order of elements, the same bytes for the same values every time."""

from __future__ import annotations

from typing import Any

from lxml import etree

from maehia.emergency.rules.cap.elements import NS, ORDER
from maehia.emergency.rules.cap.message import Alert

DEFAULT: Any = {None: NS}  # no prefix
XML_TEXT_ERROR = "a text holds a character that XML cannot carry"


def build(alert: Alert) -> bytes:
    """The message as bytes, unsigned. Raises ValueError for control characters, which XML cannot carry."""
    root = etree.Element(f"{{{NS}}}alert", nsmap=DEFAULT)
    fill(root, alert)
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


def fill(parent: Any, value: Any) -> None:
    """Put the elements of a value under its own element, in order; absent ones are left out."""
    for element in ORDER[type(value)]:
        held = getattr(value, element.field)
        many = held if element.count in "*+" else () if held is None else (held,)
        for one in many:
            child = etree.SubElement(parent, f"{{{NS}}}{element.tag}")
            if element.kind is str:
                child.text = _text(one)
            else:
                fill(child, one)


def _text(value: str) -> str:
    if any(ord(letter) < 32 and letter not in "\t\n\r" for letter in value) or "\ufffe" in value or "\uffff" in value:
        raise ValueError(XML_TEXT_ERROR)
    return value
