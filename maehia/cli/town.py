"""The town of this database: whether it is an invented one, and its profile. Needs Django set up."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import yaml

from maehia.cli import places
from maehia.cli.profile import Profile

FILE = "town.yaml"


def is_demo() -> bool:
    """The mark that `maehia demo` wrote into the database; no setting switches it on or off."""
    from maehia.kit import demo

    return demo.is_demo()


def exists() -> bool:
    from maehia.city.models import Town

    return Town.objects.exists()


def keep(profile: Profile) -> Path:
    """The profile beside the data, for `maehia doctor`, backups and people who read files."""
    values = {key: value for key, value in asdict(profile).items() if key not in {"outline", "admin"}}
    values |= {"tambon_codes": list(profile.tambon_codes), "phones": list(profile.phones)}
    values["area_km2"] = float(profile.area_km2) if profile.area_km2 else None
    path = places.data_dir() / FILE
    places.write_private(path, yaml.safe_dump(values, allow_unicode=True, sort_keys=False))
    return path
