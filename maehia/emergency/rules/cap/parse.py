"""Reading a message that anybody may have sent: nothing is fetched, expanded or trusted; everything wrong is told.

`parse` never raises for bad input. A message that is refused outright (DOCTYPE, entities, too large, too deep, no XML)
has no `alert`; one with faults of structure has as much of it as could be read, and the findings.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from lxml import etree

from maehia.emergency.rules.cap.elements import DS, NS, ORDER, WORDS, Element
from maehia.emergency.rules.cap.finding import ERROR, Finding
from maehia.emergency.rules.cap.message import Alert

MOST_BYTES = 1_000_000
MOST_DEPTH = 12  # a CAP message has four levels, a signature with its certificates up to eight
MOST_ELEMENTS = 20_000


@dataclass(frozen=True, slots=True)
class Parsed:
    """alert: None when refused. signed: a ds:Signature stands in it (nothing is said about whether it holds)."""

    alert: Alert | None
    findings: tuple[Finding, ...] = ()
    signed: bool = False


class Refused(Exception):
    def __init__(self, code: str, *args: str) -> None:
        super().__init__(code)
        self.finding = Finding(code, ERROR, "/", args)


def parse(data: bytes) -> Parsed:
    """Read one message; white space around texts is dropped (rule 19)."""
    try:
        root = safe_root(data)
    except Refused as refused:
        return Parsed(None, (refused.finding,))
    if root.tag != f"{{{NS}}}alert":
        return Parsed(None, (Finding("cap21_root", ERROR, "/", (str(root.tag)[:200],)),))
    reading = Reading()
    alert = reading.value(root, Alert, "/alert")
    return Parsed(alert, tuple(reading.findings), reading.signed)


def safe_root(data: bytes) -> Any:
    """The root element of bytes that passed the guard. Raises Refused."""
    if len(data) > MOST_BYTES:
        raise Refused("cap20_size", str(len(data)))
    guard = DefusedXMLParser(target=Depth(), forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        guard.feed(data)
        guard.close()
        plain = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
                                remove_pis=True, huge_tree=False)  # fmt: skip
        return etree.fromstring(data, plain)
    except DefusedXmlException as caught:
        raise Refused("cap20_doctype") from caught
    except (ParseError, etree.XMLSyntaxError, ValueError, LookupError) as caught:
        raise Refused("cap20_xml", str(caught)[:120]) from caught


class Depth:
    """A target that only counts: how deep, how many."""

    def __init__(self) -> None:
        self.depth = self.elements = 0

    def start(self, _tag: str, _attributes: dict[str, str]) -> None:
        self.depth, self.elements = self.depth + 1, self.elements + 1
        if self.depth > MOST_DEPTH or self.elements > MOST_ELEMENTS:
            raise Refused("cap20_depth", str(self.depth), str(self.elements))

    def end(self, _tag: str) -> None:
        self.depth -= 1

    def data(self, _text: str) -> None:
        """Text is the reader's matter."""

    def close(self) -> None:
        return None


class Reading:
    """One pass over the tree: values by the table of elements, findings of rule 21."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.signed = False

    def value(self, node: Any, kind: Any, path: str) -> Any:
        """The value of an element by the table of its kind."""
        table = ORDER[kind]
        loose = "".join([node.text or "", *(child.tail or "" for child in node)]).strip()
        if node.attrib or loose:
            self.note("cap21_unknown", path, *node.attrib, loose[:40])
        held: dict[str, list[Any]] = {element.field: [] for element in table}
        last, seen = -1, Counter[str]()
        for child in node:
            place, element = self.place(child, table, path, kind)
            if element is None:
                continue
            seen[element.tag] += 1
            here = f"{path}/{element.tag}" + (f"[{seen[element.tag]}]" if element.count in "*+" else "")
            if place < last:
                self.note("cap21_order", here, element.tag)
            last = max(last, place)
            held[element.field].append(self.content(child, element, here))
        return kind(**{element.field: self.counted(element, held[element.field], path) for element in table})

    def place(self, child: Any, table: tuple[Element, ...], path: str, kind: Any) -> tuple[int, Element | None]:
        """Where in the order a child belongs; None for what has no place here, which is noted."""
        tag = etree.QName(child)
        if tag.namespace == DS and kind is Alert and tag.localname == "Signature":
            self.signed = True
            if child.getnext() is not None and etree.QName(child.getnext()).namespace != DS:
                self.note("cap21_order", path, "ds:Signature")
            return 0, None
        if tag.namespace != NS:
            self.note("cap21_namespace", path, tag.namespace or "", tag.localname)
            return 0, None
        for place, element in enumerate(table):
            if element.tag == tag.localname:
                return place, element
        self.note("cap21_unknown", path, tag.localname)
        return 0, None

    def content(self, child: Any, element: Element, path: str) -> Any:
        if element.kind is not str:
            return self.value(child, element.kind, path)
        if len(child) or child.attrib:
            self.note("cap21_unknown", path, *[str(etree.QName(inner).localname) for inner in child], *child.attrib)
        text = "".join(child.itertext()).strip()
        if element.tag in WORDS and text not in WORDS[element.tag]:
            self.note("cap21_value", path, text[:60])
        return text

    def counted(self, element: Element, found: list[Any], path: str) -> Any:
        """The field's value from what was found; too many and too few are noted."""
        if not found and element.count in "1+":
            self.note("cap21_missing", f"{path}/{element.tag}", element.tag)
        if element.count in "*+":
            return tuple(found)
        if len(found) > 1:
            self.note("cap21_twice", f"{path}/{element.tag}", element.tag)
        return found[0] if found else None if element.count == "?" else ""

    def note(self, code: str, path: str, *args: str) -> None:
        self.findings.append(Finding(code, ERROR, path, args))
