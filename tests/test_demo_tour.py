"""The tour points at files and functions that exist, and its commands show what it says."""

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from maehia.cli import follow, places
from maehia.demo import write_town
from tests.conftest import surroundings

TOUR = (places.REPO / "docs" / "tour.md").read_text(encoding="utf-8")
# `path` `name`, also over a line break
PLACES = re.findall(r"`(maehia/[\w/]+\.\w+)`\s+`(\w+)`", TOUR)
STEPS = re.findall(r"-m maehia\.cli\.follow (\w+)", TOUR)
SMALL = 300


def test_the_tour_names_enough_to_follow():
    assert len(PLACES) >= 30
    assert len(set(re.findall(r"`(maehia/[\w/]+\.\w+)`", TOUR)) - {path for path, _ in PLACES}) == 0


@pytest.mark.parametrize(("path", "name"), PLACES)
def test_the_tour_points_at_what_exists(path, name):
    file = places.REPO / path
    assert file.is_file()
    text = file.read_text(encoding="utf-8")
    assert re.search(rf"^\s*(?:def|class) {name}\b|^{name}\b\s*[:=]", text, re.MULTILINE), f"{name} is not in {path}"


def test_the_tour_walks_every_step():
    assert STEPS == ["read", "map", "check", "record", "clean", "linked", "register"]


def test_the_links_of_the_tour_lead_to_its_sections():
    heads = {
        re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in re.findall(r"^## (.+)$", TOUR, re.M)
    }
    assert set(re.findall(r"\]\(#([\w-]+)\)", TOUR)) <= heads


@pytest.fixture(scope="module")
def raw(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("tour")
    write_town(folder, people=SMALL, day=date(2026, 11, 21))
    return folder / "raw"


def dirty_row(raw: Path) -> tuple[int, str]:
    """A row with Thai digits and a year of two digits, and the true birth day of its person."""
    import csv
    from collections import defaultdict

    truth = raw.parent / "truth"

    def lines(name):
        with (truth / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    kinds = defaultdict(set)
    for line in lines("dirt.csv"):
        kinds[line["rec"]].add(line["class"])
    births = {line["person"]: line["birth"] for line in lines("people.csv")}
    wanted, spoiled = {"thai_digits", "date_two_digit"}, {"birth_slip", "first_of_january"}
    for line in lines("truth.csv"):
        if line["source"] == "vhv" and wanted <= kinds[line["rec"]] and not spoiled & kinds[line["rec"]]:
            return int(line["row"]), births[line["person"]]
    raise AssertionError("no such row in the small town")


def test_thai_digits_and_a_short_year_come_out_as_the_true_day(raw):
    number, birth = dirty_row(raw)
    path = raw / "vhv.xlsx"
    cells = follow.walk("read", path, number)
    assert any("๐" <= mark <= "๙" for mark in cells["ว/ด/ป เกิด"])
    assert follow.walk("map", path, number)["birth"] == birth
    assert follow.walk("check", path, number)["goes on"] is True
    record = follow.walk("record", path, number)
    assert (record["birth"].isoformat(), record["birth_precision"]) == (birth, "day")
    assert follow.walk("clean", path, number)["birth"] == int(birth.replace("-", ""))


def test_the_command_says_what_to_do_without_a_demo(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "maehia.cli.follow", "read"], env=surroundings(tmp_path / "none"), cwd=places.REPO,
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 1
    assert "make demo" in done.stderr
    assert "Traceback" not in done.stderr
