"""Records of dirty lists -> clusters that are one person, one house: cleaning, comparison, guards, stable keys.

The doors: `link_persons` (a whole run), `match_one` (one record at a counter), `link_houses`, `carry_keys`
(keys that stay), `explain_pair` (words for the review), and the parts they are made of. Nothing here knows a
database, a clock or a network.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from maehia.linkage.clean import CLEANING_VERSION, clean_records
    from maehia.linkage.compare import Verdict, adopt, compare_models
    from maehia.linkage.explain import Evidence, explain_pair
    from maehia.linkage.forest import Clustering, Decisions
    from maehia.linkage.houses import HouseResult, link_houses
    from maehia.linkage.keys import KeyUpdate, carry_keys, resolve_key
    from maehia.linkage.link import LinkResult, cluster, link_persons, score_pairs
    from maehia.linkage.model import Model
    from maehia.linkage.one import CleanedIndex, match_one
    from maehia.linkage.training import train

_DOORS = {
    "CLEANING_VERSION": "clean", "clean_records": "clean", "Clustering": "forest", "Decisions": "forest",
    "Verdict": "compare", "adopt": "compare", "compare_models": "compare", "Evidence": "explain",
    "explain_pair": "explain", "HouseResult": "houses", "link_houses": "houses", "KeyUpdate": "keys",
    "carry_keys": "keys", "resolve_key": "keys", "LinkResult": "link", "cluster": "link",
    "link_persons": "link", "score_pairs": "link", "Model": "model", "CleanedIndex": "one",
    "match_one": "one", "train": "training",
}  # fmt: skip
__all__ = [
    "CLEANING_VERSION", "CleanedIndex", "Clustering", "Decisions", "Evidence", "HouseResult", "KeyUpdate",
    "LinkResult", "Model", "Verdict", "adopt", "carry_keys", "clean_records", "cluster", "compare_models",
    "explain_pair", "link_houses", "link_persons", "match_one", "resolve_key", "score_pairs", "train",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Doors open on first use: the command line must start without what it does not need."""
    if name not in _DOORS:
        raise AttributeError(name)
    return getattr(importlib.import_module(f"maehia.linkage.{_DOORS[name]}"), name)
