"""Teams of an incident: made, joined and ended; those on call are offered first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from maehia.access.models import Account
from maehia.access.queries import holders_of
from maehia.emergency.actions import desk_teams
from maehia.emergency.models import Incident
from maehia.emergency.queries import desk
from maehia.emergency.queries.readiness import on_duty
from maehia.emergency.views import incident_forms as typed
from maehia.emergency.views.incident_parts import (
    Refused,
    Verb,
    basics,
    bound,
    chosen_account,
    key_in,
    status_of,
    verbs,
    whole,
)
from maehia.emergency.views.parts import at_incident
from maehia.kit.clock import now

HERE = "emergency:teams"
KINDS = dict(desk_teams.KINDS)


@never_cache
@require_safe
@at_incident("emergency.see")
def teams(request: HttpRequest, row: Incident) -> HttpResponse:
    return draw(request, row)


def draw(request: HttpRequest, row: Incident, refused: Refused | None = None) -> HttpResponse:
    people, called = field_people()
    standing = desk.teams_of(row, ended=True)
    for one in standing:
        one["kind"] = gettext(KINDS.get(one["team"].kind, one["team"].kind))
    context = {
        **basics(request, row, "teams", refused), "people": typed.account_choices(people), "called": called,
        "standing": [one for one in standing if not one["team"].ended_at],
        "ended": [one for one in standing if one["team"].ended_at],
        "form": bound(refused, "team") or typed.TeamForm(prefix="team", accounts=people),
    }  # fmt: skip
    return render(request, "emergency/incident/teams.html", context, status=status_of(refused))


def field_people() -> tuple[list[Account], int]:
    """Who may go out, those on call now first; and how many of them are on call."""
    called = [one.account for one in on_duty(now()) if one.account]
    everybody = holders_of("emergency.field")
    return sorted(everybody, key=lambda account: account.pk not in called), len(called)


def make(request: HttpRequest, row: Incident) -> str:
    sent = whole(typed.TeamForm(request.POST, prefix="team", accounts=field_people()[0]))
    lead = chosen_account(sent["lead"]) if sent["lead"] else None
    new = desk_teams.NewTeam(sent["name"], sent["kind"], sent["phone"], sent["moos"], lead)
    made = desk_teams.make_team(row.pk, new)
    return gettext("ตั้ง%(team)sแล้ว") % {"team": made.name}


def join(request: HttpRequest, _row: Incident) -> str:
    account = chosen_account(request.POST.get("who", ""))
    desk_teams.join_team(key_in(request), account)
    return gettext("%(name)s เข้าชุดแล้ว") % {"name": account.display_name}


def leave(request: HttpRequest, _row: Incident) -> str:
    account = chosen_account(request.POST.get("who", ""))
    desk_teams.leave_team(key_in(request), account.pk, account.display_name)
    return gettext("%(name)s ออกจากชุดแล้ว") % {"name": account.display_name}


def end(request: HttpRequest, _row: Incident) -> str:
    held = desk_teams.end_team(key_in(request))
    return gettext("%(team)sสิ้นสุดภารกิจแล้ว") % {"team": held.name}


verbs.update({
    "team": Verb(make, draw, HERE), "join": Verb(join, draw, HERE), "leave": Verb(leave, draw, HERE),
    "end-team": Verb(end, draw, HERE),
})  # fmt: skip
