"""What is kept when a demo is loaded, for the pages that show it: the score, people to look at, files to try."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from maehia.cli import demo_score, places
from maehia.cli.demo_score import LINKED_LISTS, Held, TruthFiles

FILE = "demo-pages.json"
ELDERS = {
    "key": "elders", "name_th": "ทะเบียนชมรมผู้สูงอายุ (ไฟล์ให้ลอง)", "name_en": "Elders' club (a file to try)",
    "kind": "person", "owner_unit": "ชมรมผู้สูงอายุ (สมมติ)", "cadence": "yearly", "fresh_days": 400, "rank": 45,
    "legal_basis": "ข้อมูลสมมติของเมืองตัวอย่าง", "legal_section": "ไม่ใช่ข้อมูลของบุคคลจริง", "data_class": "personal",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TryFile:
    """One file to try: its name, the list it belongs to, what to expect, its size in bytes."""

    name: str
    source: str
    about: str
    size: int


def keep(folder: Path) -> dict[str, Any]:
    """Score the loaded demo, choose who is worth a look, and keep both. folder: where raw/ and truth/ stand."""
    from maehia.kit.acting import acting

    known = demo_score.read_truth(folder / "truth")
    with acting("system:demo", "system.demo"):
        add_source()
        held = demo_score.read_held()
        score = demo_score.make(known, held)
        kept = {"score": score, "examples": examples(known, held), "folder": str(folder.resolve())}
    places.write_private(places.data_dir() / FILE, json.dumps(kept, ensure_ascii=False))
    return kept


def read() -> dict[str, Any]:
    """What was kept in this data folder; empty when nothing was."""
    try:
        found: dict[str, Any] = json.loads((places.data_dir() / FILE).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return found


def add_source() -> None:
    """The list of the first story: no usual source of a town fits it."""
    from maehia.evidence.actions import load_sources

    load_sources([ELDERS])


def files_to_try() -> list[TryFile]:
    """The files of to-try that the manifest names and that are there."""
    folder = _folder()
    if folder is None:
        return []
    entries = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    tries = [entry for entry in entries if entry["folder"] == "to-try"]
    return [
        TryFile(entry["file"], entry["source"], entry["about"], (folder / "to-try" / entry["file"]).stat().st_size)
        for entry in tries
        if (folder / "to-try" / entry["file"]).is_file()
    ]


def path_to_try(name: str) -> Path | None:
    """The path of a file to try; None for every name that the manifest does not list."""
    folder = _folder()
    if folder is None or name not in {one.name for one in files_to_try()}:
        return None
    path = (folder / "to-try" / name).resolve()
    return path if path.parent == (folder / "to-try").resolve() else None


def _folder() -> Path | None:
    kept = read().get("folder", "")
    return Path(kept) if kept and (Path(kept) / "manifest.json").is_file() else None


def examples(known: TruthFiles, held: Held) -> dict[str, str]:
    """Keys of people that the stories open: in the most lists, moved house, and the citizen of the demo."""
    from maehia.access.models import Account

    lists: dict[str, set[str]] = defaultdict(set)
    for row in known.rows.values():
        key = held.keys.get((row.source, row.number), "")
        if key and row.source in LINKED_LISTS:
            lists[key].add(row.source)
    citizen = Account.objects.filter(login="citizen").values_list("person_key", flat=True).first()
    found = {
        "person": max(lists, key=lambda key: (len(lists[key]), key)) if lists else "",
        "citizen": str(citizen or ""),
    }
    return found | moved(known, held)


def moved(known: TruthFiles, held: Held) -> dict[str, str]:
    """Somebody whom an old list and the civil register place in two houses, and the days to compare."""
    from maehia.evidence.queries import latest_as_of
    from maehia.kit import clock

    days = latest_as_of()
    homes: dict[str, dict[str, str]] = defaultdict(dict)
    for row in known.rows.values():
        key = held.keys.get((row.source, row.number), "")
        if key and row.house_code and row.source in ("civil", "welfare"):
            homes[key][row.source] = row.house_code
    movers = [key for key, at in sorted(homes.items()) if len(at) == 2 and len(set(at.values())) == 2]
    if not movers or "welfare" not in days:
        return {"moved": "", "days": ""}
    today = clock.today()
    return {"moved": movers[0], "days": urlencode({**_parts("valid", days["welfare"]), **_parts("known", today)})}


def _parts(name: str, day: date) -> dict[str, int]:
    """A day as the three boxes of a form take it, the year in พ.ศ."""
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year + 543}
