"""The recovery key on paper and the sealed stream."""

import io
import itertools
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from weasyprint import HTML

from maehia.base import ProblemError
from maehia.cli import backup, recovery_sheet, sheets, vault

KEY = bytes(range(32))
PUBLIC = vault.public_of(KEY)


def seal(content: bytes, public: bytes = PUBLIC) -> bytes:
    target = io.BytesIO()
    with vault.SealedWriter(target, public, {"made": "2026-11-18"}) as sealed:
        sealed.write(content)
    return target.getvalue()


def opened(raw: bytes, key: bytes = KEY) -> bytes:
    return b"".join(vault.open_sealed(io.BytesIO(raw), key))


@pytest.mark.parametrize("size", [0, 1, vault.CHUNK - 1, vault.CHUNK, vault.CHUNK + 1, 3 * vault.CHUNK])
def test_what_was_sealed_opens_again(size):
    content = os.urandom(size)
    assert opened(seal(content)) == content


@given(st.lists(st.binary(max_size=3000), max_size=8))
@settings(max_examples=25, deadline=None)
def test_writing_in_pieces_gives_the_same_bytes(pieces):
    target = io.BytesIO()
    with vault.SealedWriter(target, PUBLIC, {}) as sealed:
        for piece in pieces:
            sealed.write(piece)
    assert vault.Opened(io.BytesIO(target.getvalue()), KEY).read() == b"".join(pieces)


def test_nothing_of_the_content_is_seen():
    raw = seal("สมชาย ใจดี 1100700000016".encode() * 40)
    assert b"1100700000016" not in raw
    assert "สมชาย".encode() not in raw


@pytest.mark.parametrize("damage", ["flip", "cut", "cut_at_chunk", "swap", "header"])
def test_a_damaged_file_does_not_open(damage):
    raw = bytearray(seal(bytes(3 * vault.CHUNK)))
    body = raw.index(b"\n", len(vault.MAGIC)) + 1
    whole = vault.CHUNK + vault.TAG
    if damage == "flip":
        raw[body + 100] ^= 1
    elif damage == "cut":
        del raw[-10:]
    elif damage == "cut_at_chunk":
        del raw[body + 2 * whole :]
    elif damage == "swap":
        raw[body : body + 2 * whole] = raw[body + whole : body + 2 * whole] + raw[body : body + whole]
    else:
        raw = raw.replace(b"2026-11-18", b"2026-11-19")
    with pytest.raises(ProblemError) as refused:
        opened(bytes(raw))
    assert refused.value.problem.code == "backup_damaged"


def test_another_key_is_told_by_name():
    with pytest.raises(ProblemError) as refused:
        opened(seal(b"x"), bytes(32))
    assert refused.value.problem.code == "wrong_recovery_key"
    assert vault.key_id(PUBLIC) in refused.value.problem.what


def test_a_file_of_another_kind_is_refused():
    with pytest.raises(ProblemError) as refused:
        opened(b"PK\x03\x04 a zip file")
    assert refused.value.problem.code == "not_a_backup"


def test_any_two_of_three_sheets_give_the_key():
    made = sheets.split(KEY, "0a1b2c3d")
    assert {sheets.join(pair) for pair in itertools.permutations(made, 2)} == {KEY}


@given(st.binary(min_size=32, max_size=32), st.integers(1, 5), st.integers(0, 4))
@settings(max_examples=40, deadline=None)
def test_any_threshold_gives_the_key_back(key, need, more):
    made = sheets.split(key, "0a1b2c3d", need + more, need)
    assert sheets.join(made[-need:]) == key


def test_one_sheet_alone_is_refused():
    with pytest.raises(ProblemError) as refused:
        sheets.join(sheets.split(KEY, "0a1b2c3d")[:1] * 2)
    assert refused.value.problem.code == "sheets_missing"


def test_sheets_of_two_keys_do_not_mix():
    first, second = sheets.split(KEY, "0a1b2c3d")[0], sheets.split(KEY, "ffffffff")[1]
    with pytest.raises(ProblemError) as refused:
        sheets.join([first, second])
    assert refused.value.problem.code == "sheets_differ"


def test_one_sheet_says_nothing_of_the_key():
    """With one sheet every byte of the key is still possible: its values are spread evenly."""
    seen = {sheets.split(KEY, "0a1b2c3d")[0].value[0] for _ in range(3000)}
    assert len(seen) > 250


def test_a_sheet_is_read_as_people_type_it():
    share = sheets.split(KEY, "0a1b2c3d")[1]
    typed = sheets.write(share).lower().replace("0", "o").replace("1", "l").replace(" ", "-\n")
    assert sheets.read(typed) == share


@given(st.integers(0, 200), st.sampled_from(sheets.ALPHABET))
@settings(max_examples=60, deadline=None)
def test_a_mistyped_letter_is_noticed(place, letter):
    text = sheets.write(sheets.Share("0a1b2c3d", 1, 2, KEY))
    place %= len(text)
    if text[place] in {" ", letter}:
        return
    with pytest.raises(ProblemError):
        sheets.read(text[:place] + letter + text[place + 1 :])


def test_the_printed_sheets_carry_the_key_and_no_file_does(tmp_path):
    known, shares = recovery_sheet.make_key(3, 2)
    page = recovery_sheet.page(shares, known)
    assert page.count("<section>") == 3
    assert all(sheets.write(share).split()[3] in page for share in shares)
    assert sheets.join(shares[1:]).hex() not in str(known)
    assert vault.key_id(vault.public_of(sheets.join(shares[:2]))) == known["id"]


def test_the_sheets_print_as_a_three_page_pdf(tmp_path):
    known, shares = recovery_sheet.make_key(3, 2)
    assert recovery_sheet.render(tmp_path / "sheets.pdf", shares, known).startswith(b"%PDF")
    assert len(HTML(string=recovery_sheet.page(shares, known)).render().pages) == 3


def test_files_that_are_open_just_now_stay_out_of_a_backup(tmp_path):
    """A plain copy would outlive the dropping of the file's key."""
    for name in ("files/deliveries/a.mhf", "files/tmp/x/civil.csv", "files/tmp/upload"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("มาลี (ข้อมูลสมมติ)", encoding="utf-8")
    assert [name for name, _ in backup.members(tmp_path)] == ["files/deliveries/a.mhf"]
