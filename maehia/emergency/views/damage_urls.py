"""Addresses of damage and claims: the public door, the desk, the money."""

from __future__ import annotations

from django.urls import URLPattern, path

from maehia.emergency.views import claims, damage
from maehia.emergency.views import damage_public as public

AT = "staff/emergency/<str:number>/damage/"
MONEY = "staff/emergency/<str:number>/claims/"

urlpatterns: list[URLPattern] = [
    path("damage/", public.tell, name="damage_tell"),
    path("damage/status/", public.status, name="damage_status"),
    path("damage/sent/<str:code>/", public.sent, name="damage_sent"),
    path(AT, damage.listing, name="damage"),
    path(f"{AT}survey/", damage.survey, name="damage_survey"),
    path(f"{AT}card.csv", claims.card, name="damage_card"),
    path(f"{AT}conflicts/<uuid:key>/", damage.conflict, name="damage_conflict"),
    path(f"{AT}<uuid:key>/", damage.one, name="damage_one"),
    path(f"{AT}<uuid:key>/survey/", damage.survey, name="damage_survey_one"),
    path(f"{AT}<uuid:key>/act/", damage.act, name="damage_act"),
    path(f"{AT}<uuid:key>/certificate.pdf", damage.paper, name="damage_paper"),
    path(f"{AT}<uuid:key>/claim/", claims.draft, name="claim_new"),
    path(MONEY, claims.listing, name="claims"),
    path(f"{MONEY}pay/", claims.to_pay, name="claims_pay"),
    path(f"{MONEY}committee/", claims.committee, name="claim_committee"),
    path(f"{MONEY}rates/", claims.rates, name="claim_rates"),
    path(f"{MONEY}treasury.csv", claims.treasury, name="claim_treasury"),
    path(f"{MONEY}<uuid:key>/", claims.one, name="claim"),
    path(f"{MONEY}<uuid:key>/act/", claims.act, name="claim_act"),
]
