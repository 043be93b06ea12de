"""A line per step with its seconds, and the machine's room for it checked before it starts."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from maehia.base import Problem, ProblemError


@contextlib.contextmanager
def step(words: str) -> Iterator[None]:
    """Print `words` when the step ends, with the seconds it took; a failed step says that it failed."""
    begin = time.monotonic()
    if sys.stdout.isatty():
        print(f"          {words} ...", end="\r", flush=True)
    mark = "✗"
    try:
        yield
        mark = "✓"
    finally:
        print(f"{time.monotonic() - begin:7.1f} s {mark} {words}   ", flush=True)


def need_disk(folder: Path, megabytes: int) -> None:
    """Refuse before a step that would fill the disk."""
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free // 2**20
    if free < megabytes:
        raise ProblemError(
            Problem(
                "disk_low",
                f"ดิสก์เหลือ {free:,} MB แต่ขั้นนี้ต้องใช้ประมาณ {megabytes:,} MB",
                str(folder),
                "ลบไฟล์ที่ไม่ใช้ หรือตั้ง MAEHIA_DATA ให้ชี้ไปดิสก์อื่น แล้วลองใหม่",
            )
        )


def free_memory_mb() -> int:
    """Memory that programs can still get, in MB (MemAvailable of the kernel)."""
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) // 1024
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_AVPHYS_PAGES") // 2**20


def need_memory(megabytes: int) -> None:
    free = free_memory_mb()
    if free < megabytes:
        raise ProblemError(
            Problem(
                "memory_low",
                f"หน่วยความจำว่าง {free:,} MB แต่ขั้นนี้ต้องใช้ประมาณ {megabytes:,} MB",
                fix="ปิดโปรแกรมอื่นแล้วลองใหม่ หรือลดจำนวนด้วย --people",
            )
        )


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, or a sentence that says who has the port and what to do."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen(256)
    except OSError as error:
        made.close()
        raise ProblemError(
            Problem(
                "port_in_use",
                f"พอร์ต {port} ของ {host} ใช้ไม่ได้ ({error.strerror})",
                fix=f"หยุดโปรแกรมที่ใช้พอร์ตนี้ หรือเลือกพอร์ตอื่น เช่น MAEHIA_PORT={port + 1} make serve",
            )
        ) from error
    return made
