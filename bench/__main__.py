"""`make bench`: every measured claim of the documentation, one part after the other.

    python -m bench            all parts
    python -m bench linkage    one part

A part is a module of this folder with `run(args) -> int`; each prints its own table with the bars it is held to.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import sys

PARTS = (
    "linkage", "intake", "register", "impact", "flood", "network",
    "services", "emergency_affected", "emergency_alerts", "emergency_help", "emergency_shelters",
    "emergency_reports",
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="PART", help=", ".join(PARTS))
    args = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    worst = 0
    for part in args.parts or PARTS:
        print(f"\n== {part}", flush=True)
        worst = max(worst, importlib.import_module(f"bench.{part}").run([]))
    return worst


if __name__ == "__main__":
    sys.exit(main())
