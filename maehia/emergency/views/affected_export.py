"""The list of people inside as a file: watermarked in every row, counted in the incident's log."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.utils.translation import gettext

from maehia.access.models import Account
from maehia.emergency.actions import grants, log
from maehia.emergency.models import Incident
from maehia.emergency.queries.affected import PAGE, AffectedRow, Only, affected
from maehia.emergency.views.affected_words import ACCESS, told_words, why
from maehia.kit.acting import acting
from maehia.kit.clock import now
from maehia.thai import format_phone
from maehia.web.formats import show_datetime

MARK = "\ufeff"
RUNS = ("=", "+", "-", "@", "\t", "\r")  # how a text begins that a spreadsheet takes for a formula
COLUMNS = (
    "ลำดับ", "คะแนน", "ที่อยู่", "หมู่", "คน", "ชื่อ", "โทรศัพท์", "ความต้องการ", "เหตุผล", "น้ำลึก (ม.)", "ทางออก",
    "ศูนย์พักพิงใกล้สุด", "นาที", "สำเนาของ",
)  # fmt: skip


def export(account: Account, incident: Incident, only: Only) -> tuple[str, str]:
    """(text, file name). Raises ProblemError not_assigned, no_footprint. Outside of `acting()`.

    Every person in it has a line in the read log; the incident's log says how many households went out, to whom.
    """
    mark = f"{account.display_name} ({account.login}) {show_datetime(now())}"
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([gettext(column) for column in COLUMNS])
    count, after = 0, None
    with grants.affected(account, incident):
        assert incident.footprint is not None  # noqa: S101 (grants refuse an incident without one)
        while True:
            page = affected(incident.footprint, limit=PAGE, after=after, only=only, via="export")
            writer.writerows(line(row, mark) for row in page.rows)
            count, after = count + len(page.rows), page.after
            if after is None:
                break
    with acting(account.actor, "emergency.field", mode=incident.mode):
        log.append(incident.pk, "export", after="csv", value={"households": count, "account": str(account.pk)})
    return MARK + out.getvalue(), f"affected-{incident.number}-{now():%Y%m%d-%H%M}.csv"


def line(row: AffectedRow, mark: str) -> list[Any]:
    """A household in one line; texts that a spreadsheet would run get an apostrophe."""
    needs = "; ".join(f"{who.name}: {told_words(need)}" for who in row.members for need in who.needs)
    names = ", ".join(who.name for who in row.members)
    phones = ", ".join(format_phone(who.phone) for who in row.members if who.phone)
    water = "" if row.depth_m is None else row.depth_m
    cells = [row.rank, row.priority, row.place, row.moo or "", row.people, names, phones, needs, why(row), water,
             str(ACCESS[row.access]), row.shelter, row.minutes or "", mark]  # fmt: skip
    return [f"'{cell}" if isinstance(cell, str) and cell.startswith(RUNS) else cell for cell in cells]
