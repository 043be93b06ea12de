"""`maehia affected`: the same list at the server's keyboard, only with a right that somebody has, and told to that account."""

from __future__ import annotations

import argparse
import csv
import io
import json
import tempfile
from pathlib import Path

import pytest

from maehia.access.models import BreakGlass, Read
from maehia.base import ProblemError
from maehia.cli import affected as command
from maehia.cli.affected_print import write
from maehia.cli.main import build_parser
from maehia.emergency.actions import incidents
from maehia.emergency.tests.riverside import bank, build_bank, person_key
from maehia.emergency.tests.test_affected import Flooded, code_of
from maehia.kit.models import Notice
from maehia.kit.testing import AppTestCase


class TestCommand(Flooded, AppTestCase):
    def setUp(self):
        super().setUp()
        self.file = Path(tempfile.mkdtemp()) / "area.geojson"
        self.file.write_bytes(bank(1, 3))

    def asked(self, login="commander", purpose="emergency.affected", *more) -> argparse.Namespace:
        words = ["affected", str(self.file), "--purpose", purpose, "--as", login, *more]
        return build_parser("affected").parse_args(words)

    def find(self, *words):
        return command.find(self.asked(*words))

    def test_the_commander_sees_who_is_in_the_file_and_in_the_footprint(self):
        self.file.write_bytes(bank(1, 6))  # house 6 is outside of the footprint
        found = self.find()
        assert found.counts["people"] == 10
        assert [row.priority for row in found.rows] == sorted((row.priority for row in found.rows), reverse=True)

    def test_the_file_narrows_the_footprint(self):
        found = self.find()
        assert (found.counts["people"], found.counts["houses"], found.counts["road_m"]) == (6, 3, 280)

    def test_who_is_not_assigned_is_told_what_to_do(self):
        with pytest.raises(ProblemError) as caught:
            self.find("officer")
        assert code_of(caught) == "no_right"
        assert "break_glass" in caught.value.problem.fix

    def test_after_the_incident_nobody_has_the_right(self):
        with self.command():
            incidents.move(self.incident.pk, "contained")
            incidents.move(self.incident.pk, "recovery")
        with pytest.raises(ProblemError) as caught:
            self.find()
        assert code_of(caught) == "no_right"

    def test_an_exercise_serves_when_nothing_is_live(self):
        with self.command():
            incidents.move(self.incident.pk, "contained")
            incidents.move(self.incident.pk, "recovery")
        with self.acting(mode="exercise"):
            build_bank("exercise", offset=500)
        self.fought("exercise")
        names = {who.name for row in self.find().rows for who in row.members}
        assert names
        assert all(name.endswith("สมมติ") for name in names)

    def test_of_several_incidents_one_must_be_named(self):
        first = self.incident
        self.fought()
        with pytest.raises(ProblemError) as caught:
            self.find()
        assert code_of(caught) == "several_incidents"
        assert first.number in caught.value.problem.what
        assert self.find("commander", "emergency.affected", "--incident", first.number).counts["people"] == 6

    def test_the_read_is_logged_with_the_operating_system_user_and_told_to_the_account(self):
        self.find()
        with self.acting():
            lines = Read.objects.filter(actor=self.commander.actor, entity="person")
            assert {line.via.partition(":")[0] for line in lines} == {"cli"}
            assert {line.key for line in lines} == {person_key(n) for n in range(1, 7)}
            told = Notice.objects.filter(account_key=self.commander.actor, text_key="access.cli_read")
            assert told.exists()

    def test_a_broken_glass_opens_the_area_with_a_reason_and_waits_for_review(self):
        found = self.find("officer", "break_glass.s26", "--reason", "น้ำป่ากำลังมา ต้องช่วยคนติดเตียง")
        first = found.rows[0]
        assert (first.members[0].name, [need.kind for need in first.members[0].needs]) == (
            "กาญจนา ริมน้ำ", ["bedridden", "oxygen"])  # fmt: skip
        with self.acting():
            glass = BreakGlass.objects.get(actor=self.officer.actor)
        assert (glass.keys_count, glass.reviewed_at) == (6, None)

    def test_a_broken_glass_without_health_shows_no_needs(self):
        found = self.find("officer", "break_glass", "--reason", "น้ำป่ากำลังมา ต้องโทรหาทุกบ้าน")
        assert {who.needs for row in found.rows for who in row.members} == {()}
        assert not any(term.code.startswith(("need", "level")) for row in found.rows for term in row.terms)

    def test_a_broken_glass_needs_a_reason_and_the_right(self):
        for login, reason, code in (("officer", "ด่วน", "reason_too_short"),
                                    ("volunteer", "น้ำป่ากำลังมา ต้องช่วยคนติดเตียง", "not_allowed")):  # fmt: skip
            with pytest.raises(ProblemError) as caught:
                self.find(login, "break_glass", "--reason", reason)
            assert code_of(caught) == code

    def test_an_unknown_account_or_a_broken_file_is_refused(self):
        with pytest.raises(ProblemError) as caught:
            self.find("nobody")
        assert code_of(caught) == "no_account"
        self.file.write_text("{}")
        with pytest.raises(ProblemError) as caught:
            self.find()
        assert code_of(caught) == "not_geojson"

    def test_a_missing_file_is_refused_before_anything_starts(self):
        self.file.unlink()
        with pytest.raises(ProblemError) as caught:
            command.run(self.asked())
        assert code_of(caught) == "file_missing"

    def test_csv_and_json_hold_the_same_households(self):
        found = self.find()
        text, data = io.StringIO(), io.StringIO()
        write(text, "csv", found)
        write(data, "json", found)
        rows = list(csv.DictReader(line for line in text.getvalue().splitlines() if not line.startswith("#")))
        households = json.loads(data.getvalue())["households"]
        assert [int(row["priority"]) for row in rows] == [row["priority"] for row in households]
        assert rows[0]["names"].startswith("กาญจนา")
        assert households[0]["members"][0]["name"] == "กาญจนา ริมน้ำ"

    def test_a_limit_keeps_the_most_urgent(self):
        whole = self.find().rows
        assert self.find("commander", "emergency.affected", "--limit", "2").rows == whole[:2]
