"""How sure: Latin hypercube samples of named parameters, a model run on each, and what its results say.

Every draw has a key. A parameter's column depends on (seed, its name, n) alone, so adding a parameter or naming them in
another order changes no other column; `stream(seed, index)` gives sample `index` a generator of its own, so that a
model with chance inside repeats whatever the number of workers. Same seed, same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from maehia.impact.checks import Floats
from maehia.impact.errors import ArgumentError
from maehia.impact.uncertainty_sample import Sample

Model = Callable[[Mapping[str, float]], "float | Mapping[str, float]"]
RESULT, INDEX = "result", "index"


class Distribution(Protocol):
    """What a parameter may be: a quantile function of u in (0, 1), any shape."""

    def at(self, u: npt.ArrayLike) -> Floats: ...


@dataclass(frozen=True, slots=True)
class Uniform:
    low: float
    high: float

    def __post_init__(self) -> None:
        _finite(low=self.low, high=self.high)
        _ordered(low=self.low, high=self.high)

    def at(self, u: npt.ArrayLike) -> Floats:
        return np.asarray(self.low + np.asarray(u) * (self.high - self.low))


@dataclass(frozen=True, slots=True)
class Triangular:
    low: float
    mode: float
    high: float

    def __post_init__(self) -> None:
        _finite(low=self.low, mode=self.mode, high=self.high)
        _ordered(low=self.low, mode=self.mode, high=self.high)

    def at(self, u: npt.ArrayLike) -> Floats:
        p, width = np.asarray(u, dtype=np.float64), self.high - self.low
        split = (self.mode - self.low) / width if width else 0.0
        rising = self.low + np.sqrt(p * width * (self.mode - self.low))
        falling = self.high - np.sqrt((1 - p) * width * (self.high - self.mode))
        return np.where(p < split, rising, falling)


@dataclass(frozen=True, slots=True)
class Normal:
    """Normal, cut off at low and high (the rest is scaled up to 1, nothing piles up at the ends)."""

    mean: float
    sd: float
    low: float = -np.inf
    high: float = np.inf

    def __post_init__(self) -> None:
        _ordered(low=self.low, high=self.high)
        if not (np.isfinite(self.mean) and np.isfinite(self.sd) and self.sd > 0):
            raise ArgumentError("sd", f"is {self.sd} at mean {self.mean}, expected finite numbers, sd above 0.")
        if not self.low < self.high or self._span()[1] <= self._span()[0]:
            raise ArgumentError("high", f"leaves no probability between {self.low} and {self.high}.")

    @property
    def _side(self) -> int:
        """-1 when all of it lies above the mean: there a probability is 1 to the last bit, its mirror is not."""
        return -1 if self.low > self.mean else 1

    def _span(self) -> tuple[float, float]:
        bounds = np.sort(ndtr(self._side * (np.array([self.low, self.high]) - self.mean) / self.sd))
        return float(bounds[0]), float(bounds[1])

    def at(self, u: npt.ArrayLike) -> Floats:
        first, last = self._span()
        share = np.asarray(u) if self._side > 0 else 1.0 - np.asarray(u)
        drawn = self.mean + self._side * self.sd * ndtri(first + share * (last - first))
        return np.asarray(np.clip(drawn, self.low, self.high))


@dataclass(frozen=True, slots=True)
class LogNormal:
    """exp of a normal: `median` > 0, `sigma` = standard deviation of the logarithm >= 0."""

    median: float
    sigma: float

    def __post_init__(self) -> None:
        if not (np.isfinite(self.median) and self.median > 0):
            raise ArgumentError("median", f"is {self.median}, expected a finite number above 0.")
        if not (np.isfinite(self.sigma) and self.sigma >= 0):
            raise ArgumentError("sigma", f"is {self.sigma}, expected a finite number of at least 0.")

    def at(self, u: npt.ArrayLike) -> Floats:
        return np.asarray(self.median * np.exp(self.sigma * ndtri(np.asarray(u))))


@dataclass(frozen=True, slots=True)
class Discrete:
    """One of the values, each with its weight (None: alike). Order matters for ranks and tornado: list them rising."""

    values: tuple[float, ...]
    weights: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        weights = np.asarray(self.weights if self.weights is not None else np.ones(len(self.values)), np.float64)
        if not self.values or not np.isfinite(self.values).all():
            raise ArgumentError("values", "is empty or has a number that is NaN or infinite.")
        if weights.shape != (len(self.values),) or not (weights >= 0).all() or not 0 < weights.sum() < np.inf:
            raise ArgumentError("weights", "has another length than values, is negative, or sums to 0.")

    def at(self, u: npt.ArrayLike) -> Floats:
        weights = np.asarray(self.weights if self.weights is not None else np.ones(len(self.values)), np.float64)
        edges = np.cumsum(weights)[:-1] / weights.sum()
        return np.asarray(self.values, dtype=np.float64)[np.searchsorted(edges, np.asarray(u), side="right")]


def _finite(**named: float) -> None:
    for name, value in named.items():
        if not np.isfinite(value):
            raise ArgumentError(name, f"is {value}, expected a finite number.")


def _ordered(**named: float) -> None:
    """Each at least the one before, none of them NaN."""
    before = -np.inf
    for name, value in named.items():
        if not value >= before:
            raise ArgumentError(name, f"is {value}, expected at least {before}.")
        before = value


def stream(seed: int, index: int) -> np.random.Generator:
    """The generator of one sample: Philox with key = seed and the sample's index as the highest counter word."""
    return np.random.Generator(np.random.Philox(key=_seed(seed), counter=[0, 0, 0, index]))


