"""Date-times as CAP writes them: `2026-11-21T17:30:00+07:00`, whole seconds, the offset obligatory, no Z."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

OFFSET = timezone(timedelta(hours=7))
FORM = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)([+-])(\d\d):(\d\d)")


def written(moment: datetime) -> str:
    """An aware moment as we write it, in +07:00. Raises ValueError for a naive one or one with a part of a second."""
    if moment.tzinfo is None or moment.microsecond:
        raise ValueError("CAP writes aware moments in whole seconds")
    return moment.astimezone(OFFSET).isoformat(timespec="seconds")


def read(text: str) -> datetime | None:
    """The moment, or None when the text is not of CAP's form or no day of the calendar."""
    found = FORM.fullmatch(text.strip())
    if found is None or int(found[8]) > 14 or int(found[9]) > 59:
        return None
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        return None


def whole(moment: datetime) -> datetime:
    """The same moment without parts of a second."""
    return moment.replace(microsecond=0)
