"""Addresses of every room. Thai pages have no prefix; English ones stand under /en/."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("hooks/", include("maehia.message.hooks")),
    path("", include("maehia.services.api.urls")),
    path("", include("maehia.emergency.api.cap")),
    *i18n_patterns(
        path("", include("maehia.cli.install_page")),
        path("", include("maehia.cli.demo_pages.urls")),
        path("", include("maehia.web.urls")),
        path("", include("maehia.access.urls")),
        path("", include("maehia.city.urls")),
        path("", include("maehia.intake.urls")),
        path("", include("maehia.message.urls")),
        path("", include("maehia.forms.urls")),
        path("", include("maehia.services.urls")),
        path("", include("maehia.emergency.urls")),
        prefix_default_language=False,
    ),
]

handler400 = "maehia.web.errors.bad_request"
handler403 = "maehia.web.errors.forbidden"
handler404 = "maehia.web.errors.not_found"
handler500 = "maehia.web.errors.server_error"
