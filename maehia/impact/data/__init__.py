"""Dated data of the engine: each value with its source, its unit and whether it was verified."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def load_yaml(name: str) -> Any:
    """The content of one file of this folder. Shared: do not change what you get."""
    text = files(__name__).joinpath(name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=_Loader)  # noqa: S506 (a safe loader)
