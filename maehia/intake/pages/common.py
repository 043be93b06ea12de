"""Small parts that every page of intake uses: crumbs, names of who did something, progress of a job."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from maehia.access.permissions import reading_accounts
from maehia.access.queries import accounts_by_actor
from maehia.base import Problem
from maehia.city.registry import field_word
from maehia.evidence.models import Delivery, Source
from maehia.intake.pages import labels
from maehia.kit import clock
from maehia.kit.models import Job
from maehia.web.progress import Progress
from maehia.web.registry import in_language
from maehia.web.values import Crumb

JOB_STATE = {"queued": "waiting", "running": "running", "done": "done", "failed": "failed", "cancelled": "stopped"}
SECRET = re.compile(r"\d{9,}")


def crumbs(*steps: tuple[str, str]) -> list[Crumb]:
    """The way to this page, starting at the list of sources. A step's address "" is the page itself."""
    return [Crumb(_("รับข้อมูลเข้า"), reverse("intake:index")), *(Crumb(label, url) for label, url in steps)]


def source_name(source: Source) -> str:
    return in_language(source.name_th, source.name_en)


def field_label(name: str) -> str:
    """A canonical column in words."""
    return str(labels.FIELD[name]) if name in labels.FIELD else field_word(name)


def job_of(delivery: Delivery) -> Progress | None:
    """How far the last work on a delivery is; None when it has ended well, or when there was none."""
    key = delivery.counts.get("job")
    job = Job.objects.filter(pk=key).first() if key else None
    if job is None or job.state in {Job.State.DONE, Job.State.CANCELLED}:
        return None
    return progress_of(job, reverse("intake:delivery-progress", args=[delivery.pk]))


def progress_of(job: Job, url: str) -> Progress:
    """A job as the progress part shows it; its own address is asked again until it ends."""
    return Progress(
        id=f"job-{job.pk}", title=str(labels.JOB.get(job.name, job.name)), state=JOB_STATE.get(job.state, "stopped"),
        url=url, done=job.done, total=job.total, words=str(labels.STEP.get(job.words, job.words)),
        started=job.started_at, now=clock.now(), problem=Problem(**job.problem) if job.problem else None,
    )  # fmt: skip


def actor_names(actors: Iterable[str]) -> dict[str, str]:
    """Who did something, as staff see it: the shown name, or the part of the system."""
    wanted = {actor for actor in actors if actor}
    if not wanted:
        return {}
    with reading_accounts():
        found = accounts_by_actor(sorted(wanted))
        names = {actor: f"{account.display_name} {account.unit}".strip() for actor, account in found.items()}
    return {actor: names.get(actor) or _part(actor) for actor in wanted}


def _part(actor: str) -> str:
    kind, _sep, name = actor.partition(":")
    if kind == "cli":
        return _("คำสั่งที่เครื่องแม่ข่าย (%(name)s)") % {"name": name}
    return _("ระบบ") if kind == "system" else _("บัญชีที่ลบแล้ว")
