"""New keys for old cells: all of them, in batches, going on where it stopped."""

from uuid import UUID

import pytest
from django.db import connection

from maehia.kit import crypto
from maehia.kit.crypto import (
    create_file_key,
    drop_file_key,
    encrypt,
    key_version,
    keyring,
    open_file_key,
    rotation,
)
from maehia.kit.crypto.rotation import EncryptedColumn
from maehia.kit.models import FileKey
from maehia.kit.testing import AppTestCase

pytestmark = pytest.mark.usefixtures("protected")
COLUMN = EncryptedColumn("kit_test_person", "cell", "kit_test_person.cell", "main", "key", "uuid", ("live", "exercise"))


def key(number: int) -> UUID:
    return UUID(int=(4 << 76) | (2 << 62) | number)


@pytest.fixture(scope="module", autouse=True)
def cell_column(protected, django_db_blocker):
    from maehia.kit.testing import owner_connection

    with django_db_blocker.unblock(), owner_connection().cursor() as cursor:
        cursor.execute("ALTER TABLE kit_test_person ADD COLUMN IF NOT EXISTS cell bytea")


class Rotating(AppTestCase):
    @pytest.fixture(autouse=True)
    def own_keys(self, settings, tmp_path, monkeypatch):
        settings.KEYS_DIR = tmp_path
        monkeypatch.setattr(rotation, "encrypted_columns", lambda ring=None: [COLUMN] if ring == "main" else [])

    def add(self, count, mode="live", start=0):
        with self.acting(mode=mode), connection.cursor() as cursor:
            for number in range(start, start + count):
                cell = encrypt(f"เลข {number}", COLUMN.aad)
                cursor.execute(
                    "INSERT INTO kit_test_person (key, name, cell, mode) VALUES (%s, 'กมล', %s, %s)",
                    [key(number), cell, mode],
                )

    def cells(self, mode="live"):
        with self.acting(mode=mode), connection.cursor() as cursor:
            cursor.execute("SELECT cell FROM kit_test_person WHERE cell IS NOT NULL ORDER BY key")
            return [bytes(row[0]) for row in cursor.fetchall()]

    def test_every_cell_of_both_modes_gets_the_new_key(self):
        self.add(7)
        self.add(3, "exercise", 100)
        assert rotation.rotate("main", batch=2) == {"kit_test_person.cell": 10}
        assert rotation.versions_in_use("main") == {2: 10}
        assert [crypto.decrypt(cell, COLUMN.aad) for cell in self.cells()] == [f"เลข {n}" for n in range(7)]

    def test_what_was_stopped_goes_on(self):
        self.add(5)
        keyring().add_version("main")
        first = next(iter(rotation._batches(COLUMN, "live", 2)))
        assert first == 2
        assert {key_version(cell) for cell in self.cells()} == {1, 2}
        assert rotation.rotate("main", new_key=False)["kit_test_person.cell"] == 3

    def test_a_second_time_there_is_nothing_to_do(self):
        self.add(2)
        rotation.rotate("main")
        assert rotation.rotate("main", new_key=False)["kit_test_person.cell"] == 0

    def test_progress_is_told(self):
        self.add(4)
        told = []
        rotation.rotate("main", batch=2, progress=lambda name, count: told.append(count))
        assert told == [2, 4]

    def test_keys_of_files_are_wrapped_anew_and_dropped_ones_stay_dropped(self):
        kept, secret = create_file_key()
        dropped, _ = create_file_key()
        drop_file_key(dropped)
        assert rotation.rotate("files") == {"kit_file_key.wrapped": 1}
        assert open_file_key(kept) == secret
        assert key_version(bytes(FileKey.objects.get(pk=kept).wrapped)) == 2
        assert FileKey.objects.get(pk=dropped).wrapped is None

    def test_blind_indexes_are_not_rotated_so(self):
        with pytest.raises(ValueError, match="rooms"):
            rotation.rotate("index")


def test_every_encrypted_field_of_the_rooms_is_found():
    found = {f"{column.table}.{column.column}": column for column in rotation.encrypted_columns()}
    assert "access_breakglass.reason" in found
    for column in found.values():
        assert column.aad
        assert column.pk_type
