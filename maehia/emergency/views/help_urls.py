"""Addresses of requests for help: the public door, its twin for exercises, and the desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from maehia.emergency.views import help as door
from maehia.emergency.views import help_desk as desk

PUBLIC = (
    ("", door.start, "help"), ("need/", door.need, "help_need"), ("safe/", door.safe, "help_safe"),
    ("safe/sent/", door.safe_sent, "help_safe_sent"), ("status/", door.status, "help_status"),
    ("sent/<str:token>/", door.sent, "help_sent"),
)  # fmt: skip
ONE = "staff/emergency/<str:number>/help/<str:code>/"

urlpatterns: list[URLPattern] = [
    *(path(f"help/{end}", view, name=name) for end, view, name in PUBLIC),
    *(path(f"help/exercise/{end}", view, name=f"drill_{name}") for end, view, name in PUBLIC),
    path("help/exercise/<str:code>/", door.status, name="drill_help_code"),
    path("help/<str:code>/", door.status, name="help_code"),
    path("staff/help/", desk.waiting, name="help_waiting"),
    path("staff/help/<str:code>/", desk.waiting_one, name="help_waiting_one"),
    path("staff/help/<str:code>/take/", desk.take, name="help_take"),
    path("staff/emergency/<str:number>/help/", desk.board, name="help_board"),
    path("staff/emergency/<str:number>/help/new/", desk.write, name="help_write"),
    path(ONE, desk.one, name="help_one"),
    path(f"{ONE}act/", desk.act, name="help_act"),
]
