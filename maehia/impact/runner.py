"""Run the batch contract over Parquet files in processes of one machine."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from maehia.impact.assess import Prepared
from maehia.impact.batch import ROWS, Plan, finish, make_plan, merge, sums_of
from maehia.impact.errors import ArgumentError
from maehia.impact.formats import interior
from maehia.impact.formats.faults import FileError, PathLike
from maehia.impact.result import Impact

LOST = "its process, or that of a part beside it, ended (killed, or out of memory?)."
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
    after each part, in order of the files. Sums are added in that order too: the same files give the same bytes,
    whoever is done first. Raises PartError when a part fails; parts under way are ended, no other is begun.
    """
    header = common_header(paths)
    if header.grid != prepared.linked.grid:
        raise ArgumentError("paths", "lie on another grid than the one that the exposure was linked to.")
    plan, parts = make_plan(prepared, header.frequency), parts_of(paths)
    return finish(merge(_told(_results(parts, plan, workers), len(parts), progress)), plan, prepared)


def _told(results: Iterable[pa.RecordBatch], total: int, progress: Progress | None) -> Iterator[pa.RecordBatch]:
    for number, result in enumerate(results, start=1):
        yield result
        if progress:
            progress(number, total)


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
    """Results in order of the parts; twice as many as workers are under way, so that results do not pile up."""
    context = multiprocessing.get_context("spawn")
    waiting, running = deque(parts), deque[tuple[Part, Future[pa.RecordBatch]]]()
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_open_plan, initargs=(folder,)) as pool:
        try:
            while waiting or running:
                while waiting and len(running) < 2 * workers:
                    running.append((waiting[0], _submitted(pool, waiting.popleft())))
                yield from _ended(running)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _submitted(pool: ProcessPoolExecutor, part: Part) -> Future[pa.RecordBatch]:
    try:
        return pool.submit(_compute_here, part)
    except BrokenProcessPool as error:
        raise PartError(str(part), LOST) from error


def _ended(running: deque[tuple[Part, Future[pa.RecordBatch]]]) -> Iterator[pa.RecordBatch]:
    """Take results off the front, waiting for the next end where there is none; whatever has failed is raised first."""
    busy = [future for _, future in running if not future.done()]
    for part, future in running:
        if future not in busy and future.exception():
            _received(part, future)
    if running[0][1] in busy:
        wait(busy, return_when=FIRST_COMPLETED)
    while running and running[0][1].done():
        yield _received(*running.popleft())


def _received(part: Part, future: Future[pa.RecordBatch]) -> pa.RecordBatch:
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise PartError(str(part), LOST) from error


_PLAN: list[Plan] = []


def _open_plan(folder: Path) -> None:
    _PLAN[:] = [Plan.open(folder)]


def _compute_here(part: Part) -> pa.RecordBatch:
    return compute(part, _PLAN[0])


def compute(part: Part, plan: Plan) -> pa.RecordBatch:
    """Merged sums of one part. Raises PartError whatever goes wrong in it."""
    try:
        return merge(sums_of(interior.stream(part.path, groups=list(part.groups), rows=ROWS), plan, rows=ROWS))
    except Exception as error:
        raise PartError(str(part), str(error)) from error
