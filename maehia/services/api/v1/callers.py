"""Who may file by the JSON API: an application with a key, or an officer with a session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import APIKeyCookie, APIKeyHeader

from maehia.access.permissions import can
from maehia.services.api import callers


@dataclass(frozen=True, slots=True)
class Caller:
    """by: the actor. mode: live, or exercise for a trial key. channel, origin: of the cases that he files."""

    by: str
    mode: str
    channel: str
    origin: str


class KeyAuth(APIKeyHeader):
    """The key of an application."""

    param_name = "X-API-Key"

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        if not key:
            return None
        row = callers.known(request, key)
        if row is None:
            raise HttpError(401, "กุญแจใช้ไม่ได้ (the key is not valid)")
        return Caller(callers.actor(row), row.mode, "api", f"api:{row.pk}")


class StaffAuth(APIKeyCookie):
    """The session of an officer who may enter cases; his browser sends the CSRF token in X-CSRFToken."""

    param_name = settings.SESSION_COOKIE_NAME

    def _get_key(self, request: HttpRequest) -> str | None:
        return super()._get_key(request) if self.param_name in request.COOKIES else None

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        user = request.user
        if not key or not user.is_authenticated:
            return None
        if not can(user, "services.enter"):
            raise HttpError(403, "บัญชีนี้บันทึกเรื่องไม่ได้ (this account may not enter cases)")
        return Caller(user.actor, "live", "officer", "")
