"""Run the batch contract over Parquet files in processes of one machine."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from maehia.impact.assess import Prepared
from maehia.impact.batch import Plan, finish, make_plan, merge, partial_sums
from maehia.impact.errors import ArgumentError
from maehia.impact.formats import interior
from maehia.impact.formats.faults import FileError, PathLike
from maehia.impact.result import Impact

ROWS = 1 << 22  # of a batch here: some 150 MB with what is made of it, and a quarter of the sums to merge
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Part:
    """Some row groups of one Parquet file."""

    path: str
    groups: tuple[int, ...]

    def __str__(self) -> str:
        span = f"{self.groups[0]}" if len(self.groups) == 1 else f"{self.groups[0]} to {self.groups[-1]}"
        return f"{Path(self.path).name}, row group {span}"


class PartError(ArgumentError):
    """A part that could not be computed: `part` names it, the text says why. No partial result is given."""

    def __init__(self, part: str, what: str) -> None:
        super().__init__(part, what, code="part_failed")
        self.part = part

    def __reduce__(self) -> tuple[object, ...]:
        return PartError, (self.part, self.problem.what)


def parts_of(paths: Sequence[PathLike], *, groups: int = 8) -> list[Part]:
    """Parts of at most `groups` row groups."""
    found = []
    for path in paths:
        count = interior.row_groups(path)
        found += [Part(os.fspath(path), tuple(range(i, min(i + groups, count)))) for i in range(0, count, groups)]
    return found


def common_header(paths: Sequence[PathLike]) -> interior.Header:
    """The header that all files share. Raises FileError naming the first file that has another one."""
    if not paths:
        raise ArgumentError("paths", "names no file.")
    header = interior.read_header(paths[0])
    for path in paths[1:]:
        other = interior.read_header(path)
        same = other.grid == header.grid and other.unit == header.unit
        if not same or other.frequency.tolist() != header.frequency.tolist():
            raise FileError(path, f"has another grid, unit or set of events than {Path(paths[0]).name}.", code="header")
    return header


def assess_files(
    paths: Sequence[PathLike], prepared: Prepared, *, workers: int = 2, progress: Progress | None = None
) -> Impact:
    """The impact of a hazard kept in Parquet files, row group after row group; memory does not grow with it.

    All files share one header; a file may hold any events of it, whole or in part. workers: processes; 1 computes here.
    They are spawned, so a script that calls this needs `if __name__ == "__main__":`. progress(done, total): called
    after each part. Raises PartError for the first part that fails, and stops.
    """
    header = common_header(paths)
    if header.grid != prepared.linked.grid:
        raise ArgumentError("paths", "lie on another grid than the one that the exposure was linked to.")
    plan = make_plan(prepared, header.frequency)
    done = _results(parts_of(paths), plan, workers)
    total = len(parts_of(paths))
    sums = merge(())
    for number, result in enumerate(done, start=1):
        sums = merge((sums, result))
        if progress:
            progress(number, total)
    return finish(sums, plan, prepared)


def _results(parts: Sequence[Part], plan: Plan, workers: int) -> Iterator[pa.RecordBatch]:
    if workers < 1:
        raise ArgumentError("workers", f"is {workers}, expected 1 or more.")
    if workers == 1 or len(parts) < 2:
        yield from (compute(part, plan) for part in parts)
        return
    with tempfile.TemporaryDirectory(prefix="maehia-plan-") as folder:
        plan.save(Path(folder))
        yield from _spread(parts, Path(folder), min(workers, len(parts)))


def _spread(parts: Sequence[Part], folder: Path, workers: int) -> Iterator[pa.RecordBatch]:
    """Results as they come; twice as many parts as workers are under way, so that results do not pile up."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_open_plan, initargs=(folder,)) as pool:
        waiting = list(reversed(parts))
        running: dict[Future[bytes], Part] = {}
        try:
            while waiting or running:
                while waiting and len(running) < 2 * workers:
                    part = waiting.pop()
                    running[pool.submit(_compute_here, part)] = part
                ended, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in ended:
                    yield _received(future, running.pop(future))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _received(future: Future[bytes], part: Part) -> pa.RecordBatch:
    try:
        stream = future.result()
    except BrokenProcessPool as error:
        raise PartError(str(part), "its process ended (out of memory?).") from error
    return pa.ipc.open_stream(stream).read_next_batch()


_PLAN: list[Plan] = []


def _open_plan(folder: Path) -> None:
    _PLAN[:] = [Plan.open(folder)]


def _compute_here(part: Part) -> bytes:
    sums = compute(part, _PLAN[0])
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, sums.schema) as writer:
        writer.write_batch(sums)
    return bytes(sink.getvalue())


def compute(part: Part, plan: Plan) -> pa.RecordBatch:
    """Merged sums of one part. Raises PartError whatever goes wrong in it."""
    try:
        batches = interior.stream(part.path, groups=list(part.groups), rows=ROWS)
        return merge([partial_sums(batch, plan) for batch in batches])
    except Exception as error:
        raise PartError(str(part), str(error)) from error
