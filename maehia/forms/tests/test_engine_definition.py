"""Definitions: read, written back, and every fault with its path."""

from __future__ import annotations

import ast
import copy
import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.base import ProblemError
from maehia.forms import engine
from maehia.forms.engine import as_data, faults, read_form, to_yaml
from maehia.forms.tests.forms_cast import TREE, options, pair, question, tree

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def only(*fields):
    return {"fields": list(fields)}


def codes(data):
    return {problem.code for problem in faults(data)}


def places(data):
    return {problem.where for problem in faults(data)}


class TestRead:
    def test_the_form_keeps_order_pages_and_version(self):
        form = tree()
        assert form.version == 3
        assert [page.id for page in form.pages] == ["what", "who"]
        assert [field.id for field in form.on_page("who")] == ["id", "phone", "home", "house", "deed", "plan"]
        assert form.field("height").max == "60"
        assert form.field("nothing") is None

    def test_what_is_written_reads_back_to_the_same(self):
        form = tree()
        assert read_form(as_data(form)) == form
        assert read_form(yaml.safe_load(to_yaml(form))) == form
        assert json.loads(json.dumps(as_data(form))) == as_data(form)

    def test_a_day_of_yaml_is_the_day(self):
        data = yaml.safe_load(
            "fields:\n- {id: a, type: date, label: {th: ก, en: a}, min: 2026-01-31}\n"
            "- {id: b, type: text, label: {th: ข, en: b}, show_if: {field: a, at_least: 2026-02-01}}"
        )
        form = read_form(data)
        assert form.field("a").min == "2026-01-31"
        assert form.field("b").show_if.value == "2026-02-01"

    def test_the_first_fault_is_raised(self):
        with pytest.raises(ProblemError) as caught:
            read_form(only(question("a", "colour")))
        assert caught.value.problem.where == "fields[0].type"

    def test_the_text_of_the_language(self):
        label = tree().field("kind").label
        assert (label.in_("th"), label.in_("en")) == ("คำถาม kind", "Question kind")


class TestFaults:
    def test_a_good_form_has_none(self):
        assert faults(TREE) == []
        assert faults(only()) == []

    @pytest.mark.parametrize(("field", "code", "where"), [
        (question("A b"), "form_id", "fields[0].id"),
        (question("a", "colour"), "form_type", "fields[0].type"),
        (question("a", label="ก"), "form_text", "fields[0].label"),
        (question("a", label=pair("", "x")), "form_text", "fields[0].label.th"),
        (question("a", hint={"th": "ก"}), "form_text", "fields[0].hint"),
        (question("a", required="yes"), "form_required", "fields[0].required"),
        (question("a", colour=1), "form_unknown_key", "fields[0].colour"),
        (question("a", page="nowhere"), "form_page", "fields[0].page"),
        (question("a", prefill="Person Phone"), "form_prefill", "fields[0].prefill"),
        (question("a", min=3), "form_limit", "fields[0].min"),
        (question("a", length=0), "form_limit", "fields[0].length"),
        (question("a", "number", length=5), "form_limit", "fields[0].length"),
        (question("a", "number", min="x"), "form_limit", "fields[0].min"),
        (question("a", "number", min=5, max=4), "form_limit", "fields[0].max"),
        (question("a", "number", decimals=9), "form_limit", "fields[0].decimals"),
        (question("a", "date", min="2569-13-01"), "form_limit", "fields[0].min"),
        (question("a", "photo", most=True), "form_limit", "fields[0].most"),
        (question("a", "choice"), "form_options", "fields[0].options"),
        (question("a", "choice", options=options("x", "x")), "form_id_twice", "fields[0].options[1].value"),
        (question("a", "choices", options=options("x"), max=1.5), "form_limit", "fields[0].max"),
        (question("a", "text", options=options("x")), "form_limit", "fields[0].options"),
        ("a", "form_shape", "fields[0]"),
    ])  # fmt: skip
    def test_each_fault_names_its_place(self, field, code, where):
        found = faults(only(field))
        assert (code, where) in {(problem.code, problem.where) for problem in found}

    @pytest.mark.parametrize(("shown", "where"), [
        ({"field": "b", "is": 1}, "fields[1].show_if.field"),  # itself
        ({"field": "later", "is": 1}, "fields[1].show_if.field"),
        ({"field": "a"}, "fields[1].show_if"),
        ({"field": "a", "is": "x", "in": ["x"]}, "fields[1].show_if"),
        ({"field": "a", "is": "z"}, "fields[1].show_if.is"),
        ({"field": "a", "in": "x"}, "fields[1].show_if.in"),
        ({"field": "a", "in": ["x", "z"]}, "fields[1].show_if.in"),
        ({"field": "a", "is_empty": "yes"}, "fields[1].show_if.is_empty"),
        ({"field": "a", "at_least": "much"}, "fields[1].show_if.at_least"),
        ({"all": []}, "fields[1].show_if"),
        ({"all": [{"field": "a", "is": "x"}, {"field": "q", "is": 1}]}, "fields[1].show_if.all[1].field"),
        ({"any": [{"field": "a", "is": "x"}], "field": "a"}, "fields[1].show_if"),
        (["a"], "fields[1].show_if"),
    ])  # fmt: skip
    def test_a_condition_may_look_at_earlier_questions_only(self, shown, where):
        data = only(question("a", "choice", options=options("x", "y")), question("b", show_if=shown), question("later"))
        assert where in places(data)

    def test_two_questions_have_not_one_name(self):
        assert codes(only(question("a"), question("a"))) == {"form_id_twice"}

    @pytest.mark.parametrize("data", [None, [], "x", {}, {"fields": {}}, {"fields": [None]}, {"fields": [], "pages": 3},
                                      {"fields": [], "version": 0}, {"fields": [question("a")] * 201}])  # fmt: skip
    def test_data_of_another_shape(self, data):
        assert faults(data)

    def test_a_condition_without_end_is_refused_and_not_followed(self):
        shown = {"field": "a", "is": "x"}
        for _ in range(50):
            shown = {"all": [shown]}
        assert "form_show_if" in codes(only(question("a"), question("b", show_if=shown)))

    @settings(max_examples=150, deadline=None)
    @given(JSON)
    def test_whatever_stands_there_is_answered_with_words(self, data):
        for problem in faults(data):
            assert problem.what

    @settings(max_examples=150, deadline=None)
    @given(st.integers(0, 14), st.sampled_from(sorted(engine.faults.__globals__["KEYS"])), JSON)
    def test_a_damaged_question_is_found_or_still_reads(self, place, key, value):
        data = copy.deepcopy(TREE)
        data["fields"][place][key] = value
        if not faults(data):
            assert read_form(as_data(read_form(data))) == read_form(data)


def test_the_engine_is_pure():
    allowed = ("maehia.base", "maehia.thai", "maehia.forms.engine", "maehia")
    outside = {"django", "psycopg", "httpx", "requests", "PIL"}
    for file in Path(engine.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                assert name.split(".")[0] not in outside, f"{file.name} imports {name}"
                assert not name.startswith("maehia") or name == "maehia" or name.startswith(allowed[:3])
