"""Addresses of the register, the map and the readings. Included inside i18n_patterns."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from maehia.city.api import readings as readings_api
from maehia.city.views import acts, calendar, entity, keys, map, purpose, quality, readings, search, town

app_name = "city"


class DecisionConverter(StringConverter):
    regex = "correction|ruling"


class CodeConverter(StringConverter):
    """A station's code as its list writes it; no slash."""

    regex = "[^/]{1,40}"


register_converter(DecisionConverter, "decision")
register_converter(CodeConverter, "station")

urlpatterns = [
    path("map/", map.public_map, name="public_map"),
    path("map/list/", map.public_list, name="public_map_list"),
    path("readings/", readings.public_readings, name="public_readings"),
    path("readings/<station:code>/", readings.public_station, name="public_station"),
    path("api/readings/", readings_api.post, name="post_readings"),
    path("staff/map/", map.staff_map, name="map"),
    path("staff/map/list/", map.staff_list, name="map_list"),
    path("staff/readings/", readings.staff_readings, name="readings"),
    path("staff/readings/keys/", keys.keys, name="reading_keys"),
    path("staff/readings/keys/<int:number>/revoke/", keys.revoke, name="revoke_key"),
    path("staff/readings/<station:code>/", readings.station, name="station"),
    path("staff/town/", town.town, name="town"),
    path("staff/town/changes/<int:number>/undo/", town.undo, name="undo_town"),
    path("staff/town/calendar/", calendar.calendar, name="calendar"),
    path("staff/town/calendar/<int:number>/withdraw/", calendar.withdraw, name="withdraw_day"),
    path("staff/register/", search.search, name="search"),
    path("staff/register/purpose/", purpose.choose, name="purpose"),
    path("staff/register/quality/", quality.quality, name="quality"),
    path("staff/register/quality/fix/<str:source>.csv", quality.fix_list, name="fix_list"),
    path("staff/register/undo/<decision:what>/<int:number>/", acts.undo, name="undo"),
    path("staff/register/person/<uuid:key>/reveal/", acts.reveal, name="reveal"),
    path("staff/register/<slug:kind>/<uuid:key>/", entity.entity, name="entity"),
    path("staff/register/<slug:kind>/<uuid:key>/history/", entity.history, name="history"),
    path("staff/register/<slug:kind>/<uuid:key>/then/", entity.then, name="then"),
    path("staff/register/<slug:kind>/<uuid:key>/correct/<slug:field>/", acts.correct, name="correct"),
]
