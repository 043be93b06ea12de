"""Cases of many years for the benchmark, and what is asked of them inside this process."""

from __future__ import annotations

import itertools
import resource
import statistics
import time
from typing import Any

OFFICER = "user:00000000-0000-4000-8000-00000000be5c"
FILL = """
INSERT INTO services_case (id, number, kind, service_id, definition_id, workflow_version, channel, origin, origin_id,
  lang, mode, state, state_type, state_before, unit_id, is_public, is_confidential, is_urgent, public_point,
  public_text, public_address, last_note, moo, received_at, recorded_at, due_at, closed_at, updated_at, promise,
  version, head, me_too, reopened)
SELECT gen_random_uuid(), 'B-' || to_char(n, 'FM000000'), 'report', s.code, s.current_id, '1', 'web', '', '', 'th',
  'live', CASE WHEN n <= %(open)s THEN 'in_progress' ELSE 'fixed' END,
  CASE WHEN n <= %(open)s THEN 'open' ELSE 'fixed' END, '', u.key, true, false, false,
  ST_SetSRID(ST_MakePoint(%(west)s + random() * %(width)s, %(south)s + random() * %(height)s), 4326),
  'ไฟถนนดับ ขอให้ช่วยแก้ไข (สมมติ)', '', '', 1 + n %% 10, t.at, t.at, t.at + interval '5 days',
  CASE WHEN n <= %(open)s THEN NULL ELSE t.at + interval '3 days' END, t.at, '{}', 3,
  decode(repeat('00', 32), 'hex'), 0, 0
FROM generate_series(%(first)s, %(last)s) n
  CROSS JOIN LATERAL (SELECT %(now)s - CASE WHEN n <= %(open)s THEN n * interval '10 minutes'
                        ELSE n * interval '12 minutes' END AS at) t
  CROSS JOIN LATERAL (SELECT code, current_id FROM services_service
                      WHERE kind = 'report' AND is_public AND state = 'published' ORDER BY md5(code || n) LIMIT 1) s
  CROSS JOIN LATERAL (SELECT key FROM services_unit WHERE active ORDER BY md5(key || n) LIMIT 1) u
"""
DETAILS = """
INSERT INTO services_casedetail (case_id, description, point, address, answers, trace, suggested)
SELECT id, 'ไฟหน้าบ้านดับมาสามคืนแล้ว เดินกลับบ้านตอนค่ำลำบาก (สมมติ)', public_point, '', '{}', '[]', '[]'
FROM services_case WHERE number LIKE 'B-%%'
"""
EVENTS = """
INSERT INTO services_caseevent (case_id, seq, kind, state, value, note, is_public, actor, origin, event_at, recorded_at,
  prev_hash, hash)
SELECT id, seq, CASE WHEN seq = 1 THEN 'opened' ELSE 'state' END, 'in_progress', '{}', '', true, 'user:bench', '',
  received_at, received_at, decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex')
FROM services_case, generate_series(1, 3) seq WHERE number LIKE 'B-%%'
"""


def fill(cases: int, still_open: int) -> float:
    """Lay the cases straight into the tables, unless they are there. Returns seconds."""
    from django.db import connection

    from maehia.kit.acting import acting
    from maehia.kit.clock import now
    from maehia.services.models import Case
    from maehia.web.registry import town

    begin = time.perf_counter()
    west, south, east, north = town().bounds or (98.90, 18.70, 99.00, 18.80)
    with acting("system:bench", "system.demo"):
        there = Case.objects.count()
        if there < cases:
            values = {"first": 1, "last": cases - there, "open": still_open, "now": now(), "west": west, "south": south,
                      "width": east - west, "height": north - south}  # fmt: skip
            with connection.cursor() as cursor:
                cursor.execute(FILL, values)
                cursor.execute(DETAILS)
                cursor.execute(EVENTS)
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    return time.perf_counter() - begin


def key_of(name: str) -> str:
    from maehia.services.actions.api_keys import make_api_key

    return make_api_key(name, "bench", by="system:bench", per_minute=10_000).text


def staff_client() -> Any:
    """The clerk's browser, with the second factor behind her."""
    from django.conf import settings
    from django.test import Client

    from maehia.access.middleware import MFA_SESSION
    from maehia.access.models import Account
    from maehia.kit.acting import acting

    client = Client(headers={"host": "127.0.0.1"})
    with acting("system:login", "system.login"):
        clerk = Account.objects.get(login="clerk")
        client.force_login(clerk, backend=settings.AUTHENTICATION_BACKENDS[0])
    session = client.session
    session[MFA_SESSION] = str(clerk.pk)
    session.save()
    return client


def asked(client: Any, path: str) -> tuple[int, int]:
    """(bytes plain, bytes packed) of an answer; raises for one that is none."""
    plain = client.get(path)
    packed = client.get(path, headers={"accept-encoding": "gzip"})
    if plain.status_code != 200:
        raise RuntimeError(f"{path}: status {plain.status_code}")
    return len(_content(plain)), len(_content(packed))


def _content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


_numbers = itertools.count()


def move_one() -> float:
    """Median milliseconds of the action that moves a case, commit included."""
    from maehia.kit.acting import acting
    from maehia.services import actions
    from maehia.services.models import Case

    with acting("system:bench", "system.demo"):
        keys = list(Case.objects.filter(number__startswith="B-", state="in_progress").values_list("pk", flat=True)[:60])
    took = []
    for key in keys:
        begin = time.perf_counter()
        with acting(OFFICER, "services.desk"):
            actions.move(key, "waiting_other", by=OFFICER)
        took.append((time.perf_counter() - begin) * 1000)
    return statistics.median(took[5:])


def open311_list() -> Any:
    from django.test import Client

    answer = Client(headers={"host": "127.0.0.1"}).get("/open311/v2/requests.json")
    if answer.status_code != 200 or answer.content.count(b'"service_request_id"') != 1000:
        raise RuntimeError(f"Open311: status {answer.status_code}, {answer.content[:200]!r}")
    return answer


def export_rows(client: Any) -> tuple[int, float, float]:
    """(rows, seconds, MB by which the process grew) of the whole file, read piece by piece."""
    from maehia.kit.acting import acting
    from maehia.services.models import Case

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.perf_counter()
    answer = client.get("/staff/cases/export/cases.csv")
    lines = sum(piece.count(b"\r\n") for piece in answer.streaming_content) - 1
    seconds = time.perf_counter() - begin
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    with acting("system:bench", "services.desk"):
        there = Case.objects.count()
    if lines != there:
        raise RuntimeError(f"export: {lines:,} rows of {there:,}")
    return lines, seconds, grown
