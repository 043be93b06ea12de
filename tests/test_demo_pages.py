"""The demo's own pages: none in a real town, only the files of the manifest, doors that open what they say."""

import json
import tempfile
from datetime import date
from pathlib import Path
from unittest import mock

from django.urls import resolve

from maehia.access import actions
from maehia.access.permissions import role_names
from maehia.cli import places
from maehia.cli.demo_pages import kept
from maehia.cli.demo_pages.stories import TALES
from maehia.cli.demo_pages.views import percent
from maehia.cli.demo_score import Held, Row, TruthFiles, linkage, score_rows, totals
from maehia.kit.demo import write_mark
from maehia.kit.testing import EXTRA_KEPT, ConcurrentTestCase

EXTRA_KEPT |= {"access_role", "access_roleevent"}
PAGES = ("/demo/files/", "/demo/files/elders.xlsx", "/demo/story/dirty-excel/", "/demo/reset/", "/staff/demo/score/")
KEY = "00000000-0000-4000-8000-000000000001"
SCORE = {
    "made_at": "2026-11-21T08:00:00+07:00",
    "classes": {
        "thai_digits": {"planted": 10, "found": 9, "missed": 1, "untold": 0, "by_source": {"vhv": [9, 1]}},
        "id_slip": {"planted": 4, "found": 4, "missed": 0, "untold": 0, "by_source": {"vhv": [4, 0]}},
        "no_id": {"planted": 5, "found": 0, "missed": 0, "untold": 5, "by_source": {}},
    },
    "linkage": {
        "records": 5, "persons": 2, "keys": 2, "true": 4, "made": 2, "right": 1, "precision": 0.5, "recall": 0.25, "f1": 0.3333,
    },
}  # fmt: skip


