"""Addresses of the incident desk, all under /staff/emergency/."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from maehia.emergency.views import (
    incident,
    incident_area,
    incident_handover,
    incident_log,
    incident_parts,
    incident_plans,
    incident_prints,
    incident_shifts,
    incident_teams,
    incidents,
    playbooks,
)


class NumberConverter:
    """An incident's number (MH-2569-0007), so that no other page under /staff/emergency/ is taken for one."""

    regex = r"[^/\s-]{1,12}-\d{4}-\d{4,7}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(NumberConverter, "incident")
ROOT = "staff/emergency/"
HERE = f"{ROOT}<incident:number>/"
urlpatterns: list[URLPattern] = [
    path(ROOT, incidents.incidents_list, name="incidents"),
    path(f"{ROOT}new/", incidents.open_one, name="open"),
    path(f"{ROOT}playbooks/", playbooks.playbooks, name="playbooks"),
    path(f"{ROOT}playbooks/new/", playbooks.new, name="playbook-new"),
    path(f"{ROOT}playbooks/<slug:key>/", playbooks.playbook, name="playbook"),
    path(f"{ROOT}playbooks/<slug:key>/<slug:verb>/", playbooks.act, name="playbook-act"),
    path(HERE, incident.incident, name="incident"),
    path(f"{HERE}do/<slug:verb>/", incident_parts.act, name="act"),
    path(f"{HERE}area/", incident_area.area, name="area"),
    path(f"{HERE}teams/", incident_teams.teams, name="teams"),
    path(f"{HERE}shifts/", incident_shifts.shifts, name="shifts"),
    path(f"{HERE}plans/", incident_plans.checklists, name="plans"),
    path(f"{HERE}log/", incident_log.log, name="log"),
    path(f"{HERE}log/print/", incident_log.log_print, name="log-print"),
    path(f"{HERE}log.csv", incident_log.log_csv, name="log-csv"),
    path(f"{HERE}handover/<uuid:key>/", incident_handover.handover, name="handover"),
    path(f"{HERE}ics/<str:form>/", incident_prints.ics, name="ics"),
    path(f"{HERE}notices/<uuid:key>/", incident_prints.notice, name="notice-print"),
]
