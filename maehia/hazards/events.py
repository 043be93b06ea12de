"""From one flood to many: a set of storms, each run once, as the events of a `Hazard` with their frequencies.

Storm i of return period T_i stands for all storms from T_i up to the next rarer one of the set, so it comes
1 / T_i - 1 / T_(i+1) times a year, the rarest 1 / T_n. The frequencies sum to 1 / T_1 and the flood of T_i is reached
or passed exactly 1 / T_i times a year. Each step of the set thus counts with its smallest flood: the expected loss is
from below, the nearer the more storms there are, and floods more frequent than T_1 count as none.
"""

from __future__ import annotations

import dataclasses
import hashlib
import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from maehia import __version__
from maehia.hazards.flood import FloodRun, Inflow, Rain, Terrain, TimeStepError, simulate
from maehia.hazards.idf import RainStatistics
from maehia.hazards.rain import Hyetograph, alternating_block
from maehia.impact import ArgumentError, Grid, Hazard
from maehia.impact.checks import Floats, refuse, vector

Progress = Callable[[int, int, str], Any]
Maps = dict[str, npt.NDArray[Any]]
UNITS = {"depth": "m", "speed": "m/s", "arrival": "s", "duration": "s"}
_FORMAT = f"maehia {__version__} flood event 1"  # part of every digest: another solver's files are strangers


@dataclass(frozen=True, eq=False)
class Storm:
    """One event: what falls and flows in, and once in how many years (> 0) it is reached or passed."""

    name: str
    return_period: float
    rain: Rain | None = None
    inflows: tuple[Inflow, ...] = ()

    def __post_init__(self) -> None:
        if not self.return_period > 0:
            raise ArgumentError("return_period", f"is {self.return_period}, expected more than 0.")
        if self.rain is None and not self.inflows:
            raise ArgumentError("rain", "and inflows are missing: nothing would happen.")


@dataclass(frozen=True, eq=False)
class FloodEvents:
    """Floods of a set of storms, in the order of the storms. cells: wet cells of each; maps: for each storm
    "depth", "speed" (greatest), "arrival" and "duration" at these cells; frequency (E,) per year."""

    grid: Grid
    names: tuple[str, ...]
    return_periods: Floats
    frequency: Floats
    cells: tuple[npt.NDArray[np.int64], ...]
    maps: tuple[Maps, ...]

    @property
    def hazard(self) -> Hazard:
        """Greatest depth in m: what damage curves are put on."""
        return self.of("depth")

    def of(self, what: str) -> Hazard:
        """"depth" (m), "speed" (m/s), "arrival" or "duration" (s) at the same wet cells."""  # fmt: skip
        if what not in UNITS:
            raise ArgumentError("what", f"is {what!r}.", fix=f"Use one of {', '.join(UNITS)}.")
        events = ((cells, maps[what]) for cells, maps in zip(self.cells, self.maps, strict=True))
        return Hazard.from_events(self.grid, events, self.frequency, UNITS[what])


def event_frequencies(return_periods: npt.ArrayLike) -> Floats:
    """Events per year of each return period (years), in the order given: see the head of this module."""
    periods = vector(return_periods, "return_periods", (np.float64,))
    refuse(~((periods > 0) & np.isfinite(periods)), "return_periods", "is not above 0 and finite.")
    order = np.argsort(periods)
    rates = 1.0 / periods[order]
    equal = np.diff(periods[order]) == 0
    if equal.any():
        raise ArgumentError("return_periods", "is in the set twice.", index=int(order[1:][equal][0]),
                            fix="Give each storm its own, or share the frequency out yourself.")  # fmt: skip
    result = np.empty(periods.size)
    result[order] = rates - np.append(rates[1:], 0.0)
    return result


def design_storms(
    statistics: RainStatistics, return_periods: Sequence[float], *, duration_s: float, step_s: float = 600.0,
    shape: Callable[[RainStatistics, float, float, float], Hyetograph] = alternating_block,
    factor: Floats | None = None,
) -> list[Storm]:  # fmt: skip
    """One storm of the statistics for each return period. factor: (ny, nx), multiplies the rain of each cell."""
    made = ((period, shape(statistics, period, duration_s, step_s)) for period in return_periods)
    return [Storm(f"T{period:g}", float(period), rain.falling(factor=factor)) for period, rain in made]


