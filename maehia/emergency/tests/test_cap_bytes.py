"""Bytes that anybody may send: read whole or refused, never fetched, expanded or believed; ours read back as written."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maehia.emergency.rules import cap
from maehia.emergency.rules.cap import NOTHING, Alert, Area, Info, Pair, Resource, build, check_bytes, parse
from maehia.emergency.rules.cap.elements import WORDS
from maehia.emergency.rules.cap.sign import Key, sign, verify
from maehia.emergency.tests.cap_cast import GOLDEN, make_key, ours

HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n'
BODY = build(GOLDEN).split(b"\n", 1)[1]


def codes(data: bytes) -> list[str]:
    return [finding.code for finding in check_bytes(data)[1]]


def bent(old: str, new: str) -> bytes:
    text = build(GOLDEN).decode()
    assert old in text
    return text.replace(old, new, 1).encode()


BOMB = HEAD + b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>\n' + BODY
REFUSED = {
    "DOCTYPE alone": (HEAD + b"<!DOCTYPE alert>\n" + BODY, "cap20_doctype"),
    "an entity of the file system": (HEAD + b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n' + BODY, "cap20_doctype"),
    "an entity of the network": (HEAD + b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]>\n' + BODY, "cap20_doctype"),
    "a bomb of entities": (BOMB, "cap20_doctype"),
    "a million and one bytes": (HEAD + b"<!--" + b"x" * 1_000_000 + b"-->" + BODY, "cap20_size"),
    "a well without a bottom": (HEAD + b"<a>" * 200 + b"</a>" * 200, "cap20_depth"),
    "too many elements": (HEAD + b"<a>" + b"<b/>" * 25_000 + b"</a>", "cap20_depth"),
    "no end": (HEAD + BODY[:-20], "cap20_xml"),
    "no XML": (b"flood in moo 4", "cap20_xml"),
    "nothing": (b"", "cap20_xml"),
    "an encoding that lies": (b"\xff\xfe" + BODY, "cap20_xml"),
    "CAP 1.1": (build(GOLDEN).replace(b"cap:1.2", b"cap:1.1"), "cap21_root"),
    "something else": (HEAD + b"<rss/>", "cap21_root"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_dangerous_or_no_message_is_refused_with_its_reason(what):
    data, code = REFUSED[what]
    read = parse(data)
    assert read.alert is None
    assert [finding.code for finding in read.findings] == [code]


STRUCTURE = {
    "order": (bent("<sender>eoc@maehia.go.th</sender>\n  <sent>2026-11-21T17:30:00+07:00</sent>",
                   "<sent>2026-11-21T17:30:00+07:00</sent>\n  <sender>eoc@maehia.go.th</sender>"), "cap21_order"),
    "an element nobody knows": (bent("<scope>", "<colour>red</colour><scope>"), "cap21_unknown"),
    "an attribute": (bent("<scope>", '<scope lang="th">'), "cap21_unknown"),
    "loose text": (bent("<scope>", "loose <scope>"), "cap21_unknown"),
    "another namespace": (bent("<scope>", '<x:a xmlns:x="urn:x"/><scope>'), "cap21_namespace"),
    "no scope": (bent("<scope>Public</scope>", ""), "cap21_missing"),
    "two identifiers": (bent("<identifier>", "<identifier>a-1</identifier><identifier>"), "cap21_twice"),
    "a status of ours": (bent("Exercise</status>", "exercise</status>"), "cap21_value"),
    "Very Likely": (bent("Observed", "Very Likely"), "cap21_value"),
}  # fmt: skip


@pytest.mark.parametrize("what", STRUCTURE)
def test_a_fault_of_structure_is_told_and_the_rest_is_read(what):
    data, code = STRUCTURE[what]
    read = parse(data)
    assert code in [finding.code for finding in read.findings]
    assert read.alert is not None
    assert [info.headline for info in read.alert.infos] == [info.headline for info in GOLDEN.infos]


def test_a_signature_is_the_one_foreign_thing_and_stands_at_the_end():
    mark = '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>'
    read = parse(bent("</alert>", f"{mark}</alert>"))
    assert (read.signed, read.findings, read.alert) == (True, (), GOLDEN)
    early = parse(bent("<scope>", f"{mark}<scope>"))
    assert "cap21_order" in [finding.code for finding in early.findings]
    inside = parse(bent("<category>", f"{mark}<category>"))
    assert "cap21_namespace" in [finding.code for finding in inside.findings]


def test_the_same_values_give_the_same_bytes():
    assert build(GOLDEN) == build(replace(GOLDEN))
    assert build(GOLDEN).startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n<alert xmlns=")
    assert "น้ำป่าเข้าหมู่ 4".encode() in build(GOLDEN)


def test_a_message_in_another_encoding_is_read():
    latin = build(replace(GOLDEN, infos=(replace(GOLDEN.infos[1], headline="Crue éclair"),))).decode()
    data = latin.replace("UTF-8", "ISO-8859-1", 1).encode("latin-1")
    assert parse(data).alert.infos[0].headline == "Crue éclair"


def test_a_letter_that_xml_cannot_carry_is_told_before_anything_is_sent():
    with pytest.raises(ValueError):
        build(replace(GOLDEN, note="EX\x00"))


LETTERS = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=12)
TEXT = LETTERS.map(str.strip)
MAYBE = st.none() | TEXT
PAIRS = st.lists(st.builds(Pair, TEXT, TEXT), max_size=2).map(tuple)
SOME = st.lists(TEXT, max_size=2).map(tuple)


def of(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from(WORDS[name])


AREAS = st.builds(Area, TEXT, SOME, SOME, PAIRS, MAYBE, MAYBE)
RESOURCES = st.builds(Resource, TEXT, TEXT, MAYBE, MAYBE, MAYBE, MAYBE)
INFOS = st.builds(
    Info, MAYBE, st.lists(of("category"), min_size=1, max_size=2).map(tuple), TEXT,
    st.lists(of("responseType"), max_size=2).map(tuple), of("urgency"), of("severity"), of("certainty"), MAYBE, PAIRS,
    MAYBE, MAYBE, MAYBE, MAYBE, MAYBE, MAYBE, MAYBE, MAYBE, MAYBE, PAIRS, st.lists(RESOURCES, max_size=1).map(tuple),
    st.lists(AREAS, max_size=2).map(tuple),
)  # fmt: skip
ALERTS = st.builds(
    Alert, TEXT, TEXT, TEXT, of("status"), of("msgType"), MAYBE, of("scope"), MAYBE, MAYBE, SOME, MAYBE, MAYBE, MAYBE,
    st.lists(INFOS, max_size=2).map(tuple),
)  # fmt: skip


@given(ALERTS)
def test_what_is_written_is_read_back_equal_and_written_again_the_same(alert):
    data = build(alert)
    read = parse(data)
    assert read.alert == alert
    assert read.findings == ()
    assert build(read.alert) == data


@given(ALERTS)
def test_no_message_breaks_a_rule_that_looks_at_it(alert):
    for finding in cap.check(alert, ours()):
        assert finding.th
        assert finding.en


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(data):
    assert parse(data).alert is None


@given(st.data())
def test_a_message_with_bytes_changed_never_breaks_the_reader(data):
    original = build(GOLDEN)
    place = data.draw(st.integers(0, len(original) - 1))
    cut = original[:place] + data.draw(st.binary(max_size=6)) + original[place + data.draw(st.integers(0, 8)) :]
    check_bytes(cut, ours())


@pytest.fixture(scope="module")
def key() -> Key:
    return make_key()


def test_our_own_signature_holds_and_the_schemas_still_do(key):
    data = sign(build(GOLDEN), key)
    assert verify(data, key.certificate) == "valid"
    context = replace(ours(), key=True, signed="valid")
    assert cap.proof(data, context) == ()
    assert parse(data).alert == GOLDEN


def test_a_changed_word_breaks_the_signature_and_stops_release(key):
    data = sign(build(GOLDEN), key).replace("อพยพทันที".encode(), "อยู่กับบ้าน".encode())
    assert verify(data, key.certificate) == "invalid"
    found = cap.proof(data, replace(ours(), key=True, signed=verify(data, key.certificate)))
    assert [finding.code for finding in found] == ["cap22_broken"]


def test_another_certificate_does_not_verify_it(key):
    assert verify(sign(build(GOLDEN), key), make_key().certificate) == "invalid"


def test_a_signed_message_wrapped_inside_another_is_not_believed(key):
    signed = sign(build(GOLDEN), key).decode()
    inner = signed.split("?>", 1)[1].strip()
    mark = inner[inner.index("<ds:Signature") : inner.index("</ds:Signature>") + len("</ds:Signature>")]
    other = build(replace(GOLDEN, note="EX-0000")).decode().replace("</alert>", f"{mark}</alert>")
    assert verify(other.encode(), key.certificate) == "invalid"


def test_with_a_key_an_unsigned_message_does_not_go_out(key):
    assert verify(build(GOLDEN), key.certificate) == "absent"
    found = cap.proof(build(GOLDEN), replace(ours(), key=True))
    assert [(finding.code, finding.level) for finding in found] == [("cap22_unsigned", "ERROR")]


def test_a_foreign_signature_is_never_a_reason_to_drop_a_message(key):
    _, found = check_bytes(sign(build(GOLDEN), key), NOTHING)
    assert [(finding.code, finding.level) for finding in found] == [("cap22_foreign", "INFO")]


def test_an_independent_validator_agrees(key):
    import capvalidator

    assert capvalidator.check_schema(build(GOLDEN)).passed
    assert not capvalidator.check_schema(STRUCTURE["order"][0]).passed
    assert capvalidator.validate_cap_message(build(GOLDEN), strict=False).passed
