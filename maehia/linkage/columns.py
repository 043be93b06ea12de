"""Clean a column once per distinct value, on all cores when there are many."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

# Below this many distinct values a second process costs more than it saves.
PARALLEL_FROM = 60_000
_CHUNK = 8_000


def _map_chunk(function: Callable[[str], Any], values: list[str]) -> list[Any]:
    return [function(value) for value in values]


def map_values(function: Callable[[str], Any], values: list[str]) -> list[Any]:
    """function(value) for each; `function` must be importable by name, as it may run in another process."""
    cores = os.cpu_count() or 1
    # A process with threads of its own (a server, a worker) must not be forked.
    if len(values) < PARALLEL_FROM or cores == 1 or threading.active_count() > 1:
        return _map_chunk(function, values)
    chunks = [values[i : i + _CHUNK] for i in range(0, len(values), _CHUNK)]
    context = multiprocessing.get_context("fork" if "fork" in multiprocessing.get_all_start_methods() else None)
    with ProcessPoolExecutor(min(cores, 8), mp_context=context) as pool:
        return [out for part in pool.map(partial(_map_chunk, function), chunks) for out in part]


def clean_column(
    column: pa.ChunkedArray, function: Callable[[str], Any], types: Sequence[pa.DataType]
) -> list[pa.Array]:
    """One array per field of what `function` gives (a tuple, or one value when `types` has one entry).

    An empty or missing cell stays null and is never given to `function`.
    """
    coded = column.combine_chunks().dictionary_encode()
    values = coded.dictionary.to_pylist()
    results = map_values(function, [v for v in values if v])
    fields: list[Sequence[Any]] = [results] if len(types) == 1 else list(zip(*results, strict=True))
    fields = fields or [[] for _ in types]
    codes = pc.fill_null(pc.index_in(coded.dictionary, pa.array([v for v in values if v], pa.string())), -1)
    where = pc.if_else(pc.greater_equal(codes, 0), codes, None)
    spots = where.take(coded.indices)
    return [pa.array(list(field), kind).take(spots) for field, kind in zip(fields, types, strict=True)]
