"""Permits of the demo in every state, filed and decided through the verbs; a land-use plan and a flood zone for them.

All people, parcels and zones are the invented town's. The zones come in as records of the built-in source of the
services, so that a rebuild of the register keeps them.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.contrib.gis.geos import GEOSGeometry
from PIL import Image, ImageDraw

from maehia.access.actions import appoint
from maehia.access.models import Account, LegalHolder
from maehia.access.permissions import rights_of
from maehia.base import BANGKOK
from maehia.city.actions import refresh_one
from maehia.city.models import Area, Parcel, Person, Tie, Waterway
from maehia.city.queries.calendar import working_calendar
from maehia.evidence.actions import Batch, LinkChange, publish, save_links
from maehia.kit import clock
from maehia.kit.acting import acting
from maehia.services import demo
from maehia.services.actions import fees, permit
from maehia.services.actions.moving import move
from maehia.services.actions.opening import Contact
from maehia.services.actions.permit import Application, Filed
from maehia.services.models import Case, Invoice
from maehia.services.queries.permit import FLOOD_KIND, SERVICE, ZONE_KIND, degrees, plane

OWN = "own:services"
FLOOD_WIDTH_M = 45.0
LEAST_M2, MOST_M2 = 260.0, 2500.0
LOGINS = ("counter", "engineer", "clerk", "mayor")


@dataclass(frozen=True, slots=True)
class Fate:
    """How far an application has come, how many working days ago it was filed, and how fast it went (minutes)."""

    ends: str
    days: int
    minutes: int = 0


FATES = (
    Fate("issued", 150, 95), Fate("issued", 121, 70), Fate("issued", 96, 110), Fate("issued", 70, 84),
    Fate("issued", 44, 62), Fate("issued", 21, 101), Fate("revoked", 60, 88), Fate("refused", 33, 80),
    Fate("withdrawn", 12, 30), Fate("payment", 3, 55), Fate("decision", 1, 45), Fate("inspection", 1, 40),
    Fate("accepted", 1, 20), Fate("returned", 2, 15), Fate("submitted", 1, 0), Fate("submitted", 0, 0),
)  # fmt: skip


def load(seed: int) -> int:
    """Zones, the mayor as the holder of the signature, and one application for each of FATES; how many."""
    with acting(demo.ACTOR, demo.PURPOSE):
        if Case.objects.filter(service_id=SERVICE).exists():
            return 0
        add_zones(seed)
        staff = officers()
        owners = list(_owners(len(FATES)))
        if staff is None:
            return 0
        for fate, owner in zip(FATES, owners, strict=False):  # a hamlet has fewer plots than fates
            with clock.at(_moment(fate)):
                _live(fate, owner, staff)
    return len(owners)


def add_zones(seed: int) -> None:
    """A yellow zone over the whole sketch of the town, and the banks of its longest stream as the flood zone."""
    town = Area.objects.filter(area_kind="municipality").exclude(geom=None).first()
    stream = max(Waterway.objects.exclude(geom=None), key=lambda row: row.geom.length, default=None)
    rows: list[tuple[str, str, str, Any]] = []
    if town is not None:
        rows.append(("Y1", ZONE_KIND, "ที่อยู่อาศัยหนาแน่นน้อย (สมมติ)", town.geom))
    if stream is not None and stream.geom is not None:
        banks = degrees(plane(stream.geom).buffer(FLOOD_WIDTH_M))
        rows.append(("F1", FLOOD_KIND, f"เขตน้ำท่วม{stream.name or 'ลำน้ำ'} (สมมติ)", banks))
    if rows:
        _publish(seed, [("ย1" if code == "Y1" else code, kind, name, geom) for code, kind, name, geom in rows])


def _publish(seed: int, rows: Sequence[tuple[str, str, str, GEOSGeometry]]) -> None:
    refs = {
        f"{OWN}:{kind}-{n}": uuid5(NAMESPACE_URL, f"maehia-demo:{seed}:{kind}:{n}")
        for n, (_, kind, _, _) in enumerate(rows)
    }
    made = [
        {
            "ref": ref,
            "row_no": n,
            "sheet": "",
            "code": code,
            "area_kind": kind,
            "name": name,
            "quality": "sketch",
            "geom": geom,
        }
        for n, (ref, (code, kind, name, geom)) in enumerate(zip(refs, rows, strict=True), start=1)
    ]
    publish(OWN, [Batch("area", made)], as_of=clock.today(), title="ผังและเขตน้ำท่วมสมมติ")
    save_links(LinkChange("area", refs, {}))
    for key in refs.values():
        refresh_one("area", key)


def officers() -> dict[str, Account] | None:
    """The demo's officers, their rights read as of today; the mayor holds the power to sign since years."""
    staff = {a.login: a for a in Account.objects.filter(login__in=LOGINS, is_active=True)}
    if set(staff) != set(LOGINS):
        return None
    for account in staff.values():
        rights_of(account)
    if not LegalHolder.objects.filter(position="mayor").exists():
        since = clock.today() - timedelta(days=900)
        appoint("mayor", staff["mayor"], starts_on=since, order_no="ประกาศ กกต. (สมมติ)")
    return staff


@dataclass(frozen=True, slots=True)
class Owner:
    person: Person
    parcel: Parcel
    x: float
    y: float


