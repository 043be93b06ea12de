"""The long work of intake, in the worker, with words for the progress bar. Who asked is told when it has ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import override

from maehia.evidence.actions import note_state
from maehia.evidence.models import Delivery
from maehia.intake import actions
from maehia.intake.models import ReviewItem
from maehia.intake.pipeline import Words
from maehia.kit.jobs import JobCancelled, Running, job
from maehia.kit.notices import notify

# How many steps each work tells of; a shorter file skips some and ends early.
STEPS = {"intake.preview": 3, "intake.apply": 6, "intake.withdraw": 4, "intake.relink": 3}


def steps(running: Running) -> Words:
    """Words of the work as steps of a progress bar."""
    total, count = STEPS[running.name], 0

    def say(words: str) -> None:
        nonlocal count
        running.progress(min(count, total - 1), total, words)
        count += 1

    return say


def _delivery(running: Running) -> Delivery:
    return Delivery.objects.select_related("source").get(pk=running.ids["delivery"])


def told(work: Callable[[Running], dict[str, Any]]) -> Callable[[Running], dict[str, Any]]:
    """Work that fails tells the one who asked, after its transaction is rolled back."""

    def run(running: Running) -> dict[str, Any]:
        try:
            return work(running)
        except JobCancelled:
            raise
        except Exception:
            tell(running, "intake.failed" if "delivery" in running.ids else "intake.relink_failed")
            raise

    return run


def tell(running: Running, text_key: str, **params: int) -> None:
    """Put a notice before the one who asked; the demo and the commands have nobody to tell."""
    if not running.actor.startswith("user:"):
        return
    with override("th"):
        if "delivery" in running.ids:
            delivery = _delivery(running)
            link = reverse("intake:delivery", args=[delivery.pk])
            notify(running.actor, text_key, link, source=delivery.source.name_th, **params)
        else:
            notify(running.actor, text_key, reverse("intake:decided"), **params)


LOOKED = {"previewed": "intake.looked", "parsed": "intake.asks", "refused": "intake.refused"}


@job("intake.preview")
@told
def preview(running: Running) -> dict[str, Any]:
    with running.acting():
        delivery = _delivery(running)
        found = actions.preview(delivery, steps(running))
        problems = sum(delivery.counts.get("problems", {}).values())
        tell(running, LOOKED[delivery.state], **({"problems": problems} if delivery.state == "previewed" else {}))
        return {"rows": found.rows, "good": found.good}


@job("intake.apply")
@told
def apply(running: Running) -> dict[str, Any]:
    """Apply, and keep with the delivery what changed in the register: the page and the notice say it."""
    with running.acting():
        delivery = _delivery(running)
        done = actions.apply_delivery(delivery, steps(running))
        delivery.refresh_from_db()
        note_state(delivery, delivery.state, counts={"register": done.register})
        result = {"new": done.counts.new, "changed": done.counts.changed, "gone": done.counts.gone}
        tell(running, "intake.applied", **result)
        return result


@job("intake.withdraw")
@told
def withdraw(running: Running) -> dict[str, Any]:
    """The reason was kept with the delivery when the job was asked for: a job row carries ids only."""
    with running.acting():
        delivery = _delivery(running)
        done = actions.withdraw(delivery, delivery.counts.get("withdraw_why", ""), steps(running))
        delivery.refresh_from_db()
        note_state(delivery, delivery.state, counts={"returned": done.register})
        tell(running, "intake.withdrawn")
        return {"taken": done.counts.gone, "opened": done.counts.changed}


@job("intake.relink")
@told
def relink(running: Running) -> dict[str, Any]:
    with running.acting():
        linked, _ = actions.relink(steps(running))
        tell(running, "intake.relinked", pairs=ReviewItem.objects.filter(verdict=None).count())
        return {kind: counts["entities"] for kind, counts in linked.counts.items()}