class DemoPages(ConcurrentTestCase):
    """One account of each role, a folder of files to try, and a kept score."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "to-try").mkdir()
        (self.folder / "truth").mkdir()
        (self.folder / "to-try" / "elders.xlsx").write_bytes(b"a dirty file")
        (self.folder / "to-try" / "forgotten.xlsx").write_bytes(b"not in the manifest")
        (self.folder / "truth" / "people.csv").write_bytes(b"the truth")
        entry = {"folder": "to-try", "file": "elders.xlsx", "source": "elders", "about": "รายชื่อสกปรกมาก"}
        truth = {"folder": "truth", "file": "people.csv", "source": "", "about": ""}
        (self.folder / "manifest.json").write_text(json.dumps({"files": [entry, truth]}), encoding="utf-8")
        examples = dict.fromkeys(("person", "citizen", "moved"), KEY) | {"days": "valid_day=1"}
        found = {"score": SCORE, "examples": examples, "folder": str(self.folder)}
        patch = mock.patch.object(kept, "read", return_value=found)
        patch.start()
        self.addCleanup(patch.stop)
        with self.acting("system.demo"):
            for role in {door.role for tale in TALES for door in tale.doors} | {"mayor"}:
                actions.assign(actions.create_account(role, f"{role} (สมมติ)"), role, starts_on=self.now.date())

    def enter(self, key, role):
        return self.client.post(f"/demo/story/{key}/", {"role": role})

    def test_a_real_town_has_none_of_them(self):
        for url in PAGES:
            assert self.client.get(url).status_code == 404, url
        assert self.enter("dirty-excel", "data").status_code == 404
        assert "_auth_user_id" not in self.client.session

    def test_a_demo_town_shows_them_in_both_languages(self):
        write_mark(1, 100)
        for url in ("/demo/files/", "/demo/reset/", *(f"/demo/story/{tale.key}/" for tale in TALES)):
            assert self.client.get(url).status_code == 200, url
            assert self.client.get(f"/en{url}").status_code == 200, url
        assert "รายชื่อสกปรกมาก" in self.client.get("/demo/files/").content.decode()
        assert "Very dirty" in self.client.get("/en/demo/files/").content.decode()

    def test_a_file_to_try_comes_as_it_lies(self):
        write_mark(1, 100)
        answer = self.client.get("/demo/files/elders.xlsx")
        assert b"".join(answer.streaming_content) == b"a dirty file"
        assert 'filename="elders.xlsx"' in answer["Content-Disposition"]

    def test_no_other_file_can_be_asked_for(self):
        write_mark(1, 100)
        outside = (
            "forgotten.xlsx",
            "people.csv",
            "manifest.json",
            "..",
            "..%2Fmanifest.json",
            "..%2Ftruth%2Fpeople.csv",
            "%2Fetc%2Fpasswd",
        )
        for name in outside:
            assert self.client.get(f"/demo/files/{name}").status_code == 404, name

    def test_a_name_in_the_manifest_does_not_lead_out_of_the_folder(self):
        write_mark(1, 100)
        entry = {"folder": "to-try", "file": "../truth/people.csv", "source": "", "about": ""}
        (self.folder / "manifest.json").write_text(json.dumps({"files": [entry]}), encoding="utf-8")
        assert kept.path_to_try("../truth/people.csv") is None

    def test_every_door_of_every_story_opens_for_its_role(self):
        write_mark(1, 100)
        for tale in TALES:
            for door in tale.doors:
                assert door.role in role_names()
                answer = self.enter(tale.key, door.role)
                assert answer.status_code == 302, (tale.key, answer.content[:200])
                assert "{" not in answer.url
                resolve(answer.url.split("?")[0])
                allowed = {200, 404} if KEY in answer.url else {200}  # nobody lives in this town
                assert self.client.get(answer.url).status_code in allowed, answer.url

    def test_a_role_that_a_story_does_not_name_stays_outside(self):
        write_mark(1, 100)
        assert self.enter("dirty-excel", "mayor").status_code == 404
        assert self.enter("unheard-of", "data").status_code == 404

    def test_without_examples_the_door_leads_to_the_roles_own_start(self):
        write_mark(1, 100)
        kept.read.return_value = {}
        assert self.enter("seven-lists", "officer").url == "/staff/"

    def test_the_score_is_shown_with_its_misses(self):
        write_mark(1, 100)
        assert self.enter("found-and-missed", "data").url == "/staff/demo/score/"
        page = self.client.get("/staff/demo/score/").content.decode()
        assert "เลขไทย" in page
        assert "90.00%" in page
        assert "0.3333" in page
        assert self.client.get("/staff/demo/score/").status_code == 200

    def test_the_score_needs_the_right_to_see_intake(self):
        write_mark(1, 100)
        assert self.client.get("/staff/demo/score/").status_code == 302
        self.client.post("/demo/enter/", {"role": "mayor"})
        assert self.client.get("/staff/demo/score/").status_code == 403

    def test_a_demo_without_a_score_says_so(self):
        write_mark(1, 100)
        kept.read.return_value = {}
        self.client.post("/demo/enter/", {"role": "data"})
        assert "maehia demo" in self.client.get("/staff/demo/score/").content.decode()


def test_what_is_kept_is_for_its_owner_only(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "data_dir", lambda: tmp_path)
    assert kept.read() == {}
    places.write_private(tmp_path / kept.FILE, json.dumps({"score": SCORE}))
    assert kept.read()["score"] == SCORE
    assert (tmp_path / kept.FILE).stat().st_mode & 0o077 == 0


def test_a_share_never_rounds_up_to_all():
    assert percent(99_999, 100_000) == "99.99%"
    assert percent(5, 5) == "100%"
    assert percent(0, 3) == "0.00%"
    assert percent(0, 0) == "–"


def test_totals_leave_out_what_asks_for_nothing():
    assert totals(SCORE) == {"planted": 14, "found": 13, "missed": 1, "untold": 0}


def test_rows_are_scored_where_they_stand():
    from maehia.cli.demo_judges import House, Said, Truth

    somchai = Truth("M", date(1970, 1, 2), "สมชาย", "ใจดี", None)
    rows = {"vhv-1": Row("vhv", 5, "7", "h1"), "vhv-2": Row("vhv", 6, "7", "h1"), "tax-1": Row("tax", 3, "8", "h1")}
    dirt = {"vhv-1": frozenset({"respelled", "address_dash"}), "tax-1": frozenset({"respelled", "no_id"})}
    known = TruthFiles(rows, dirt, {"7": somchai, "8": somchai}, {"h1": House("9", 2)}, {})
    held = Held(
        records={("vhv", 5): Said(house_no="9", moo=2)}, keys={("vhv", 5): "k", ("vhv", 6): "k", ("tax", 3): "k"}
    )
    tallies = score_rows(known, held)
    assert (tallies["respelled"].found, tallies["respelled"].untold) == (1, 1)  # the owner of tax stands alone
    assert tallies["address_dash"].found == 1
    assert tallies["no_id"].untold == 1
    found = linkage(known, held)
    assert (found["true"], found["made"], found["right"]) == (1, 3, 1)