def _column_stream(seed: int, name: str, purpose: str) -> np.random.Generator:
    """The generator of one parameter: Philox with key = (seed, hash of purpose and name)."""
    digest = hashlib.blake2b(f"{purpose}:{name}".encode(), digest_size=8).digest()
    key = np.array([_seed(seed), int.from_bytes(digest, "little")], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key))


def _seed(seed: int) -> int:
    if not 0 <= seed < 2**63 or int(seed) != seed:
        raise ArgumentError("seed", f"is {seed}, expected a whole number of at least 0.")
    return int(seed)


def latin_hypercube(
    parameters: Mapping[str, Distribution],
    n: int,
    seed: int,
    *,
    correlation: Mapping[tuple[str, str], float] | None = None,
) -> dict[str, Floats]:
    """n samples of each parameter, (n,) by name: one in each of n equally likely layers, in random order.

    correlation: wanted rank correlation of pairs of names (others 0), brought about by reordering (Iman and Conover
    1982, Commun Stat B11:311-334): the values of each parameter stay exactly the same.
    Raises ArgumentError for n < 1 and for correlations that no sample can have.
    """
    if not (np.isfinite(n) and n >= 1 and int(n) == n):
        raise ArgumentError("n", f"is {n}, expected a whole number of at least 1.")
    layers = {name: _layers(int(n), _column_stream(seed, name, "layers")) for name in parameters}
    if correlation:
        layers = _correlated(layers, correlation, seed)
    return {name: np.asarray(parameters[name].at(layers[name]), dtype=np.float64) for name in parameters}


def _layers(n: int, random: np.random.Generator) -> Floats:
    """A point in each of n layers of (0, 1), in random order: a Latin hypercube's column (McKay et al. 1979).

    scipy.stats.qmc gives the same for one column, but draws from a child of the generator, which Philox by key does
    not have, and whose bytes would be SciPy's to change.
    """
    unit = (random.permutation(n) + random.random(n)) / n
    # The ends themselves would be the infinite quantiles of a normal.
    return np.asarray(np.clip(unit, np.finfo(float).tiny, 1 - np.finfo(float).epsneg))


def _correlated(
    layers: Mapping[str, Floats], wanted: Mapping[tuple[str, str], float], seed: int
) -> dict[str, Floats]:  # fmt: skip
    """Reordered columns whose ranks are correlated as wanted; names that no pair mentions keep their order."""
    names = sorted({name for pair in wanted for name in pair})
    unknown = [name for name in names if name not in layers]
    if unknown:
        raise ArgumentError("correlation", f"names {unknown[0]!r}, which is no parameter.")
    target = np.eye(len(names))
    for (left, right), value in wanted.items():
        if left == right or not -1 < value < 1:
            raise ArgumentError("correlation", f"of {left!r} and {right!r} is {value}: two names, within -1 to 1.")
        if (right, left) in wanted:
            raise ArgumentError("correlation", f"of {left!r} and {right!r} is given twice.")
        a, b = names.index(left), names.index(right)
        # A normal pair with correlation c has the rank correlation (6 / pi) asin(c / 2).
        target[a, b] = target[b, a] = 2 * np.sin(np.pi * value / 6)
    if np.linalg.eigvalsh(target)[0] <= 1e-12:
        raise ArgumentError("correlation", "cannot be: these pairs contradict each other.", code="correlation_bad")
    size = layers[names[0]].size
    if size <= len(names):
        raise ArgumentError("n", f"is {size}, too few to correlate {len(names)} parameters.")
    scores = ndtri(np.arange(1, size + 1) / (size + 1))
    drawn = np.stack([_column_stream(seed, name, "order").permutation(scores) for name in names], axis=1)
    have = np.linalg.cholesky(np.corrcoef(drawn, rowvar=False))
    ordered = drawn @ np.linalg.inv(have).T @ np.linalg.cholesky(target).T
    ranks = ordered.argsort(axis=0).argsort(axis=0)
    moved = {name: np.sort(layers[name])[ranks[:, k]] for k, name in enumerate(names)}
    return {name: moved.get(name, values) for name, values in layers.items()}


