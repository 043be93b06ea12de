"""How often somebody may do something, counted in the database, so that all processes agree."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection

from maehia.base import Problem, ProblemError
from maehia.kit import clock


class TooOften(ProblemError):
    """The limit of this window is used up."""

    def __init__(self, bucket: str, limit: int, seconds: int) -> None:
        super().__init__(
            Problem(
                "too_often",
                f"ทำรายการนี้ครบ {limit} ครั้งแล้วในช่วง {max(1, seconds // 60)} นาที",
                bucket.partition(":")[0],
                "รอสักครู่แล้วลองใหม่",
            )
        )


def count(bucket: str, seconds: int, by: int = 1) -> int:
    """Count an event of "what:who" in its window of `seconds`; returns how many there are with it."""
    moment = int(clock.now().timestamp())
    start = datetime.fromtimestamp(moment - moment % seconds, UTC)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kit_rate (bucket, starts_at, count) VALUES (%s, %s, %s)"
            " ON CONFLICT (bucket, starts_at) DO UPDATE SET count = kit_rate.count + excluded.count"
            " RETURNING count",
            [bucket, start, by],
        )
        return int(cursor.fetchone()[0])


def limit(bucket: str, most: int, seconds: int) -> None:
    """Count an event and raise TooOften when it is one too many."""
    if count(bucket, seconds) > most:
        raise TooOften(bucket, most, seconds)


def forget_old() -> int:
    """Remove windows older than two days. Run by the worker."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kit_rate WHERE starts_at < %s - interval '2 days'", [clock.now()])
        return int(cursor.rowcount)
