"""A definition is read, checked line by line, and written back to itself."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from maehia.base import ProblemError
from maehia.services.catalogue_files import GROUPS, shipped
from maehia.services.rules.clock import Promise, Rung
from maehia.services.rules.definition import (
    Before,
    Definition,
    Paper,
    Retention,
    Step,
    Text,
    Visibility,
    as_data,
    faults,
    read_definition,
    read_documents,
    to_yaml,
)

LAMP = """\
code: lamp
kind: report
name: {th: ไฟถนน, en: Lamp}
group: streets
description: {th: ไฟดับ, en: Out}
unit: works
promise:
  resolve: {amount: 3, unit: working_days}
source: ค่าเริ่มต้นของระบบ
"""
LETTERS = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"))
WORDS = st.text(LETTERS, min_size=1, max_size=20).filter(lambda t: t.strip() == t and t)
TEXTS = st.builds(Text, WORDS, WORDS)
CODES = st.from_regex(r"\A[a-z][a-z_]{2,12}\Z")
PROMISES = st.builds(
    Promise, st.integers(1, 400), st.sampled_from(["working_minutes", "working_days", "calendar_days"]), st.booleans()
)
COUNTS = st.none() | st.integers(0, 90)
DEFINITIONS = st.builds(
    Definition,
    code=CODES, kind=st.just("service"), name=TEXTS, group=CODES, description=TEXTS, unit=CODES, source=WORDS,
    resolve=PROMISES, first_answer=st.none(), keywords=st.lists(WORDS, unique=True, max_size=3).map(tuple),
    who=st.none() | TEXTS, needs_identity=st.booleans(), photo=st.sampled_from(["required", "optional", "none"]),
    documents=st.lists(st.builds(Paper, CODES, TEXTS, st.sampled_from(["", "register.person"]), st.booleans()), max_size=2).map(tuple),
    steps=st.lists(st.builds(Step, CODES, TEXTS, CODES, time=st.none() | PROMISES), max_size=2).map(tuple),
    ladder=st.lists(st.builds(Rung, PROMISES, CODES), max_size=1).map(tuple),
    visibility=st.builds(Visibility, st.booleans(), st.integers(0, 500), st.sampled_from([(), ("photos",)])),
    reopen_days=st.integers(0, 90), closing=st.dictionaries(st.sampled_from(["issued", "refused"]), TEXTS),
    retention=st.builds(Retention, st.integers(1, 20), st.sampled_from(["anonymise", "delete"])),
    before=st.builds(Before, COUNTS, COUNTS, COUNTS, COUNTS, st.sampled_from(["", "ประกาศของเทศบาล"])),
    checked_on=st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)), verified=st.booleans(),
)  # fmt: skip


@given(DEFINITIONS)
def test_a_definition_written_as_yaml_reads_back_to_itself(definition: Definition) -> None:
    [data] = read_documents(to_yaml(definition))
    assert read_definition(data) == definition
    assert read_definition(as_data(definition)) == definition


def test_each_shipped_definition_reads_back_to_itself_and_is_of_a_known_group() -> None:
    for code, definition in shipped().items():
        assert read_definition(read_documents(to_yaml(definition))[0]) == definition, code
        assert definition.group in GROUPS


def test_thirty_categories_are_shipped_and_none_claims_to_be_verified() -> None:
    reports = [d for d in shipped().values() if d.kind == "report"]
    assert len(reports) == 30
    assert not any(d.verified for d in reports)
    assert all(d.first_answer and d.ladder and d.source for d in reports)
    assert {d.code for d in reports if d.confidential} == {"staff_conduct", "corruption"}
    assert shipped()["light"].asset_kind == "ไฟถนน"


def test_a_good_text_has_no_faults() -> None:
    assert faults(LAMP) == []


@pytest.mark.parametrize(
    ("find", "write", "code", "line"),
    [
        ("amount: 3", "amount: 0", "out_of_range", 8),
        ("unit: working_days", "unit: weeks", "not_allowed", 8),
        ("unit: works\n", "", "missing_part", 1),
        ("group: streets", "grupo: streets\ngroup: streets", "unknown_part", 4),
        ("kind: report", "kind: complaint", "not_allowed", 2),
        ("code: lamp", "code: Lamp 1", "bad_value", 1),
        ("{th: ไฟดับ, en: Out}", "ไฟดับ", "wrong_type", 5),
        ("group: streets", "group: streets\ngroup: water", "key_twice", 5),
        ("kind: report", "kind: [report", "bad_yaml", 3),
    ],
)
def test_a_fault_names_its_line(find: str, write: str, code: str, line: int) -> None:
    problem = next(p for p in faults(LAMP.replace(find, write)) if p.code == code)
    assert problem.where.startswith(f"บรรทัด {line} ")
    assert problem.what
    assert problem.fix


def test_a_fault_of_the_form_names_its_line_in_the_definition() -> None:
    [problem] = faults(LAMP + "form:\n  fields:\n  - id: a\n    type: choice\n    label: {th: ก, en: A}\n")
    assert problem.where.startswith("บรรทัด 12 ")


def test_lines_go_on_through_the_second_document() -> None:
    second = LAMP.replace("amount: 3", "amount: -1")
    [problem] = faults(f"{LAMP}---\n{second}")
    assert problem.where.startswith(f"บรรทัด {len(LAMP.splitlines()) + 1 + 8} ")


def test_an_empty_text_is_a_fault() -> None:
    assert [p.code for p in faults("# nothing\n")] == ["empty_definition"]


def _with(**parts: Any) -> list[str]:
    data = copy.deepcopy(yaml.safe_load(LAMP))
    return [problem.code for problem in faults(data | parts, acts={"known"}, tariffs={"known"})]


def test_what_one_part_says_of_another_is_checked() -> None:
    days = {"amount": 5, "unit": "working_days"}
    day = {"amount": 1, "unit": "working_days"}
    asked = {"id": "a", "type": "text", "label": {"th": "ก", "en": "A"}}
    assert _with(promise={"first_answer": days, "resolve": day}) == ["answer_after_end"]
    ladder = [{"exceeded_by": days, "role": "clerk"}, {"exceeded_by": day, "role": "mayor"}]
    assert _with(ladder=ladder) == ["ladder_goes_down"]
    assert _with(form={"fields": [asked, asked]}) == ["form_id_twice"]
    papers = [{"code": "a", "name": {"th": "ก", "en": "A"}, "show_if": {"field": "b"}}]
    assert _with(form={"fields": [asked]}, documents=papers) == ["asks_later"]
    assert _with(closing={"issued": {"th": "ก", "en": "A"}}) == ["no_end_state"]
    assert _with(steps=[{"code": "a", "name": {"th": "ก", "en": "A"}, "role": "clerk", "state": "gone"}]) == [
        "no_state"
    ]
    assert _with(confidential=True, visibility={"is_public": True}) == ["confidential_is_public"]
    assert _with(act="unknown", fee="unknown") == ["unknown_act", "unknown_tariff"]


def test_reading_bad_data_raises_its_first_fault() -> None:
    with pytest.raises(ProblemError) as caught:
        read_definition(yaml.safe_load(LAMP) | {"kind": "complaint"})
    assert caught.value.problem.code == "not_allowed"


def test_papers_of_the_town_are_kept_apart_from_those_to_bring() -> None:
    own, brought = Paper("house", Text("ก", "A"), "register.house"), Paper("plan", Text("ข", "B"))
    definition = replace(shipped()["light"], documents=(own, brought))
    assert (definition.town_has, definition.to_bring) == ((own,), (brought,))
