"""Addresses of citizens: reporting, following, the public list and map, own cases."""

from __future__ import annotations

from django.urls import URLPattern, path

from maehia.services.views import follow, mine, public, report

urlpatterns: list[URLPattern] = [
    path("report/", report.start, name="report"),
    path("report/<slug:code>/tell/", report.write, name="report_write"),
    path("report/<slug:code>/around/", report.around, name="report_where"),
    path("follow/", follow.find, name="follow"),
    path("follow/<slug:secret>/", follow.case, name="follow_case"),
    path("follow/<slug:secret>/sent/", report.sent, name="report_sent"),
    path("follow/<slug:secret>/answer/", follow.answer, name="follow_answer"),
    path("follow/<slug:secret>/again/", follow.again, name="follow_again"),
    path("follow/<slug:secret>/rate/", follow.rate, name="follow_rate"),
    path("follow/<slug:secret>/stop/", follow.stop, name="follow_stop"),
    path("cases/", public.listing, name="public_list"),
    path("cases/map/", public.on_map, name="public_map"),
    path("cases/points.geojson", public.points, name="public_points"),
    path("cases/cases.csv", public.as_csv, name="public_csv"),
    path("cases/<slug:number>/", public.case, name="public_case"),
    path("cases/<slug:number>/me-too/", public.me_too, name="me_too"),
    path("cases/<slug:number>/stop/", public.stop, name="stop_news"),
    path("me/cases/", mine.listing, name="mine"),
]
