"""The grid of a hazard: a regular raster of cells, counted from its south-west corner."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from maehia.impact.checks import Floats, Ints
from maehia.impact.errors import ArgumentError


@dataclass(frozen=True, slots=True)
class Grid:
    """nx * ny cells of dx by dy; cell = row * nx + col, row 0 is the southernmost, col 0 the westernmost.

    x0, y0: south-west corner of cell 0, in the units of crs. dx, dy: size of a cell, > 0, same units.
    crs: any name that PROJ understands ("EPSG:32647" is metres, UTM zone 47 North).
    Raises ArgumentError for a size that is not positive and finite, or a missing crs.
    """

    x0: float
    y0: float
    dx: float
    dy: float
    nx: int
    ny: int
    crs: str = "EPSG:32647"

    def __post_init__(self) -> None:
        for name in ("x0", "y0", "dx", "dy"):
            value = getattr(self, name)
            if not math.isfinite(value):
                raise ArgumentError(name, "is NaN or infinite.")
            object.__setattr__(self, name, float(value))
        for name in ("dx", "dy", "nx", "ny"):
            if not 0 < getattr(self, name) < math.inf:
                raise ArgumentError(name, f"is {getattr(self, name)}, expected more than 0.")
        for name in ("nx", "ny"):
            if int(getattr(self, name)) != getattr(self, name):
                raise ArgumentError(name, "is not a whole number.")
            object.__setattr__(self, name, int(getattr(self, name)))
        if not self.crs or not str(self.crs).strip():
            raise ArgumentError("crs", "is missing.", fix='Name it, for example "EPSG:32647".', code="crs_missing")

    @property
    def size(self) -> int:
        """Number of cells."""
        return self.nx * self.ny

    @property
    def shape(self) -> tuple[int, int]:
        """(ny, nx): shape of an array with one value a cell, row 0 southernmost."""
        return self.ny, self.nx

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(west, south, east, north) in units of the crs."""
        return self.x0, self.y0, self.x0 + self.nx * self.dx, self.y0 + self.ny * self.dy

    def cell_of(self, x: npt.ArrayLike, y: npt.ArrayLike) -> Ints:
        """Cell of each point, (N,) int64; -1 outside, and where a coordinate is not finite.

        A point on the line between two cells belongs to the eastern or northern one; a point on the east or
        north border of the grid is outside.
        """
        with np.errstate(invalid="ignore"):
            col = np.floor((np.asarray(x, dtype=np.float64) - self.x0) / self.dx)
            row = np.floor((np.asarray(y, dtype=np.float64) - self.y0) / self.dy)
            inside = (col >= 0) & (col < self.nx) & (row >= 0) & (row < self.ny)
        cell = np.full(inside.shape, -1, dtype=np.int64)
        np.copyto(cell, np.where(inside, row, 0).astype(np.int64) * self.nx + np.where(inside, col, 0).astype(np.int64),
                  where=inside)  # fmt: skip
        return cell

    def centre_of(self, cell: npt.ArrayLike) -> tuple[Floats, Floats]:
        """(x, y) of the centre of each cell, float64."""
        row, col = np.divmod(np.asarray(cell, dtype=np.int64), self.nx)
        return self.x0 + (col + 0.5) * self.dx, self.y0 + (row + 0.5) * self.dy

    def north_up(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """A view of (ny, nx) values with the northernmost row first, as images and GeoTIFF have it; its own inverse."""
        return values.reshape(self.shape)[::-1]
