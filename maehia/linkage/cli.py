"""`maehia link RECORDS.csv --out CLUSTERS.csv`: records of dirty lists in, one cluster per person out.

Pure: needs no database, no server and no network. Exit 0 good, 1 refused with a sentence, 2 usage.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maehia.base import BANGKOK, Problem, ProblemError, SystemClock

if TYPE_CHECKING:
    import pyarrow as pa

    from maehia.linkage.model import Model

DESCRIPTION = "เชื่อมระเบียนของคนเดียวกันจากหลายบัญชี (link records of one person across lists)"


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Add `link` to the subparsers of the CLI; its defaults carry `run`."""
    parser: argparse.ArgumentParser = subparsers.add_parser("link", help=DESCRIPTION, description=DESCRIPTION)
    _add_arguments(parser)
    parser.set_defaults(run=run)
    return parser


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("records", metavar="RECORDS.csv", help="rec_id,source,title,first_name,last_name,full_name,"
                        "national_id,birth,sex,address,house_code,phone (ช่องใดว่างก็ได้)")  # fmt: skip
    parser.add_argument("--out", required=True, metavar="CLUSTERS.csv", help="rec_id,cluster")
    parser.add_argument("--as-of", action="append", default=[], type=source_day, metavar="SOURCE=DATE",
                        help="วันที่ของข้อมูลแต่ละบัญชี เช่น civil=2024-06-30 (ใส่ซ้ำได้)")  # fmt: skip
    parser.add_argument("--train", action="store_true", help="ฝึกแบบจำลองจากข้อมูลนี้ และใช้เมื่อไม่แย่กว่าเดิม")
    parser.add_argument("--model", metavar="MODEL.json", help="ใช้แบบจำลองจากไฟล์นี้แทนตัวที่มากับโปรแกรม")
    parser.add_argument("--save-model", metavar="MODEL.json", help="เก็บแบบจำลองที่ใช้ไว้ในไฟล์นี้")
    parser.add_argument("--review", metavar="REVIEW.csv", help="คู่ที่ต้องให้คนตัดสิน: rec_l,rec_r,p,reason")
    parser.add_argument("--quiet", action="store_true", help="ไม่รายงานความคืบหน้า")


def source_day(text: str) -> tuple[str, date]:
    """SOURCE=DATE of the command line; DATE as 2024-06-30 or any Thai form."""
    from maehia.thai import parse_date

    source, sign, day = text.partition("=")
    found = parse_date(day)
    if not sign or not source.strip() or found is None or found.precision != "day":
        raise argparse.ArgumentTypeError(f"เขียนเป็น SOURCE=DATE เช่น civil=2024-06-30 ไม่ใช่ {text!r}")
    return source.strip(), found.value


def run(args: argparse.Namespace) -> int:
    """Run `maehia link`; gives the exit code."""
    try:
        _link(args)
    except ProblemError as error:
        sys.stderr.write(f"{error.problem}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"{_cannot_write(error)}\n")
        return 1
    return 0


def _cannot_write(error: OSError) -> Problem:
    return Problem("cannot_write", f"อ่านหรือเขียนไฟล์ไม่ได้: {error.strerror} (cannot read or write a file)",
                   str(error.filename or ""), "ตรวจสิทธิ์ของโฟลเดอร์และพื้นที่ว่างของดิสก์")  # fmt: skip


def _link(args: argparse.Namespace) -> None:
    start = time.perf_counter()
    from maehia.linkage.clean import clean_table
    from maehia.linkage.link import resolve
    from maehia.linkage.model import Model
    from maehia.linkage.reading import read_records

    records = read_records(args.records)
    for note in records.notes:
        sys.stderr.write(f"{note}\n")
    model = Model.load(args.model)
    today = max([SystemClock().now().astimezone(BANGKOK).date(), *(day for _, day in args.as_of)])
    cleaned = clean_table(records.table, dict(args.as_of), today)
    if args.train:
        model = _trained(cleaned, model)
    outcome, _ = resolve(cleaned, model)
    _write_clusters(Path(args.out), cleaned, outcome.root)
    if args.review:
        _write_review(Path(args.review), cleaned, outcome.review)
    if args.save_model:
        model.save(args.save_model)
    if not args.quiet:
        _report(cleaned.num_rows, len(set(outcome.root.tolist())), len(outcome.review), model.hash, start)


def _trained(cleaned: pa.Table, model: Model) -> Model:
    """The model trained here when it is not worse than the one in use."""
    from maehia.linkage.compare import adopt
    from maehia.linkage.training import train

    chosen, verdict = adopt(model, train(cleaned, base=model), cleaned)
    sys.stderr.write(f"{verdict}\n")
    return chosen


def _report(records: int, clusters: int, review: int, model: str, start: float) -> None:
    seconds = time.perf_counter() - start
    sys.stderr.write(
        f"{records:,} ระเบียน -> {clusters:,} คน, รอคนตัดสิน {review:,} คู่, แบบจำลอง {model}, {seconds:.1f} วินาที "
        f"({records} records, {clusters} clusters, {review} for review)\n"
    )


def _write_clusters(path: Path, cleaned: pa.Table, root: Any) -> None:
    ids = cleaned["rec_id"].to_pylist()
    _in_place(path, ("rec_id", "cluster"), ((rec, ids[r]) for rec, r in zip(ids, root.tolist(), strict=True)))


def _write_review(path: Path, cleaned: pa.Table, rows: list[tuple[int, int, float, str]]) -> None:
    ids = cleaned["rec_id"].to_pylist()
    named = ((ids[a], ids[b], f"{p:.6f}", reason) for a, b, p, reason in rows)
    _in_place(path, ("rec_l", "rec_r", "p", "reason"), named)


def _in_place(path: Path, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """Written beside and moved into place, so that a stopped run leaves no half file."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def main(arguments: list[str] | None = None) -> int:
    """`python -m maehia.linkage`: the same command without the rest of the CLI."""
    parser = argparse.ArgumentParser(prog="python -m maehia.linkage", description=DESCRIPTION)
    _add_arguments(parser)
    return run(parser.parse_args(arguments))
