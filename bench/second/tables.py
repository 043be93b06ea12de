"""Growing columns, and a ledger that answers what was true on a day."""

from collections.abc import Mapping

import numpy as np

NEVER = 1 << 28  # a day after all days
Days = np.ndarray  # whole days since 1 Jan 1970, int32


def day_of(year: int, month: int = 1, day: int = 1) -> int:
    """Days from 1 Jan 1970 to the given day (CE)."""
    return int(np.datetime64(f"{year:04d}-{month:02d}-{day:02d}", "D").astype(int))


def year_of(days: Days) -> np.ndarray:
    """Calendar year (CE) of each day."""
    return np.asarray(days).astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970


class Table:
    """Columns of equal length that grow together; `table["birth"]` is a view on the living rows."""

    def __init__(self, dtypes: Mapping[str, type]) -> None:
        self.size = 0
        self._columns: dict[str, np.ndarray] = {name: np.zeros(1024, dtype) for name, dtype in dtypes.items()}

    def __getitem__(self, name: str) -> np.ndarray:
        return self._columns[name][: self.size]

    def __len__(self) -> int:
        return self.size

    def append(self, count: int, **values: object) -> np.ndarray:
        """Add `count` rows; columns without a value stay 0. Returns the new row numbers."""
        self._reserve(self.size + count)
        rows = np.arange(self.size, self.size + count)
        for name, value in values.items():
            self._columns[name][rows] = value
        self.size += count
        return rows

    def _reserve(self, size: int) -> None:
        for name, column in self._columns.items():
            if size > len(column):
                self._columns[name] = np.concatenate([column, np.zeros(max(size, len(column)), column.dtype)])


class Ledger:
    """Every replaced value of one column, with the day it was replaced."""

    def __init__(self) -> None:
        self._who: list[np.ndarray] = []
        self._day: list[np.ndarray] = []
        self._old: list[np.ndarray] = []
        self._sorted: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None

    def note(self, who: np.ndarray, day: Days, old: np.ndarray) -> None:
        """Remember that `old` ended on `day` for each of `who`."""
        self._who.append(np.asarray(who, np.int64))
        self._day.append(np.asarray(day, np.int64))
        self._old.append(np.array(old))
        self._sorted = None

    def at(self, now: np.ndarray, who: np.ndarray, day: Days | int) -> np.ndarray:
        """Value of each of `who` on `day`, given today's column `now`."""
        keys, owners, old = self._index()
        result = now[who]
        if not len(keys):
            return result
        place = np.searchsorted(keys, _key(who, np.asarray(day)), side="right")
        safe = np.minimum(place, len(keys) - 1)
        later = (place < len(keys)) & (owners[safe] == who)
        result[later] = old[safe[later]]
        return result

    def _index(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        if self._sorted is None:
            if not self._who:
                empty = np.zeros(0, np.int64)
                return empty, empty, empty
            who, day = np.concatenate(self._who), np.concatenate(self._day)
            keys = _key(who, day)
            order = np.argsort(keys, kind="stable")
            self._sorted = keys[order], who[order], np.concatenate(self._old)[order]
        return self._sorted


def _key(who: np.ndarray, day: np.ndarray) -> np.ndarray:
    return np.asarray(who, np.int64) * (1 << 20) + np.asarray(day, np.int64) + (1 << 19)
