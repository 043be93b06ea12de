"""A finished sample: percentiles, convergence, and which parameter the spread comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from maehia.impact.checks import Floats
from maehia.impact.errors import ArgumentError

if TYPE_CHECKING:
    import pyarrow as pa

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, slots=True)
class Halves:
    """A statistic on each half of the sample and on all of it. spread: their difference as a share of the whole."""

    first: float
    second: float
    whole: float

    @property
    def spread(self) -> float:
        """|first - second| / |whole|; 0 when they agree, inf when only the whole is 0."""
        difference = abs(self.first - self.second)
        if difference == 0:
            return 0.0
        return float("inf") if self.whole == 0 else difference / abs(self.whole)


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """n runs of a model. inputs: (n,) by parameter; results: (n,) by name of the result; seed they were drawn with."""

    inputs: Mapping[str, Floats]
    results: Mapping[str, Floats]
    seed: int

    @property
    def n(self) -> int:
        return int(next(iter(self.results.values())).size)

    def of(self, result: str | None = None) -> Floats:
        """(n,) values of one result; None: the first."""
        name = next(iter(self.results)) if result is None else result
        if name not in self.results:
            raise ArgumentError("result", f"is {name!r}, expected one of {', '.join(self.results)}.")
        return self.results[name]

    def mean(self, result: str | None = None) -> float:
        return float(self.of(result).mean())

    def sd(self, result: str | None = None) -> float:
        """Standard deviation with n - 1; NaN for one sample."""
        values = self.of(result)
        return float(values.std(ddof=1)) if values.size > 1 else float("nan")

    def percentiles(self, quantiles: Sequence[float] = QUANTILES, result: str | None = None) -> Floats:
        """Values not exceeded by these shares (0..1) of the samples, linear between neighbours."""
        return np.asarray(np.quantile(self.of(result), quantiles))

    def halves(self, result: str | None = None, quantile: float | None = None) -> Halves:
        """Convergence: mean (or a quantile) of the first and second half. Layers are in random order, so each half
        is a plain random subset: the whole sample is at least as good as the halves agree."""
        values = self.of(result)
        parts = (values[: values.size // 2], values[values.size // 2 :], values)
        if not parts[0].size:
            raise ArgumentError("n", "is 1, which has no halves.")
        of = [float(part.mean() if quantile is None else np.quantile(part, quantile)) for part in parts]
        return Halves(*of)

    def spearman(self, result: str | None = None) -> dict[str, float]:
        """Rank correlation of each parameter with the result, -1..1; NaN where one of them does not vary."""
        ranks = _ranks(self.of(result))
        return {name: _correlation(_ranks(column), ranks) for name, column in self.inputs.items()}

    def first_order(self, result: str | None = None, bins: int | None = None) -> dict[str, float]:
        """Share of the variance that each parameter explains alone (first-order Sobol' index), 0..1.

        Estimated from this sample: variance of the means of equally filled bins of the parameter (correlation ratio,
        Pearson 1905), less what chance alone gives (epsilon squared, Kelley 1935). bins: default the cube root of n,
        2 to 50. With correlated parameters it includes what they share. NaN when the result does not vary.
        """
        values = self.of(result)
        count = bins if bins is not None else int(np.clip(np.ceil(np.cbrt(values.size)), 2, 50))
        if not 2 <= count <= values.size // 2:
            raise ArgumentError("bins", f"is {count} for {values.size} samples, expected 2 to half of them.")
        return {name: _explained(column, values, count) for name, column in self.inputs.items()}

    def summary(self, quantiles: Sequence[float] = QUANTILES) -> pa.Table:
        """A row a result: name, n, mean, sd, its percentiles (p5, p25, ...) and the spread of the halves' means."""
        import pyarrow as pa

        rows = [self._row(name, quantiles) for name in self.results]
        return pa.Table.from_pylist(rows)

    def _row(self, name: str, quantiles: Sequence[float]) -> dict[str, object]:
        points = dict(
            zip([f"p{100 * q:g}" for q in quantiles], self.percentiles(quantiles, name).tolist(), strict=True)
        )
        spread = self.halves(name).spread if self.n > 1 else float("nan")
        return {"result": name, "n": self.n, "mean": self.mean(name), "sd": self.sd(name), **points,
                "halves_spread": spread}  # fmt: skip

    def to_arrow(self) -> pa.Table:
        """A row a sample: its number, every parameter, every result (prefixed when a parameter has the same name)."""
        import pyarrow as pa

        results = {(f"result_{name}" if name in self.inputs else name): values for name, values in self.results.items()}
        return pa.table({"sample": np.arange(self.n), **self.inputs, **results})


def _ranks(values: Floats) -> Floats:
    """Ranks from 1; ties share their mean rank."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2.0)[inverse])


def _correlation(left: Floats, right: Floats) -> float:
    a, b = left - left.mean(), right - right.mean()
    scale = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / scale if scale > 0 else float("nan")


def _explained(parameter: Floats, values: Floats, bins: int) -> float:
    # Equal values of a discrete parameter stay in one bin: bins are cut by rank, ties sharing theirs.
    ranks = _ranks(parameter)
    _, group = np.unique(np.floor((ranks - 1) * bins / ranks.size), return_inverse=True)
    sizes = np.bincount(group)
    means = np.bincount(group, weights=values) / sizes
    total = float(((values - values.mean()) ** 2).sum())
    between = float((sizes * (means - values.mean()) ** 2).sum())
    free = values.size - sizes.size
    if total == 0 or free <= 0:
        return float("nan")
    chance = (sizes.size - 1) * (total - between) / free
    return float(np.clip((between - chance) / total, 0.0, 1.0))
