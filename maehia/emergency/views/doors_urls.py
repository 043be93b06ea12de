"""Addresses of door lists and of the call-down, under /staff/emergency/<number>/."""

from __future__ import annotations

from django.urls import URLPattern, path

from maehia.emergency.views import calldown, doors, doors_phone

AT = "staff/emergency/<str:number>"
urlpatterns: list[URLPattern] = [
    path(f"{AT}/doors/", doors.desk, name="doors"),
    path(f"{AT}/doors/give/", doors.give, name="doors_give"),
    path(f"{AT}/doors/conflicts/<uuid:key>/", doors.decide, name="doors_decide"),
    path(f"{AT}/doors/<uuid:key>/", doors_phone.page, name="door_list"),
    path(f"{AT}/doors/<uuid:key>/keep/", doors_phone.keep, name="door_keep"),
    path(f"{AT}/doors/<uuid:key>/state/", doors_phone.state, name="door_state"),
    path(f"{AT}/doors/<uuid:key>/sync/", doors_phone.sync, name="door_sync"),
    path(f"{AT}/doors/<uuid:key>/done/", doors_phone.done, name="door_done"),
    path(f"{AT}/doors/<uuid:key>/end/", doors.end, name="door_end"),
    path(f"{AT}/calldown/", calldown.board, name="calldown"),
    path(f"{AT}/calldown/start/", calldown.start, name="calldown_start"),
    path(f"{AT}/calldown/next/", calldown.take_next, name="calldown_next"),
    path(f"{AT}/calldown/<uuid:key>/", calldown.call, name="calldown_call"),
]
