"""Floors, doors and pure rooms hold; the contracts themselves notice a break."""

import subprocess
import sys
import tomllib

import grimp
import pytest

from maehia.cli import places
from tests.layers import DoorsContract

PURE = ("base", "thai", "linkage", "demo")


@pytest.fixture(scope="module")
def contract() -> DoorsContract:
    told = tomllib.loads((places.REPO / "pyproject.toml").read_text(encoding="utf-8"))
    found = next(c for c in told["tool"]["importlinter"]["contracts"] if c["type"] == "doors")
    return DoorsContract("doors", {}, {"rooms": found["rooms"], "public": found["public"]})


def test_floors_doors_and_pure_rooms_hold():
    done = subprocess.run(
        [places.REPO / ".venv/bin/lint-imports", "--no-cache"] if (places.REPO / ".venv/bin/lint-imports").exists()
        else [sys.executable, "-m", "importlinter.cli"],
        cwd=places.REPO, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:]


@pytest.mark.parametrize(
    ("importer", "target", "allowed"),
    [
        ("maehia.intake.views", "maehia.city.queries", True),
        ("maehia.intake.views", "maehia.city.models.people", True),
        ("maehia.intake.views", "maehia.city.readings", False),
        ("maehia.intake.views", "maehia.city.views", False),
        ("maehia.intake.views", "maehia.kit.acting", True),
        ("maehia.intake.views", "maehia.kit.guard", False),
        ("maehia.intake.views", "maehia.intake.words", True),
        ("maehia.city.views", "maehia.thai.names", True),
        ("maehia.cli.restore", "maehia.evidence.kinds", True),
    ],
)
def test_a_room_is_entered_by_its_doors(contract, importer, target, allowed):
    graph = grimp.ImportGraph()
    graph.add_import(importer=importer, imported=target)
    assert (contract.wrong_targets(graph, importer) == []) is allowed


@pytest.mark.parametrize("room", PURE)
def test_a_pure_room_loads_without_django_and_database(room):
    code = f"import sys, maehia.{room}; print(sorted({{'django', 'psycopg', 'procrastinate'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd="/")
    assert done.stdout.strip() == "[]"
