"""The definitions that come with this version, as read from data/services: what a new town starts with."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

from maehia.services.rules.definition import Definition, Text, read_definition, read_documents

GROUPS: Mapping[str, Text] = {
    "streets": Text("ถนน ทางเท้า ไฟ และป้าย", "Streets, footpaths, lights and signs"),
    "water": Text("น้ำ ท่อระบายน้ำ และลำเหมือง", "Water, drains and canals"),
    "clean": Text("ความสะอาด อากาศ และเหตุรำคาญ", "Cleanliness, air and nuisance"),
    "green": Text("ต้นไม้ สวน และสัตว์", "Trees, parks and animals"),
    "order": Text("อาคาร ที่สาธารณะ กล้อง และอินเทอร์เน็ต", "Buildings, public land, cameras and Wi-Fi"),
    "people": Text("ผู้คน เรื่องลับ และเรื่องอื่น", "People, confidential and other matters"),
    "land": Text("บ้าน ที่ดิน และการก่อสร้าง", "Houses, land and building"),
    "money": Text("ค่าธรรมเนียมและบัญชี", "Fees and accounts"),
    "welfare": Text("สวัสดิการ", "Welfare"),
    "town": Text("ขอใช้บริการของเทศบาล", "Using what the town has"),
}


@cache
def shipped_units() -> tuple[Mapping[str, str], ...]:
    """Units that a new town starts with: {key, th, en}."""
    text = (files("maehia.services") / "data" / "units.yaml").read_text("utf-8")
    return tuple(yaml.safe_load(text)["units"])


@cache
def shipped() -> Mapping[str, Definition]:
    """All shipped definitions by code, in the order of the files: reports first. Raises ProblemError for a bad one."""
    folder = files("maehia.services") / "data" / "services"
    texts = [
        part.read_text("utf-8")
        for part in sorted(folder.iterdir(), key=lambda p: p.name)
        if part.name.endswith(".yaml")
    ]
    found = [read_definition(data) for text in texts for data in read_documents(text)]
    found.sort(key=lambda definition: definition.kind)
    return {definition.code: definition for definition in found}
