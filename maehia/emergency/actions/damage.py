"""Damage to homes: told by citizens, surveyed on a phone, reviewed, certified. One form is one survey.

`report`, `record` and `certify` run inside `papers(actor, key)`: the purpose `emergency.papers` narrowed to one home,
because photos and certificates are kept there. The rest runs inside `emergency.relief`.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import Point
from django.db import IntegrityError, transaction

from maehia.base import BANGKOK
from maehia.emergency.actions import log
from maehia.emergency.actions.incidents import refused
from maehia.emergency.models import DamageLine, Incident, Survey, SurveyConflict, SurveyPhoto
from maehia.emergency.queries import damage as queries
from maehia.emergency.rules.damage import Broken, bands_on, broken, house_share, price
from maehia.emergency.rules.damage_states import OCCUPANCIES, SURVEY
from maehia.forms.actions import attach
from maehia.forms.photos import Photo, read_photo
from maehia.kit.acting import Context, Scope, acting, required
from maehia.kit.clock import now
from maehia.kit.crypto import blind_index
from maehia.kit.series import next_number
from maehia.thai import normalize_phone

PAPERS = "emergency.papers"
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
NOWHERE = queries.Home(None, None)
SKEW = 300  # seconds by which a phone's clock may be ahead before we say so


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo as it left the phone: the upload, where and when the phone says it was taken."""

    file: Any
    lon: float | None = None
    lat: float | None = None
    taken_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a form says of a home. happened_at: by the phone's clock. lines: of `broken`."""

    holder: str
    phone: str = ""
    address: str = ""
    moo: int | None = None
    home: queries.Home = NOWHERE
    occupancy: str = "owner"
    is_registered: bool = True
    people: int = 1
    storeys: int = 1
    flooded_floors: int = 1
    depth_m: Decimal | None = None
    days: int | None = None
    lon: float | None = None
    lat: float | None = None
    told: str = ""
    happened_at: datetime | None = None
    lines: Sequence[Broken] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it came. instance: its own key, the same on every try; digest: hash of all that it brought."""

    instance: str
    digest: bytes
    found: Found
    pictures: Sequence[Picture] = ()


Ready = Sequence[tuple[Picture, Photo]]


def papers(actor: str, key: UUID, mode: str) -> AbstractContextManager[Context]:
    """The context of one home's photos and papers."""
    return acting(actor, PAPERS, mode=mode, scope=Scope.subject(key))


def _check(found: Found) -> None:
    if not found.holder.strip():
        raise refused("no_holder", "ยังไม่ได้กรอกชื่อผู้ประสบภัย", "holder", "กรอกชื่อและนามสกุล")
    if found.occupancy not in OCCUPANCIES:
        raise refused("bad_occupancy", "ยังไม่ได้เลือกว่าอยู่ในฐานะใด", "occupancy", "เลือกเจ้าของ ผู้เช่า หรือผู้อาศัย")
    if not 1 <= found.flooded_floors <= max(1, found.storeys) or not 1 <= found.storeys <= 20:
        raise refused("bad_floors", "จำนวนชั้นที่น้ำท่วมต้องไม่เกินจำนวนชั้นของบ้าน", "flooded_floors", "ตรวจจำนวนชั้น")
    if found.lon is not None and not (97 <= found.lon <= 106 and 5 <= (found.lat or 0) <= 21):
        raise refused("bad_point", "ตำแหน่งอยู่นอกประเทศไทย อาจสลับละติจูดกับลองจิจูด", "point", "ปักหมุดใหม่")


@transaction.atomic
def report(incident: Incident, form: Form) -> Survey:
    """A citizen tells of her own home: it becomes `reported`. The same form again is the same report.

    Other content under the same form is kept for an officer. Raises ProblemError no_holder, no_phone, not_open.
    """
    if not normalize_phone(form.found.phone):
        raise refused("no_phone", "กรอกหมายเลขโทรศัพท์ที่ติดต่อได้", "phone", "เจ้าหน้าที่จะโทรนัดวันสำรวจ")
    return _take(incident, form, "reported")[0]


