"""Environments of the peers: var/peers/NAME, built from the locks beside this file, each part by its hash.

CLIMADA asks for GDAL's Python part, which has no wheel. Only its night-light module imports it, so it is left out and
an empty `osgeo` stands in for it.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FOLDER = ROOT / "var" / "peers"
NAMES = ("climada", "landlab")
STUB = '"""Stands in for GDAL, which the bench does not need."""\n'


def python(name: str, folder: Path = FOLDER) -> Path:
    return folder / name / "bin" / "python"


def _stamp(name: str) -> str:
    return hashlib.sha256((HERE / f"{name}.txt").read_bytes()).hexdigest() + f" {sys.version_info[:2]}"


def ready(name: str, folder: Path = FOLDER) -> bool:
    """Whether the environment is there and made from the lock as it is now."""
    stamp = folder / name / "lock.sha256"
    return python(name, folder).exists() and stamp.exists() and stamp.read_text() == _stamp(name)


def build(name: str, folder: Path = FOLDER) -> None:
    """Make the environment anew. Raises SystemExit with what to do when a part cannot be had."""
    home = folder / name
    shutil.rmtree(home, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    pip = [str(python(name, folder)), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    # --no-deps: the lock is whole, and a part that it leaves out (gdal) must stay out.
    found = subprocess.run([*pip, "--require-hashes", "--no-deps", "-r", str(HERE / f"{name}.txt")], check=False)
    if found.returncode:
        raise SystemExit(f"{name} could not be installed: see above. Is the package index reachable?")
    if name == "climada":
        _stand_in_for_gdal(python(name, folder))
    (home / "lock.sha256").write_text(_stamp(name))


def _stand_in_for_gdal(interpreter: Path) -> None:
    asked = [str(interpreter), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = Path(subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip())
    (packages / "osgeo").mkdir(exist_ok=True)
    for file in ("__init__.py", "gdal.py"):
        (packages / "osgeo" / file).write_text(STUB)
