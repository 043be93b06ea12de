"""The whole of it from the command line: an invented town from raw files, its check, a next file, its accounts."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

PEOPLE = "300"


@pytest.fixture(scope="module")
def town(folders):
    """A demo town of 300 in a data folder of its own, thrown away with the test."""
    data = folders()
    outside = {"MAEHIA_TEST_DB", "MAEHIA_DATA", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "MAEHIA_DB_ROLE"}
    environment = {name: value for name, value in os.environ.items() if name not in outside}
    environment["MAEHIA_DATA"] = str(data)

    def maehia(*words):
        command = [sys.executable, "-m", "maehia.cli.main", *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)

    made = maehia("demo", "--people", PEOPLE)
    assert made.returncode == 0, made.stdout + made.stderr
    maehia.made, maehia.folder = made.stdout, data
    return maehia


@pytest.mark.slow
def test_the_demo_says_each_step_and_links_its_people(town):
    assert "vhv.xlsx" in town.made
    assert "linkage" in town.made


@pytest.mark.slow
def test_the_register_equals_its_evidence(town):
    checked = town("rebuild", "--check")
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.slow
def test_every_role_has_an_account_and_the_secrets_are_made_at_load(town):
    shown = json.loads(town("demo", "--show").stdout)
    assert set(shown["accounts"]) == {
        "citizen", "volunteer", "officer", "counter", "engineer", "finance", "data", "planner", "duty", "commander",
        "clerk", "mayor", "dpo", "admin",
    }  # fmt: skip
    assert all(len(entry["password"]) >= 10 for entry in shown["accounts"].values())
    assert shown["base_url"].startswith("http://127.0.0.1:")


@pytest.mark.slow
def test_two_years_of_services_are_loaded(town):
    for part in ("(units)", "(cases)", "(cases-today)"):
        assert part in town.made


@pytest.mark.slow
def test_next_months_file_is_shown_first_and_applied_only_when_asked(town):
    (next_file,) = town.folder.glob("**/to-try/vhv-next.xlsx")
    seen = town("intake", str(next_file), "--source", "vhv", "--as-of", "2026-11-20")
    assert seen.returncode == 0, seen.stdout + seen.stderr
    assert "ยังไม่ได้บันทึก" in seen.stdout
    done = town("intake", str(next_file), "--source", "vhv", "--as-of", "2026-11-20", "--commit")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "นำเข้าแล้ว" in done.stdout
    again = town("intake", str(next_file), "--source", "vhv", "--as-of", "2026-11-20", "--commit")
    assert again.returncode == 1
    assert "เคยส่งแล้ว" in again.stderr
    assert town("rebuild", "--check").returncode == 0


@pytest.mark.slow
def test_an_unknown_source_is_refused_with_the_known_ones(town):
    (next_file,) = town.folder.glob("**/to-try/vhv-next.xlsx")
    refused = town("intake", str(next_file), "--source", "nobody")
    assert refused.returncode == 1
    assert "civil" in refused.stderr
