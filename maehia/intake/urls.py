"""Addresses of the intake console. Included inside i18n_patterns."""

from django.urls import path

from maehia.intake.views import deliveries, mapping, review, sources

app_name = "intake"
urlpatterns = [
    path("staff/intake/", sources.index, name="index"),
    path("staff/intake/sources/new/", sources.create, name="source-new"),
    path("staff/intake/sources/<str:key>/", sources.show, name="source"),
    path("staff/intake/sources/<str:key>/edit/", sources.edit, name="source-edit"),
    path("staff/intake/sources/<str:key>/leave/", sources.leave, name="source-leave"),
    path("staff/intake/sources/<str:key>/leave/<int:pk>/revoke/", sources.revoke, name="source-leave-revoke"),
    path("staff/intake/deliver/", deliveries.deliver, name="deliver"),
    path("staff/intake/deliver/day/", deliveries.read_day, name="deliver-day"),
    path("staff/intake/deliveries/<int:pk>/", deliveries.show, name="delivery"),
    path("staff/intake/deliveries/<int:pk>/progress/", deliveries.progress, name="delivery-progress"),
    path("staff/intake/deliveries/<int:pk>/mapping/", mapping.confirm, name="mapping"),
    path("staff/intake/deliveries/<int:pk>/problems/", deliveries.problems, name="problems"),
    path("staff/intake/deliveries/<int:pk>/problems.csv", deliveries.problems_csv, name="problems-csv"),
    path("staff/intake/deliveries/<int:pk>/changes/", deliveries.changes, name="changes"),
    path("staff/intake/deliveries/<int:pk>/apply/", deliveries.apply, name="apply"),
    path("staff/intake/deliveries/<int:pk>/again/", deliveries.again, name="again"),
    path("staff/intake/deliveries/<int:pk>/repair/", deliveries.repair, name="repair"),
    path("staff/intake/deliveries/<int:pk>/refuse/", deliveries.refuse, name="refuse"),
    path("staff/intake/deliveries/<int:pk>/withdraw/", deliveries.withdraw, name="withdraw"),
    path("staff/intake/review/", review.queue, name="review"),
    path("staff/intake/review/<int:pk>/", review.pair, name="pair"),
    path("staff/intake/review/<int:pk>/decide/", review.decide, name="decide"),
    path("staff/intake/review/decided/", review.decided, name="decided"),
    path("staff/intake/review/decided/<int:pk>/undo/", review.undo, name="undo"),
    path("staff/intake/review/relink/progress/", review.relink_progress, name="relink-progress"),
    path("staff/intake/review/relink/", review.relink, name="relink"),
]