@transaction.atomic
def record(incident: Incident, form: Form, *, bound: UUID | None = None) -> tuple[Survey, str]:
    """What the surveyor found. bound: key of the report that she was sent to; None for a home that nobody reported.

    The second value says how it was taken: new, same (sent again) or conflict (other content: kept in the queue).
    Raises ProblemError no_holder, bad_occupancy, bad_floors, bad_point, not_open and those of photos.
    """
    return _take(incident, form, "surveyed", bound)


def _take(incident: Incident, form: Form, to: str, bound: UUID | None = None) -> tuple[Survey, str]:
    _check(form.found)
    if incident.state in ("closed", "rejected", "merged"):
        raise refused("not_open", "เหตุการณ์นี้ปิดรับการแจ้งความเสียหายแล้ว", incident.number, "ติดต่อเทศบาล")
    ready = [(picture, read_photo(picture.file, getattr(picture.file, "name", ""))) for picture in form.pictures]
    key = bound or queries.key_of(form.instance, incident.mode)
    row = Survey.objects.select_for_update().filter(pk=key).first()
    if row is None:
        try:
            with transaction.atomic():
                return _new(key, incident, form, ready, to), "new"
        except IntegrityError as error:  # its twin was quicker
            row = Survey.objects.select_for_update().filter(pk=key).first()
            if row is None:
                raise refused("no_survey", "ไม่พบเรื่องนี้", incident.number) from error
    if (row.instance, bytes(row.hash)) == (form.instance[:80], form.digest):
        return row, "same"
    if bound and to == "surveyed" and row.state in ("reported", "scheduled", "appealed"):
        return _fill(row, form, ready), "new"
    return _conflict(row, form, ready), "conflict"


def _new(key: UUID, incident: Incident, form: Form, ready: Ready, to: str) -> Survey:
    row = Survey(
        id=key, incident=incident, instance=form.instance[:80], hash=form.digest, is_self_reported=to == "reported",
        number=f"{incident.number}/ค{next_number(f'emergency.damage.{incident.number}'[:60]):04d}",
        code="".join(secrets.choice(LETTERS) for _ in range(8)), received_at=now(), state=to,
        household_key=queries.household_key(form.found.home, form.found.phone, form.instance),
    )  # fmt: skip
    _say(row, form.found)
    row.save(force_insert=True)
    _with(row, form.found, ready, "" if to == "reported" else "reported")
    return row


def _fill(row: Survey, form: Form, ready: Ready) -> Survey:
    """The survey of a home that was reported before."""
    found = form.found
    before, row.state = row.state, "surveyed"
    row.instance, row.hash = form.instance[:80], form.digest
    row.version += 1
    if found.home.house or found.home.household:
        row.household_key = queries.household_key(found.home, found.phone, form.instance)
    _say(row, found)
    row.save()
    _with(row, found, ready, before)
    return row


def _say(row: Survey, found: Found) -> None:
    """The columns that a form fills. A phone whose clock runs ahead is noted and its time held at ours."""
    for name in ("occupancy", "is_registered", "people", "storeys", "flooded_floors", "depth_m", "days", "moo"):
        setattr(row, name, getattr(found, name))
    row.holder, row.address, row.told = found.holder.strip(), found.address.strip(), found.told.strip()
    number = normalize_phone(found.phone)
    row.phone, row.phone_index = number, blind_index("phone", number) if number else None
    row.house_key = found.home.house or row.house_key
    row.point = Point(found.lon, found.lat, srid=4326) if found.lon is not None and found.lat is not None else row.point
    said = found.happened_at or now()
    ahead = int((said - now()).total_seconds())
    row.skew_s = ahead if ahead > SKEW else 0
    row.happened_at = min(said, now())
    if row.state == "surveyed":
        row.surveyed_by = required().actor
        _grade(row, found.lines)


