"""Invented places for the style guide's maps. None of them is where its name says."""

from __future__ import annotations

import math
from typing import Any

from maehia.web.layers import LegendStep, MapLayer
from maehia.web.maps import Place
from maehia.web.static_map import StaticLayer, static_map

BOUNDS = (98.90, 18.69, 98.99, 18.77)


def blob(lon: float, lat: float, radius: float, title: str, **properties: Any) -> dict[str, Any]:
    corners = [
        (lon + radius * math.cos(a / 9 * math.pi) * (1 + 0.2 * (a % 3)), lat + radius * math.sin(a / 9 * math.pi))
        for a in range(18)
    ]
    ring = [[round(x, 6), round(y, 6)] for x, y in [*corners, corners[0]]]
    return {
        "type": "Feature",
        "properties": {"title": title, **properties},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def point(lon: float, lat: float, title: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"title": title, **properties},
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
    }


def geojson(name: str) -> dict[str, Any] | None:
    """What the sample layers draw."""
    found = {
        "zones": [
            blob(98.93, 18.74, 0.012, "หมู่ 1 บ้านป่าจี้ (ตัวอย่าง)", id="1", share=12, kind="sure"),
            blob(98.955, 18.72, 0.013, "หมู่ 4 บ้านท่าข้ามน้ำ (ตัวอย่าง)", id="4", share=38, kind="sure"),
            blob(98.965, 18.75, 0.011, "หมู่ 7 บ้านดอนปิ่นที่สูง (ตัวอย่าง)", id="7", share=61, kind="unsure"),
        ],
        "lights": [
            point(
                98.93 + 0.004 * i,
                18.70 + 0.006 * (i % 7),
                f"เสาไฟตัวอย่าง {i}",
                id=f"L{i}",
                state="ดับ" if i % 4 == 0 else "ใช้งานได้",
            )
            for i in range(12)
        ],
        "streams": [
            {
                "type": "Feature",
                "properties": {"title": "ลำน้ำแม่ตัวอย่าง"},
                "geometry": {
                    "type": "LineString",
                    "coordinates": [
                        [98.90, 18.755],
                        [98.925, 18.745],
                        [98.94, 18.725],
                        [98.96, 18.715],
                        [98.99, 18.70],
                    ],
                },
            },
        ],
    }.get(name)
    return {"type": "FeatureCollection", "features": found} if found else None


def layers(url: str) -> list[MapLayer]:
    """Layers of the style guide's own map. url: prefix of the sample addresses."""
    said: dict[str, Any] = {
        "source": "ข้อมูลสมมติ",
        "licence": "CC0",
        "quality": "วาดขึ้นเพื่อเป็นตัวอย่าง",
        "as_of": "21 พ.ย. 2569",
    }
    share = [
        LegendStep("น้อยกว่า 25 %", "Under 25 %", "m-fill-2", 0),
        LegendStep("25–50 %", "25–50 %", "m-fill-3", 25),
        LegendStep("มากกว่า 50 %", "Over 50 %", "m-fill-5", 50),
    ]
    state = [LegendStep("ใช้งานได้", "Working", "m-c1", "ใช้งานได้"), LegendStep("ดับ", "Out", "m-c2", "ดับ")]
    sure = [
        LegendStep("แน่นอน", "Sure", "m-c3", "sure"),
        LegendStep("ไม่แน่นอน", "Unsure", "m-c4", "unsure", pattern=True),
    ]
    return [
        MapLayer(
            "streams",
            "ลำน้ำ",
            "Streams",
            "line",
            geojson_url=f"{url}streams/",
            role="base",
            legend=[LegendStep("", "", "m-water")],
            label="title",
            **said,
        ),
        MapLayer(
            "zones",
            "ครัวเรือนที่มีผู้สูงอายุ",
            "Households with elders",
            "polygon",
            geojson_url=f"{url}zones/",
            legend=share,
            classed_by="share",
            label="title",
            card=[("share", "ร้อยละ", "Per cent")],
            page_url="#moo{id}",
            **said,
        ),
        MapLayer(
            "surety",
            "ความแน่นอนของขอบเขต",
            "Surety of boundaries",
            "polygon",
            geojson_url=f"{url}zones/",
            legend=sure,
            classed_by="kind",
            label="title",
            **said,
        ),
        MapLayer(
            "lights",
            "ไฟส่องสว่าง",
            "Street lights",
            "point",
            geojson_url=f"{url}lights/",
            legend=state,
            classed_by="state",
            role="overlay",
            card=[("state", "สภาพ", "State")],
            **said,
        ),
    ]


PLACES = [
    Place("s1", "ศูนย์พักพิงโรงเรียนตัวอย่าง", 98.941, 18.733, "รับได้ 120 คน", "#s1"),
    Place("s2", "วัดตัวอย่างดอนปิ่น", 98.962, 18.742, "รับได้ 80 คน", "#s2"),
    Place("s3", "อาคารอเนกประสงค์ (ไม่ทราบพิกัด)", None, None, "รอสำรวจพิกัด", "#s3"),
]


def picture() -> str:
    zones = StaticLayer(
        (geojson("zones") or {})["features"], classed_by="share", legend=layers("")[1].legend, label="title"
    )
    streams = StaticLayer((geojson("streams") or {})["features"], style="m-water")
    lights = StaticLayer((geojson("lights") or {})["features"], style="m-c2", radius=4)
    return static_map([streams, zones, lights], BOUNDS, title="แผนที่ตัวอย่าง")
