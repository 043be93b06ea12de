"""The page by which staff devices learn to trust the town's own certificate authority."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from maehia.cli import tls


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    found = (tls.folder() / "ca.crt").exists()
    return render(request, "cli/install.html", {"fingerprint": tls.fingerprint() if found else ""})


@require_safe
def certificate(_request: HttpRequest) -> FileResponse:
    """The public certificate only; its key never leaves the data folder."""
    file = tls.folder() / "ca.crt"
    if not file.exists():
        raise Http404
    return FileResponse(
        file.open("rb"), content_type="application/x-x509-ca-cert", as_attachment=True, filename="town-ca.crt"
    )


urlpatterns = [
    path("install/", show, name="install"),
    path("install/town-ca.crt", certificate, name="install-certificate"),
]
