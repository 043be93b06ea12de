"""A POST that creates may be sent twice: the second one gets the first one's answer.

    @idempotent("services.case", show=lambda request, pk: redirect("case", pk))
    def create(request) -> Created | HttpResponse:
        ...
        return Created(case.pk)

The form carries `{% idempotency_key %}` (or the client sends the header Idempotency-Key). Kept are a hash of
the body and the id of the created row; the answer is made again by `show`, under the caller's own rights.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render

from maehia.base import Problem
from maehia.kit import clock
from maehia.kit.models import IdempotencyKey

KEY_FIELD, DEVICE_FIELD = "idempotency_key", "idempotency_device"
KEY_HEADER, DEVICE_HEADER = "Idempotency-Key", "Maehia-Device"
NOT_BODY = {KEY_FIELD, DEVICE_FIELD, "csrfmiddlewaretoken"}
LIFE = timedelta(hours=48)
_KEY = re.compile(r"[A-Za-z0-9_\-]{8,80}")
_SALT = "maehia.kit.device"

View = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Created:
    """What a view returns when it made a row: the row's id."""

    id: Any


def idempotent(
    route: str, *, show: Callable[[HttpRequest, str], HttpResponseBase], life: timedelta = LIFE
) -> Callable[[View], Callable[..., HttpResponseBase]]:
    """Make a creating view safe to repeat; methods other than POST pass through.

    A view that returns a response instead of `Created` (a form with errors) leaves the key unused. 400 without
    a key or device, 409 for the same key with another body. life: longer for offline queues.
    """

    def decorate(view: View) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method != "POST":
                return view(request, *args, **kwargs)  # type: ignore[no-any-return]
            actor, key = actor_of(request), _key_of(request)
            if not actor or not key:
                return problem_response(request, MISSING, 400)
            made: Created | HttpResponseBase = _once(
                request, (actor, route, key), life, lambda: view(request, *args, **kwargs)
            )
            if isinstance(made, Created):
                return show(request, str(made.id))
            return made

        return wrapped

    return decorate


def once(
    request: HttpRequest, name: tuple[str, str, str], work: Callable[[], Any], life: timedelta = LIFE
) -> Created | HttpResponseBase:
    """The same for programs, whose actor and answers are their own: name is (actor, route, key).

    work returns `Created`; what it raises leaves the key unused. A response comes back for the key with another body.
    """
    made: Created | HttpResponseBase = _once(request, name, life, work)
    return made


def _once(request: HttpRequest, name: tuple[str, str, str], life: timedelta, work: Callable[[], Any]) -> Any:
    """Run `work` in the transaction of its key, or find what it made before."""
    body = body_hash(request)
    with transaction.atomic():
        row_id = _claim(name, body, life)
        if row_id is None:
            return _earlier(request, name, body)
        made = work()
        rows = IdempotencyKey.objects.filter(pk=row_id)
        if isinstance(made, Created):
            rows.update(result=str(made.id))
        else:
            rows.delete()
        return made


def _claim(name: tuple[str, str, str], body: bytes, life: timedelta) -> int | None:
    """Insert the key; None when it is taken. Waits for a twin that is being answered right now."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kit_idempotency AS k (actor, route, key, body_hash, result, created_at, expires_at)"
            " VALUES (%s, %s, %s, %s, '', %s, %s) ON CONFLICT (actor, route, key) DO UPDATE"
            " SET body_hash = excluded.body_hash, result = '', created_at = excluded.created_at,"
            " expires_at = excluded.expires_at WHERE k.expires_at < excluded.created_at RETURNING id",
            [*name, body, now, now + life],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else None


def _earlier(request: HttpRequest, name: tuple[str, str, str], body: bytes) -> Created | HttpResponse:
    actor, route, key = name
    row = IdempotencyKey.objects.get(actor=actor, route=route, key=key)
    if bytes(row.body_hash) != body:
        return problem_response(request, OTHER_BODY, 409)
    return Created(row.result)


def actor_of(request: HttpRequest) -> str:
    """ "user:<id>" of the one who is logged in, "device:<id>" of a signed device, or ""."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return f"user:{user.pk}"
    token = request.headers.get(DEVICE_HEADER) or request.POST.get(DEVICE_FIELD, "")
    try:
        return f"device:{uuid.UUID(signing.loads(token, salt=_SALT))}"
    except (signing.BadSignature, ValueError, TypeError):
        return ""


def new_device() -> str:
    """A signed random name for a device without a log-in; the form or the app keeps it."""
    return signing.dumps(str(uuid.uuid4()), salt=_SALT)


def new_key() -> str:
    return uuid.uuid4().hex


def body_hash(request: HttpRequest) -> bytes:
    """HMAC of what was asked: path, fields and files, without the tokens around them.

    Keyed: a plain hash of a form with a national ID or a phone would be found again by trying them all."""
    digest = hmac.new(settings.SECRET_KEY.encode(), request.path.encode(), hashlib.sha256)
    if request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        fields = sorted((k, v) for k, values in request.POST.lists() if k not in NOT_BODY for v in values)
        digest.update(json.dumps(fields, ensure_ascii=False).encode())
        for field, file in sorted(((k, f) for k, files in request.FILES.lists() for f in files), key=itemgetter(0)):
            digest.update(f"\0{field}\0{file.name}\0{file.size}\0".encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    else:
        digest.update(request.body)
    return digest.digest()


def forget_expired() -> int:
    """Remove keys past their life. Run by the worker."""
    return IdempotencyKey.objects.filter(expires_at__lt=clock.now()).delete()[0]


def problem_response(request: HttpRequest, problem: Problem, status: int) -> HttpResponse:
    """A problem as JSON for programs and as a page for people."""
    if "application/json" in request.headers.get("Accept", "") or request.content_type == "application/json":
        return JsonResponse({"problem": problem.as_dict()}, status=status)
    return render(request, "kit/problem.html", {"problem": problem}, status=status)


def _key_of(request: HttpRequest) -> str:
    key = request.headers.get(KEY_HEADER) or request.POST.get(KEY_FIELD, "")
    return key if _KEY.fullmatch(key) else ""


MISSING = Problem(
    "idempotency_key_missing",
    "คำขอนี้ไม่มีหมายเลขกำกับ ระบบจึงไม่บันทึก เพื่อไม่ให้บันทึกซ้ำ",
    fix="เปิดหน้านี้ใหม่แล้วส่งอีกครั้ง",
)
OTHER_BODY = Problem(
    "idempotency_key_reused",
    "คำขอนี้ใช้หมายเลขกำกับเดิมแต่ข้อมูลไม่เหมือนเดิม ระบบจึงไม่บันทึก",
    fix="เปิดหน้านี้ใหม่แล้วส่งข้อมูลอีกครั้ง",
)
