"""What the tests of uncertainty share."""

from maehia.impact.uncertainty import (
    Normal,
    Uniform,
)

TWO = {"a": Uniform(0, 1), "b": Normal(0, 1)}


def line(x):
    return 3 * x["a"] + 4 * x["b"]
