"""Addresses of readiness: the page, roster, things, call trees, limits."""

from __future__ import annotations

from django.urls import URLPattern, path

from maehia.emergency.views import calltree, readiness, readiness_things, roster, thresholds

urlpatterns: list[URLPattern] = [
    path("staff/readiness/", readiness.readiness, name="readiness"),
    path("staff/readiness/load/", readiness.load, name="readiness_load"),
    path("staff/readiness/numbers/", readiness.numbers, name="readiness_numbers"),
    path("staff/readiness/numbers/<int:pk>/", readiness.number, name="readiness_number"),
    path("staff/readiness/numbers/<int:pk>/check/", readiness.number_check, name="readiness_number_check"),
    path("staff/readiness/shelters/", readiness.shelters, name="readiness_shelters"),
    path("staff/readiness/shelters/<uuid:key>/", readiness.shelter_check, name="readiness_shelter_check"),
    path("staff/readiness/changes/", readiness.changes, name="readiness_changes"),
    path("staff/readiness/changes/<int:pk>/undo/", readiness.change_undo, name="readiness_undo"),
    path("staff/roster/", roster.roster, name="roster"),
    path("staff/roster/shift/", roster.shift, name="roster_shift"),
    path("staff/roster/shift/<uuid:key>/cancel/", roster.shift_cancel, name="roster_shift_cancel"),
    path("staff/roster/shift/<uuid:key>/restore/", roster.shift_restore, name="roster_shift_restore"),
    path("staff/roster/people/", roster.people, name="roster_people"),
    path("staff/roster/people/new/", roster.person, name="roster_person_new"),
    path("staff/roster/people/<uuid:key>/", roster.person, name="roster_person"),
    path("staff/roster/needs/", roster.needs, name="roster_needs"),
    path("staff/roster/needs/new/", roster.need, name="roster_need_new"),
    path("staff/roster/needs/<int:pk>/", roster.need, name="roster_need"),
    path("staff/roster/file/", roster.file, name="roster_file"),
    path("staff/roster/roster.csv", roster.download, name="roster_csv"),
    path("staff/resources/", readiness_things.resources, name="resources"),
    path("staff/resources/new/", readiness_things.resource_edit, name="resource_new"),
    path("staff/resources/<uuid:key>/", readiness_things.resource, name="resource"),
    path("staff/resources/<uuid:key>/edit/", readiness_things.resource_edit, name="resource_edit"),
    path("staff/call-trees/", calltree.trees, name="call_trees"),
    path("staff/call-trees/new/", calltree.tree_edit, name="call_tree_new"),
    path("staff/call-trees/<uuid:key>/", calltree.tree, name="call_tree"),
    path("staff/call-trees/<uuid:key>/edit/", calltree.tree_edit, name="call_tree_edit"),
    path("staff/call-trees/<uuid:key>/posts/new/", calltree.post, name="call_post_new"),
    path("staff/call-trees/<uuid:key>/posts/<uuid:post_key>/", calltree.post, name="call_post"),
    path("staff/call-trees/<uuid:key>/posts/<uuid:post_key>/remove/", calltree.post_remove, name="call_post_remove"),
    path("staff/call-trees/<uuid:key>/start/", calltree.start, name="call_start"),
    path("staff/call-out/", calltree.mine, name="call_mine"),
    path("staff/call-out/<uuid:key>/", calltree.call_out, name="call_out"),
    path("staff/call-out/<uuid:key>/end/", calltree.call_end, name="call_end"),
    path("staff/thresholds/", thresholds.thresholds, name="thresholds"),
    path("staff/thresholds/new/", thresholds.threshold, name="threshold"),
    path("staff/thresholds/<slug:key>/edit/", thresholds.threshold, name="threshold_edit"),
    path("staff/thresholds/<uuid:key>/withdraw/", thresholds.threshold_withdraw, name="threshold_withdraw"),
    path("staff/thresholds/crossings/", thresholds.crossings, name="crossings"),
    path("staff/thresholds/crossings/<uuid:key>/dismiss/", thresholds.crossing_dismiss, name="crossing_dismiss"),
]
