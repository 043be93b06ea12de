"""`maehia impact run|compare|plot`: the engine on files. Needs no database and no server.

Exit 0 good, 1 refused with a sentence, 2 usage. Progress goes to stderr, results to stdout and to files.
"""

from __future__ import annotations

import argparse
import contextlib
import math
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maehia.base import ProblemError
from maehia.impact.errors import ArgumentError

if TYPE_CHECKING:
    from maehia.impact.formats.tables import Assets, NamedCurves
    from maehia.impact.hazard import Hazard
    from maehia.impact.result import Impact
    from maehia.impact.runs import Difference, Run
    from maehia.impact.terms import Terms

DESCRIPTION = "hazard x exposure x curves: who is affected, what is lost, how often (คำนวณผลกระทบจากไฟล์)"
HAZARD = """HAZARD is one of
  .csv            event,frequency,x,y,depth (or cell and a grid line; see docs/impact.md)
  .tif, folder    GeoTIFF, a band an event, with --frequency or --map-years
  .parquet        or folder: written by maehia.impact.formats.interior
  .h5, .hdf5      CLIMADA Hazard
EXPOSURE is one of
  .csv            x,y (or lon,lat),curve,value[,group,...]
  .gpkg .parquet  GeoPackage, GeoParquet: points, or polygons by a point inside them
  .h5, .hdf5      CLIMADA Exposures

examples
  maehia impact run hazard.csv exposure.csv --out run
  maehia impact run depth.tif houses.gpkg --map-years 10 50 100 --metric people=0.1 --group moo
  maehia impact plot run --kind curve --out curve.svg
  maehia impact compare run run-with-wall
"""
# Where the library names a Python argument, this door names its own.
FIXES = {
    "crs_missing": "Say which one it is in: --crs EPSG:32647, of the exposure --exposure-crs EPSG:32647.",
    "frequency_missing": "Give --frequency (per year) or --map-years (return periods), one of each band.",
}
KINDS = ("curve", "map", "events", "hazard")


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Add `impact` and its three verbs to the CLI."""
    parser: argparse.ArgumentParser = subparsers.add_parser("impact", help=DESCRIPTION, description=DESCRIPTION)
    verbs = parser.add_subparsers(dest="verb", metavar="run|compare|plot", required=True)
    _add_run(verbs)
    _add_compare(verbs)
    _add_plot(verbs)
    parser.set_defaults(run=run)
    return parser


def _add_run(verbs: Any) -> None:
    parser = verbs.add_parser("run", help="compute a run and write it to a folder", epilog=HAZARD,
                              formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("hazard", metavar="HAZARD")
    parser.add_argument("exposure", metavar="EXPOSURE")
    parser.add_argument("--curves", default="jrc-asia", metavar="FILE",
                        help="CSV, YAML or CLIMADA's table of impact functions (.csv, .xlsx); default: jrc-asia, "
                        "JRC's depth-damage curves for Asia")  # fmt: skip
    parser.add_argument("--out", default="run", metavar="DIR", help="folder of the run (default: run)")
    parser.add_argument("--return-periods", nargs="+", type=_years, metavar="YEARS", help="for the table and the maps")
    parser.add_argument("--group", metavar="COLUMN", help="sum by this column too (default: group, if there is one)")
    parser.add_argument("--metric", action="append", default=[], type=_metric, metavar="COLUMN[=CURVE|NUMBER]",
                        help="a further column: by a curve, reached at a NUMBER or more (people=0.1), or by the "
                        "asset's own curve; may be repeated")  # fmt: skip
    parser.add_argument("--terms", action="store_true",
                        help="apply the exposure's columns floor, deductible and cover, asset by asset")  # fmt: skip
    parser.add_argument("--formats", nargs="+", default=["csv"], choices=["csv", "gpkg", "parquet", "cog"],
                        help="besides CSV: assets as points (gpkg, parquet), return-period maps (cog)")  # fmt: skip
    often = parser.add_mutually_exclusive_group()
    often.add_argument("--frequency", nargs="+", type=float, metavar="F", help="GeoTIFF: per year, one a band")
    often.add_argument("--map-years", nargs="+", type=_years, metavar="YEARS",
                       help="GeoTIFF: the return period that each band is the map of")  # fmt: skip
    parser.add_argument("--crs", help="of the hazard, when its file does not say")
    parser.add_argument("--exposure-crs", metavar="CRS", help="of the exposure, when its file does not say")
    parser.add_argument("--unit", default="m", help="of the intensity, when its file does not say (default: m)")
    parser.add_argument("--haz-type", metavar="XX", help="CLIMADA files: the peril, as FL")
    parser.add_argument("--workers", type=int, default=1, metavar="N",
                        help="Parquet hazards: N processes read it in parts, never whole in memory")  # fmt: skip
    parser.add_argument("--quiet", action="store_true", help="no progress, no table")


def _add_compare(verbs: Any) -> None:
    parser = verbs.add_parser("compare", help="what changed from one run to another: expected, by group, by rarity")
    parser.add_argument("before", metavar="RUN")
    parser.add_argument("after", metavar="RUN")
    parser.add_argument("--return-periods", nargs="+", type=_years, metavar="YEARS")
    parser.add_argument("--csv", metavar="FILE", help="the table as CSV")
    parser.add_argument("--plot", metavar="FILE", help="both exceedance curves as .png, .svg or .pdf")
    parser.add_argument("--metric", default="value", help="whose curves to plot (default: value)")
    parser.add_argument("--quiet", action="store_true", help="no progress")


def _add_plot(verbs: Any) -> None:
    parser = verbs.add_parser("plot", help="a figure of a run as .png, .svg or .pdf")
    parser.add_argument("folder", metavar="RUN")
    parser.add_argument("--kind", choices=KINDS, default="curve", help="curve (default), map of the expected impact, "
                        "largest events, or map of the hazard")  # fmt: skip
    parser.add_argument("--out", metavar="FILE", help="default: RUN/KIND.png")
    parser.add_argument("--metric", default="value", help="default: value")
    parser.add_argument("--unit", default="", help="of the amounts, for the axes (THB, people)")
    parser.add_argument("--quiet", action="store_true", help="no progress")


def _years(text: str) -> float:
    try:
        years = float(text)
    except ValueError:
        years = 0.0
    if not years > 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of years above 0")
    return years


def _metric(text: str) -> tuple[str, str]:
    """COLUMN[=CURVE|NUMBER] as (column, what stands behind the sign)."""
    column, _sign, curve = text.partition("=")
    if not column:
        raise argparse.ArgumentTypeError(f"{text!r} names no column")
    return column, curve


def run(args: argparse.Namespace) -> int:
    """Run one verb; gives the exit code. Warnings of the engine become lines on stderr."""
    verb = {"run": _run, "compare": _compare, "plot": _plot}[args.verb]
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("default")
            verb(args)
    except ArgumentError as error:
        raise ProblemError(replace(error.problem, fix=FIXES.get(error.problem.code, error.problem.fix))) from error
    finally:
        for warning in told:
            if issubclass(warning.category, UserWarning):
                sys.stderr.write(f"note: {warning.message}\n")
    return 0


@contextlib.contextmanager
def _step(words: str, *, quiet: bool) -> Iterator[None]:
    """A line on stderr when a step ends, with its seconds."""
    begin = time.monotonic()
    yield
    if not quiet:
        sys.stderr.write(f"{time.monotonic() - begin:7.2f} s  {words}\n")


def _run(args: argparse.Namespace) -> None:
    from maehia.impact import runs
    from maehia.impact.formats.files import open_curves

    curves = open_curves(args.curves, haz_type=args.haz_type)
    curves = curves.with_steps([float(curve) for _column, curve in args.metric if _is_number(curve)])
    impact, hazard, named = (_in_parts if args.workers > 1 else _at_once)(args, curves)
    years = args.return_periods or list(runs.YEARS)
    with _step(f"write {args.out}", quiet=args.quiet):
        runs.write(args.out, impact, hazard, named=named, return_periods=years, formats=args.formats)
    _warn_off_grid(impact)
    _warn_falling(impact, args.map_years)
    if not args.quiet:
        _print_run(impact, years)


def _at_once(args: argparse.Namespace, curves: NamedCurves) -> tuple[Impact, Hazard | None, Any]:
    from maehia.impact.assess import assess
    from maehia.impact.formats.files import frequency_of_maps, open_hazard

    often = frequency_of_maps(args.map_years) if args.map_years else args.frequency
    with _step(f"read {args.hazard}", quiet=args.quiet):
        hazard, events = open_hazard(args.hazard, frequency=often, crs=args.crs, unit=args.unit,
                                     haz_type=args.haz_type)  # fmt: skip
    assets = _assets(args, curves, hazard.grid.crs)
    with _step(f"assess {hazard.events:,} events x {assets.size:,} assets", quiet=args.quiet):
        impact = assess(hazard, assets, curves, terms=_terms(args))
    return impact, hazard, _named(args, events, assets)


def _in_parts(args: argparse.Namespace, curves: NamedCurves) -> tuple[Impact, Hazard | None, Any]:
    """By the batch contract: the hazard is read in parts by several processes."""
    from maehia.impact.assess import prepare
    from maehia.impact.formats.interior import read_header
    from maehia.impact.runner import assess_files

    if args.terms:
        raise ArgumentError("--terms", "are for each asset, and --workers sums assets by cell first: choose one.")
    header = read_header(args.hazard)
    assets = _assets(args, curves, header.grid.crs)

    def progress(done: int, total: int) -> None:
        if not args.quiet:
            sys.stderr.write(f"           part {done:,} of {total:,}\n")

    with _step(f"assess in {args.workers} processes", quiet=args.quiet):
        prepared = prepare(assets, header.grid, curves)
        impact = assess_files([args.hazard], prepared, workers=args.workers, progress=progress)
    return impact, None, _named(args, (), assets)


def _assets(args: argparse.Namespace, curves: NamedCurves, crs: str) -> Assets:
    from maehia.impact.formats.files import open_exposure
    from maehia.impact.formats.tables import reached

    metrics = {column: (reached(float(curve)) if _is_number(curve) else curve or None) for column, curve in args.metric}
    ids = [int(name) for name in curves.names if name.isdigit()]  # CLIMADA's exposures name curves by number
    with _step(f"read {args.exposure}", quiet=args.quiet):
        return open_exposure(args.exposure, curves, to=crs, crs=args.exposure_crs, group=args.group or "group",
                             metrics=metrics, haz_type=args.haz_type, ids=ids or None)  # fmt: skip


def _terms(args: argparse.Namespace) -> Terms | None:
    """What --terms asks for; that nothing of it is in the file is refused, or a gross loss would pass for a net one."""
    from maehia.impact.formats.files import open_terms

    terms = open_terms(args.exposure) if args.terms else None
    if args.terms and terms is None:
        name = Path(args.exposure).name
        raise ArgumentError("--terms", f"finds no column floor, deductible or cover in {name}.",
                            fix="Add one, or leave --terms out.")  # fmt: skip
    return terms


def _is_number(text: str) -> bool:
    with contextlib.suppress(ValueError):
        float(text)
        return True
    return False


def _named(args: argparse.Namespace, events: Sequence[str], assets: Assets) -> Any:
    from maehia.impact.runs import Named

    sources = {"hazard": Path(args.hazard).name, "exposure": Path(args.exposure).name,
               "curves": Path(args.curves).name}  # fmt: skip
    return Named(events, assets.labels, sources)


def _warn_off_grid(impact: Impact) -> None:
    off, size = impact.off_grid.size, impact.exposure.size
    if off:
        every = " Are hazard and exposure in the same place and crs?" if off == size else ""
        warnings.warn(f"{off:,} of {size:,} assets lie off the hazard's grid and have no impact.{every}", stacklevel=2)


def _warn_falling(impact: Impact, years: Sequence[float] | None) -> None:
    order = sorted(range(len(years or ())), key=lambda band: years[band] if years else 0.0)
    amounts = impact.at_event[order].tolist() if order else []
    if amounts != sorted(amounts):
        warnings.warn("the map of a rarer event does less than that of a more frequent one. "
                      "Are --map-years in the order of the bands?", stacklevel=2)  # fmt: skip


def _print_run(impact: Impact, years: Sequence[float]) -> None:
    print(f"{'':24}" + "".join(f"{name:>18}" for name in impact.metrics))
    of = [impact.of(name) for name in impact.metrics]
    print(f"{'expected a year':24}" + "".join(f"{one.aal:>18,.2f}" for one in of))
    for number, year in enumerate(years):
        at = [float(one.exceedance(years)[number]) for one in of]
        print(f"{f'once in {year:g} years':24}" + "".join(f"{_amount(value):>18}" for value in at))


def _amount(value: float) -> str:
    """A figure, or a dash where the events say nothing."""
    return "-" if math.isnan(value) else f"{round(value, 2) + 0.0:,.2f}"  # + 0.0: never "-0.00"


def _compare(args: argparse.Namespace) -> None:
    from maehia.impact import plot, runs

    before, after = runs.read(args.before), runs.read(args.after)
    found = runs.compare(before, after, args.return_periods or runs.YEARS)
    _print_differences(found, before, after)
    if args.csv:
        runs.write_differences(args.csv, found)
    if args.plot:
        with _step(f"write {args.plot}", quiet=args.quiet):
            lines = [plot.Line(one.name, *one.curve(args.metric)) for one in (before, after)]
            plot.save(plot.curve(lines, title=f"{before.name} and {after.name}"), args.plot)


def _print_differences(found: Sequence[Difference], before: Run, after: Run) -> None:
    print(f"{'':32}{before.name[:16]:>18}{after.name[:16]:>18}{'change':>18}")
    for one in found:
        share = "" if math.isnan(one.share) else f"{round(one.share, 3) + 0.0:>+9.1%}"
        print(f"{f'{one.metric}, {one.what}':32}{_amount(one.before):>18}{_amount(one.after):>18}"
              f"{_amount(one.change):>18}{share}")  # fmt: skip


def _plot(args: argparse.Namespace) -> None:
    from maehia.impact import plot, runs

    found = runs.read(args.folder)
    out = args.out or Path(args.folder) / f"{args.kind}.png"
    with _step(f"write {out}", quiet=args.quiet):
        plot.save(_figure(found, args), out)


def _figure(found: Run, args: argparse.Namespace) -> Any:
    from maehia.impact import plot

    name, unit = args.metric, args.unit
    if args.kind == "curve":
        return plot.curve([plot.Line(name, *found.curve(name))], unit=unit)
    if args.kind == "events":
        columns = found.events
        return plot.events(
            columns["event"].tolist(), found.amounts(name), columns["frequency"].astype(float), unit=unit
        )
    if args.kind == "hazard":
        return plot.hazard_map(found.grid, found.hazard(), unit=found.about["unit"])
    assets = found.assets()
    x, y, amounts = (assets[column].astype(float) for column in ("x", "y", found.expected_column(name)))
    return plot.asset_map(x, y, amounts, grid=found.grid, off_grid=assets["cell"] < 0, unit=unit,
                          title=f"{found.name}: {name} expected a year")  # fmt: skip