def _grade(row: Survey, lines: Sequence[Broken]) -> None:
    bands = bands_on(event_day(row.incident))
    row.share = house_share(lines, row.storeys)
    row.grade, row.bands = bands.grade(row.share), bands.key


def event_day(incident: Incident) -> date:
    """The day by whose rates an incident is paid: when it began, in Bangkok."""
    return incident.started_at.astimezone(BANGKOK).date()


def _with(row: Survey, found: Found, ready: Ready, before: str) -> None:
    """Lines, photos and the line of the log."""
    if row.state == "surveyed":
        _lines(row, found.lines)
    _photos(row, ready)
    write_log(row, before, event_at=row.happened_at)


def _lines(row: Survey, lines: Sequence[Broken]) -> None:
    row.lines.all().delete()
    DamageLine.objects.bulk_create(
        DamageLine(
            survey=row, part=p.part.key, name_th=p.part.th, floor=p.broken.floor, unit=p.part.unit, qty=p.broken.qty,
            share=p.broken.share, unit_cost=p.cost.baht, cost_key=p.cost.key, cost_verified=p.cost.verified,
            amount=p.amount,
        )
        for p in price(lines, event_day(row.incident))
    )  # fmt: skip


def _photos(row: Survey, ready: Ready) -> list[str]:
    """Keep the photos that this survey does not have yet. Returns the hashes of all that came."""
    held = set(row.photos.values_list("sha256", flat=True))
    for picture, file in ready:
        if file.received_sha256 in held:
            continue
        held.add(file.received_sha256)
        kept = attach(row.pk, "photo", file, getattr(picture.file, "name", ""))
        point = None
        if picture.lon is not None and picture.lat is not None:
            point = Point(picture.lon, picture.lat, srid=4326)
        SurveyPhoto.objects.create(survey=row, attachment=kept.pk, sha256=file.received_sha256, point=point,
                                   taken_at=picture.taken_at)  # fmt: skip
    return [file.received_sha256 for _, file in ready]


def _conflict(row: Survey, form: Form, ready: Ready) -> Survey:
    """Same form, other content: nothing of either is lost; somebody looks."""
    content = json.dumps({**asdict(form.found), "photos": _photos(row, ready)}, ensure_ascii=False, default=str)
    made = SurveyConflict.objects.get_or_create(
        survey=row, hash=form.digest, defaults={"content": content, "received_at": now(), "by": required().actor}
    )[1]
    if made:
        log.append(row.incident, "damage", "แบบสำรวจเดียวกันมีข้อมูลไม่ตรงกัน", before=row.state, after=row.state,
                   value={"survey": row.number, "conflict": True})  # fmt: skip
    return row


@transaction.atomic
def settle(conflict: SurveyConflict, *, take: bool) -> SurveyConflict:
    """Keep what stands, or take what came later; a survey that was reviewed already stands.

    Raises ProblemError settled_before, too_late.
    """
    held = SurveyConflict.objects.select_for_update(of=("self",)).get(pk=conflict.pk)
    if held.settled_at:
        raise refused("settled_before", "เลือกฉบับนี้ไปแล้ว", held.survey.number)
    row = locked(held.survey_id)
    if take and row.state not in ("reported", "scheduled", "surveyed", "appealed"):
        raise refused("too_late", "ผลสำรวจนี้ตรวจหรือรับรองแล้ว", row.number, "ส่งกลับให้สำรวจใหม่ก่อน")
    if take:
        _apply(row, json.loads(held.content), bytes(held.hash))
    held.settled_at, held.settled_by, held.settled_how = now(), required().actor, "taken" if take else "kept"
    held.save(update_fields=["settled_at", "settled_by", "settled_how"])
    write_log(row, row.state)
    return held


