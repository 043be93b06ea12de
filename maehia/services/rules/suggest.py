"""Which category a citizen's text is about: a hint with its confidence and its reasons, never a decision.

Character n-grams of the folded text (no tone marks, no spaces: people leave them out) are hashed into the rows of a
small linear model, trained by `python -m maehia.services.training` on invented text. Below the threshold it says
nothing: a wrong hint costs a citizen more than none. What it is worth is in data/suggest_metrics.json.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from maehia.thai import clean_text

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SIZES = (2, 3, 4, 5)
BITS = 16
LONGEST = 600  # characters of a text that are read; the matter stands at its beginning
_DROPPED = re.compile(r"[่้๊๋์็\s]")
_FOLDED = str.maketrans({"ใ": "ไ", "ฯ": None, **{digit: "0" for digit in "123456789"}})
_PRIME = np.uint64(0x9E3779B97F4A7C15)


class Guess(NamedTuple):
    """probability: calibrated on sentences written by hand, 0 to 1."""

    code: str
    probability: float


class Reason(NamedTuple):
    """A part of the text that spoke for a category. share: of all that spoke for it, 0 to 1."""

    text: str
    share: float


@dataclass(frozen=True, slots=True)
class Folded:
    """chars: what the model reads. places[i]: where chars[i] stands in `text`."""

    text: str
    chars: str
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """weights: one row a bucket, one column a category, in eight bits; scale: what one step of a column is worth.
    threshold: least probability of a first hint."""

    codes: tuple[str, ...]
    weights: NDArray[np.int8]
    scale: Floats
    bias: Floats
    temperature: float
    threshold: float

    def scores(self, buckets: Ints) -> Floats:
        """Log-odds of the categories, cooled by the temperature."""
        spoken = self.weights[buckets].sum(axis=0, dtype=np.int64) * self.scale
        return np.asarray((spoken / np.sqrt(max(len(buckets), 1)) + self.bias) / self.temperature)


def fold(text: str) -> Folded:
    """The text as the model reads it; a letter drawn out ("มากกกก") counts twice at most."""
    whole = clean_text(text)[:LONGEST].casefold()
    kept: list[tuple[str, int]] = []
    for place, char in enumerate(whole):
        if _DROPPED.match(char) or (len(kept) > 1 and kept[-1][0] == kept[-2][0] == char):
            continue
        if char := char.translate(_FOLDED):
            kept.append((char, place))
    return Folded(whole, "".join(char for char, _ in kept), tuple(place for _, place in kept))


def grams(chars: str) -> Iterable[tuple[int, Ints]]:
    """(n, the bucket of each n-gram in order) for every size of n-gram."""
    codes = np.fromiter(map(ord, chars), dtype=np.uint64, count=len(chars))
    mixed = np.zeros(len(codes), dtype=np.uint64)
    for n in range(1, min(max(SIZES), len(codes)) + 1):
        mixed = (mixed[: len(codes) - n + 1] ^ codes[n - 1 :]) * _PRIME
        if n in SIZES:
            yield n, ((mixed + np.uint64(n)) * _PRIME >> np.uint64(64 - BITS)).astype(np.int64)


def buckets(text: str) -> Ints:
    """The rows of the model that a text speaks to, each once."""
    found = [hashed for _, hashed in grams(fold(text).chars)]
    return np.unique(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)


def probabilities(scores: Floats) -> Floats:
    odds = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=-1, keepdims=True))


@cache
def model() -> Model:
    """The model that comes with the code, read once a process."""
    with (files("maehia.services") / "data" / "suggest_model.npz").open("rb") as file:
        return unpack(dict(np.load(file, allow_pickle=False)))


def unpack(stored: dict[str, Any]) -> Model:
    """A model from the arrays of its file."""
    return Model(
        tuple(str(code) for code in stored["codes"]),
        stored["weights"],
        stored["scale"],
        stored["bias"],
        float(stored["temperature"]),
        float(stored["threshold"]),
    )


def suggest(text: str, limit: int = 3) -> list[Guess]:
    """The likeliest categories, best first; empty when the model is not sure enough, or there is no text."""
    found = _ranked(text)
    return found[:limit] if found and found[0].probability >= model().threshold else []


def _ranked(text: str) -> list[Guess]:
    spoken = buckets(text)
    if not len(spoken):
        return []
    chances = probabilities(model().scores(spoken))
    return [Guess(model().codes[i], float(chances[i])) for i in np.argsort(-chances, kind="stable")]


def explain(text: str, code: str, limit: int = 3) -> list[Reason]:
    """The parts of the text that spoke most for a category, best first. KeyError for a category it does not know."""
    folded, weight = fold(text), _weights_of(code)
    spoken = np.zeros(len(folded.chars))
    for n, hashed in grams(folded.chars):
        for shift in range(n):  # an n-gram's weight is shared by its characters
            spoken[shift : shift + len(hashed)] += weight[hashed] / n
    return _parts(folded, spoken)[:limit]


def _weights_of(code: str) -> Floats:
    """What each bucket says for this category."""
    if code not in model().codes:
        raise KeyError(code)
    place = model().codes.index(code)
    return np.asarray(model().weights[:, place] * model().scale[place])


def _parts(folded: Folded, spoken: Floats) -> list[Reason]:
    """Runs of characters that speak a third as loud as the loudest, or louder."""
    total = float(spoken[spoken > 0].sum())
    if not total:
        return []
    loud = spoken >= spoken.max() / 3
    edges = np.flatnonzero(np.diff(np.concatenate([[False], loud, [False]]).astype(int))).reshape(-1, 2)
    found = [Reason(_original(folded, int(a), int(b)), float(spoken[a:b].sum()) / total) for a, b in edges]
    return sorted(found, key=lambda reason: -reason.share)


def _original(folded: Folded, start: int, end: int) -> str:
    last = folded.places[end] if end < len(folded.places) else len(folded.text)
    return folded.text[folded.places[start] : last].strip()


@dataclass(frozen=True, slots=True)
class Choice:
    """One case: what was suggested, best first (nothing when the model kept silent), and what it became."""

    month: str  # "2026-11"
    suggested: tuple[str, ...]
    final: str


@dataclass(slots=True)
class Metrics:
    """One month. kept: the first hint stood; near: another hint was it; overruled: none of them; silent: no hint."""

    cases: int = 0
    kept: int = 0
    near: int = 0
    overruled: int = 0
    silent: int = 0
    confused: Counter[tuple[str, str]] = field(default_factory=Counter)  # (first hint, what it became)

    @property
    def kept_share(self) -> float | None:
        """Of the cases with a hint; None when there was none."""
        hinted = self.cases - self.silent
        return self.kept / hinted if hinted else None

    @property
    def silent_share(self) -> float | None:
        return self.silent / self.cases if self.cases else None


def measure(choices: Iterable[Choice]) -> dict[str, Metrics]:
    """How often staff and citizens kept or overruled the hint, by month in order."""
    found: dict[str, Metrics] = {}
    for choice in choices:
        _count(found.setdefault(choice.month, Metrics()), choice)
    return dict(sorted(found.items()))


def _count(month: Metrics, choice: Choice) -> None:
    month.cases += 1
    if not choice.suggested:
        month.silent += 1
    elif choice.suggested[0] == choice.final:
        month.kept += 1
    else:
        month.near += choice.final in choice.suggested
        month.overruled += choice.final not in choice.suggested
        month.confused[choice.suggested[0], choice.final] += 1