def run(
    model: Model,
    parameters: Mapping[str, Distribution],
    n: int = 1000,
    seed: int = 0,
    *,
    workers: int = 1,
    correlation: Mapping[tuple[str, str], float] | None = None,
) -> Sample:
    """Run the model on n Latin hypercube samples: `Sample` with its inputs and results.

    model: takes {name: value}, gives a number or {result: number}. A model that has `batch` (see `ImpactModel`) is
    given all samples at once. workers: threads; they change the time and nothing else. A model with chance inside
    draws from `stream(seed, sample["index"])` when it takes the parameter "index", which is always there.
    """
    if INDEX in parameters:
        raise ArgumentError("parameters", f"has {INDEX!r}, which is the number of the sample.")
    inputs = latin_hypercube(parameters, n, seed, correlation=correlation)
    return Sample(inputs, _evaluate(model, inputs, n, workers), seed)


def _evaluate(model: Model, inputs: Mapping[str, Floats], n: int, workers: int = 1) -> dict[str, Floats]:
    batch = getattr(model, "batch", None)
    if batch is not None:
        return dict(batch(inputs, n))
    if workers < 1:
        raise ArgumentError("workers", f"is {workers}, expected at least 1.")
    rows = [{name: float(column[k]) for name, column in inputs.items()} | {INDEX: k} for k in range(n)]
    if workers == 1:
        results = [_named(model(row)) for row in rows]
    else:
        with ThreadPoolExecutor(workers) as pool:
            results = [_named(given) for given in pool.map(model, rows)]
    return _columns(results)


def _named(given: float | Mapping[str, float]) -> Mapping[str, float]:
    return given if isinstance(given, Mapping) else {RESULT: float(given)}


def _columns(results: Sequence[Mapping[str, float]]) -> dict[str, Floats]:
    names = list(results[0])
    for index, given in enumerate(results):
        if list(given) != names:
            raise ArgumentError("model", f"gives {list(given)}, at first {names}.", index=index)
    return {name: np.array([given[name] for given in results], dtype=np.float64) for name in names}


@dataclass(frozen=True, slots=True)
class Swing:
    """What one parameter alone does to a result: at its low and its high quantile, all others at their median."""

    parameter: str
    low: float
    high: float
    at_low: float
    at_high: float

    @property
    def width(self) -> float:
        return abs(self.at_high - self.at_low)


def tornado(
    model: Model, parameters: Mapping[str, Distribution], *, result: str | None = None, share: float = 0.9
) -> tuple[Swing, ...]:  # fmt: skip
    """One parameter at a time from its lower to its upper quantile (5 % and 95 % at share 0.9): widest swing first.

    2 P runs of the model. result: which of its results (None: the first). Interactions are not seen.
    """
    if not 0 < share < 1:
        raise ArgumentError("share", f"is {share}, expected more than 0 and less than 1.")
    names = list(parameters)
    if not names:
        return ()
    middle = {name: float(parameters[name].at(0.5)) for name in names}
    ends = {name: tuple(parameters[name].at(np.array([0.5 - share / 2, 0.5 + share / 2])).tolist()) for name in names}
    inputs = {name: np.full(2 * len(names), middle[name]) for name in names}
    for k, name in enumerate(names):
        inputs[name][2 * k : 2 * k + 2] = ends[name]
    results = _evaluate(model, inputs, 2 * len(names))
    column = next(iter(results.values())) if result is None else _pick(results, result)
    at = column.reshape(-1, 2).tolist()
    swings = [Swing(name, *_pair(ends[name]), *_pair(at[k])) for k, name in enumerate(names)]
    return tuple(sorted(swings, key=lambda swing: (-swing.width, swing.parameter)))


def _pair(values: Sequence[float]) -> tuple[float, float]:
    return values[0], values[1]


def _pick(results: Mapping[str, Floats], name: str) -> Floats:
    if name not in results:
        raise ArgumentError("result", f"is {name!r}, expected one of {', '.join(results)}.")
    return results[name]
