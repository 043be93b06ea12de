"""One small town (300 registered people) for all tests of this folder."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import pytest
import python_calamine

from maehia.demo import Manifest, write_town


@dataclass
class Small:
    """A written town and what the tests read from it."""

    root: Path
    manifest: Manifest

    def csv(self, name: str, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
        with (self.root / name).open(encoding=encoding, newline="") as file:
            return list(csv.DictReader(file))

    def xlsx(self, name: str) -> list[list[object]]:
        """Rows of the first sheet, every row as long as the longest."""
        book = python_calamine.CalamineWorkbook.from_path(self.root / name)
        return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


@pytest.fixture(scope="session")
def small(tmp_path_factory) -> Small:
    root = tmp_path_factory.mktemp("small-town")
    return Small(root, write_town(root, people=300, seed=11))
