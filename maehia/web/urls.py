"""Addresses of the shells. Included inside i18n_patterns, so English pages stand under /en/."""

from django.urls import path

from maehia.web import live, styleguide, views

urlpatterns = [
    path("", views.home, name="home"),
    path("staff/", views.staff_home, name="staff-home"),
    path("staff/styleguide/", styleguide.show, name="web-styleguide"),
    path("staff/styleguide/progress/", styleguide.progress, name="web-styleguide-progress"),
    path("staff/styleguide/confirm/", styleguide.confirm, name="web-styleguide-confirm"),
    path("staff/styleguide/<slug:name>/", styleguide.sample, name="web-styleguide-sample"),
    path("health/live", views.live, name="web-health-live"),
    path("health/ready", views.ready, name="web-health-ready"),
    path("manifest.webmanifest", views.manifest, name="web-manifest"),
    path("sw.js", views.service_worker, name="web-service-worker"),
    path("live/", live.stream, name="web-live"),
    path("offline/", views.offline, name="web-offline"),
    path("tiles/<slug:key>/<int:z>/<int:x>/<int:y>", views.tile, name="web-tile"),
    path("language/<slug:code>/", views.choose_language, name="web-language"),
]
handlers = {
    "handler400": "maehia.web.errors.bad_request",
    "handler403": "maehia.web.errors.forbidden",
    "handler404": "maehia.web.errors.not_found",
    "handler500": "maehia.web.errors.server_error",
}
