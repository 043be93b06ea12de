"""What citizens find of the services everywhere: menu entries, doors on the home page, the layer of open cases."""

from __future__ import annotations

from maehia.web import registry as web
from maehia.web.body_limit import allow
from maehia.web.layers import LegendStep, MapLayer

FORM_BYTES = 62 * 2**20  # five photos at the one limit of 12 MB, and a form around them
UPLOADS = ("/tell/", "/answer/", "/again/")  # ends of the addresses that take photos of visitors
LEGEND = (
    LegendStep("กำลังดำเนินการ", "Being worked on", "m-c3", "open"),
    LegendStep("รอข้อมูล", "Waiting", "m-c6", "wait"),
)
LAYER = MapLayer(
    "services-cases", "เรื่องแจ้งที่ยังเปิดอยู่", "Open reports", "point", "เรื่องแจ้งของเทศบาล", "CC BY 4.0",
    "ตำแหน่งตามระดับการเผยแพร่ของแต่ละประเภท",
    sql="SELECT c.number AS id, c.public_point AS geom, c.number, s.name_th AS what,"
    " to_char(c.received_at, 'YYYY-MM-DD') AS day,"
    " CASE WHEN c.state = 'waiting_citizen' THEN 'wait' ELSE 'open' END AS look FROM services_case c"
    " JOIN services_service s ON s.code = c.service_id WHERE c.state_type = 'open' AND c.kind = 'report'"
    " AND c.is_public AND NOT c.is_confidential AND c.public_point IS NOT NULL",
    properties=("number", "what", "day", "look"), classed_by="look", legend=LEGEND, purpose="services.public",
    card=(("what", "เรื่อง", "About"), ("number", "เลขที่", "Number"), ("day", "แจ้งเมื่อ", "Reported")),
    page_url="/cases/{id}/", role="overlay", min_zoom=9, cache_seconds=60, order=50,
)  # fmt: skip
MENU = (
    web.MenuEntry("report", "แจ้งเรื่อง", "Report", "services:report", area="public", icon="plus", order=10),
    web.MenuEntry("follow", "ติดตามเรื่อง", "Follow a report", "services:follow", area="public", icon="search", order=11),
    web.MenuEntry("public-cases", "เรื่องที่แจ้ง", "Reports", "services:public_list", area="public", icon="list", order=12),
    web.MenuEntry("my-cases", "เรื่องของฉัน", "My cases", "services:mine", area="me", icon="list", order=10),
)
TILES = (
    web.HomeTile("report", "แจ้งเรื่อง", "Report a problem", "ไฟดับ ถนนพัง ขยะ น้ำท่วม ไม่ถึง 1 นาที",
                 "Street light, road, waste, water: under a minute", "services:report", icon="plus", order=10),
    web.HomeTile("follow", "ติดตามเรื่อง", "Follow a report", "ดูว่าถึงไหนแล้ว ด้วยเลขที่เรื่องหรือลิงก์",
                 "See how far it is, by number or link", "services:follow", icon="search", order=11),
    web.HomeTile("public-cases", "เรื่องที่ชาวเมืองแจ้ง", "What people reported", "รายการและแผนที่ของเรื่องที่เผยแพร่",
                 "List and map of published reports", "services:public_list", icon="list", order=12),
)  # fmt: skip

OFFLINE = (web.OfflinePage("report", "/report/"), web.OfflinePage("report-tell", "/report/*/tell/"))


def register() -> None:
    """Called once at start."""
    for entry in MENU:
        web.menu.add(entry)
    for tile in TILES:
        web.home_tiles.add(tile)
    web.layers.add(LAYER)
    for page in OFFLINE:
        web.offline_pages.add(page)
    for end in UPLOADS:
        allow(end, FORM_BYTES, visitors=True)
