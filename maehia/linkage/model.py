"""The frozen model: one JSON file with m, u and kin rates per level, blocking, metrics and name frequencies.

A model is a decision: `Model.load()` gives the one that ships, `save` writes another, `hash` names it in
every run. A model of another cleaning version is refused.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from maehia.base import Problem, ProblemError
from maehia.linkage.clean import CLEANING_VERSION
from maehia.linkage.spec import BLOCKS, COMPARISONS, Block, Comparison, Level

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Rates:
    """How often a level occurs among pairs of one person (m), unrelated pairs (u) and kin (k)."""

    m: float
    u: float
    k: float


@dataclass(frozen=True)
class Model:
    """Frozen parameters.

    rates: comparison -> level -> Rates. match_rate and kin_rate: true pairs and kin pairs per record.
    size: records it was trained on; levels marked `scaled` grow rarer with the register.
    names: frequencies of first ("f") and family ("l") names, a prior for the data's own.
    """

    rates: dict[str, dict[str, Rates]]
    match_rate: float
    kin_rate: float
    cleaning: str = CLEANING_VERSION
    blocks: tuple[Block, ...] = BLOCKS
    names: dict[str, dict[str, float]] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)
    made_from: str = ""

    @classmethod
    def load(cls, path: str | Path | None = None) -> Model:
        """The shipped model, or the one in `path`. ProblemError when it cannot be used."""
        source = Path(path) if path else files("maehia.linkage") / "data" / "model.json"
        try:
            return cls.from_dict(json.loads(source.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ProblemError(_unusable(str(path or "model.json"))) from error

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Model:
        if data["format"] != FORMAT or data["cleaning"] != CLEANING_VERSION:
            raise ProblemError(_other_version(str(data["cleaning"])))
        rates = {c: {k: Rates(*v) for k, v in levels.items()} for c, levels in data["rates"].items()}
        _demand_all_levels(rates)
        blocks = tuple(Block(tuple(b["columns"]), int(b["cap"]), bool(b["mixed"])) for b in data["blocks"])
        return cls(
            rates, data["match_rate"], data["kin_rate"], data["cleaning"], blocks, data["names"],
            data["metrics"], data["made_from"],
        )  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "cleaning": self.cleaning,
            "made_from": self.made_from,
            "match_rate": self.match_rate,
            "kin_rate": self.kin_rate,
            "rates": {c: {k: [r.m, r.u, r.k] for k, r in lv.items()} for c, lv in self.rates.items()},
            "blocks": [{"columns": list(b.columns), "cap": b.cap, "mixed": b.mixed} for b in self.blocks],
            "metrics": self.metrics,
            "names": self.names,
        }

    def save(self, path: str | Path) -> None:
        text = json.dumps(self.to_dict(), ensure_ascii=False, indent=1, sort_keys=True)
        Path(path).write_text(text + "\n", encoding="utf-8")

    @property
    def hash(self) -> str:
        """Names the model: SHA-256 over everything that decides a probability (not its metrics)."""
        data = {k: v for k, v in self.to_dict().items() if k not in ("metrics", "made_from")}
        return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:16]

    def with_metrics(self, **metrics: Any) -> Model:
        return replace(self, metrics={**self.metrics, **metrics})

    def match_prior(self, size: int) -> float:
        """Chance that two random records of `size` are one person."""
        return min(0.25, 2 * self.match_rate / max(size - 1, 1))

    def kin_prior(self, size: int) -> float:
        return min(0.25, 2 * self.kin_rate / max(size - 1, 1))

    def chance(self, comparison: Comparison, level: Level, size: int) -> float:
        """u of a level in a register of `size` records."""
        rate = self.rates[comparison.key][level.key]
        # Two people share an ID only by a slip inside the town, so its chance falls as the town grows.
        return rate.u * self.match_prior(size) if level.scaled else rate.u

    def weight(self, comparison: Comparison, level: Level, size: int) -> float:
        """Splink's match weight (bits) of a level, before term frequency."""
        return math.log2(self.rates[comparison.key][level.key].m / self.chance(comparison, level, size))

    def kin_weight(self, comparison: Comparison, level: Level, size: int) -> float:
        return math.log2(self.rates[comparison.key][level.key].k / self.chance(comparison, level, size))


def _demand_all_levels(rates: dict[str, dict[str, Rates]]) -> None:
    for comparison in COMPARISONS:
        for level in comparison.levels:
            rate = rates[comparison.key][level.key]
            if not all(0 < p <= 1 for p in (rate.m, rate.u, rate.k)):
                raise ValueError(f"{comparison.key}.{level.key}")


def _unusable(where: str) -> Problem:
    return Problem(
        "model_unusable",
        "อ่านไฟล์แบบจำลองการเชื่อมระเบียนไม่ได้ (the linkage model file cannot be read)",
        where,
        "ใช้แบบจำลองที่มากับโปรแกรม หรือฝึกใหม่ด้วย --train",
    )


def _other_version(version: str) -> Problem:
    return Problem(
        "model_other_cleaning",
        f"แบบจำลองนี้ฝึกกับการทำความสะอาดข้อมูลรุ่น {version} แต่โปรแกรมนี้ใช้รุ่น {CLEANING_VERSION} "
        "(the model belongs to another version of the cleaning)",
        fix="ฝึกแบบจำลองใหม่ด้วย --train",
    )
