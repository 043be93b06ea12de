"""The application behind /api/v1/: its routes, its problems, its OpenAPI 3.1 description."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from maehia.services.api.v1 import problems
from maehia.services.api.v1.routes import router

ABOUT = (
    "What the town offers, what was reported, reporting, following and the queue. Reading needs no key. "
    "Refusals are application/problem+json (RFC 9457). Times carry an offset; years are Gregorian."
)


class TownAPI(NinjaAPI):
    """Says in its description that refusals are problems, which the library writes as plain JSON."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        found = super().get_openapi_schema(**options)
        for path in found["paths"].values():
            for operation in path.values():
                for status, response in operation["responses"].items():
                    if int(status) >= 400 and "content" in response:
                        response["content"] = {problems.TYPE: response["content"].pop("application/json")}
        return found


api = TownAPI(title="Maehia", version="1", description=ABOUT, docs_url=None, urls_namespace="api-v1")
problems.register(api)
api.add_router("", router)


def patterns() -> list[URLPattern]:
    """The addresses of the API, each guarded."""
    found: list[URLPattern] = [p for p in api.urls[0] if isinstance(p, URLPattern)]
    for pattern in found:
        pattern.callback = problems.guarded(pattern.callback)
    return found


@csrf_exempt
def nowhere(request: HttpRequest, path: str = "") -> HttpResponse:
    """Any other address under /api/."""
    return problems.problem(404, "not_found", "ไม่มีที่อยู่นี้ ดู /api/v1/openapi.json (no such address)")
