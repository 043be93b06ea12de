"""The model in Splink's own terms: settings for training and for the proof that weights agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from maehia.linkage.spec import COMPARISONS, Comparison

if TYPE_CHECKING:
    from maehia.linkage.model import Model


def splink_settings(model: Model | None = None, size: int = 0) -> dict[str, Any]:
    """Settings of a dedupe job over the table `score`; with a model: frozen m and u for `size` records."""
    settings: dict[str, Any] = {
        "link_type": "dedupe_only",
        "unique_id_column_name": "idx",
        "comparisons": [_comparison(c, model, size) for c in COMPARISONS],
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": "l.fk = r.fk AND l.lk = r.lk", "sql_dialect": "duckdb"},
            {"blocking_rule": "l.nid = r.nid", "sql_dialect": "duckdb"},
            {"blocking_rule": "l.hk = r.hk", "sql_dialect": "duckdb"},
        ],
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
    }
    if model:
        settings["probability_two_random_records_match"] = model.match_prior(size)
    return settings


def _comparison(comparison: Comparison, model: Model | None, size: int) -> dict[str, Any]:
    null = {"sql_condition": comparison.null, "label_for_charts": "null", "is_null_level": True}
    levels: list[dict[str, Any]] = [null]
    for level in comparison.levels:
        entry: dict[str, Any] = {"sql_condition": level.sql, "label_for_charts": level.key}
        if model:
            entry["m_probability"] = model.rates[comparison.key][level.key].m
            entry["u_probability"] = model.chance(comparison, level, size)
        if level.tf and model:
            entry |= {
                "tf_adjustment_column": level.tf,
                "tf_adjustment_weight": 1.0,
                "tf_minimum_u_value": level.tf_floor,
                "disable_tf_exact_match_detection": True,
            }
        levels.append(entry)
    return {"output_column_name": comparison.key, "comparison_levels": levels}
