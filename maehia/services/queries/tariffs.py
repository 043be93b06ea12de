"""The tariffs as they hold in this town: what is shipped, and over it the rates of its own ordinances."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from maehia.services.models import TariffRate
from maehia.services.rules.tariff import Line, Rate, Tariff, shipped_tariffs


def tariffs() -> Mapping[str, Tariff]:
    """By key. One query. A rate of the town takes the place of one that begins on the same day."""
    own: dict[tuple[str, str], list[Rate]] = defaultdict(list)
    for row in TariffRate.objects.filter(withdrawn_at=None):
        own[row.tariff, row.line].append(Rate(row.start, Decimal(row.amount), row.source, row.verified))
    return {key: _with(tariff, own) for key, tariff in shipped_tariffs().items()}


def _with(tariff: Tariff, own: Mapping[tuple[str, str], Sequence[Rate]]) -> Tariff:
    return replace(tariff, lines=tuple(_line(line, own.get((tariff.key, line.code), ())) for line in tariff.lines))


def _line(line: Line, own: Sequence[Rate]) -> Line:
    days = {rate.start for rate in own}
    return replace(line, rates=(*(rate for rate in line.rates if rate.start not in days), *own))


def own_rates() -> list[TariffRate]:
    """All that was ever set here, withdrawn ones too, the newest first."""
    return list(TariffRate.objects.order_by("-made_at", "-id"))
