"""Under which purpose a person reads the register: chosen by her, kept for the session, shown on every page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from maehia.access import purposes
from maehia.access.permissions import acting_as, can, purposes_of, require
from maehia.web import registry as web

#: purposes under which pages of the register open, the narrowest work first
READING = ("counter.service", "register.read", "welfare.care", "volunteer.visit", "intake.review")
SESSION = "city.purpose"


class Choice:
    """The purpose at hand and the others that the account may choose. `key` is "" when it has none."""

    def __init__(self, request: HttpRequest) -> None:
        held = purposes_of(request.user) if request.user.is_authenticated else frozenset()
        self.infos = [purposes.get(key) for key in READING if key in held]
        keys = [info.key for info in self.infos]
        kept = request.session.get(SESSION, "")
        self.key = kept if kept in keys else (keys[0] if keys else "")
        self.here = request.get_full_path()

    @property
    def info(self) -> purposes.PurposeInfo | None:
        return purposes.get(self.key) if self.key else None

    @property
    def words(self) -> str:
        return web.in_language(self.info.th, self.info.en) if self.info else ""

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        return [(i.key, web.in_language(i.th, i.en), i.key == self.key) for i in self.infos]

    @property
    def several(self) -> bool:
        return len(self.infos) > 1


@contextmanager
def reading(request: HttpRequest, choice: Choice) -> Iterator[bool]:
    """Act under the chosen purpose; yields whether there is one (things without personal data open without)."""
    if not choice.key:
        yield False
        return
    with acting_as(request.user, choice.key):  # type: ignore[arg-type]
        yield True


@require_POST
@require("staff.enter")
def choose(request: HttpRequest) -> HttpResponse:
    """Remember the purpose for this session and go back to the page."""
    wanted = request.POST.get("purpose", "")
    if wanted in READING and wanted in purposes_of(request.user):  # type: ignore[arg-type]
        request.session[SESSION] = wanted
    after = request.POST.get("next", "")
    return redirect(after if url_has_allowed_host_and_scheme(after, allowed_hosts=None) else "city:search")


def may_any(request: HttpRequest, *permissions: str) -> bool:
    return any(can(request.user, permission) for permission in permissions)
