"""Each rule of CAP finds what it is for, and nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from maehia.emergency.rules import cap
from maehia.emergency.rules.cap import ERROR, NOTHING, build, check, check_bytes, level_of
from maehia.emergency.rules.cap.elements import WORDS
from maehia.emergency.rules.cap.finding import words
from maehia.emergency.rules.cap.schema import EXTENDED, STRICT, schema_findings
from maehia.emergency.rules.cap.texts import segments, texts_of
from maehia.emergency.tests.cap_cast import GOLDEN, first, ours, ring
from maehia.emergency.tests.cap_variants import BAD, GOOD


def codes(found) -> tuple[str, ...]:
    return tuple(finding.code for finding in found)


def test_the_golden_message_holds_under_every_rule_and_both_schemas():
    assert cap.proof(build(GOLDEN), ours()) == ()


@pytest.mark.parametrize(("what", "message", "context"), GOOD, ids=[line[0] for line in GOOD])
def test_nothing_is_found_where_nothing_is_wrong(what, message, context):
    assert check(message, context) == ()


@pytest.mark.parametrize(("what", "message", "context", "expected"), BAD, ids=[line[0] for line in BAD])
def test_a_bad_variant_is_found_by_its_rule(what, message, context, expected):
    found = check(message, context)
    assert codes(found) == expected
    assert {finding.rule for finding in found} == {int(re.match(r"\d+", what)[0])}
    for finding in found:
        assert finding.xpath.startswith("/alert/") or finding.xpath == "/alert"
        assert "{" not in finding.th + finding.en


def test_each_rule_on_values_has_two_good_and_two_bad_variants():
    for rule in set(range(1, 20)) | {23}:
        for table in (GOOD, BAD):
            assert len([line for line in table if line[0].split()[0] == str(rule)]) >= 2, (rule, table is GOOD)


def test_all_findings_come_at_once():
    message = replace(first(language="th_TH", web="x y"), sender="a b", scope="Private", references=None)
    assert codes(check(message)) == ("cap01_sender", "cap05_addresses", "cap08_missing", "cap11_language", "cap17_web")


def test_html_is_a_warning_from_others_and_stops_ours():
    message = first(description="<b>น้ำ</b>")
    assert [finding.level for finding in check(message)] == ["WARNING"]
    assert [finding.level for finding in check(message, ours())] == [ERROR]


def test_a_later_reference_is_a_warning_from_others_and_stops_ours():
    later = replace(GOLDEN, references="eoc@maehia.go.th,x-9,2026-11-21T18:00:00+07:00")
    assert [finding.level for finding in check(later)] == ["WARNING"]
    assert ERROR in [finding.level for finding in check(later, ours()) if finding.code == "cap08_later"]


def test_a_finding_says_where():
    (found,) = check(first(web="/x"))
    assert (found.xpath, found.args) == ("/alert/info[1]/web", ("/x",))


def test_every_code_has_words_and_every_word_a_code():
    folder = Path(cap.__file__).parent
    text = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    used = set(re.findall(r'"(cap\d\d_[a-z0-9_]+)"', text))
    used |= {f"cap01_{tag}" for tag in ("identifier", "sender")} | {
        f"cap06_{tag}" for tag in ("addresses", "incidents")
    }
    used |= {f"{rule}_{what}" for rule in ("cap14", "cap15") for what in ("swapped", "elsewhere")} | {"cap21_letters"}
    assert used == set(words())


@pytest.mark.parametrize("name", [STRICT, EXTENDED])
def test_both_schemas_accept_the_golden_message(name):
    assert list(schema_findings(build(GOLDEN), name)) == []


def test_where_the_schemas_are_silent_our_rules_speak():
    for message in (ring("hello"), replace(GOLDEN, references=None), replace(GOLDEN, scope="Private")):
        data = build(message)
        assert not list(schema_findings(data, STRICT))
        assert cap.blocks(check_bytes(data)[1])


def test_every_pair_of_words_has_exactly_one_colour():
    answers = [(), *((response,) for response in WORDS["responseType"])]
    for urgency, severity, responses in product(WORDS["urgency"], WORDS["severity"], answers):
        expected = _expected(urgency, severity, responses)
        assert level_of(urgency, severity, responses) == expected, (urgency, severity, responses)


def _expected(urgency, severity, responses):
    if "AllClear" in responses:
        return "green"
    now = urgency == "Immediate"
    return {"Extreme": "red", "Severe": "red" if now else "orange", "Moderate": "orange" if now else "yellow",
            "Minor": "yellow" if now else "blue", "Unknown": "blue"}[severity]  # fmt: skip


def test_a_rule_with_a_hole_is_told_and_not_guessed():
    with pytest.raises(LookupError):
        level_of("Future", "Minor", (), [{"level": "red", "when": {"severity": ["Extreme"]}}])


def test_other_channels_say_what_the_message_says():
    path, made = texts_of(GOLDEN, "th")
    assert path == "/alert/info[1]"
    assert made.title == "ฝึกซ้อม: น้ำป่าเข้าหมู่ 4 ให้อพยพทันที"
    assert "23.30 น. วันที่ 21/11/2569" in made.line
    assert "ไปศูนย์พักพิง" in made.line
    assert made.speaker.count(made.title) == 2
    assert "http" not in made.broadcast
    assert "http" not in made.sms
    context = replace(NOTHING, texts={("th", "line"): made.line, ("en", "sms"): texts_of(GOLDEN, "en")[1].sms})
    assert check(GOLDEN, context) == ()
    assert texts_of(GOLDEN, "my") == ("/alert/info", None)


def test_what_is_not_real_says_so_even_where_the_words_forget_it():
    _, made = texts_of(first(headline="น้ำป่าเข้าหมู่ 4"), "th")
    assert made.title.startswith("ฝึกซ้อม: ")
    assert made.sms.startswith("ฝึกซ้อม: ")
    _, real = texts_of(replace(first(headline="น้ำป่าเข้าหมู่ 4"), status="Actual"), "th")
    assert real.title == "น้ำป่าเข้าหมู่ 4"


def test_seventy_thai_letters_are_one_short_message():
    assert [segments("น" * n) for n in (1, 70, 71, 140, 141)] == [1, 1, 2, 2, 3]
    assert [segments("a" * n) for n in (160, 161)] == [1, 2]
    long = first(headline="น" * 90, instruction=None)
    _, made = texts_of(long, "th")
    found = check(long, replace(NOTHING, texts={("th", "sms"): made.sms}))
    assert [(f.code, f.args[1]) for f in found] == [("cap24_segments", "2")]
