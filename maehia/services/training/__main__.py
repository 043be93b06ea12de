"""`python -m maehia.services.training`: train the suggestion of a category and measure it; the same code, same files.

Writes data/suggest_model.npz and data/suggest_metrics.json of the room. The whole takes about two minutes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from maehia.demo.reports import Report, categories, fresh_sentences, hard_reports, make_reports, phrasings
from maehia.services.rules import suggest
from maehia.services.rules.suggest import Floats, Ints
from maehia.services.training import fit, score

EACH, EACH_HARD = 40, 10  # texts of every phrasing and of every hard sentence
FOLDS = 5
RIGHT = 0.5  # a first hint is given where it is right at least as often as not, on sentences never learnt from
FOLDER = Path(suggest.__file__).resolve().parents[1] / "data"
HONEST = {
    "th": "ข้อความฝึกทั้งหมดแต่งขึ้น ไม่ใช่เรื่องจริงของประชาชน และผู้แต่งข้อความฝึกกับข้อความทดสอบเป็นคนเดียวกัน "
    "ค่าที่ควรเชื่อคือ fresh_sentences และเมื่อใช้จริงให้ดูค่าที่วัดจากการแก้หมวดของเจ้าหน้าที่ในแต่ละเดือน",
    "en": "All training text is invented, none was written by citizens; the same author wrote training and test text. "
    "Some words of reports.yaml were added when the hard sentences already existed; the fresh sentences were written "
    "after all words were fixed, and their figures are the ones to believe. On real text read the monthly overrides.",
}


@dataclass(frozen=True)
class Texts:
    """What is learnt from, and which texts must stay together when some are left out."""

    reports: tuple[Report, ...]
    matrix: Any
    wanted: Ints
    folds: Ints

    @classmethod
    def of(cls, reports: Sequence[Report], codes: Sequence[str]) -> Texts:
        folds = np.array([int(report.phrasing.rsplit("-", 1)[1]) % FOLDS for report in reports])
        return cls(tuple(reports), fit.matrix([r.text for r in reports]), fit.labels(reports, codes), folds)

    def left_out(self) -> Floats:
        """Scores of every text by a model that has seen no text of its phrasing or sentence."""
        scores = np.zeros((len(self.reports), int(self.wanted.max()) + 1))
        for n in range(FOLDS):
            there = self.folds == n
            scores[there] = fit.fit(self.matrix[~there], self.wanted[~there]).decision_function(self.matrix[there])
        return scores


def main() -> int:
    codes = categories()
    texts = Texts.of([*make_reports(EACH), *hard_reports(EACH_HARD)], codes)
    fitted = fit.fit(texts.matrix, texts.wanted)
    fresh = Texts.of(fresh_sentences(), codes)
    sure = _set_on(np.asarray(fitted.decision_function(fresh.matrix)), fresh.wanted)
    stored = fit.packed(fitted, codes, *sure)
    FOLDER.mkdir(exist_ok=True)
    np.savez_compressed(FOLDER / "suggest_model.npz", **stored)
    found = {**_of_left_out(texts, codes, sure), "fresh_sentences": _of_fresh(stored, fresh, codes)}
    (FOLDER / "suggest_metrics.json").write_text(_page(found, stored, len(texts.reports)), encoding="utf-8")
    for name, figures in found.items():
        print(name, {key: value for key, value in figures.items() if key != "per_category"})  # noqa: T201
    return 0


def _set_on(scores: Floats, wanted: Ints) -> tuple[float, float]:
    """Temperature and threshold by these texts."""
    cool = fit.temperature(scores, wanted)
    return cool, fit.threshold(suggest.probabilities(scores / cool), wanted, RIGHT)


def _of_left_out(texts: Texts, codes: Sequence[str], sure: tuple[float, float]) -> dict[str, Any]:
    """Figures on phrasings and on hard sentences by models that had not seen them; of these only as they stand."""
    chances = suggest.probabilities(texts.left_out() / sure[0])
    hard = np.array([report.phrasing.startswith("hard-") for report in texts.reports])
    kept = np.flatnonzero(hard)[::EACH_HARD]
    return {
        "held_out_phrasings": score.figures(chances[~hard], texts.wanted[~hard], codes, sure[1]),
        "hard_sentences": score.figures(chances[kept], texts.wanted[kept], codes, sure[1]),
    }


def _of_fresh(stored: dict[str, Any], fresh: Texts, codes: Sequence[str]) -> dict[str, Any]:
    """Figures of the shipped weights; temperature and threshold of each half were set on the other half."""
    model = suggest.unpack(stored)
    scores = np.array([model.scores(suggest.buckets(r.text)) for r in fresh.reports]) * model.temperature
    parts = []
    odd = np.arange(len(scores)) % 2 == 1
    for half in (odd, ~odd):
        cool, least = _set_on(scores[~half], fresh.wanted[~half])
        parts.append((suggest.probabilities(scores[half] / cool), fresh.wanted[half], np.full(half.sum(), least)))
    chances, wanted, limits = (np.concatenate(part) for part in zip(*parts, strict=True))
    return score.figures(chances, wanted, codes, limits)


def _page(found: dict[str, Any], stored: dict[str, Any], rows: int) -> str:
    page = {
        "statement": HONEST,
        "text": {
            "phrasings": len(phrasings()),
            "texts": rows,
            "held_out_phrasings": "5 folds by phrasing: no text of a phrasing is on both sides",
            "hard_sentences": "300 written one by one; 5 folds, measured by a model that has not seen the sentence",
            "fresh_sentences": "120 written one by one after all words were fixed; never learnt from; temperature and "
            "threshold of each half are set on the other half",
        },
        "model": {
            "kind": "linear, one separator a category, softmax with temperature",
            "features": f"character n-grams of {suggest.SIZES}, {1 << suggest.BITS} buckets, eight bits a weight",
            "temperature": round(float(stored["temperature"]), 4),
            "threshold": float(stored["threshold"]),
        },
        **found,
    }
    return json.dumps(page, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    sys.exit(main())
