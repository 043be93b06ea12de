"""How a strip of the raster lies in memory, and what a step needs to know.

Cell (i, j) of a strip of n rows and m columns is own for i in 2..n+1, j in 1..m; two rows of neighbours lie south and
north, one column of ghosts west and east. qx[i, j] is the face west of cell j, with one more on both ends; qy[i, j]
the face south of row i. Ground that is not there lies WALL high: nothing ever flows over it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy.typing as npt

from maehia.impact.checks import Floats

WALL = 1e30
SCRATCH_ROWS = 9

Bytes = npt.NDArray[Any]


class Pace(NamedTuple):
    """What one step needs to know: theta and (1 - theta) / 2, g, dt, dt / dx, dt / dy, dry depth, wet threshold,
    limit of the Froude number (0 is none), time at the end of the step."""

    theta: float
    side: float
    g: float
    dt: float
    kx: float
    ky: float
    dry: float
    wet: float
    froude: float
    end: float


class Fields(NamedTuple):
    """Arrays of a strip. kind: class of rain gain, 0 where there is no ground. low, high: columns of a row that may
    hold water. n has one row when roughness is the same everywhere. *_first, *_at, *_crest, *_run: by
    row, the faces that are not plain ground: barriers and open ends."""

    h: Floats
    z: Floats
    n: Floats
    qx: Floats
    qy: Floats
    kind: Bytes
    low: Bytes
    high: Bytes
    most: Floats
    arrival: Floats
    wet_for: Floats
    speed: Floats
    x_first: Bytes
    x_at: Bytes
    x_crest: Floats
    x_run: Floats
    y_first: Bytes
    y_at: Bytes
    y_crest: Floats
    y_run: Floats
    work: Floats
