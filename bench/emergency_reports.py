"""A situation report and a review over an incident of 100,000 log lines: figures, PDF, chain (emergency.md, section 9).

python -m bench emergency_reports        about a minute on 2 cores
"""

from __future__ import annotations

import os
import shutil
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.services import show

REPO = Path(__file__).resolve().parents[1]
DATA, PORT = REPO / "var" / "bench-emergency-reports", "8078"
LINES, BAR_S = 100_000, 10.0
KINDS = (
    ("note", "", {}), ("stay", "", {"shelter": "a", "inside": 7}), ("help", "triaged", {"request": "r"}),
    ("doors", "visited", {"visits": 3, "reached": 2, "not_there": 1}), ("checklist", "done", {"late_minutes": 0}),
    ("claim", "paid", {"claim": "c", "baht": "100.00"}), ("lifeline", "50", {"lifeline": "power", "level": 50}),
)  # fmt: skip


def run(args: list[str]) -> int:
    shutil.rmtree(DATA, ignore_errors=True)
    os.environ["MAEHIA_DATA"], os.environ["MAEHIA_PORT"] = str(DATA), PORT
    from maehia.cli import boot, serve

    boot.django()
    from maehia.cli import schema

    schema.migrate()
    try:
        return 0 if _measure() else 1
    finally:
        serve.stop_database()


def _measure() -> bool:

    from maehia.access.actions import assign, create_account
    from maehia.emergency.actions import incidents, sitreps
    from maehia.emergency.queries.log import tampered_at
    from maehia.emergency.queries.review import observed
    from maehia.emergency.queries.situation import shown
    from maehia.forms.letters import render_pdf
    from maehia.kit.acting import acting
    from maehia.kit.clock import now

    with acting("system:bench", "system.demo"):
        officer = create_account("bench-report", "ผู้รายงาน (สมมติ)", unit="ศูนย์")
        assign(officer, "duty", starts_on=(now() - timedelta(days=1)).date())
    with acting(officer.actor, "emergency.command"):
        new = incidents.NewIncident("น้ำท่วมสมมติ", "flood", started_at=now() - timedelta(days=3))
        row = incidents.open_incident(new)
        _fill(row)
        good = True
        report, spent = _timed(lambda: sitreps.issue(row.pk, {"situation": "สมมติ"}, account=officer))
        good &= show("report issued over 100,000 lines", spent, "s", BAR_S)
        context = {"incident": row, "report": report, "figures": shown(report.figures), "lifelines": [], "hash": "-"}
        _, spent = _timed(lambda: render_pdf("emergency/recovery/sitrep_pdf.html", context))
        good &= show("its PDF", spent, "s", BAR_S)
        _, spent = _timed(lambda: observed(row))
        good &= show("review generated from 100,000 lines", spent, "s", BAR_S)
        broken, spent = _timed(lambda: tampered_at(row))
        good &= show("chain of 100,000 lines proven", spent, "s", BAR_S) and broken is None
    return good


def _timed(work: Any) -> tuple[Any, float]:
    begin = time.perf_counter()
    return work(), time.perf_counter() - begin


def _fill(row: Any) -> None:
    """Lines as `log.append` writes them, chained, in batches."""
    from maehia.base.chain import START, link
    from maehia.emergency.models import Incident, LogLine
    from maehia.emergency.rules.lines import Line
    from maehia.kit.clock import now

    held = Incident.objects.get(pk=row.pk)
    head, moment, rows = bytes(held.head) or START, now(), []
    for seq in range(held.seq + 1, LINES + 1):
        kind, after, value = KINDS[seq % len(KINDS)]
        value = {name: f"{told}{seq % 900}" if name in ("request", "claim") else told for name, told in value.items()}
        at = row.started_at + timedelta(seconds=2 * seq)
        line = Line(str(row.pk), seq, kind, "system:bench", "", "", after, "", value, at, at)
        own = link(line.parts, head)
        rows.append(LogLine(incident_id=row.pk, mode=row.mode, seq=seq, kind=kind, actor=line.actor, after=after,
                            value=value, event_at=at, at=min(at, moment), prev_hash=head, hash=own))  # fmt: skip
        head = own
    LogLine.objects.bulk_create(rows, batch_size=5000)
    Incident.objects.filter(pk=row.pk).update(seq=LINES, head=head)
