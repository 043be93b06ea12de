"""Addresses of the service centre: queue, appointments, counter, carers, ratings."""

from __future__ import annotations

from django.urls import path

from maehia.services.views import booking, care, counter, desk, queue, queue_settings, ratings

VISIT = "staff/counter/<uuid:visit>/"
urlpatterns = [
    path("queue/", queue.take, name="queue"),
    path("queue/screen/", queue.screen, name="queue_screen"),
    path("queue/<slug:token>/", queue.ticket, name="ticket"),
    path("queue/<slug:token>/leave/", queue.leave, name="ticket_leave"),
    path("queue/<slug:token>/rate/", ratings.visit, name="rate_visit"),
    path("booking/", booking.start, name="booking"),
    path("booking/new/<slug:group>/", booking.days, name="booking_days"),
    path("booking/new/<slug:group>/<int:stamp>/", booking.make, name="booking_make"),
    path("booking/<slug:token>/", booking.one, name="booking_one"),
    path("booking/<slug:token>/move/", booking.move, name="booking_move"),
    path("booking/<slug:token>/cancel/", booking.cancel, name="booking_cancel"),
    path("booking/<slug:token>/here/", booking.here, name="booking_here"),
    path("ratings/", ratings.results, name="ratings"),
    path("staff/queue/", desk.desk, name="queue_desk"),
    path("staff/queue/do/<slug:verb>/", desk.act, name="queue_act"),
    path("staff/queue/statistics/", desk.statistics, name="queue_statistics"),
    path("staff/queue/settings/", queue_settings.index, name="queue_settings"),
    path("staff/queue/booking/<uuid:key>/call-off/", desk.call_off, name="booking_call_off"),
    path("staff/counter/", counter.door, name="counter"),
    path("staff/counter/start/", counter.start, name="counter_start"),
    path(VISIT, counter.visit, name="counter_visit"),
    path(f"{VISIT}find/", counter.find, name="counter_find"),
    path(f"{VISIT}person/<uuid:person>/", counter.choose, name="counter_choose"),
    path(f"{VISIT}helper/", counter.helper, name="counter_helper"),
    path(f"{VISIT}apply/<slug:code>/", counter.apply, name="counter_apply"),
    path(f"{VISIT}report/", counter.report, name="counter_report"),
    path(f"{VISIT}slip/<uuid:case>/", counter.slip, name="counter_slip"),
    path(f"{VISIT}care/", counter.care, name="counter_care"),
    path(f"{VISIT}finish/", counter.finish, name="counter_finish"),
    path("me/care/", care.index, name="care"),
    path("me/care/code/", care.code, name="care_code"),
    path("me/care/row/<int:pk>/end/", care.end, name="care_end"),
    path("me/care/row/<int:pk>/alerts/", care.alerts, name="care_alerts"),
    path("me/care/<uuid:cared>/", care.person, name="care_person"),
    path("me/care/<uuid:cared>/apply/<slug:code>/", care.apply, name="care_apply"),
]
