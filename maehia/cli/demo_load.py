"""Loading the invented town: its files go through the real intake, like any town's own."""

from __future__ import annotations

import json
import secrets
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from maehia.base import Problem, ProblemError
from maehia.cli import profile, steps
from maehia.cli.places import REPO

ACTOR = "system:demo"
# The roles of the demo and their invented people: a name says that it is one.
NAMES = {
    "citizen": "ประชาชน (ตัวอย่าง)", "volunteer": "อสม. (ตัวอย่าง)", "officer": "เจ้าหน้าที่สวัสดิการ (ตัวอย่าง)",
    "counter": "เจ้าหน้าที่ศูนย์บริการ (ตัวอย่าง)", "engineer": "นายช่าง (ตัวอย่าง)",
    "finance": "เจ้าหน้าที่การคลัง (ตัวอย่าง)", "data": "เจ้าหน้าที่ข้อมูล (ตัวอย่าง)", "planner": "นักวิเคราะห์แผน (ตัวอย่าง)",
    "duty": "เจ้าหน้าที่เวร (ตัวอย่าง)", "commander": "ผู้อำนวยการ (ตัวอย่าง)", "clerk": "ปลัดเทศบาล (ตัวอย่าง)",
    "mayor": "นายกเทศมนตรี (ตัวอย่าง)", "dpo": "ดีพีโอ (ตัวอย่าง)", "admin": "ผู้ดูแลระบบ (ตัวอย่าง)",
}  # fmt: skip
VOLUNTEER_MOO = "5"
LEAVE = {"document_no": "มท 0309.1/ว 0000 (สมมติ)", "issued_by": "กรมการปกครอง (หนังสือสมมติสำหรับเมืองตัวอย่าง)"}
READINGS = "readings"
GEOGRAPHY = {"place_provinces": "provinces", "place_districts": "districts", "place_tambons": "subdistricts"}
ORDER = (
    *GEOGRAPHY, "areas", "roads", "waterways", "places", "houses", "parcels", "buildings", "assets", "business",
    "stations", "readings", "civil", "vhv", "welfare", "tax", "utility", "waste", "dog", "complaint",
)  # fmt: skip


def load(folder: Path) -> dict[str, Any]:
    """Load the files of `folder` (raw/ and manifest.json). Returns accounts and secrets for `maehia demo --show`."""
    from maehia.kit.acting import acting
    from maehia.message.queries import demo_line_secret

    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    with steps.step("ตั้งเมืองตัวอย่าง (profile, roles, sources)"):
        mark(manifest)
        set_profile(folder)
    with acting(ACTOR, "system.demo"):
        accounts = make_accounts(date.fromisoformat(manifest["day"]))
        open_civil(date.fromisoformat(manifest["day"]))
    lists = in_order(manifest)
    for entry in lists:
        if entry["source"] != READINGS:
            take(folder, entry)
    link()
    for entry in lists:  # readings name stations, and these stand in the register only now
        if entry["source"] == READINGS:
            take(folder, entry)
    with acting(ACTOR, "system.demo"):
        settle_accounts()
    fill_services(manifest["seed"])
    fill_emergency(manifest["seed"], folder / "raw")
    compare(folder)
    return {
        "accounts": accounts,
        "open311_api_key": open311_key(),
        "line_channel_secret": demo_line_secret(),
    }


def open311_key() -> str:
    """The key of an invented application; one category answers it by token, so that both ways can be seen."""
    from maehia.services.actions.api_keys import answer_by_token, make_api_key

    answer_by_token(["wifi"])
    return make_api_key("แอปตัวอย่าง (สมมติ)", "app@example.org", by=ACTOR, per_minute=6000).text


def mark(manifest: dict[str, Any]) -> None:
    """The demo mark comes first: from here on nothing of this database counts as real."""
    from maehia.cli import seed
    from maehia.kit.demo import write_mark

    write_mark(manifest["seed"], manifest["people"])
    seed.fill()


def set_profile(folder: Path) -> None:
    from maehia.city import actions
    from maehia.cli import init

    values = init.columns(profile.read(REPO / "profiles" / "demo.yaml"))
    values["outline"] = town_outline(folder / "raw" / "areas.geojson")
    actions.set_town(values)


def town_outline(path: Path) -> str:
    """The municipality's polygon of the areas file, as GeoJSON text."""
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        if "municipality" in feature["properties"].values() or "เทศบาล" in feature["properties"].values():
            return json.dumps(feature["geometry"])
    raise ProblemError(Problem("no_outline", "ไม่พบเขตเทศบาลในไฟล์พื้นที่", str(path)))


def make_accounts(today: date) -> dict[str, dict[str, str]]:
    """One account a role, with a password made now."""
    from maehia.access import actions

    made = {}
    for role, name in NAMES.items():
        password = secrets.token_urlsafe(9)
        account = actions.create_account(role, name, password=password)
        moos = [VOLUNTEER_MOO] if role == "volunteer" else []
        actions.assign(account, role, moos=moos, starts_on=today - timedelta(days=400))  # the demo tells of its past
        made[role] = {"login": role, "password": password}
    return made


