"""`maehia intake`: without --commit nothing stays, not even the stored file."""

import pytest

from maehia.cli import intake, main
from maehia.evidence.actions.deliveries import stored_path
from maehia.evidence.models import Delivery, PersonRecord
from maehia.intake.tests.cast import IntakeCase
from maehia.kit.models import Notice


class IntakeCommandTests(IntakeCase):
    @pytest.fixture(autouse=True)
    def in_process(self, monkeypatch, capsys):
        monkeypatch.setattr(intake.boot, "django", lambda role: None)
        self.capsys = capsys

    def take(self, path, *more, code=0, source="vhv"):
        assert main.main(["intake", str(path), "--source", source, "--as-of", "2026-09-30", *more]) == code
        answer = self.capsys.readouterr()
        return answer.out + answer.err

    def stored(self):
        return {path.name for path in stored_path("any").parent.glob("*.mhf")}

    def test_a_look_leaves_neither_delivery_nor_file(self):
        self.applied(self.people_file())
        before = self.stored()
        told = self.take(self.people_file("next.xlsx", self.people[:2]))
        assert "nothing was applied" in told
        assert "สิ้นสุด 1" in told
        assert self.stored() == before
        assert Delivery.objects.filter(source="vhv").count() == 1

    def test_with_commit_delivery_and_file_stay(self):
        self.applied(self.people_file())
        self.take(self.people_file("next.xlsx", self.people[:2]), "--commit")
        later = Delivery.objects.filter(source="vhv").latest("pk")
        assert (later.state, later.stored_as in self.stored()) == ("committed", True)
        with self.acting():
            assert PersonRecord.objects.current().count() == 2
        assert Notice.objects.filter(account_key=self.dao.actor, text_key="access.cli_work").exists()

    def test_a_list_that_is_locked_leaves_no_file(self):
        told = self.take(self.people_file(), source="civil", code=1)
        assert "หนังสืออนุญาต" in told
        assert self.stored() == set()

    def test_an_unknown_list_is_a_sentence_with_the_known_ones(self):
        assert "vhv" in self.take(self.people_file(), source="nothing", code=1)

    def test_an_option_that_did_nothing_is_gone(self):
        with pytest.raises(SystemExit) as ended:
            self.take(self.people_file(), "--kind", "person")
        assert ended.value.code == 2
