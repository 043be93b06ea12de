"""A hazard: what strikes where, how hard and how often; events x cells as compressed rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from maehia.impact import checks
from maehia.impact.checks import Floats
from maehia.impact.errors import ArgumentError
from maehia.impact.grid import Grid

# Elements looked at in one go: a check needs little more memory than this, however long the arrays.
_CHUNK = 1 << 20
Cells = npt.NDArray[np.int32] | npt.NDArray[np.int64]
Intensities = npt.NDArray[np.float32] | npt.NDArray[np.float64]
Struck = tuple[npt.NDArray[np.int64], Cells, Intensities, Floats]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
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
    cell: Cells
    intensity: Intensities
    frequency: Floats
    unit: str = "m"

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "indptr", checks.vector(self.indptr, "indptr", (np.int64,)))
        put(self, "cell", checks.vector(self.cell, "cell", (np.int64, np.int32)))
        put(self, "intensity", _intensities(self.intensity, self.cell.size, check=False))
        put(self, "frequency", checks.vector(self.frequency, "frequency", (np.float64,)))
        self._check_rows()
        for begin in range(0, self.nnz, _CHUNK):
            self._check_cells(begin)
        _check_amounts(self.intensity, "intensity")
        _check_amounts(self.frequency, "frequency")

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

    def _check_cells(self, begin: int) -> None:
        """One chunk and the first cell after it."""
        part = self.cell[begin : begin + _CHUNK + 1]
        if part.min() < 0 or part.max() >= self.grid.size:
            at = int(((part < 0) | (part >= self.grid.size)).argmax())
            raise ArgumentError("cell", f"is outside the grid (0 to {self.grid.size - 1}).", index=begin + at,
                                code="cell_outside_grid")  # fmt: skip
        step = part[1:] <= part[:-1]
        low, high = np.searchsorted(self.indptr, [begin + 1, begin + part.size])
        step[self.indptr[low:high] - begin - 1] = False
        at_step = checks.first(step)
        if at_step is not None:
            same = part[at_step] == part[at_step + 1]
            what = "is listed twice in its event." if same else "comes after a larger cell of its event."
            raise ArgumentError("cell", what, index=begin + at_step + 1,
                                fix="Sort the cells of each event and merge equal ones.",
                                code="cell_duplicate" if same else "cell_unsorted")  # fmt: skip

    @classmethod
    def trusted(cls, grid: Grid, struck: Struck, unit: str = "m") -> Hazard:
        """Without looking at a single element: for arrays that were checked when they were written.

        struck: (indptr, cell, intensity, frequency), contiguous and of the types above. A memory map is opened at
        once, whatever its length; cells out of order or outside the grid give wrong sums or end the process.
        """
        made: Hazard = object.__new__(cls)
        for name, value in zip(("grid", "indptr", "cell", "intensity", "frequency", "unit"), (grid, *struck, unit),
                               strict=True):  # fmt: skip
            object.__setattr__(made, name, value)
        return made

    @property
    def events(self) -> int:
        return int(self.frequency.size)

    @property
    def nnz(self) -> int:
        """Number of (event, cell) pairs that are listed."""
        return int(self.cell.size)

    def __repr__(self) -> str:
        grid = self.grid
        return (f"<Hazard: {self.events:,} events on {grid.nx:,} x {grid.ny:,} cells, {self.nnz:,} struck, in "
                f"{self.unit}; {grid.crs[:40]}>")  # fmt: skip

    def select(self, events: npt.ArrayLike) -> Hazard:
        """Some of the events, in the order given, each with its own frequency. events: (n,) whole numbers."""
        chosen = checks.positions(events, "events", self.events)
        parts = [self.event(int(number)) for number in chosen]
        lengths = np.diff(self.indptr)[chosen]
        cell = np.concatenate([self.cell[:0], *(cells for cells, _ in parts)])
        intensity = np.concatenate([self.intensity[:0], *(strength for _, strength in parts)])
        indptr = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
        return self.trusted(self.grid, (indptr, cell, intensity, self.frequency[chosen]), self.unit)

    @classmethod
    def joined(cls, hazards: Sequence[Hazard]) -> Hazard:
        """All events of several hazards, one after the other. They must share grid and unit."""
        if not hazards:
            raise ArgumentError("hazards", "lists none.")
        for number, other in enumerate(hazards):
            if (other.grid, other.unit) != (hazards[0].grid, hazards[0].unit):
                raise ArgumentError("hazards", "has another grid or unit than the first.", index=number)
        indptr = np.cumsum(np.concatenate([np.zeros(1, np.int64), *(np.diff(one.indptr) for one in hazards)]))
        cell, intensity, often = (
            np.concatenate([getattr(one, name) for one in hazards]) for name in ("cell", "intensity", "frequency")
        )
        return cls.trusted(hazards[0].grid, (indptr, cell, intensity, often), hazards[0].unit)

    def event(self, number: int) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """(cells, intensities) of one event, as views. Raises ArgumentError for a number that is none of them."""
        if not 0 <= number < self.events:
            raise ArgumentError("number", f"is {number}, expected 0 to {self.events - 1}.")
        part = slice(self.indptr[number], self.indptr[number + 1])
        return self.cell[part], self.intensity[part]

    def map_of(self, number: int) -> Floats:
        """One event as a (ny, nx) array, row 0 southernmost, dry cells 0."""
        cells, intensities = self.event(number)
        values = np.zeros(self.grid.size)
        values[cells] = intensities
        return values.reshape(self.grid.shape)

    def with_intensity(self, intensity: npt.ArrayLike) -> Hazard:
        """The same events and cells with other intensities, (nnz,); only these are checked."""
        return self.trusted(self.grid, (self.indptr, self.cell, _intensities(intensity, self.nnz), self.frequency),
                            self.unit)  # fmt: skip

    def with_frequency(self, frequency: npt.ArrayLike) -> Hazard:
        """The same events with other frequencies, (E,); only these are checked."""
        often: Floats = checks.vector(frequency, "frequency", (np.float64,), size=self.events)
        _check_amounts(often, "frequency")
        return self.trusted(self.grid, (self.indptr, self.cell, self.intensity, often), self.unit)

    @classmethod
    def from_events(
        cls,
        grid: Grid,
        events: Iterable[tuple[npt.ArrayLike, npt.ArrayLike]],
        frequency: npt.ArrayLike,
        unit: str = "m",
    ) -> Hazard:
        """From (cells, intensities) of each event in any order of cells; a cell listed twice is refused.

        Intensities are kept as float32, seven digits, which halves the memory: 0.7 becomes 0.69999999. Where that
        matters, as at a step of a curve, build the arrays yourself.
        """
        cells, intensities, lengths = [np.zeros(0, np.int32)], [np.zeros(0, np.float32)], [0]
        kind: Any = np.int32 if grid.size < 2**31 else np.int64
        for number, pair in enumerate(events):
            listed, strength = _listed(pair, grid, number)
            order = np.argsort(listed, kind="stable")
            cells.append(listed[order].astype(kind))
            intensities.append(strength[order].astype(np.float32))
            lengths.append(order.size)
        indptr = np.cumsum(np.asarray(lengths, dtype=np.int64))
        return cls(grid, indptr, np.concatenate(cells), np.concatenate(intensities), np.asarray(frequency, np.float64),
                   unit)  # fmt: skip

    @classmethod
    def from_maps(
        cls, grid: Grid, maps: Iterable[npt.NDArray[Any]], frequency: npt.ArrayLike, unit: str = "m", above: float = 0.0
    ) -> Hazard:
        """From one (ny, nx) array an event, row 0 southernmost; NaN, masked and not above `above` are dry.

        Raises ArgumentError for a map of another shape. float32 as in `from_events`.
        """
        fields = (_shaped(field, grid, number) for number, field in enumerate(maps))
        wet = ((np.flatnonzero(field > above), field) for field in fields)
        return cls.from_events(grid, ((cells, field[cells]) for cells, field in wet), frequency, unit)


def _listed(pair: tuple[Any, Any], grid: Grid, number: int) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Cells of one event while they are still wide: a narrower type would wrap them into the grid."""
    where = f"events[{number}]"
    given = pair[0] if np.size(pair[0]) else np.zeros(0, np.int64)
    listed = checks.vector(given, f"{where}.cell", (np.int64, np.int32))
    checks.refuse((listed < 0) | (listed >= grid.size), f"{where}.cell", f"is outside the grid (0 to {grid.size - 1}).",
                  code="cell_outside_grid")  # fmt: skip
    return listed, checks.vector(pair[1], f"{where}.intensity", (np.float64, np.float32), size=listed.size)


def _shaped(field: Any, grid: Grid, number: int) -> npt.NDArray[Any]:
    array = np.asarray(field)
    if isinstance(field, np.ma.MaskedArray):
        array = np.where(np.ma.getmaskarray(field), np.nan, array)
    if array.shape != grid.shape:
        raise ArgumentError("maps", f"has shape {array.shape}, expected (ny, nx) = {grid.shape}.", index=number)
    return array.ravel()


def _intensities(values: Any, size: int, *, check: bool = True) -> Intensities:
    array: Intensities = checks.vector(values, "intensity", (np.float64, np.float32), size=size)
    if check:
        _check_amounts(array, "intensity")
    return array


def _check_amounts(array: npt.NDArray[Any], argument: str) -> None:
    """Finite and not negative; in chunks, and each element is looked at twice only where something is wrong."""
    for begin in range(0, array.size, _CHUNK):
        part = array[begin : begin + _CHUNK]
        if not (part.min() >= 0 and part.max() < np.inf):
            try:
                checks.finite(part, argument)
                checks.not_negative(part, argument)
            except ArgumentError as error:
                raise ArgumentError(argument, error.problem.what, index=begin + int(error.index or 0),
                                    code=error.problem.code) from None  # fmt: skip
