"""Kernels: compiled wherever the source lies, with NumPy's arithmetic."""

import numpy as np

from maehia.base.compiled import compiled


@compiled()
def total(values):
    result = 0.0
    for value in values:
        result += value
    return result


def test_a_kernel_computes_what_its_source_says():
    assert total(np.arange(5.0)) == 10.0


def test_a_kernel_that_cannot_be_kept_on_disk_still_runs():
    room = {"compiled": compiled}
    exec("@compiled()\ndef half(value):\n    return value / 2\n", room)
    assert room["half"](3.0) == 1.5


def test_division_by_zero_is_infinite_as_in_numpy():
    room = {"compiled": compiled}
    exec("@compiled(contract=True)\ndef ratio(a, b):\n    return a / b\n", room)
    assert room["ratio"](1.0, 0.0) == np.inf
