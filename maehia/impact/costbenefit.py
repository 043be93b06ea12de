"""Is a measure worth it: yearly averted damage against its cost, both discounted.

Money is in the unit that a `Cost` names, at constant prices; rates are real rates. Years are counted from 0, in which
the capital is spent and nothing is averted yet; benefits and upkeep of year t = 1 ... T fall at its end. What is left
of a measure at the horizon is worth nothing: choose the horizon by its life, or compare measures over a common one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from maehia.impact import checks
from maehia.impact.checks import Floats
from maehia.impact.errors import ArgumentError

Growth = Literal["linear", "exponential"]


@dataclass(frozen=True, slots=True)
class Cost:
    """capital: spent in year 0, and again whenever `life` years are over before the horizon is (inf: never).
    maintenance: of every year after that. unit: the money."""

    capital: float
    maintenance: float = 0.0
    life: float = float("inf")
    unit: str = "THB"

    def __post_init__(self) -> None:
        for name in ("capital", "maintenance"):
            if not (np.isfinite(getattr(self, name)) and getattr(self, name) >= 0):
                raise ArgumentError(name, f"is {getattr(self, name)}, expected a finite number of at least 0.")
        if not self.life >= 1 or (np.isfinite(self.life) and int(self.life) != self.life):
            raise ArgumentError("life", f"is {self.life}, expected whole years, at least 1, or inf.")
        if not self.unit:
            raise ArgumentError("unit", "is empty.", fix="Name the money.")

    def __add__(self, other: Cost) -> Cost:
        if (self.unit, self.life) != (other.unit, other.life):
            raise ArgumentError("cost", f"in {self.unit} for {self.life} years and one in {other.unit} for "
                                f"{other.life} years cannot be added.")  # fmt: skip
        return Cost(self.capital + other.capital, self.maintenance + other.maintenance, self.life, self.unit)

    def by_year(self, years: int) -> Floats:
        """(years + 1,) money of each year, year 0 first."""
        flow = np.full(years + 1, self.maintenance)
        flow[0] = self.capital
        if np.isfinite(self.life):
            flow[int(self.life) : years : int(self.life)] += self.capital
        return flow


def discount_factors(rate: npt.ArrayLike, years: int) -> Floats:
    """(years + 1,) worth today of 1 in each year: 1 in year 0, then 1 / (1 + r_1) / (1 + r_2) ...

    rate: one yearly rate, or one for each year 1 ... years; above -1.
    """
    horizon = _years(years)
    given = np.atleast_1d(np.asarray(rate, dtype=np.float64))
    if given.size not in (1, horizon) or given.ndim != 1:
        raise ArgumentError("rate", f"has {given.size} years, expected 1 or {horizon}.")
    checks.refuse(~(np.isfinite(given) & (given > -1)), "rate", "is not a finite number above -1.")
    return np.concatenate([[1.0], np.cumprod(1.0 / (1.0 + np.broadcast_to(given, horizon)))])


def yearly(present: float, future: float, reached: int, years: int, growth: Growth = "linear") -> Floats:
    """(years,) amount of years 1 ... years, from `present` in year 0 to `future` in year `reached`, then constant.

    linear: equal steps. exponential: equal ratios, for which both must be above 0. After `reached` nothing is
    extrapolated. A change of climate and of what stands there is in `future`: the average annual impact then.
    """
    for name, value in (("present", present), ("future", future)):
        if not np.isfinite(value):
            raise ArgumentError(name, f"is {value}, expected a finite number.")
    if growth not in get_args(Growth):
        raise ArgumentError("growth", f"is {growth!r}, expected 'linear' or 'exponential'.")
    share = np.minimum(np.arange(1, _years(years) + 1) / _years(reached, "reached"), 1.0)
    if growth == "linear":
        return np.asarray(present * (1.0 - share) + future * share)
    if not (present > 0 and future > 0):
        raise ArgumentError("growth", f"is exponential, from {present} to {future}: both must be above 0.")
    return np.asarray(present * (future / present) ** share)


@dataclass(frozen=True, slots=True, eq=False)
class Appraisal:
    """benefits, costs, factors: (years + 1,) of each year, undiscounted, and the discount factors. unit: of both.

    npv: discounted benefits less discounted costs. bcr: their ratio (inf for a free measure that averts something,
    NaN for one that averts nothing). payback_year: first year at whose end the discounted sum is not below 0; None
    when that is not within the horizon. cost_of_one: discounted cost of one discounted unit averted (for people or
    houses, whose benefits have no money value); inf when nothing is averted.
    """

    benefits: Floats
    costs: Floats
    factors: Floats
    unit: str

    @property
    def present_benefits(self) -> float:
        return float(self.benefits @ self.factors)

    @property
    def present_costs(self) -> float:
        return float(self.costs @ self.factors)

    @property
    def npv(self) -> float:
        return self.present_benefits - self.present_costs

    @property
    def bcr(self) -> float:
        if self.present_costs == 0:
            return float("inf") if self.present_benefits > 0 else float("nan")
        return self.present_benefits / self.present_costs

    @property
    def cost_of_one(self) -> float:
        return self.present_costs / self.present_benefits if self.present_benefits > 0 else float("inf")

    @property
    def running(self) -> Floats:
        """(years + 1,) discounted sum up to each year."""
        return np.asarray(np.cumsum((self.benefits - self.costs) * self.factors))

    @property
    def payback_year(self) -> int | None:
        # A sum that is 0 but for rounding has paid back.
        slack = 1e-12 * max(self.present_costs, abs(self.present_benefits))
        paid = np.flatnonzero(self.running >= -slack)
        return int(paid[0]) if paid.size else None


def appraise(
    cost: Cost, averted: float, *, years: int, rate: npt.ArrayLike, averted_then: float | None = None,
    reached: int | None = None, growth: Growth = "linear",
) -> Appraisal:  # fmt: skip
    """Appraise a measure over `years` years.

    averted: impact averted a year today (aal without less aal with it, in the cost's unit for npv and bcr);
    averted_then: that of the year `reached` (default: the last year), with growth and climate change; None: as today.
    It is interpolated by `yearly`. A measure that makes things worse has negative benefits (linear growth only).
    """
    then = averted if averted_then is None else averted_then
    for name, value in (("averted", averted), ("averted_then", then)):
        if not np.isfinite(value):
            raise ArgumentError(name, f"is {value}, expected a finite number.")
    # What stays as it is may be 0 or harm, which has no ratio.
    path: Growth = "linear" if averted_then is None and growth in get_args(Growth) else growth
    benefits = yearly(averted, then, reached if reached is not None else _years(years), years, path)
    return Appraisal(np.concatenate([[0.0], benefits]), cost.by_year(years), discount_factors(rate, years), cost.unit)


def _years(years: int, name: str = "years") -> int:
    if not (np.isfinite(years) and years >= 1 and int(years) == years):
        raise ArgumentError(name, f"is {years}, expected a whole number of at least 1.")
    return int(years)
