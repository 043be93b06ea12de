"""`maehia`: every command of the system behind one name.

Exit codes: 0 good, 1 refused with a sentence that says what to do, 2 wrong usage.
A command's module is imported only when it is called: `maehia link` and `maehia impact` start without
Django and without a database.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import sys
from typing import NamedTuple

from maehia import __version__
from maehia.base import Problem, ProblemError


class Command(NamedTuple):
    """Where a command lives and its one line in `maehia --help`. The module has add_parser and run."""

    module: str
    help: str


COMMANDS: dict[str, Command] = {
    "init": Command("maehia.cli.init", "an empty town of any province, from a profile"),
    "demo": Command("maehia.cli.demo", "write the raw lists of an invented town and load them"),
    "intake": Command("maehia.cli.intake", "one delivery of a list: counts, problems, what would change"),
    "link": Command("maehia.linkage.cli", "which records are one person (no database needed)"),
    "rebuild": Command("maehia.cli.rebuild", "replay evidence and decisions into the register"),
    "affected": Command("maehia.cli.affected", "who and what is inside a footprint, by priority"),
    "impact": Command("maehia.cli.impact", "hazard, exposure and curves to losses (no database needed)"),
    "serve": Command("maehia.cli.serve", "run web and worker until Ctrl-C"),
    "stop": Command("maehia.cli.stop", "stop what `serve` of this data folder started"),
    "who-serves": Command("maehia.cli.who_serves", "where this data folder is being served"),
    "worker": Command("maehia.cli.worker", "run jobs only"),
    "doctor": Command("maehia.cli.doctor", "look at everything and say what to do"),
    "backup": Command("maehia.cli.backup", "database, files and keys in one file, encrypted to the sealed sheets"),
    "restore": Command("maehia.cli.restore", "a backup into an empty data folder"),
    "redact": Command("maehia.cli.redact", "erase a person for good: lists, register, history, files"),
    "keys": Command("maehia.cli.keys", "the encryption keys: what each holds, and new ones"),
    "recovery-sheet": Command("maehia.cli.recovery_sheet", "make the recovery key and print its sheets, once"),
    "upgrade": Command("maehia.cli.upgrade", "bring database and static files to this version"),
}


def available(name: str) -> bool:
    """Whether the command's module is in this installation."""
    return importlib.util.find_spec(COMMANDS[name].module) is not None


def build_parser(wanted: str | None) -> argparse.ArgumentParser:
    """The parser with `wanted` filled in and every other command as one line of help."""
    parser = argparse.ArgumentParser(prog="maehia", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("--version", action="version", version=f"maehia {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in filter(available, COMMANDS):
        if name == wanted:
            importlib.import_module(COMMANDS[name].module).add_parser(commands)
        else:
            commands.add_parser(name, help=COMMANDS[name].help, add_help=False)
    return parser


def main(argv: list[str] | None = None) -> int:
    arguments = sys.argv[1:] if argv is None else argv
    wanted = next((word for word in arguments if not word.startswith("-")), None)
    args = build_parser(wanted).parse_args(arguments)
    try:
        return int(importlib.import_module(COMMANDS[args.command].module).run(args) or 0)
    except ProblemError as refused:
        return refuse(refused.problem)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        problem = explain(error)
        if problem is None:
            raise
        return refuse(problem)


def refuse(problem: Problem) -> int:
    print(f"maehia: {problem.where + ': ' if problem.where else ''}{problem.what}", file=sys.stderr)
    if problem.fix:
        print(f"  → {problem.fix}", file=sys.stderr)
    return 1


def explain(error: Exception) -> Problem | None:
    """A sentence for what goes wrong on machines; None when it is a fault of ours and needs its traceback."""
    from maehia.cli.env import SettingError

    if isinstance(error, SettingError):
        return Problem("setting", str(error), fix="แก้ตัวแปรนี้ แล้วลองใหม่ (ดู .env.example)")
    for cause in chain(error):
        if isinstance(cause, OSError) and cause.errno in OS_PROBLEMS:
            code, what, fix = OS_PROBLEMS[cause.errno]
            return Problem(code, f"{what} ({cause.strerror})", str(cause.filename or ""), fix)
    if type(error).__name__ == "OperationalError":
        first = str(error).strip().split("\n", 1)[0]
        return Problem("database", f"ติดต่อฐานข้อมูลไม่ได้: {first}", fix="รัน .venv/bin/maehia doctor เพื่อดูสาเหตุ")
    return None


def chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


OS_PROBLEMS: dict[int, tuple[str, str, str]] = {
    28: ("disk_full", "พื้นที่ดิสก์เต็ม", "ลบไฟล์ที่ไม่ใช้หรือย้าย MAEHIA_DATA ไปดิสก์อื่น แล้วลองใหม่ งานที่ค้างจะเริ่มใหม่ได้ ไม่มีข้อมูลครึ่งเดียว"),
    13: ("no_permission", "ผู้ใช้นี้ไม่มีสิทธิ์อ่านหรือเขียนไฟล์", "ใช้ผู้ใช้เดียวกับที่สร้างโฟลเดอร์ข้อมูล หรือใช้ sudo"),
    12: ("out_of_memory", "หน่วยความจำไม่พอ", "ปิดโปรแกรมอื่น หรือใช้เครื่องที่มีหน่วยความจำอย่างน้อย 4 GB"),
    2: ("file_missing", "ไม่พบไฟล์", "ตรวจชื่อไฟล์และโฟลเดอร์ แล้วลองใหม่"),
    17: ("file_in_the_way", "มีไฟล์ชื่อนี้อยู่แล้ว", "ใช้ชื่ออื่น หรือย้ายไฟล์นั้นออกก่อน"),
    20: ("not_a_folder", "ที่ระบุไม่ใช่โฟลเดอร์", "ตรวจชื่อไฟล์และโฟลเดอร์ แล้วลองใหม่"),
    21: ("is_a_folder", "ที่ระบุเป็นโฟลเดอร์ ไม่ใช่ไฟล์", "ตรวจชื่อไฟล์และโฟลเดอร์ แล้วลองใหม่"),
    30: ("read_only", "เขียนที่นี่ไม่ได้", "เลือกโฟลเดอร์ที่เขียนได้ แล้วลองใหม่"),
}


if __name__ == "__main__":
    sys.exit(main())
