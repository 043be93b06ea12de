"""Dated data files of going on foot and by car: speeds, and what water one may cross. Each says its source."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def load_yaml(name: str) -> Any:
    """The content of one file of this folder. Shared: do not change what you get."""
    return yaml.safe_load(files(__name__).joinpath(name).read_text(encoding="utf-8"))
