"""Addresses of the demo's pages. Included inside i18n_patterns."""

from django.urls import path

from maehia.cli.demo_pages import views

urlpatterns = [
    path("demo/story/<slug:key>/", views.story, name="demo-story"),
    path("demo/files/", views.files, name="demo-files"),
    path("demo/files/<str:name>", views.file, name="demo-file"),
    path("demo/reset/", views.reset, name="demo-reset"),
    path("staff/demo/score/", views.score, name="demo-score"),
]
