"""Dated data files of the hazards: each says its source, its day of checking, and what of it is verified."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def load(name: str) -> Any:
    """The content of one YAML file of this folder. Shared: do not change what you get."""
    return yaml.safe_load(files(__name__).joinpath(name).read_text(encoding="utf-8"))
