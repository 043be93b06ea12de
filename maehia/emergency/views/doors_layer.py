"""What was found at the doors, on the common picture: houses by their latest result, without names or notes."""

from __future__ import annotations

from datetime import datetime

from maehia.city.models import House
from maehia.emergency.models import Door, DoorVisit, Incident
from maehia.emergency.views.doors_words import result_words
from maehia.emergency.views.picture_layers import MOST, Features, Layer, feature, layers
from maehia.web.layers import LegendStep


def door_results(incident: Incident, moment: datetime) -> Features:
    """Houses that were given until a moment, by what was found there until then."""
    given = Door.objects.filter(list__incident=incident, list__made_at__lte=moment)
    keys = list(given.values_list("house_key", flat=True).distinct()[:MOST])
    visits = DoorVisit.objects.filter(list__incident=incident, event_at__lte=moment).order_by("rank_at", "turn")
    found = {row.house_key: row for row in visits}
    houses = House.objects.filter(pk__in=keys).exclude(geom=None)
    return [
        feature(house.geom.geojson, id=str(house.pk), title=str(house), result=_result(found.get(house.pk)),
                words=result_words(_result(found.get(house.pk))))
        for house in houses if house.geom is not None
    ]  # fmt: skip


def _result(visit: DoorVisit | None) -> str:
    return visit.result if visit else "waiting"


LAYER = Layer(
    "door-results", "ผลที่หน้าบ้าน", "Doors visited", "point", door_results, permission="emergency.field", people=True,
    order=35, classed_by="result", card=(("words", "ผล", "Result"),), on=False,
    legend=(LegendStep("พบแล้ว", "Reached", "m-h1", "reached"), LegendStep("ย้ายออกแล้ว", "Has left", "m-h2", "moved"),
            LegendStep("ไม่อยู่", "Not there", "m-h3", "not_there"),
            LegendStep("ไม่ประสงค์ออก", "Refuses", "m-h5", "refused"),
            LegendStep("ยังไม่ได้ไป", "Not visited", "m-c6", "waiting")),
)  # fmt: skip


def register() -> None:
    layers.add(LAYER)
