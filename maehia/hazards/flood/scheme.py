"""Settings of the numbers behind a run, and the error of a run that cannot go on."""

from __future__ import annotations

import math
from dataclasses import dataclass

from maehia.impact import ArgumentError

GRAVITY = 9.80665


@dataclass(frozen=True)
class Scheme:
    """Local-inertial shallow water, q-centred (Bates, Horritt and Fewtrell 2010; de Almeida et al. 2012).

    theta: weight of a face's own discharge against its two neighbours in line, 0.7 to 1 (1 is Bates et al. without
    diffusion). alpha: Courant number of dt = alpha min(dx, dy) / sqrt(g h_max); stable up to `stable_alpha`. The 0.7
    of the papers is beyond it in two dimensions: a chequerboard of waves grows in deep, calm water.
    dt_max_s: longest step; it decides how well a film of rain is followed (tests: 1 % of the depth at 5 s on cells of
    10 m, 4 % at 10 s). dt_min_s: a step that would be shorter ends the run with TimeStepError.
    dry_m: a face with less flow depth carries nothing. froude: limit of |q| / (h sqrt(g h)) at a face; None leaves
    the equations as they are (they hold below 1). rise_m, rise_share: water that enters at a cell may lift it by
    rise_m + rise_share h_max in one step, else the step is shortened.
    """

    theta: float = 0.8
    alpha: float = 0.6
    dt_max_s: float = 5.0
    dt_min_s: float = 1e-3
    dry_m: float = 1e-6
    froude: float | None = None
    rise_m: float = 0.05
    rise_share: float = 0.05

    def __post_init__(self) -> None:
        for name, low, high in (("theta", 0.5, 1.0), ("alpha", 0.0, 1.0), ("dry_m", 0.0, 0.1), ("rise_share", 0.0, 1.0),
                                ("dt_max_s", 0.0, math.inf), ("rise_m", 0.0, math.inf)):  # fmt: skip
            value = getattr(self, name)
            if not low <= value <= high or not math.isfinite(value) or (name != "rise_share" and value == 0):
                raise ArgumentError(name, f"is {value}, expected above {low} and up to {high}.")
        if not 0 < self.dt_min_s <= self.dt_max_s:
            raise ArgumentError("dt_min_s", f"is {self.dt_min_s}, expected above 0 and up to dt_max_s.")
        if self.froude is not None and not 0 < self.froude < math.inf:
            raise ArgumentError("froude", f"is {self.froude}, expected more than 0.")

    def stable_alpha(self, flume: bool = False) -> float:
        """Greatest stable Courant number without friction: sqrt(theta / 2), or sqrt(theta) in one dimension.

        The shortest wave, opposite in sign from cell to cell, has a discharge of
        G^2 - (2 theta - 4 m alpha^2) G + 2 theta - 1 = 0 from step to step, m dimensions; |G| <= 1 needs
        m alpha^2 <= theta.
        """
        return math.sqrt(self.theta / (1 if flume else 2))


class StepWarning(UserWarning):
    """The Courant number is beyond what is stable."""


class TimeStepError(ArithmeticError):
    """The run stopped: a depth is not a number, or so large that the time step collapsed.

    row, col: the cell, row 0 southernmost. x, y: its centre. depth_m, dt_s, time_s: what was found there and when.
    """

    def __init__(self, reason: str, *, row: int, col: int, x: float, y: float, depth_m: float, dt_s: float,
                 time_s: float) -> None:  # fmt: skip
        super().__init__(
            f"{reason} At {time_s:.3f} s in cell row {row}, col {col} (x {x:.2f}, y {y:.2f}): "
            f"depth {depth_m:.6g} m, time step {dt_s:.3g} s."
        )
        self.reason, self.row, self.col, self.x, self.y = reason, row, col, x, y
        self.depth_m, self.dt_s, self.time_s = depth_m, dt_s, time_s
