"""The two homes, health, the installable app and the language switch."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse, translate_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import override as language
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from maehia.web import registry, tiles
from maehia.web.middleware import LANGUAGE_COOKIE
from maehia.web.values import Task

ICONS = (192, 512)  # what phones ask for before they offer to install
OFFLINE_FILES = [
    "web/css/tokens.css",
    "web/css/base.css",
    "web/css/shell.css",
    "web/css/forms.css",
    "web/css/data.css",
    "web/css/feedback.css",
    "web/css/chart.css",
    "web/css/map.css",
    "web/css/print.css",
    "web/img/icons.svg",
    "web/img/town.svg",
    "web/js/page.js",
    "web/vendor/sarabun-5.3.0/sarabun-thai-400-normal.woff2",
    "web/vendor/sarabun-5.3.0/sarabun-thai-600-normal.woff2",
    "web/vendor/sarabun-5.3.0/sarabun-latin-400-normal.woff2",
    "web/vendor/sarabun-5.3.0/sarabun-latin-600-normal.woff2",
]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the town offers; in the demo town also the doors by role and the stories."""
    demo = registry.town().demo
    context = {
        "tiles": list(registry.home_tiles),
        "roles": list(registry.demo_roles) if demo else [],
        "stories": list(registry.stories) if demo else [],
    }
    return render(request, "web/home.html", context)


def tasks_for(request: HttpRequest) -> list[Task]:
    """What waits for this person now: late things first, then in the registered order. Empty lines are left out."""
    found: list[tuple[bool, Task]] = []
    for source in registry.tasks:
        if not registry.allowed(request, source.permission):
            continue
        answer = source.count(request)
        count = answer if isinstance(answer, registry.TaskCount) else registry.TaskCount(answer)
        if count.count:
            found.append((count.late == 0, _task(source, count)))
    return [task for _, task in sorted(found, key=lambda pair: pair[0])]


def _task(source: registry.TaskSource, count: registry.TaskCount) -> Task:
    late = gettext("เกินกำหนด %(n)d เรื่อง") % {"n": count.late} if count.late else ""
    url = registry.resolve_url(source.url)
    return Task(source.title, url, count.count, count.hint, "late" if late else None, late)


@require_safe
@never_cache
@login_required
def staff_home(request: HttpRequest) -> HttpResponse:
    if not registry.allowed(request, registry.ENTER_CONSOLE):
        raise PermissionDenied
    doors = [entry for entry in registry.menu_for(request, "staff") if entry.key != "staff-home"]
    return render(request, "web/staff_home.html", {"tasks": tasks_for(request), "doors": doors})


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """The process can work: the database answers. 503 otherwise, so that no load is sent here."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ok"})


@require_safe
@cache_control(public=True, max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    """The installable app, named after the town."""
    town = registry.town()
    icon = {"src": staticfiles_storage.url("web/img/app-icon.svg"), "sizes": "any", "type": "image/svg+xml"}
    drawn = [
        {"src": staticfiles_storage.url(f"web/img/app-{n}.png"), "sizes": f"{n}x{n}", "type": "image/png"}
        for n in ICONS
    ]
    body = {
        "name": town.name_th,
        "short_name": town.name_th.removeprefix("เทศบาล")[:24] or town.name_th,
        "lang": "th",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0b6e5f",
        "icons": [{**one, "purpose": purpose} for one in (icon, *drawn) for purpose in ("any", "maskable")],
    }
    return HttpResponse(json.dumps(body, ensure_ascii=False), content_type="application/manifest+json")


def kept_files() -> list[str]:
    """What the service worker keeps: the looks of the shells, and the scripts of rooms."""
    return [*OFFLINE_FILES, *(script.path for script in (*registry.page_scripts, *registry.worker_scripts))]


@lru_cache(maxsize=1)
def release() -> str:
    """Changes when a kept file changes, so that browsers drop their old copies."""
    total = hashlib.sha256()
    for name in kept_files():
        found = finders.find(name)
        total.update(Path(found).read_bytes() if isinstance(found, str) else name.encode())
    return total.hexdigest()[:12]


@require_safe
@never_cache
def service_worker(request: HttpRequest) -> HttpResponse:
    """Network first; keeps the offline page and the looks of it, never a page of a person."""
    # Modules import each other by plain names, whatever names the tags of a page use.
    files = [
        address for name in kept_files() for address in (staticfiles_storage.url(name), f"{settings.STATIC_URL}{name}")
    ]
    with language("th"):
        paths = [registry.resolve_url(entry.url) for entry in registry.offline_pages]
    pages = [page for path in paths for page in both_languages(path)]
    values = {
        "name": f"maehia-{release()}",
        "keep": list(dict.fromkeys(files)),
        "scripts": [staticfiles_storage.url(script.path) for script in registry.worker_scripts],
        "pages": [page for page in pages if "*" not in page],
        "visited": [page for page in pages if "*" in page],
        "static": settings.STATIC_URL,
        "offline": reverse("web-offline"),
    }
    body = render_to_string("web/sw.js", {name: json.dumps(value) for name, value in values.items()})
    return HttpResponse(body, content_type="text/javascript", headers={"Service-Worker-Allowed": "/"})


def both_languages(path: str) -> list[str]:
    """A Thai page (or path with a star) and its English twin."""
    return [path, f"/en{path}"]


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    return render(request, "web/offline.html")


@require_safe
def tile(request: HttpRequest, key: str, z: int, x: int, y: int) -> HttpResponse:
    return tiles.mvt_response(request, key, z, x, y)


@require_safe
@never_cache
def choose_language(request: HttpRequest, code: str) -> HttpResponse:
    """Remembers the language of the console and goes back to the page in it."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    after = request.GET.get("next", "/staff/")
    if not url_has_allowed_host_and_scheme(after, allowed_hosts=None):
        after = "/staff/"
    response = redirect(translate_url(after, code))
    response.set_cookie(
        LANGUAGE_COOKIE, code, max_age=60 * 60 * 24 * 365, samesite="Lax", httponly=True, secure=request.is_secure()
    )
    return response
