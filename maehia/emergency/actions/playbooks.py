"""Playbooks: drafts that are edited, previewed, published and brought back; and their checklists at work.

Runs inside `emergency.command`: a checklist in the mode of its incident, the plans themselves in live mode.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.text import slugify

from maehia.base import ProblemError
from maehia.emergency.actions import log
from maehia.emergency.actions.incidents import locked, refused
from maehia.emergency.models import Checklist, ChecklistItem, Incident, Playbook, PlaybookVersion
from maehia.emergency.models.desk import POSTS
from maehia.emergency.rules.playbooks import Step, faults, in_order, read_step
from maehia.emergency.workflow import HAZARDS, OPEN_STATES
from maehia.kit.acting import required
from maehia.kit.clock import now

FILE = Path(__file__).resolve().parent.parent / "data" / "playbooks.yaml"
ROLES = frozenset(role for role, _ in POSTS)


class PlaybookFaults(ProblemError):
    """A plan that cannot be published, with everything that is wrong with it."""

    def __init__(self, problems: Sequence[Any]) -> None:
        super().__init__(problems[0])
        self.problems = list(problems)


@dataclass(frozen=True, slots=True)
class PlaybookText:
    """What is edited of a plan."""

    name_th: str
    name_en: str = ""
    source: str = ""
    steps: Sequence[Step] = field(default_factory=tuple)


@cache
def shipped() -> dict[str, tuple[str, PlaybookText]]:
    """Key -> (hazard, text) of the plans that every town starts with."""
    found = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {
        row["key"]: (row["hazard"], PlaybookText(row["th"], row["en"], found["source"],
                                                 tuple(read_step(step) for step in row["steps"])))
        for row in found["playbooks"]
    }  # fmt: skip


def load_shipped() -> int:
    """Publish the shipped plans that the town does not have yet; its own versions stay. How many were added."""
    known = set(Playbook.objects.values_list("key", flat=True))
    fresh = [(key, *plan) for key, plan in shipped().items() if key not in known]
    for key, hazard, text in fresh:
        Playbook.objects.create(key=key, hazard=hazard)
        save_draft(key, text)
        publish(key)
    return len(fresh)


def bring(_incident: Incident) -> None:
    """When the first incident is opened and the town has no plan at all, the shipped ones are better than none."""
    if Playbook.objects.exists():
        return
    try:
        with transaction.atomic():
            load_shipped()
    except IntegrityError:  # another opening at the same moment has brought them
        return


def new_playbook(hazard: str, name_th: str) -> Playbook:
    """An empty plan with a draft. Raises ProblemError: unknown_hazard, no_name."""
    if hazard not in dict(HAZARDS):
        raise refused("unknown_hazard", "ไม่มีประเภทภัยนี้", "hazard", "เลือกประเภทภัยจากรายการ")
    if not name_th.strip():
        raise refused("no_name", "ยังไม่ได้ตั้งชื่อแผน", "name_th", "ตั้งชื่อแผน")
    base, number = slugify(hazard.replace("_", "-")), 1
    while Playbook.objects.filter(key=f"{base}-{number}").exists():
        number += 1
    made = Playbook.objects.create(key=f"{base}-{number}", hazard=hazard)
    save_draft(made.key, PlaybookText(name_th.strip()))
    return made


def save_draft(key: str, text: PlaybookText, *, seen: int | None = None) -> PlaybookVersion:
    """Write the open draft, beginning one when there is none. seen: number of the version that was on the screen.

    A draft may be unfinished. Raises ProblemError: no_playbook, stale_playbook, no_name.
    """
    book = _locked(key)
    if not text.name_th.strip():
        raise refused("no_name", "ยังไม่ได้ตั้งชื่อแผน", "name_th", "ตั้งชื่อแผน")
    newest = book.versions.aggregate(newest=Max("number"))["newest"] or 0
    if seen is not None and seen != newest:
        raise refused("stale_playbook", "มีผู้อื่นแก้แผนนี้ไปแล้ว", key, "อ่านฉบับล่าสุดแล้วแก้อีกครั้ง")
    values = {
        "name_th": text.name_th.strip()[:120], "name_en": text.name_en.strip()[:120], "source": text.source[:300],
        "steps": [step.as_dict() for step in in_order(text.steps)], "made_at": now(), "made_by": required().actor,
    }  # fmt: skip
    draft = book.versions.filter(published_at=None).first()
    if draft is None:
        return PlaybookVersion.objects.create(playbook=book, number=newest + 1, **values)
    for name, value in values.items():
        setattr(draft, name, value)
    draft.save()
    return draft


def publish(key: str) -> PlaybookVersion:
    """Make the draft the version that is used from now on. Running checklists keep theirs.

    Raises ProblemError: no_playbook, no_draft; PlaybookFaults with everything that is wrong.
    """
    book = _locked(key)
    draft = book.versions.filter(published_at=None).first()
    if draft is None:
        raise refused("no_draft", "แผนนี้ไม่มีฉบับร่าง", key, "แก้แผนก่อนจึงเผยแพร่")
    if problems := faults(steps_of(draft), ROLES):
        raise PlaybookFaults(problems)
    draft.published_at, draft.published_by = now(), required().actor
    draft.save(update_fields=["published_at", "published_by"])
    book.current = draft
    book.save(update_fields=["current"])
    return draft


def discard_draft(key: str) -> None:
    """Throw the draft away; a plan that was never published goes too. Raises ProblemError: no_playbook, no_draft."""
    book = _locked(key)
    if not book.versions.filter(published_at=None).delete()[0]:
        raise refused("no_draft", "แผนนี้ไม่มีฉบับร่าง", key)
    if book.current_id is None:
        book.delete()


def restore(key: str, number: int) -> PlaybookVersion:
    """Make a draft of an earlier version, to be published. Raises ProblemError: no_playbook, no_version."""
    book = _locked(key)
    old = book.versions.filter(number=number).exclude(published_at=None).first()
    if old is None:
        raise refused("no_version", "ไม่มีฉบับนี้", str(number))
    return save_draft(key, PlaybookText(old.name_th, old.name_en, old.source, steps_of(old)))


def steps_of(version: PlaybookVersion) -> list[Step]:
    return [read_step(step) for step in version.steps]


def start(incident: UUID, key: str) -> Checklist:
    """Put the published version of a plan to work: its steps become a checklist, due from now.

    Raises ProblemError: no_incident, not_open, no_playbook, started.
    """
    row, moment = locked(incident), now()
    if row.state not in OPEN_STATES:
        raise refused("not_open", "เหตุการณ์นี้ปิดแล้ว", row.number)
    book = Playbook.objects.select_related("current").filter(pk=key).first()
    if book is None or book.current is None:
        raise refused("no_playbook", "ไม่มีแผนนี้ หรือยังไม่ได้เผยแพร่", key, "เลือกแผนจากรายการ")
    if row.checklists.filter(playbook=key).exists():
        raise refused("started", "เริ่มแผนนี้ในเหตุการณ์นี้ไปแล้ว", book.current.name_th, "ทำต่อในรายการเดิม")
    version = book.current
    made = Checklist.objects.create(
        incident=row, mode=row.mode, version=version, playbook=key, name_th=version.name_th, name_en=version.name_en,
        started_at=moment, started_by=required().actor,
    )  # fmt: skip
    ChecklistItem.objects.bulk_create(
        ChecklistItem(checklist=made, mode=row.mode, number=number, role=step.role, text_th=step.th, text_en=step.en,
                      due_at=step.due(moment))
        for number, step in enumerate(steps_of(version), 1)
    )  # fmt: skip
    log.append(row, "checklist", made.name_th, after="started",
               value={"playbook": key, "version": version.number, "items": len(version.steps)})  # fmt: skip
    return made


def tick(item: int, incident: Incident, state: str, why: str = "") -> ChecklistItem:
    """A step is done, not needed (with why), or open again. The log keeps who, when and how late.

    Raises ProblemError: no_item, same_state, no_why.
    """
    row, moment = locked(incident.pk), now()
    held = ChecklistItem.objects.select_for_update(of=("self",)).filter(pk=item, checklist__incident=row).first()
    if held is None or state not in ("open", "done", "unneeded"):
        raise refused("no_item", "ไม่มีขั้นตอนนี้ในเหตุการณ์นี้")
    if held.state == state:
        raise refused("same_state", "มีผู้อื่นทำเครื่องหมายขั้นตอนนี้ไปแล้ว", held.text_th)
    if state == "unneeded" and not why.strip():
        raise refused("no_why", "ต้องบอกเหตุผลที่ไม่ต้องทำ", "why", "เขียนเหตุผลสั้น ๆ")
    before, held.state, held.why = held.state, state, why.strip()[:300]
    held.done_at, held.done_by = (None, "") if state == "open" else (moment, required().actor)
    held.save(update_fields=["state", "why", "done_at", "done_by"])
    late = max(0, round((moment - held.due_at).total_seconds() / 60))
    value = {"item": held.number, "playbook": held.checklist.playbook, "late_minutes": late}
    log.append(row, "checklist", held.text_th, before=before, after=state,
               value={**value, "post": held.role}, role=held.role)  # fmt: skip
    return held


def _locked(key: str) -> Playbook:
    book = Playbook.objects.select_for_update(of=("self",)).filter(pk=key).first()
    if book is None:
        raise refused("no_playbook", "ไม่มีแผนนี้", key, "เลือกแผนจากรายการ")
    return book
