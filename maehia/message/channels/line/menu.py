"""The rich menu: checked-in definitions, held to LINE's limits before an upload; its picture is drawn here."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from maehia.base import Problem
from maehia.message.channels.line import api

FOLDER = Path(__file__).resolve().parents[2] / "data" / "richmenu"
FONT = Path(__file__).resolve().parents[3] / "web/static/web/vendor/sarabun-5.3.0/sarabun-thai-600-normal.woff2"
AREAS, BAR, NAME = 20, 14, 300
WIDTHS, HEIGHT, RATIO, MOST_BYTES = (800, 2500), 250, 1.45, 2**20
PAPER, LINE, INK, ACCENT = "#ffffff", "#d5dcd9", "#17211f", "#0b6e5f"


def definitions() -> dict[str, dict[str, Any]]:
    """Name of the file -> definition as it is checked in."""
    return {file.stem: yaml.safe_load(file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.yaml"))}


def as_line(menu: Mapping[str, Any], site: str) -> dict[str, Any]:
    """The definition as LINE takes it. site: https://town.example, before the paths."""
    areas = [{"bounds": area["bounds"], "action": _action(area, site)} for area in menu["areas"]]
    return {name: menu[name] for name in ("size", "selected", "name", "chatBarText")} | {"areas": areas}


def _action(area: Mapping[str, Any], site: str) -> dict[str, str]:
    if "open" in area:
        return {"type": "uri", "label": area["label"], "uri": f"{site.rstrip('/')}{area['open']}"}
    return {"type": "message", "label": area["label"], "text": area["say"]}


def faults(menu: Mapping[str, Any], picture: bytes = b"") -> list[Problem]:
    """Where a menu (as LINE takes it) or its picture is beyond LINE's limits."""
    width, height = menu["size"]["width"], menu["size"]["height"]
    found = []
    if not WIDTHS[0] <= width <= WIDTHS[1] or height < HEIGHT or width / height < RATIO:
        found.append("size")
    if not 1 <= len(menu["areas"]) <= AREAS:
        found.append("areas")
    if not 1 <= len(unicodedata.normalize("NFC", menu["chatBarText"])) <= BAR:
        found.append("chatBarText")
    if len(menu["name"]) > NAME:
        found.append("name")
    if len(picture) > MOST_BYTES:
        found.append("picture")
    found += [f"areas[{n}]" for n, area in enumerate(menu["areas"]) if not _inside(area, width, height)]
    return [Problem("rich_menu", "เมนู LINE ไม่ตรงตามข้อกำหนด", where) for where in found]


def _inside(area: Mapping[str, Any], width: int, height: int) -> bool:
    box = area["bounds"]
    fits = box["x"] >= 0 and box["y"] >= 0 and box["x"] + box["width"] <= width and box["y"] + box["height"] <= height
    return bool(fits and box["width"] > 0 and box["height"] > 0 and area.get("action"))


def picture(menu: Mapping[str, Any]) -> bytes:
    """A plain PNG of the menu: its labels in their boxes."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (menu["size"]["width"], menu["size"]["height"]), PAPER)
    draw, font = ImageDraw.Draw(image), ImageFont.truetype(str(FONT), 120)
    for area in menu["areas"]:
        box = area["bounds"]
        x, y, right, low = box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]
        first = area is menu["areas"][0]
        draw.rectangle((x, y, right, low), outline=LINE, width=4, fill=ACCENT if first else PAPER)
        middle = ((x + right) / 2, (y + low) / 2)
        draw.text(middle, area["label"], fill=PAPER if first else INK, font=font, anchor="mm")
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def upload(name: str, site: str) -> str:
    """Check a menu and give it to LINE. Returns "" or what was refused."""
    held = definitions()[name]
    menu, drawn = as_line(held, site), picture(held)
    wrong = faults(menu, drawn)
    return wrong[0].where if wrong else api.create_rich_menu(menu, drawn, "image/png")
