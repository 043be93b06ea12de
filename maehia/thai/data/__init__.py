"""Dated data files of Thai public life: each says its source, its day of checking, and if it is verified."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def safe_load(text: str) -> Any:
    """YAML by the fast safe loader."""
    return yaml.load(text, Loader=_Loader)  # noqa: S506 (a safe loader)


@cache
def load_yaml(name: str) -> Any:
    """The content of one file of this folder. Shared: do not change what you get."""
    return safe_load(files(__name__).joinpath(name).read_text(encoding="utf-8"))
