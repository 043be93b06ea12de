"""Make the model that ships: `python -m maehia.linkage.tests.shipped`. A decision, not a step of any run.

Trained with labels on several invented towns together (plain and varied names, clean and dirty lists), so
that no one town's habits decide; measured on towns that it has not seen.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pyarrow as pa

from maehia.linkage.clean import clean_table
from maehia.linkage.link import resolve
from maehia.linkage.model import Model, Rates
from maehia.linkage.spec import BLOCKS, COMPARISONS
from maehia.linkage.tests.cast import TODAY, raw_table
from maehia.linkage.tests.town import Register, make_records
from maehia.linkage.training import train

# records, seed, dirt, pool of names, twins and namesakes
TOWNS = ((12_000, 101, 0.7, 1, 1.0), (12_000, 102, 1.0, 2, 1.0), (12_000, 103, 1.3, 3, 1.0), (12_000, 104, 1.6, 2, 1.5))
UNSEEN = ((10_000, 201, 0.6, 3, 1.0), (10_000, 202, 1.0, 2, 1.0), (10_000, 203, 1.0, 3, 2.0))


def pooled(towns: Iterable[tuple[int, int, float, int, float]]) -> tuple[pa.Table, pa.Array, pa.Array]:
    """Cleaned records of all towns as one register, with person and family of each row."""
    tables, person, family = [], {}, {}
    for number, town in enumerate(towns):
        register = make_records(*town)
        table = clean_table(raw_table(register), register.as_of, TODAY)
        ids = [f"{number}-{rec}" for rec in table["rec_id"].to_pylist()]
        person |= {f"{number}-{rec}": f"{number}-{who}" for rec, who in register.truth.items()}
        family |= {f"{number}-{rec}": f"{number}-{who}" for rec, who in register.kin.items()}
        tables.append(table.set_column(0, "rec_id", pa.array(ids)))
    together = pa.concat_tables(tables).sort_by("rec_id")
    order = together["rec_id"].to_pylist()
    return together, pa.array([person[rec] for rec in order]), pa.array([family[rec] for rec in order])


def blank() -> Model:
    """A model that knows nothing, to begin with."""
    rates = {c.key: {level.key: Rates(0.5, 0.5, 0.5) for level in c.levels} for c in COMPARISONS}
    return Model(rates, 1.0, 3.0, blocks=BLOCKS)


def score(model: Model, register: Register) -> tuple[float, float, float]:
    """F1, precision, recall over pairs."""
    table = clean_table(raw_table(register), register.as_of, TODAY)
    root = resolve(table, model)[0].root.tolist()
    truth = [register.truth[rec] for rec in table["rec_id"].to_pylist()]
    right, found, true = (_pairs(x) for x in (zip(truth, root, strict=True), root, truth))
    return 2 * right / (found + true), right / found, right / true


def _pairs(labels: Iterable[object]) -> int:
    return sum(n * (n - 1) // 2 for n in Counter(labels).values())


def make() -> Model:
    table, person, family = pooled(TOWNS)
    model = train(table, person, family, base=blank())
    scores = [score(model, make_records(*town)) for town in UNSEEN]
    means = [round(sum(column) / len(scores), 5) for column in zip(*scores, strict=True)]
    names = dict(zip(("f1", "precision", "recall"), means, strict=True))
    origin = "เมืองสมมติ 4 แห่งใน maehia.linkage.tests.shipped (invented towns)"
    return replace(model.with_metrics(**names, towns=len(UNSEEN), records=sum(t[0] for t in UNSEEN)), made_from=origin)


if __name__ == "__main__":
    model = make()
    target = Path(str(files("maehia.linkage") / "data" / "model.json"))
    model.save(target)
    sys.stdout.write(f"{target}: {model.metrics} {model.hash}\n")
