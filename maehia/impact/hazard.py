"""A hazard: what strikes where, how hard and how often; events x cells as compressed rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from maehia.impact import checks
from maehia.impact.checks import Floats
from maehia.impact.errors import ArgumentError
from maehia.impact.grid import Grid


@dataclass(frozen=True, slots=True, eq=False)
class Hazard:
    """E events on a grid, in CSR order: event e strikes cell[indptr[e]:indptr[e + 1]].

    indptr: (E + 1,) int64, from 0 to nnz. cell: (nnz,) int32 or int64, strictly rising inside an event.
    intensity: (nnz,) float32 or float64, finite and >= 0, in `unit` ("m" of water, "ug/m3" of PM2.5, ...).
    frequency: (E,) float64 per year, finite and >= 0. An event of frequency 0 is a scenario: it has an impact, and
    no part in expectations and exceedance curves. A cell that an event does not list is dry.
    Raises ArgumentError with the argument and the first bad index. Arrays are not copied: memory maps stay on disk.
    """

    grid: Grid
    indptr: npt.NDArray[np.int64]
    cell: npt.NDArray[np.int32] | npt.NDArray[np.int64]
    intensity: npt.NDArray[np.float32] | npt.NDArray[np.float64]
    frequency: Floats
    unit: str = "m"

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "indptr", checks.vector(self.indptr, "indptr", (np.int64,)))
        put(self, "cell", checks.vector(self.cell, "cell", (np.int64, np.int32)))
        put(
            self, "intensity", checks.vector(self.intensity, "intensity", (np.float64, np.float32), size=self.cell.size)
        )
        put(self, "frequency", checks.vector(self.frequency, "frequency", (np.float64,)))
        self._check_rows()
        self._check_cells()
        checks.finite(self.intensity, "intensity")
        checks.not_negative(self.intensity, "intensity")
        checks.finite(self.frequency, "frequency")
        checks.not_negative(self.frequency, "frequency")

    def _check_rows(self) -> None:
        if self.indptr.size != self.frequency.size + 1:
            raise ArgumentError(
                "indptr", f"has length {self.indptr.size}, expected events + 1 = {self.frequency.size + 1}."
            )
        if self.indptr[0] != 0:
            raise ArgumentError("indptr", "does not start at 0.", index=0)
        falls = checks.first(np.diff(self.indptr) < 0)
        if falls is not None:
            raise ArgumentError("indptr", "is smaller than the entry before it.", index=falls + 1)
        if self.indptr[-1] != self.cell.size:
            raise ArgumentError("indptr", f"ends at {self.indptr[-1]}, expected the {self.cell.size} cells listed.",
                                index=self.indptr.size - 1)  # fmt: skip

    def _check_cells(self) -> None:
        outside = (self.cell < 0) | (self.cell >= self.grid.size)
        checks.refuse(outside, "cell", f"is outside the grid (0 to {self.grid.size - 1}).", code="cell_outside_grid")
        if self.cell.size < 2:
            return
        step = np.diff(self.cell) <= 0
        starts = self.indptr[1:-1]
        step[starts[(starts > 0) & (starts < self.cell.size)] - 1] = False
        at = checks.first(step)
        if at is not None:
            same = self.cell[at] == self.cell[at + 1]
            what = "is listed twice in its event." if same else "comes after a larger cell of its event."
            raise ArgumentError("cell", what, index=at + 1, fix="Sort the cells of each event and merge equal ones.",
                                code="cell_duplicate" if same else "cell_unsorted")  # fmt: skip

    @property
    def events(self) -> int:
        return int(self.frequency.size)

    @property
    def nnz(self) -> int:
        """Number of (event, cell) pairs that are listed."""
        return int(self.cell.size)

    def event(self, number: int) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """(cells, intensities) of one event, as views."""
        part = slice(self.indptr[number], self.indptr[number + 1])
        return self.cell[part], self.intensity[part]

    def map_of(self, number: int) -> Floats:
        """One event as a (ny, nx) array, row 0 southernmost, dry cells 0."""
        cells, intensities = self.event(number)
        values = np.zeros(self.grid.size)
        values[cells] = intensities
        return values.reshape(self.grid.shape)

    def with_intensity(self, intensity: npt.NDArray[Any]) -> Hazard:
        """The same events and cells with other intensities, (nnz,)."""
        return replace(self, intensity=intensity)

    @classmethod
    def from_events(
        cls,
        grid: Grid,
        events: Iterable[tuple[npt.ArrayLike, npt.ArrayLike]],
        frequency: npt.ArrayLike,
        unit: str = "m",
    ) -> Hazard:
        """From (cells, intensities) of each event in any order of cells; a cell listed twice is refused."""
        cells, intensities, lengths = [np.zeros(0, np.int32)], [np.zeros(0, np.float32)], [0]
        kind: Any = np.int32 if grid.size < 2**31 else np.int64
        for listed, strength in events:
            order = np.argsort(np.asarray(listed), kind="stable")
            cells.append(np.asarray(listed)[order].astype(kind))
            intensities.append(np.asarray(strength)[order].astype(np.float32))
            lengths.append(order.size)
        indptr = np.cumsum(np.asarray(lengths, dtype=np.int64))
        return cls(grid, indptr, np.concatenate(cells), np.concatenate(intensities), np.asarray(frequency, np.float64),
                   unit)  # fmt: skip

    @classmethod
    def from_maps(
        cls, grid: Grid, maps: Iterable[npt.NDArray[Any]], frequency: npt.ArrayLike, unit: str = "m", above: float = 0.0
    ) -> Hazard:
        """From one (ny, nx) array an event, row 0 southernmost; NaN and values not above `above` are dry."""
        wet = ((np.flatnonzero(field.ravel() > above), field.ravel()) for field in map(np.asarray, maps))
        return cls.from_events(grid, ((cells, field[cells]) for cells, field in wet), frequency, unit)
