"""What every child of the supervisor does first: end when the supervisor ends, however that happens."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def follow_parent() -> None:
    """Ask the kernel for SIGTERM when the parent dies, so that `kill -9` of it leaves nothing behind."""
    wanted = os.environ.get("MAEHIA_SUPERVISOR")
    if not wanted:
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(wanted):
        sys.exit(1)
