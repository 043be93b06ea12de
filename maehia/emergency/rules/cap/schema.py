"""The two schemas of others: the standard's own and the stricter one of google/cap-library (data/cap)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from lxml import etree

from maehia.emergency.rules.cap.finding import ERROR, Finding
from maehia.emergency.rules.cap.parse import Refused, safe_root

FOLDER = Path(__file__).resolve().parents[2] / "data" / "cap"
STRICT, EXTENDED = "cap12.xsd", "cap12_extended.xsd"
_PREFIX = re.compile(r"\{[^}]*\}|\b\w+:(?=\w)")


@cache
def schema(name: str) -> etree.XMLSchema:
    """A schema of the data folder. It imports nothing from the network."""
    parser = etree.XMLParser(no_network=True, load_dtd=False, resolve_entities=False)
    return etree.XMLSchema(etree.parse(str(FOLDER / name), parser))


def schema_findings(data: bytes, name: str) -> Iterator[Finding]:
    """What a schema has against bytes: one finding for each of its errors."""
    try:
        root = safe_root(data)
    except Refused as refused:
        yield refused.finding
        return
    checker = schema(name)
    if not checker.validate(root):
        for error in checker.error_log:  # type: ignore[attr-defined]
            path = _PREFIX.sub("", str(error.path or "/alert"))
            yield Finding("cap21_schema", ERROR, path, (name, str(error.message)[:160]))
