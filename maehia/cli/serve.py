"""`maehia serve`: the web processes and the worker under one supervisor, until Ctrl-C."""

from __future__ import annotations

import argparse
import http.client
import os
import ssl
import sys
import time
from typing import Any

from maehia.base import Problem, ProblemError
from maehia.cli import boot, cluster, env, places, state, steps, supervisor, tls, warming

GIVE_UP_AFTER = 3  # crashes in a row before the first answer


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("serve", description=__doc__)
    parser.add_argument("--host", help="address to listen on (default MAEHIA_HOST or 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default MAEHIA_PORT or 8000)")
    parser.add_argument("--keep-database", action="store_true", help="leave the private database running at the end")


def run(args: argparse.Namespace) -> int:
    if args.host:
        os.environ["MAEHIA_HOST"] = args.host
    if args.port:
        os.environ["MAEHIA_PORT"] = str(args.port)
    if already := state.running():
        print(f"ระบบของโฟลเดอร์นี้ทำงานอยู่แล้วที่ {already.url} (already serving; `make stop` stops it)")
        return 0
    host, port = env.text("MAEHIA_HOST", "127.0.0.1"), env.number("MAEHIA_PORT", 8000, 1, 65535)
    with steps.step("เริ่มฐานข้อมูลของเมือง (private database)"):
        boot.django()
    refuse_unready(host)
    certificate = tls.for_host(host)
    with steps.listen(host, port) as listener:
        with steps.step("เตรียมไฟล์ของหน้าเว็บ (static files)"):
            prepare_static()
            prepare_public()
        url = address(host, port, bool(certificate))
        keep_serving(listener.fileno(), certificate, url, host, port)
    if not args.keep_database:
        stop_database()
    return 0


def address(host: str, port: int, https: bool) -> str:
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 (shown, not bound)
    return f"{'https' if https else 'http'}://{shown}:{port}"


def refuse_unready(host: str) -> None:
    """A database of another version, or none yet, is not served; a demo never leaves the loopback."""
    from django.db import connections

    from maehia.cli import demo, schema, town

    if schema.is_empty():
        raise ProblemError(
            Problem(
                "no_town",
                "ยังไม่มีเมืองในฐานข้อมูลนี้",
                fix="รัน make demo เพื่อดูเมืองตัวอย่าง หรือ .venv/bin/maehia init PROFILE.yaml เพื่อเริ่มเมืองจริง",
            )
        )
    schema.refuse_newer()
    if schema.pending():
        raise ProblemError(
            Problem("upgrade_needed", "ฐานข้อมูลยังเป็นรุ่นก่อนหน้า", fix="รัน .venv/bin/maehia upgrade แล้วลองใหม่")
        )
    if town.is_demo() and not tls.is_loopback(host):
        raise ProblemError(
            Problem(
                "demo_beyond_loopback",
                f"เมืองตัวอย่างเปิดที่ {host} ไม่ได้ ใช้ได้เฉพาะในเครื่องนี้",
                fix="ตั้ง MAEHIA_HOST=127.0.0.1 หรือเริ่มเมืองจริงด้วย maehia init",
            )
        )
    if town.is_demo():
        demo.refuse_proxy()
    connections.close_all()  # the supervisor itself needs no database, and must not keep it from stopping


def prepare_static() -> None:
    from maehia.cli import static

    static.collect()


def prepare_public() -> None:
    """Pages of alerts as files, in this version's looks. A failure is told and stops nothing: a job tries again."""
    from django.db import DatabaseError, connections

    from maehia.emergency.registry import prepare

    try:
        prepare()
    except (DatabaseError, OSError, ProblemError) as error:
        print(f"  หน้าประกาศเตือนภัยจะเขียนอีกครั้งในหนึ่งนาที (public pages of alerts: {error})")
    finally:
        connections.close_all()


def specs(descriptor: int, certificate: tuple[str, str] | None) -> list[supervisor.Spec]:
    parent = {"MAEHIA_SUPERVISOR": str(os.getpid()), **warming.environment()}
    web = [sys.executable, "-m", "maehia.cli.web_process", str(descriptor), *(certificate or ())]
    worker = [sys.executable, "-m", "maehia.cli.main", "worker"]
    pool = {"MAEHIA_DB_POOL": "10", "MAEHIA_DB_ROLE": "app"}
    count = env.number("MAEHIA_PROCESSES", 2, 1, 16)
    return [
        *(supervisor.Spec(f"web {n + 1}", web, parent | pool, (descriptor,)) for n in range(count)),
        supervisor.Spec("worker", worker, parent | {"MAEHIA_DB_ROLE": "worker", "MAEHIA_DB_POOL": "0"}),
    ]


def keep_serving(descriptor: int, certificate: tuple[str, str] | None, url: str, host: str, port: int) -> None:
    guard = supervisor.Supervisor(specs(descriptor, certificate))
    begin, said = time.monotonic(), False

    def watch(children: list[supervisor.Child]) -> None:
        nonlocal said
        if said:
            return
        if answers(host, port, bool(certificate)):
            said = True
            print(f"{time.monotonic() - begin:7.1f} s ✓ พร้อมใช้ที่ {url}  (Ctrl-C หยุด / stops)", flush=True)
        elif any(child.crashes >= GIVE_UP_AFTER for child in children):
            name = next(child.spec.name for child in children if child.crashes >= GIVE_UP_AFTER)
            raise ProblemError(
                Problem(
                    "child_crashes",
                    f"ส่วน {name} เริ่มแล้วหยุดเอง {GIVE_UP_AFTER} ครั้ง",
                    fix="อ่านข้อความข้างบน แล้วรัน .venv/bin/maehia doctor",
                )
            )

    state.remember(url)
    try:
        guard.run(watch)
    finally:
        state.forget()
    print("หยุดแล้ว (stopped)", flush=True)


def answers(host: str, port: int, https: bool) -> bool:
    """Whether a web process answers on its own port. The certificate is our own; only life is asked for."""
    target = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104
    context = ssl._create_unverified_context() if https else None  # noqa: S323
    made = (
        http.client.HTTPSConnection(target, port, timeout=3, context=context)
        if context
        else http.client.HTTPConnection(target, port, timeout=3)
    )
    try:
        made.request("GET", "/health/live")
        return made.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        made.close()


def stop_database() -> None:
    """Stop the private cluster unless somebody else still works in it."""
    found = cluster.load()
    if found and places.data_dir() and not cluster.others_connected(found):
        cluster.stop()
