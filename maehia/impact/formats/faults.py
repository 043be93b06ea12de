"""What is wrong with a file, and where in it."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any, TypeAlias

from maehia.impact.errors import ArgumentError

PathLike: TypeAlias = str | os.PathLike[str]


class FormatWarning(UserWarning):
    """A file was read, and something about it may not be what its owner thinks."""


class FileError(ArgumentError):
    """A file that cannot be read as what it should be.

    path, line (counted as a text editor does, the header is line 1) and column say where; line and column may be None.
    """

    def __init__(
        self, path: PathLike, what: str, *, line: int | None = None, column: str | None = None, fix: str = "",
        code: str = "bad_file",
    ) -> None:  # fmt: skip
        where = [Path(path).name]
        where += [] if line is None else [f"line {line}"]
        where += [] if column is None else [f"column {column}"]
        super().__init__(", ".join(where), what, fix=fix, code=code)
        self.path, self.line, self.column = os.fspath(path), line, column

    def __reduce__(self) -> tuple[object, ...]:
        told = {"line": self.line, "column": self.column, "fix": self.problem.fix, "code": self.problem.code}
        return _again, (self.path, self.problem.what, told)


def _again(path: str, what: str, told: dict[str, Any]) -> FileError:
    return FileError(path, what, **told)


def crs_missing(path: PathLike) -> FileError:
    return FileError(path, "has no coordinate reference system.",
                     fix='Say which one it is in, for example crs="EPSG:32647".', code="crs_missing")  # fmt: skip


def existing(path: PathLike) -> Path:
    """`path` when a file or folder is there."""
    found = Path(path)
    if not found.exists():
        raise FileError(path, "does not exist.", fix=f"Check the path {found}.", code="file_missing")
    return found


def warn(message: str, *, stacklevel: int = 3) -> None:
    warnings.warn(message, FormatWarning, stacklevel=stacklevel)
