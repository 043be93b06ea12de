"""`maehia redact`: afterwards nothing of her stands anywhere in the database, and the journal says that she went."""

import json

import pytest
from django.apps import apps
from django.db import connection

from maehia.access.actions import assign, create_account
from maehia.city.actions import check_projection, refresh
from maehia.city.tests.cast import MAY, P_MALEE, PEOPLE, build_street, link
from maehia.cli import journal, main, places, redact
from maehia.evidence.actions import correct_value, replay_redactions, rule_pair
from maehia.evidence.models import PersonRecord, RedactionEntry
from maehia.evidence.tests.cast import MALEE_ID, deliver, make_source, row
from maehia.intake.models import ChangeSample
from maehia.kit.models import Notice
from maehia.kit.testing import AppTestCase

GROUND = "คำขอลบตามมาตรา 33 ที่ 12/2569"
HERS = ("มาลี", "มะลิ", MALEE_ID, "0812345678", "0899999999", "เครื่องผลิตออกซิเจน", "oxygen", "1949-04-13")


class RedactTests(AppTestCase):
    @pytest.fixture(autouse=True)
    def own_folder(self, monkeypatch, tmp_path, capsys):
        self.folder, self.capsys = tmp_path, capsys
        monkeypatch.setattr(redact.boot, "django", lambda role: None)
        monkeypatch.setattr(places, "data_dir", lambda: tmp_path)

    def setUp(self):
        with self.acting():
            build_street()
            welfare = make_source("welfare", data_class="s26", kind="need")
            need = {
                "person_ref": "civil:1",
                "level": "",
                "note": "ใช้เครื่องผลิตออกซิเจน",
                "need_kind": "oxygen",
                "ground": "s24_4",
            }
            delivery = deliver(welfare, MAY, [row("civil:1/need/oxygen", need)], kind="need")
            link(PEOPLE)
            correct_value("person", P_MALEE, "phone", "0899999999", why="โทรถามมาลีแล้ว")
            rule_pair("person", "civil:1", "vhv:1", same=True, why="มาลีคนเดียวกัน ดูบัตรแล้ว")
            ChangeSample.objects.create(delivery=delivery, kind="person", body='{"added": ["มาลี สุขใจดี"]}')
            refresh()
            self.dpo = create_account("dao", "ดาว คุ้มครอง")
            assign(self.dpo, "dpo", starts_on=MAY)

    def erase(self, code=0, ground=GROUND, person=P_MALEE):
        with self.captureOnCommitCallbacks(execute=True):
            assert main.main(["redact", "--person", str(person), "--ground", ground]) == code
        answer = self.capsys.readouterr()
        return answer.out + answer.err

    def places_of(self, text):
        """Tables in which a text still stands, decrypted, in all rows of all rooms."""
        found, tables = set(), set(connection.introspection.table_names())
        with self.acting():
            for model in apps.get_models():
                if model._meta.db_table in tables and any(text in str(r) for r in model._base_manager.values_list()):
                    found.add(model._meta.db_table)
        return found

    def test_nothing_of_her_stands_anywhere(self):
        before = {text: self.places_of(text) for text in HERS[:-1]}
        assert {"city_person", "city_personname", "evidence_personrecord"} <= before["มาลี"]
        assert {"evidence_verdict", "evidence_correctionevent", "intake_changesample"} <= before["มาลี"]
        assert {"city_need", "evidence_needrecord"} <= before["เครื่องผลิตออกซิเจน"]
        self.erase()
        assert {text: self.places_of(text) for text in HERS} == {text: set() for text in HERS}

    def test_her_birth_day_and_indexes_are_empty_and_the_neighbour_stays(self):
        self.erase()
        with self.acting():
            for record in PersonRecord.objects.filter(ref__in=["civil:1", "vhv:1"]):
                assert (record.birth, record.id_index, record.phone_index, record.moo) == (None, None, None, None)
            assert PersonRecord.objects.get(ref="civil:2").first_name == "บุญมา"

    def test_the_register_is_what_evidence_says_and_a_replay_changes_nothing(self):
        self.erase()
        with self.acting():
            assert check_projection().is_clean
            assert refresh().total == 0
        with self.acting("system.redact"):
            assert replay_redactions() == 1
        with self.acting():
            assert refresh().total == 0

    def test_the_journal_keeps_that_it_was_done_and_no_value(self):
        self.erase()
        with self.acting():
            entry = RedactionEntry.objects.get()
        assert entry.refs == {"refs": ["civil:1", "vhv:1"], "keys": [str(P_MALEE)]}
        line = json.loads((self.folder / journal.FILE).read_text(encoding="utf-8"))
        assert (line["ground"], line["actor"].partition(":")[0]) == (GROUND, "cli")

    def test_who_oversees_is_told(self):
        told = self.erase()
        assert "2 รายการในบัญชีต้นทาง" in told
        with self.acting():
            assert Notice.objects.filter(account_key=self.dpo.actor, text_key="access.cli_work").exists()

    def test_a_stranger_is_refused_with_a_sentence(self):
        from uuid import UUID

        assert "ไม่พบบุคคลนี้" in self.erase(code=1, person=UUID(int=999))

    def test_a_ground_is_asked_for_and_nothing_goes_without(self):
        assert "เหตุผล" in self.erase(code=1, ground="ลบ")
        assert "city_person" in self.places_of("มาลี")
