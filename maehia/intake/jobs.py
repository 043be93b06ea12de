"""The long work of intake, in the worker, with words for the progress bar."""

from __future__ import annotations

from typing import Any

from maehia.evidence.models import Delivery
from maehia.intake import actions
from maehia.intake.pipeline import Words
from maehia.kit.jobs import Running, job

STEPS = 6


def steps(running: Running) -> Words:
    """Words of the work as steps of a progress bar."""
    count = 0

    def say(words: str) -> None:
        nonlocal count
        count = min(count + 1, STEPS)
        running.progress(count, STEPS, words)

    return say


def _delivery(running: Running) -> Delivery:
    return Delivery.objects.select_related("source").get(pk=running.ids["delivery"])


@job("intake.preview")
def preview(running: Running) -> dict[str, Any]:
    with running.acting():
        found = actions.preview(_delivery(running), steps(running))
        return {"rows": found.rows, "good": found.good}


@job("intake.apply")
def apply(running: Running) -> dict[str, Any]:
    with running.acting():
        done = actions.apply_delivery(_delivery(running), steps(running))
        return {"new": done.counts.new, "changed": done.counts.changed, "gone": done.counts.gone}


@job("intake.withdraw")
def withdraw(running: Running) -> dict[str, Any]:
    """The reason was kept with the delivery when the job was asked for: a job row carries ids only."""
    with running.acting():
        delivery = _delivery(running)
        done = actions.withdraw(delivery, delivery.counts.get("withdraw_why", ""), steps(running))
        return {"taken": done.counts.gone, "opened": done.counts.changed}


@job("intake.relink")
def relink(running: Running) -> dict[str, Any]:
    with running.acting():
        linked, _ = actions.relink(steps(running))
        return {kind: counts["entities"] for kind, counts in linked.counts.items()}
