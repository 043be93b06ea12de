"""Data folders and clusters of the operations tests: their own, thrown away at the end."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from maehia.cli import cluster, places

Maehia = Callable[..., "subprocess.CompletedProcess[str]"]


def surroundings(data: Path, **variables: str) -> dict[str, str]:
    """The environment of a command on `data`, free of what this run or the developer has set."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("MAEHIA_", "DATABASE_", "DJANGO_"))}
    return kept | {"MAEHIA_DATA": str(data)} | variables


def maehia(data: Path, *arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the CLI as its own process."""
    return subprocess.run(
        [sys.executable, "-m", "maehia.cli.main", *map(str, arguments)],
        env=surroundings(data, **variables),
        cwd=places.REPO,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=240,
    )


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Path]]:
    """Makes data folders that the database's user can reach; stops their clusters and removes them at the end."""
    made: list[Path] = []

    def new() -> Path:
        root = places.SYSTEM_DATA if os.geteuid() == 0 else tmp_path_factory.mktemp("data")
        folder = root / f"ops-{secrets.token_hex(4)}"
        made.append(folder)
        return folder

    yield new
    before = os.environ["MAEHIA_DATA"]
    for folder in made:
        os.environ["MAEHIA_DATA"] = str(folder)
        cluster.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)
    os.environ["MAEHIA_DATA"] = before


@pytest.fixture
def data(folders: Callable[[], Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """One empty data folder, named to the code under test."""
    folder = folders()
    monkeypatch.setenv("MAEHIA_DATA", str(folder))
    return folder
