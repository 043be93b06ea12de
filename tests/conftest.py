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


def throw_away(folder: Path) -> None:
    """Stop the cluster of a test's folder and remove it."""
    before = os.environ.get("MAEHIA_DATA", "")
    os.environ["MAEHIA_DATA"] = str(folder)
    cluster.stop("immediate")
    os.environ["MAEHIA_DATA"] = before
    shutil.rmtree(folder, ignore_errors=True)


def throw_away_left_over(root: Path) -> None:
    """What runs that were killed have left: their process number is nobody's any more."""
    for folder in root.glob("ops-*-*") if root.is_dir() else ():
        if not Path(f"/proc/{folder.name.split('-')[1]}").exists():
            throw_away(folder)


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Path]]:
    """Makes data folders that the database's user can reach; stops their clusters and removes them at the end."""
    root = places.SYSTEM_DATA if os.geteuid() == 0 else tmp_path_factory.mktemp("data")
    made: list[Path] = []
    throw_away_left_over(root)

    def new() -> Path:
        folder = root / f"ops-{os.getpid()}-{secrets.token_hex(4)}"
        made.append(folder)
        return folder

    yield new
    for folder in made:
        throw_away(folder)


@pytest.fixture
def data(folders: Callable[[], Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """One empty data folder, named to the code under test."""
    folder = folders()
    monkeypatch.setenv("MAEHIA_DATA", str(folder))
    return folder
