"""`maehia keys`: new keys for old cells from the command line, with sentences."""

import pytest

from maehia.city.tests.cast import P_MALEE, build_street
from maehia.cli import keys, main
from maehia.evidence.actions import open_file, receive_file
from maehia.evidence.models import Source
from maehia.evidence.tests.cast import MALEE_ID
from maehia.kit.crypto import keyring
from maehia.kit.testing import NOW, AppTestCase


class KeysTests(AppTestCase):
    @pytest.fixture(autouse=True)
    def own_keys(self, settings, tmp_path, monkeypatch, capsys):
        settings.KEYS_DIR, settings.FILES_DIR = tmp_path / "keys", tmp_path / "files"
        self.folder, self.capsys, self.monkeypatch = tmp_path, capsys, monkeypatch
        monkeypatch.setattr(keys.boot, "django", lambda role: None)
        monkeypatch.setattr(keys.state, "running", lambda: None)

    def setUp(self):
        with self.acting():
            build_street()

    def told(self, *arguments, code=0):
        assert main.main(["keys", *arguments]) == code
        answer = self.capsys.readouterr()
        return answer.out + answer.err

    def malee(self):
        from maehia.city.models import Person

        with self.acting():
            return Person.objects.get(key=P_MALEE).national_id

    def test_a_new_key_takes_every_cell_and_the_old_file_may_go(self):
        assert "main-0001.key" in self.told("--show")
        told = self.told("--rotate", "main")
        assert "main-0002.key" in told
        assert "evidence_personrecord.national_id" in told
        assert "main-0001.key  0 รายการ ไม่มีข้อมูลใดใช้แล้ว" in told
        (self.folder / "keys" / "main-0001.key").unlink()
        keyring().forget()
        assert self.malee() == MALEE_ID

    def test_a_key_that_still_holds_cells_must_stay(self):
        keyring().add_version("main")
        assert "ห้ามลบ" in self.told()

    def test_a_rotation_that_was_stopped_is_finished_without_a_third_key(self):
        keyring().add_version("main")
        self.told("--rotate", "main")
        assert keyring().versions("main") == [1, 2]
        assert set(keys.in_use("main")) == {2}

    def test_files_open_with_their_new_wrapping(self):
        path = self.folder / "list.csv"
        path.write_text("ชื่อ\nมาลี (ข้อมูลสมมติ)\n", encoding="utf-8")
        with self.acting():
            delivery = receive_file(Source.objects.get(key="vhv"), path, path.name, NOW.date())
        assert "files-0002.key  1 รายการ" in self.told("--rotate", "files")
        (self.folder / "keys" / "files-0001.key").unlink()
        keyring().forget()
        with self.acting(), open_file(delivery) as plain:
            assert "มาลี" in plain.read_text(encoding="utf-8")

    def test_it_is_refused_while_the_town_is_served(self):
        class Server:
            url = "http://127.0.0.1:8000"

        self.monkeypatch.setattr(keys.state, "running", Server)
        assert "make stop" in self.told("--rotate", "s26", code=1)
        assert keyring().versions("s26") in ([], [1])

    def test_the_ring_of_the_indexes_is_refused_with_a_sentence(self):
        assert "index" in self.told("--rotate", "index", code=1)