def flood_events(
    terrain: Terrain, storms: Sequence[Storm], *, duration_s: float, threshold_m: float = 0.05,
    keep: str | Path | None = None, workers: int = 1, progress: Progress | None = None, **options: Any,
) -> FloodEvents:  # fmt: skip
    """Run every storm over the terrain; the floods, with frequencies from the storms' return periods.

    duration_s: of each run: long enough for the water to reach where it goes. threshold_m: a cell that never gets
    this deep is dry. options: whatever else `simulate` takes (losses, edges, drains, barriers, pumps, ...).
    keep: a folder; each finished storm is written there, and read instead of run when everything that it depends on
    is the same. workers: processes (each of one thread when more than one). progress(done, total, name) after each.
    Raises ArgumentError for no storm or return periods twice; TimeStepError with the storm's name as a note.
    """
    if not storms:
        raise ArgumentError("storms", "is empty.")
    if workers < 1:
        raise ArgumentError("workers", f"is {workers}, expected 1 or more.")
    if not (threshold_m > 0 and np.isfinite(threshold_m)):
        raise ArgumentError("threshold_m", f"is {threshold_m}, expected a finite number above 0.")
    if "wet_depth_m" in options:
        raise ArgumentError("wet_depth_m", "is called threshold_m here.")
    periods = np.array([storm.return_period for storm in storms])
    frequency = event_frequencies(periods)
    settings = {**options, "duration_s": duration_s, "wet_depth_m": threshold_m}
    shelf = _Shelf(Path(keep) if keep else None, terrain, settings)
    found: dict[int, Maps] = {}
    for number, finished in _results(terrain, storms, settings, workers, shelf):
        found[number] = finished
        if progress:
            progress(len(found), len(storms), storms[number].name)
    maps = tuple(found[number] for number in range(len(storms)))
    cells = tuple(np.asarray(one["cells"], dtype=np.int64) for one in maps)
    return FloodEvents(terrain.grid, tuple(storm.name for storm in storms), periods, frequency, cells, maps)


def wet_maps(run: FloodRun) -> Maps:
    """What is kept of a run: cells that got as deep as its wet depth, and depth, speed, arrival, duration there."""
    with np.errstate(invalid="ignore"):
        cells = np.flatnonzero(run.wet.ravel() & np.isfinite(run.arrival_s).ravel())
    fields = {"depth": run.max_depth, "speed": run.max_speed, "arrival": run.arrival_s, "duration": run.wet_duration_s}
    taken: dict[str, Any] = {name: field.ravel()[cells].astype(np.float32) for name, field in fields.items()}
    return {"cells": cells, **taken}


def _results(
    terrain: Terrain, storms: Sequence[Storm], settings: Mapping[str, Any], workers: int, shelf: _Shelf
) -> Iterator[tuple[int, Maps]]:
    """(number, maps) of every storm: those on the shelf first, then as they are finished."""
    kept = {number: shelf.read(storm) for number, storm in enumerate(storms)}
    yield from ((number, maps) for number, maps in kept.items() if maps is not None)
    left = [number for number, maps in kept.items() if maps is None]
    for number, maps in _run(terrain, storms, left, settings, workers):
        shelf.write(storms[number], maps)
        yield number, maps


def _run(
    terrain: Terrain, storms: Sequence[Storm], left: list[int], settings: Mapping[str, Any], workers: int
) -> Iterator[tuple[int, Maps]]:
    if workers == 1 or len(left) < 2:
        yield from ((number, _one(terrain, storms[number], settings)) for number in left)
        return
    alone = {"threads": 1, **settings}
    # Spawned, not forked: a forked child would inherit the locks of compiled code and of its threads.
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        jobs = {pool.submit(_one, terrain, storms[number], alone): number for number in left}
        for job in as_completed(jobs):
            yield jobs[job], job.result()


def _one(terrain: Terrain, storm: Storm, settings: Mapping[str, Any]) -> Maps:
    try:
        return wet_maps(simulate(terrain, rain=storm.rain, inflows=storm.inflows, **settings))
    except TimeStepError as error:
        error.add_note(f"in storm {storm.name}")
        raise


class _Shelf:
    """Finished storms in a folder, found by a digest of everything that they depend on."""

    def __init__(self, folder: Path | None, terrain: Terrain, settings: Mapping[str, Any]) -> None:
        self.folder = folder
        if folder is None:
            return
        folder.mkdir(parents=True, exist_ok=True)
        self.base = hashlib.sha256(_FORMAT.encode())
        _feed(self.base, terrain)
        _feed(
            self.base, {name: value for name, value in sorted(settings.items()) if name not in ("threads", "progress")}
        )

    def _path(self, storm: Storm) -> Path | None:
        if self.folder is None:
            return None
        own = self.base.copy()
        _feed(own, (storm.rain, storm.inflows))
        return self.folder / f"{own.hexdigest()[:32]}.npz"

    def read(self, storm: Storm) -> Maps | None:
        path = self._path(storm)
        if path is None or not path.exists():
            return None
        try:
            with np.load(path, allow_pickle=False) as stored:
                return {name: stored[name] for name in ("cells", *UNITS)}
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return None  # spoiled on the disk: run it again

    def write(self, storm: Storm, maps: Maps) -> None:
        path = self._path(storm)
        if path is None:
            return
        half = path.with_suffix(".part")
        with half.open("wb") as file:
            np.savez_compressed(file, **maps)  # type: ignore[arg-type]
        half.replace(path)  # a run that is ended while writing leaves no half file behind


def _feed(digest: Any, value: Any) -> None:
    """Put a value into a digest: arrays by bytes, dataclasses by their fields, the rest by what it prints as."""
    digest.update(type(value).__name__.encode())
    if isinstance(value, np.ndarray):
        digest.update(f"{value.dtype}{value.shape}".encode())
        digest.update(np.ascontiguousarray(value).tobytes())
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for part in dataclasses.fields(value):
            _feed(digest, getattr(value, part.name))
    elif isinstance(value, Mapping):
        for name, one in value.items():
            _feed(digest, (name, one))
    elif isinstance(value, list | tuple):
        for one in value:
            _feed(digest, one)
    else:
        digest.update(repr(value).encode())
