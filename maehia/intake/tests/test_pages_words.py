"""Every code that a page can meet has words, in both languages."""

import ast
import re
from pathlib import Path

from maehia.intake.checking.rules import default_rules
from maehia.intake.pages import labels
from maehia.linkage import guards, houses
from maehia.web.messages import missing

ROOM = Path(__file__).resolve().parents[1]
FINDERS = {"Finding", "Fault", "Rule"}


def codes_in_source():
    """Codes of findings as the code names them."""
    for file in [*ROOM.glob("reading/*.py"), *ROOM.glob("mapping/*.py"), *ROOM.glob("checking/*.py")]:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in FINDERS:
                texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
                yield from (text for text in texts if re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", text) and text != "ext_id")


def test_every_problem_has_a_name():
    known = set(labels._problems())
    assert {rule.code for rule in default_rules()} <= known
    assert set(codes_in_source()) <= known


def test_every_reason_of_the_linkage_has_words():
    assert set(guards.REASONS) | set(houses.REASONS) | {"doubt"} <= set(labels.REASON)


def test_every_text_has_its_english():
    assert missing(ROOM) == []
