"""Seeded chance. Only `random()` is drawn, because Python promises its sequence across versions."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """One stream of chance. Each part of the town has its own, so that changing one part moves no other."""

    __slots__ = ("random",)

    def __init__(self, seed: int, stream: str) -> None:
        self.random = Random(f"maehia-demo:{seed}:{stream}").random

    def chance(self, p: float) -> bool:
        return self.random() < p

    def below(self, n: int) -> int:
        """A whole number from 0 to n - 1."""
        return int(self.random() * n)

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.random() * (high - low + 1))

    def spread(self, low: float, high: float) -> float:
        return low + self.random() * (high - low)

    def pick(self, items: Sequence[T]) -> T:
        return items[int(self.random() * len(items))]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """A new list in random order (Fisher-Yates)."""
        out = list(items)
        for i in range(len(out) - 1, 0, -1):
            j = int(self.random() * (i + 1))
            out[i], out[j] = out[j], out[i]
        return out

    def sample(self, items: Sequence[T], n: int) -> list[T]:
        return self.shuffled(items)[:n]

    def normal(self, mean: float, sd: float) -> float:
        """Nearly normal: the sum of twelve uniform draws, never beyond six sd."""
        r = self.random
        return mean + sd * (r() + r() + r() + r() + r() + r() + r() + r() + r() + r() + r() + r() - 6.0)


class Weighted:
    """A choice among items with weights; `pick` costs one draw and one bisection."""

    __slots__ = ("items", "steps", "total")

    def __init__(self, items: Sequence[object], weights: Sequence[float]) -> None:
        self.items = items
        self.steps = list(accumulate(weights))
        self.total = self.steps[-1]

    def pick(self, dice: Dice) -> object:
        return self.items[bisect(self.steps, dice.random() * self.total)]


def fading(items: Sequence[object], power: float = 0.7) -> Weighted:
    """First items are common, last ones rare, as names are (weight 1 / rank**power)."""
    return Weighted(items, [1.0 / (rank + 3) ** power for rank in range(len(items))])
