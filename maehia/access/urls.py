"""Addresses of access. Included inside i18n_patterns."""

from django.urls import path

from maehia.access.views import accounts, demo, glass, me, notices, reads, roles, signing

urlpatterns = [
    path("staff/notices/", notices.index, name="notices"),
    path("staff/notices/read/", notices.read_all, name="access-notices-read"),
    path("staff/notices/<int:pk>/", notices.read, name="access-notice-read"),
    path("staff/accounts/", accounts.index, name="access-accounts"),
    path("staff/accounts/new/", accounts.create, name="access-account-new"),
    path("staff/accounts/<uuid:pk>/", accounts.show, name="access-account"),
    path("staff/accounts/<uuid:pk>/assign/", accounts.assign, name="access-assign"),
    path("staff/accounts/<uuid:pk>/close/", accounts.close, name="access-account-close"),
    path("staff/accounts/<uuid:pk>/factors/", accounts.reset, name="access-account-factors"),
    path("staff/assignments/<int:pk>/end/", accounts.end, name="access-assignment-end"),
    path("staff/assignments/<int:pk>/undo/", accounts.undo, name="access-assignment-undo"),
    path("staff/roles/", roles.index, name="access-roles"),
    path("staff/roles/<slug:key>/", roles.show, name="access-role"),
    path("staff/roles/<slug:key>/undo/", roles.undo, name="access-role-undo"),
    path("staff/signing/", signing.index, name="access-signing"),
    path("staff/signing/<slug:kind>/<int:pk>/end/", signing.end, name="access-signing-end"),
    path("staff/break-glass/", glass.index, name="access-glass"),
    path("staff/break-glass/review/", glass.queue, name="access-glass-review"),
    path("staff/break-glass/review/<uuid:pk>/", glass.review, name="access-glass-review-one"),
    path("staff/break-glass/<uuid:pk>/", glass.show, name="access-glass-show"),
    path("staff/break-glass/<uuid:pk>/end/", glass.end, name="access-glass-end"),
    path("staff/reads/", reads.index, name="access-reads"),
    path("staff/reads/alerts/", reads.alerts, name="access-alerts"),
    path("staff/reads/alerts/<int:pk>/", reads.close_alert, name="access-alert-close"),
    path("staff/purposes/", reads.published, name="access-purposes"),
    path("me/", me.index, name="me"),
    path("me/reads/", me.looks, name="me-looks"),
    path("demo/enter/", demo.enter, name="access-demo-enter"),
]
