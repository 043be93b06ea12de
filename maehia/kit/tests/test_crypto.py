"""A cell opens with its key and in its column only; a file opens whole or not at all."""

import io
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maehia.base import ProblemError
from maehia.kit.crypto import (
    CannotDecrypt,
    EncryptedTextField,
    FileKeyDropped,
    blind_index,
    create_file_key,
    decrypt,
    decrypt_file,
    decrypt_many,
    drop_file_key,
    encrypt,
    encrypt_file,
    encrypt_many,
    key_version,
    keyring,
    open_file_key,
)
from maehia.kit.crypto.files import CHUNK
from maehia.kit.crypto.keyring import Keyring
from maehia.kit.models import FileKey
from maehia.kit.testing import AppTestCase

pytestmark = pytest.mark.usefixtures("maehia_keys")
COLUMN = "city_person.national_id"


@given(st.text())
def test_every_text_comes_back(text):
    assert decrypt(encrypt(text, COLUMN), COLUMN) == text


def test_equal_texts_look_different():
    assert encrypt("1234567890121", COLUMN) != encrypt("1234567890121", COLUMN)


def test_a_cell_is_thirty_bytes_longer_than_its_text():
    assert len(encrypt("1234567890121", COLUMN)) == 13 + 30


def test_a_cell_of_another_column_does_not_open():
    with pytest.raises(CannotDecrypt):
        decrypt(encrypt("1234567890121", COLUMN), "city_person.phone")


def test_a_cell_of_another_ring_does_not_open():
    with pytest.raises(CannotDecrypt):
        decrypt(encrypt("ติดเตียง", "city_need.note", "s26"), "city_need.note")


@given(st.integers(min_value=0, max_value=42), st.integers(min_value=1, max_value=255))
def test_a_changed_byte_is_noticed(place, change):
    cell = bytearray(encrypt("1234567890121", COLUMN))
    cell[place] ^= change
    with pytest.raises(ProblemError):
        decrypt(bytes(cell), COLUMN)


def test_a_cut_cell_is_noticed():
    with pytest.raises(CannotDecrypt):
        decrypt(b"\x00\x01short", COLUMN)


def test_columns_keep_their_order_and_their_gaps():
    cells = encrypt_many(["ก", None, "ข", ""], COLUMN)
    assert cells[1] is None
    assert decrypt_many(cells, COLUMN) == ["ก", None, "ข", ""]


class TestKeyring:
    def test_a_key_file_is_for_its_owner_only(self, tmp_path):
        ring = Keyring(tmp_path / "keys")
        ring.current("main")
        file = tmp_path / "keys" / "main-0001.key"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600

    def test_a_key_file_open_to_others_is_refused(self, tmp_path):
        Keyring(tmp_path).current("main")
        (tmp_path / "main-0001.key").chmod(0o644)
        with pytest.raises(ProblemError, match="chmod 600"):
            Keyring(tmp_path).current("main")

    def test_a_broken_key_file_is_refused(self, tmp_path):
        (tmp_path / "main-0001.key").write_text("c2hvcnQ=")
        (tmp_path / "main-0001.key").chmod(0o600)
        with pytest.raises(ProblemError, match="เสีย"):
            Keyring(tmp_path).current("main")

    def test_two_starters_share_the_first_key(self, tmp_path):
        assert Keyring(tmp_path).current("index") == Keyring(tmp_path).current("index")

    def test_a_missing_version_says_what_to_do(self, tmp_path):
        with pytest.raises(ProblemError, match="สำรอง"):
            Keyring(tmp_path).key("main", 7)

    def test_a_new_version_encrypts_and_the_old_one_still_opens(self, settings, tmp_path):
        settings.KEYS_DIR = tmp_path
        old = encrypt("เก่า", COLUMN)
        assert keyring().add_version("main") == 2
        assert key_version(encrypt("ใหม่", COLUMN)) == 2
        assert decrypt(old, COLUMN) == "เก่า"

    def test_a_key_made_by_another_process_is_found(self, tmp_path):
        mine, other = Keyring(tmp_path), Keyring(tmp_path)
        mine.current("main")
        other.add_version("main")
        assert mine.key("main", 2) == other.key("main", 2)


class TestBlindIndex:
    def test_the_same_value_gives_the_same_sixteen_bytes(self):
        first = blind_index("id", "1234567890121")
        assert first == blind_index("id", "1234567890121")
        assert len(first) == 16

    def test_kinds_do_not_meet(self):
        assert len({blind_index(kind, "0121") for kind in ("id", "id4", "phone", "phone4")}) == 4

    def test_last_four_are_taken_from_the_whole(self):
        assert blind_index("id4", "1234567890121") == blind_index("id4", "0121")

    def test_it_needs_a_value_and_a_known_kind(self):
        for kind, value in (("id", ""), ("name", "กมล")):
            with pytest.raises(ValueError):
                blind_index(kind, value)


class TestField:
    def test_it_refuses_to_be_searched_by_value(self):
        field = EncryptedTextField(null=True)
        field.name = "national_id"
        with pytest.raises(TypeError, match="blind index"):
            field.get_lookup("exact")

    def test_a_copy_for_history_keeps_the_column_it_belongs_to(self):
        field = EncryptedTextField(null=True, ring="s26", aad="city_need.note")
        _, _, _, options = field.deconstruct()
        assert (options["ring"], options["aad"]) == ("s26", "city_need.note")


class Files(AppTestCase):
    def round_trip(self, content: bytes) -> bytes:
        _, key = create_file_key()
        sealed, opened = io.BytesIO(), io.BytesIO()
        encrypt_file(io.BytesIO(content), sealed, key)
        sealed.seek(0)
        decrypt_file(sealed, opened, key)
        return opened.getvalue()

    def test_files_of_every_size_come_back(self):
        for size in (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK):
            content = bytes(size % 251 for size in range(size))
            assert self.round_trip(content) == content

    def test_a_cut_or_swapped_file_does_not_open(self):
        _, key = create_file_key()
        sealed = io.BytesIO()
        encrypt_file(io.BytesIO(b"x" * (2 * CHUNK + 5)), sealed, key)
        raw, part = sealed.getvalue(), CHUNK + 16
        body = raw[11:]
        for broken in (
            raw[: 11 + part],
            raw[: 11 + 2 * part],
            raw[:11] + body[part : 2 * part] + body[:part] + body[2 * part :],
            raw + b"more",
            b"PK\x03\x04" + raw[4:],
            raw[:5],
        ):
            with pytest.raises(CannotDecrypt):
                decrypt_file(io.BytesIO(broken), io.BytesIO(), key)

    def test_a_key_opens_again_by_its_id(self):
        key_id, key = create_file_key()
        assert open_file_key(key_id) == key
        assert key not in bytes(FileKey.objects.get(pk=key_id).wrapped)

    def test_a_dropped_key_is_gone_for_good(self):
        key_id, _ = create_file_key()
        drop_file_key(key_id)
        drop_file_key(key_id)
        with pytest.raises(FileKeyDropped):
            open_file_key(key_id)

    def test_a_wrapped_key_does_not_fit_another_file(self):
        (one, _), (two, _) = create_file_key(), create_file_key()
        FileKey.objects.filter(pk=one).update(wrapped=FileKey.objects.get(pk=two).wrapped)
        with pytest.raises(CannotDecrypt):
            open_file_key(one)