def open_civil(today: date) -> None:
    """The civil register has its (invented) leave; the monthly list of moves has none and stays locked."""
    from maehia.evidence.actions import enter_leave
    from maehia.evidence.models import Source

    enter_leave(Source.objects.get(key="civil"), issued_on=today, note="ข้อมูลสมมติ", **LEAVE)


def in_order(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """The raw files that are lists of the register, each after what it refers to."""
    raw = [entry for entry in manifest["files"] if entry["folder"] == "raw" and entry["source"] in ORDER]
    geography = [{"file": "", "source": source, "as_of": manifest["day"]} for source in GEOGRAPHY]
    return sorted([*geography, *raw], key=lambda entry: ORDER.index(entry["source"]))


def file_of(folder: Path, entry: dict[str, Any]) -> Path:
    """The file of an entry; the place codes are the open data that comes with the code."""
    if level := GEOGRAPHY.get(entry["source"]):
        return REPO / "maehia" / "city" / "data" / "geography" / f"{level}.json"
    return folder / "raw" / str(entry["file"])


def take(folder: Path, entry: dict[str, Any]) -> None:
    """Receive, look at and apply one file, as a data officer would, but link at the end for all."""
    from maehia.evidence.models import Source
    from maehia.intake import actions
    from maehia.kit.acting import acting

    path = file_of(folder, entry)
    with steps.step(f"นำเข้า {path.name} ({entry['source']})"), acting(ACTOR, "intake.apply"):
        source = Source.objects.get(key=entry["source"])
        delivery = actions.receive(source, path, path.name, date.fromisoformat(entry["as_of"]))
        found = actions.preview(delivery)
        if delivery.state != "previewed":
            raise ProblemError(stopped(delivery))
        actions.apply_delivery(delivery, link=False, prepared=found)


def stopped(delivery: Any) -> Problem:
    counts = delivery.counts
    if "refused" in counts:
        return Problem(**counts["refused"])
    questions = " / ".join(q["text"] for q in counts.get("proposal", {}).get("questions", ()))
    return Problem("demo_mapping", f"ไฟล์ตัวอย่าง {delivery.filename} ต้องถามคน: {questions}", delivery.filename)


def link() -> None:
    from maehia.intake.actions import relink
    from maehia.kit.acting import acting

    with steps.step("เชื่อมโยงบุคคลและบ้าน แล้วสร้างทะเบียนเมือง (linkage, register)"), acting(ACTOR, "intake.apply"):
        linked, _ = relink()
    count_rows()
    for kind, counts in linked.counts.items():
        print(f"            {kind}: {counts['records']:,} -> {counts['entities']:,}, review {counts['review']:,}")


def fill_services(seed: int) -> None:
    """Two years of reports and applications, today's queue, permits, invoices: each part of the services by itself."""
    from maehia.services.demo import loaders

    for key, load_part in loaders():
        with steps.step(f"เติมเรื่องและบริการตัวอย่าง ({key})"):
            load_part(seed)


def fill_emergency(seed: int, folder: Path) -> None:
    """Readiness, a closed flood with its claims and review, an exercise that waits: all invented."""
    from maehia.emergency.demo import loaders

    for key, load_part in loaders():
        with steps.step(f"เติมงานภาวะฉุกเฉินตัวอย่าง ({key})"):
            load_part(seed, folder)


def compare(folder: Path) -> None:
    """Found and missed against the truth files, once, for the page that shows it."""
    from maehia.cli import demo_score
    from maehia.cli.demo_pages import kept

    with steps.step("เทียบกับเฉลย (found and missed)"):
        score = kept.keep(folder)["score"]
    total, pairs = demo_score.totals(score), score["linkage"]
    counts = ", ".join(f"{name} {total[name]:,}" for name in ("found", "missed", "untold"))
    print(f"            {counts}; pairs of the seven lists F1 {pairs['f1']:.4f}")


def count_rows() -> None:
    """Tell the planner what stands in the tables after the bulk load; only their owner may."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")


def settle_accounts() -> None:
    """The citizen is one of the invented grown-ups, so that /me/ shows something."""
    from maehia.access.actions import tie_person
    from maehia.access.models import Account
    from maehia.city.models import Person

    someone = (
        Person.objects.filter(registered=True, died=None, birth__lt=date(2000, 1, 1))
        .exclude(id_index=None)
        .order_by("key")
        .first()
    )
    if someone is None:
        raise ProblemError(Problem("demo_empty", "ทะเบียนว่างหลังนำเข้า", "", "ลบโฟลเดอร์ข้อมูลแล้วรัน make demo ใหม่"))
    tie_person(Account.objects.get(login="citizen"), someone.key)
