"""`maehia demo`: write the raw lists of an invented town, load them through the real intake, keep its secrets.

A finished demo is not built again; one that was interrupted starts from an empty database. A real town's
database is never touched.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

from maehia.base import Problem, ProblemError
from maehia.cli import boot, cluster, demo_feed, env, places, state, steps

PEOPLE = 19_352
SEED = 2569
DISK_MB = 3000
MEMORY_MB = 1800
SECRETS = "demo.json"


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("demo", description=__doc__)
    parser.add_argument(
        "--people", type=int, default=PEOPLE, metavar="N", help=f"registered people (default {PEOPLE:,})"
    )
    parser.add_argument("--seed", type=int, default=SEED, metavar="S", help="same seed, same bytes")
    parser.add_argument("--raw", type=Path, metavar="DIR", help="where the lists are written (default var/demo)")
    parser.add_argument("--reset", action="store_true", help="build the demo again from nothing")
    parser.add_argument("--show", action="store_true", help="where it serves and how to log in, as JSON")
    parser.add_argument("--serve", action="store_true", help="serve it afterwards until Ctrl-C")


def run(args: argparse.Namespace) -> int:
    if args.show:
        return show()
    if not 100 <= args.people <= 2_000_000:
        raise ProblemError(
            Problem("people_range", f"--people {args.people} ใช้ไม่ได้", fix="ใส่จำนวนตั้งแต่ 100 ถึง 2,000,000")
        )
    if args.serve:
        refuse_proxy()
    if server := state.running():
        if args.reset:
            raise ProblemError(Problem("still_serving", f"ยังให้บริการอยู่ที่ {server.url}", fix="รัน make stop ก่อนเริ่มใหม่"))
        print(f"เมืองตัวอย่างทำงานอยู่แล้วที่ {server.url} (already serving; `make stop` stops it)")
        return 0
    if args.serve:  # a port that is taken is said before minutes of building, not after
        steps.listen(env.text("MAEHIA_HOST", "127.0.0.1"), env.number("MAEHIA_PORT", 8000, 1, 65535)).close()
    with places.locked(places.make_data_dir() / "demo.lock"):
        if args.reset or not is_built():
            build(args)
    return serve() if args.serve else 0


def refuse_proxy() -> None:
    """Behind a proxy every visitor looks like this machine, and a demo lets this machine in with one click."""
    if env.flag("MAEHIA_BEHIND_PROXY"):
        raise ProblemError(
            Problem(
                "demo_behind_proxy",
                "เมืองตัวอย่างเปิดหลัง reverse proxy ไม่ได้ เพราะผู้เข้าชมจากภายนอกจะเข้าใช้ได้โดยไม่ต้องมีรหัสผ่าน",
                fix="เอา MAEHIA_BEHIND_PROXY ออก แล้วเปิดที่ 127.0.0.1 หรือเริ่มเมืองจริงด้วย maehia init",
            )
        )


def show() -> int:
    """Print the contract's JSON; the secrets were made when the demo was loaded."""
    try:
        stored = json.loads((places.data_dir() / SECRETS).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ProblemError(
            Problem("no_demo", "ยังไม่มีเมืองตัวอย่างในโฟลเดอร์นี้", str(places.data_dir()), "รัน make demo")
        ) from error
    server = state.running()
    host, port = env.text("MAEHIA_HOST", "127.0.0.1"), env.number("MAEHIA_PORT", 8000, 1, 65535)
    print(
        json.dumps(
            {"base_url": server.url if server else f"http://{host}:{port}", **stored}, ensure_ascii=False, indent=1
        )
    )
    return 0


def is_built() -> bool:
    return (places.data_dir() / SECRETS).exists()


def build(args: argparse.Namespace) -> None:
    steps.need_disk(places.data_dir(), DISK_MB)
    steps.need_memory(MEMORY_MB)
    with steps.step("เริ่มฐานข้อมูลของเมือง (private database)"):
        boot.database()
        empty_database()
    folder = args.raw or places.named_folder() / "demo"
    with steps.step(f"เขียนบัญชีดิบของเมืองสมมติ (raw lists) ใน {folder}"):
        write_lists(folder, args.people, args.seed)
    with steps.step("สร้างตาราง (tables)"):
        boot.django()
        from maehia.cli import schema

        schema.migrate()
    from maehia.cli import demo_load

    stored = demo_load.load(folder)
    places.write_private(places.data_dir() / SECRETS, json.dumps(stored, ensure_ascii=False))


def write_lists(folder: Path, people: int, seed: int) -> None:
    from maehia.demo import write_town

    for part in ("raw", "to-try", "truth"):
        shutil.rmtree(folder / part, ignore_errors=True)
    write_town(folder, people=people, seed=seed)


def empty_database() -> None:
    """An empty database for the demo; refused when a real town lives here."""
    (places.data_dir() / SECRETS).unlink(missing_ok=True)
    found = None if env.text("DATABASE_URL", "") else cluster.load()
    if found is None:
        return  # a server of the town: `schema` and `demo_load` refuse what is not empty
    if cluster.real_town(found):
        raise ProblemError(
            Problem(
                "real_town",
                "ฐานข้อมูลนี้เป็นของเมืองจริง จะไม่เขียนเมืองตัวอย่างทับ",
                str(places.data_dir()),
                "ใช้โฟลเดอร์อื่น เช่น MAEHIA_DATA=var/demo-town make demo",
            )
        )
    cluster.recreate(found)
    shutil.rmtree(places.data_dir() / "files", ignore_errors=True)
    places.make_data_dir()


def serve() -> int:
    """Serve, after bringing a demo of an earlier version to this one."""
    from maehia.cli import schema
    from maehia.cli import serve as server

    boot.django()
    if schema.pending() and not schema.newer():
        with steps.step("ปรับเมืองตัวอย่างให้เป็นรุ่นนี้ (upgrade)"):
            schema.migrate()
    demo_feed.feed()
    return server.run(argparse.Namespace(host=None, port=None, keep_database=False))