def _owners(count: int) -> Iterator[Owner]:
    """Living owners of plots large enough for a small house, one plot each."""
    ties = Tie.objects.filter(role="owner", about_kind="parcel", person__died=None).select_related("person")
    seen: set[UUID] = set()
    for tie in ties.order_by("key").iterator(chunk_size=500):
        if count == 0:
            return
        parcel = Parcel.objects.filter(pk=tie.about_key).exclude(geom=None).first()
        if parcel is None or parcel.geom is None or tie.person_id in seen:
            continue
        shape = plane(parcel.geom)
        if LEAST_M2 <= shape.area <= MOST_M2:
            seen.add(tie.person_id)
            middle = degrees(shape.representative_point())
            count -= 1
            yield Owner(tie.person, parcel, middle.x, middle.y)


def _moment(fate: Fate) -> datetime:
    """Ten in the morning of that working day; now for today's."""
    moment = clock.now()
    if fate.days == 0:
        return moment
    day = working_calendar().add_working_days(clock.today(), -fate.days)
    return datetime.combine(day, time(10, 0), BANGKOK)


def _live(fate: Fate, owner: Owner, staff: dict[str, Account]) -> None:
    start = clock.now()
    case = _file(owner, plan=fate.ends != "returned", close=fate.ends == "inspection")
    steps = [step for step in STEPS[fate.ends] if step]
    for n, step in enumerate(steps, start=1):
        with clock.at(start + timedelta(minutes=fate.minutes * n / len(steps))):
            DO[step](case.pk, staff)


def _file(owner: Owner, *, plan: bool, close: bool) -> Case:
    """A small house in the middle of the plot; close: wide enough that its sides come near the boundary."""
    person = owner.person
    width, depth = (12, 9) if close else (6, 7)
    answers = {
        "parcel": str(owner.parcel.pk), "centre": {"lon": owner.x, "lat": owner.y}, "width_m": str(width),
        "depth_m": str(depth), "storeys": "1", "floor_area_m2": str(width * depth), "height_m": "4.2",
    }  # fmt: skip
    contact = Contact(name=person.full_name, person_key=person.pk)
    files = (Filed("plans", drawing(width, depth), "แบบแปลน.jpg"),) if plan else ()
    return permit.apply_for(Application(SERVICE, answers, contact, person.pk, files), by=demo.ACTOR).case


def drawing(width: int, depth: int) -> io.BytesIO:
    """An invented floor plan."""
    picture = Image.new("RGB", (900, 640), "white")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((120, 90, 780, 550), outline="black", width=6)
    pen.line((450, 90, 450, 550), fill="black", width=4)
    pen.line((120, 330, 450, 330), fill="black", width=4)
    pen.text((380, 580), f"{width} x {depth} m  (DEMO)", fill="black")
    found = io.BytesIO()
    picture.save(found, "JPEG", quality=70)
    found.seek(0)
    return found


def _recommend(case: UUID, staff: dict[str, Account]) -> None:
    permit.recommend(case, "issued", account=staff["counter"], note="เอกสารครบ")


def _review(case: UUID, staff: dict[str, Account]) -> None:
    """With a visit where the register is in doubt."""
    found = permit.permit.progress(Case.objects.get(pk=case), clock.now())
    if found.doubts:
        _visit(case, staff)
        answers = {finding.code: "pass" for finding in found.doubts}
        permit.visited(case, answers, account=staff["engineer"], note="วัดในสถานที่แล้ว เป็นไปตามเกณฑ์ (สมมติ)")
    permit.review(case, "issued", account=staff["engineer"], note="แบบถูกต้อง (สมมติ)")


def _visit(case: UUID, staff: dict[str, Account]) -> None:
    permit.send_to_visit(case, account=staff["engineer"], note="นายช่างนัดดูสถานที่ก่อนสร้าง (สมมติ)")


def _refuse(case: UUID, staff: dict[str, Account]) -> None:
    permit.sign(case, "refused", account=staff["mayor"], note="แนวอาคารทับทางสาธารณะ โปรดปรับผังแล้วยื่นใหม่ (สมมติ)")


def _pay(case: UUID, staff: dict[str, Account]) -> None:
    for invoice in Invoice.objects.filter(case_id=case, state=Invoice.State.OPEN):
        fees.pay(invoice.pk, way="cash", by=staff["counter"].actor)


Do = Callable[[UUID, dict[str, Account]], object]
DO: dict[str, Do] = {
    "recommend": _recommend, "review": _review, "visit": _visit, "refuse": _refuse, "pay": _pay,
    "ask": lambda case, staff: permit.ask_for_papers(case, account=staff["counter"], note="ขาดแบบแปลนบ้าน"),
    "sign": lambda case, staff: permit.sign(case, "issued", account=staff["mayor"]),
    "revoke": lambda case, staff: permit.revoke(case, account=staff["mayor"], reason="ก่อสร้างผิดแบบ (สมมติ)"),
    "withdraw": lambda case, staff: move(case, "withdrawn", by=demo.ACTOR, note="ผู้ยื่นขอถอน (สมมติ)"),
}  # fmt: skip
_SIGNED = ("recommend", "review", "sign")
STEPS: dict[str, tuple[str, ...]] = {
    "submitted": (), "returned": ("ask",), "withdrawn": ("withdraw",), "accepted": ("recommend",),
    "inspection": ("recommend", "visit"), "decision": ("recommend", "review"), "payment": _SIGNED,
    "issued": (*_SIGNED, "pay"), "revoked": (*_SIGNED, "pay", "revoke"), "refused": ("recommend", "review", "refuse"),
}  # fmt: skip
demo.add("permits", load, order=25)
