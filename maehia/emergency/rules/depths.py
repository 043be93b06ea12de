"""A depth grid of water as it is kept with a footprint: whole centimetres, packed, with the grid it lies on.

packed = pack(Depths(grid, metres))
metres = unpack(packed).at(x, y)
"""

from __future__ import annotations

import json
import struct
import zlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from maehia.base import Problem, ProblemError
from maehia.impact import Grid

Floats = npt.NDArray[np.float64]
MAGIC = b"MHDG1"
UNKNOWN = 65_535  # no value: outside of what the solver or the raster knew
DEEPEST_M = 100.0  # deeper is another unit, not water over a town
MOST_CELLS = 40_000_000


@dataclass(frozen=True, eq=False)
class Depths:
    """metres: (ny, nx) float64 on `grid`, row 0 southernmost; NaN where nothing is known.

    Raises ProblemError: depth_shape, depth_negative, depth_absurd, depth_too_fine.
    """

    grid: Grid
    metres: Floats

    def __post_init__(self) -> None:
        values = np.asarray(self.metres, dtype=np.float64)
        object.__setattr__(self, "metres", values)
        if values.shape != self.grid.shape:
            raise _refused("depth_shape", f"ค่าความลึกมีขนาด {values.shape} ไม่ตรงกับตาราง {self.grid.shape}")
        if values.size > MOST_CELLS:
            raise _refused("depth_too_fine", f"ตารางความลึกมี {values.size:,} ช่อง มากเกินไป", "ลดความละเอียดลง แล้วนำเข้าใหม่")
        known = values[np.isfinite(values)]
        if known.size and known.min() < 0:
            raise _refused("depth_negative", f"มีความลึกติดลบ ({known.min():g})",
                           "กำหนดค่า nodata ของไฟล์ หรือส่งออกความลึกเป็นเมตรใหม่")  # fmt: skip
        if known.size and known.max() > DEEPEST_M:
            raise _refused(
                "depth_absurd", f"มีความลึก {known.max():g} เมตร", "ตรวจหน่วย: ต้องเป็นเมตร ไม่ใช่เซนติเมตรหรือระดับน้ำทะเล"
            )

    def at(self, x: npt.ArrayLike, y: npt.ArrayLike) -> Floats:
        """Metres of water at points in the grid's CRS; NaN outside of the grid and where nothing is known."""
        cell = self.grid.cell_of(x, y)
        found = self.metres.ravel()[np.maximum(cell, 0)]
        return np.where(cell >= 0, found, np.nan)

    @cached_property
    def deepest_m(self) -> float:
        """Greatest known depth, 0 when nothing is known."""
        return float(np.nanmax(np.where(np.isfinite(self.metres), self.metres, 0.0), initial=0.0))


def pack(depths: Depths) -> bytes:
    """The grid as bytes, rounded to a centimetre."""
    grid = depths.grid
    head = json.dumps([grid.x0, grid.y0, grid.dx, grid.dy, grid.nx, grid.ny, grid.crs]).encode()
    known = np.isfinite(depths.metres)
    whole = np.where(known, np.rint(np.where(known, depths.metres, 0.0) * 100), UNKNOWN).astype("<u2")
    return MAGIC + struct.pack("<I", len(head)) + head + zlib.compress(whole.tobytes(), 6)


def unpack(packed: bytes | memoryview) -> Depths:
    """The grid of `pack`. Raises ProblemError depth_unreadable."""
    raw = bytes(packed)
    try:
        if not raw.startswith(MAGIC):
            raise ValueError("magic")
        (length,) = struct.unpack_from("<I", raw, len(MAGIC))
        begin = len(MAGIC) + 4
        x0, y0, dx, dy, nx, ny, crs = json.loads(raw[begin : begin + length])
        grid = Grid(x0, y0, dx, dy, nx, ny, crs)
        whole = np.frombuffer(_inflated(raw[begin + length :], grid.size * 2), dtype="<u2").reshape(grid.shape)
    except (ValueError, struct.error, zlib.error, TypeError) as error:
        raise _refused("depth_unreadable", "อ่านตารางความลึกที่เก็บไว้ไม่ได้") from error
    return Depths(grid, np.where(whole == UNKNOWN, np.nan, whole / 100.0))


def _inflated(packed: bytes, size: int) -> bytes:
    """Exactly so many bytes, however large the packed ones pretend to be."""
    if size > MOST_CELLS * 2:
        raise ValueError("too large")
    worker = zlib.decompressobj()
    data = worker.decompress(packed, size)
    if len(data) != size or worker.unconsumed_tail or not worker.eof:
        raise ValueError("another size")
    return data


def _refused(code: str, what: str, fix: str = "") -> ProblemError:
    return ProblemError(Problem(code, what, "depth", fix))
