"""The list of measured quantities, filled from the shipped file; what a town changed stays."""

from __future__ import annotations

from pathlib import Path

import yaml

from maehia.city.models import Quantity

FILE = Path(__file__).resolve().parents[1] / "data" / "quantities.yaml"


def load_quantities() -> int:
    """Add the quantities that are not there yet. Returns how many were added."""
    listed = yaml.safe_load(FILE.read_text(encoding="utf-8"))["quantities"]
    held = set(Quantity.objects.values_list("key", flat=True))
    new = [Quantity(source="maehia/city/data/quantities.yaml", **row) for row in listed if row["key"] not in held]
    Quantity.objects.bulk_create(new)
    return len(new)
