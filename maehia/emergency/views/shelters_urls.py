"""Addresses of shelters. The desk's own page stands outside of any incident: a device opens it without a signal."""

from __future__ import annotations

from django.urls import URLPattern, path

from maehia.emergency.views import shelters, shelters_paper, shelters_sites, stays, stays_desk

AT = "staff/emergency/<str:number>/shelters/"
ONE = f"{AT}<uuid:shelter>/"
STAY = f"{AT}stay/<uuid:stay>/"
urlpatterns: list[URLPattern] = [
    path("shelter-desk/", stays_desk.shell, name="shelter_desk"),
    path("staff/emergency/sites/", shelters_sites.sites, name="shelter_sites"),
    path("staff/emergency/sites/<uuid:place>/", shelters_sites.site, name="shelter_site"),
    path(AT, shelters.board, name="shelters"),
    path(f"{AT}plan/", shelters.plan, name="shelter_plan"),
    path(STAY, stays.stay, name="stay"),
    path(f"{STAY}correct/", stays.correct, name="stay_correct"),
    path(f"{STAY}do/<str:verb>/", stays.act, name="stay_do"),
    path(ONE, shelters.one, name="shelter"),
    path(f"{ONE}do/<str:verb>/", shelters.act, name="shelter_do"),
    path(f"{ONE}more/<str:verb>/", shelters.more, name="shelter_more"),
    path(f"{ONE}facts/", shelters.facts, name="shelter_facts"),
    path(f"{ONE}people/", stays.people, name="shelter_people"),
    path(f"{ONE}in/", stays.check_in, name="shelter_in"),
    path(f"{ONE}together/", stays.together, name="shelter_together"),
    path(f"{ONE}bands/<int:bands>/", shelters_paper.bands, name="shelter_bands"),
    path(f"{ONE}sheets/<str:key>/", shelters_paper.sheet, name="shelter_sheet"),
    path(f"{ONE}queue/", stays_desk.queue, name="shelter_queue"),
    path(f"{ONE}queue/<int:event>/", stays_desk.decide, name="shelter_decide"),
    path(f"{ONE}desk/", stays_desk.prepare, name="shelter_desk_prepare"),
    path(f"{ONE}desk/<uuid:desk>/", stays_desk.take_along, name="shelter_desk_list"),
    path(f"{ONE}desk/<uuid:desk>/sync/", stays_desk.sync, name="shelter_desk_sync"),
]