def _apply(row: Survey, content: dict[str, Any], digest: bytes) -> None:
    lines = [broken(n["part"], n["qty"], n["share"], n["floor"]) for n in content["lines"]]
    kept = {name: content[name] for name in Found.__dataclass_fields__ if name not in ("lines", "home", "happened_at")}
    kept["depth_m"] = Decimal(kept["depth_m"]) if kept["depth_m"] else None
    when = datetime.fromisoformat(content["happened_at"]) if content["happened_at"] else None
    row.state = "surveyed" if lines or row.state == "surveyed" else row.state
    row.hash = digest
    row.version += 1
    _say(row, replace(Found(**kept), lines=lines, happened_at=when))
    row.save()
    if row.state == "surveyed":
        _lines(row, lines)


def locked(key: UUID, version: int | None = None) -> Survey:
    """The survey, locked. Raises ProblemError no_survey, stale_survey."""
    row = Survey.objects.select_for_update(of=("self",)).select_related("incident").filter(pk=key).first()
    if row is None:
        raise refused("no_survey", "ไม่พบเรื่องนี้ หรือคุณไม่มีสิทธิ์เปิด")
    if version is not None and version != row.version:
        raise refused("stale_survey", "มีผู้อื่นแก้ไขเรื่องนี้ไปแล้ว", row.number, "อ่านข้อมูลล่าสุดแล้วทำอีกครั้ง")
    return row


def write_log(row: Survey, before: str, reason: str = "", *, event_at: datetime | None = None) -> None:
    value = {"survey": row.number, "moo": row.moo, "grade": row.grade, "self": row.is_self_reported,
             "baht": str(sum((n.amount for n in row.lines.all()), Decimal("0.00")))}  # fmt: skip
    log.append(row.incident, "damage", reason, before=before, after=row.state, value=value, event_at=event_at)


@transaction.atomic
def move(key: UUID, to: str, *, reason: str = "", version: int | None = None, visit_on: date | None = None) -> Survey:
    """Arrange, review, send back, reject or appeal. Certifying is `certify`, surveying is `record`.

    Raises ProblemError no_survey, stale_survey, move_refused, no_reason, not_graded, no_day.
    """
    row = locked(key, version)
    found = SURVEY.find(row.state, to)
    if found is None or to == "certified" or (to == "surveyed" and row.state != "reviewed"):
        raise refused("move_refused", f"จากสถานะ “{SURVEY.states[row.state].th}” ทำสิ่งนี้ไม่ได้", to, "เลือกขั้นที่มีให้เลือก")
    if "reason" in found.guards and len(reason.strip()) < 3:
        raise refused("no_reason", "ต้องระบุเหตุผล", "reason", "เขียนเหตุผลสั้น ๆ")
    if to == "scheduled" and visit_on is None:
        raise refused("no_day", "ยังไม่ได้เลือกวันสำรวจ", "visit_on", "เลือกวัน")
    if "graded" in found.guards and not row.grade:
        raise refused("not_graded", "ยังไม่มีผลสำรวจ", row.number, "สำรวจก่อน")
    before, row.state, row.reason = row.state, to, reason.strip()[:300]
    row.visit_on = visit_on or row.visit_on
    row.reviewed_by = required().actor if to == "reviewed" else row.reviewed_by
    row.version += 1
    row.save()
    write_log(row, before, row.reason)
    return row


@transaction.atomic
def state(key: UUID, words: str) -> Survey:
    """An officer writes down what she found where a paper is missing (ปค.14). Raises ProblemError no_words."""
    row = locked(key)
    if len(words.strip()) < 10:
        raise refused("no_words", "บันทึกถ้อยคำสั้นเกินไป", "statement", "เขียนว่าใครรับรองว่าอยู่ที่นี่จริงและตั้งแต่เมื่อใด")
    row.statement, row.statement_by, row.statement_at = words.strip(), required().actor, now()
    row.version += 1
    row.save()
    write_log(row, row.state, "บันทึกถ้อยคำแทนเอกสาร")
    return row
