"""Opening a case: one write for every channel, counter, standard and peer."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib.gis.geos import Point
from django.db import IntegrityError, transaction

from maehia.base import BANGKOK
from maehia.forms import actions as forms
from maehia.kit.acting import Scope, acting, required
from maehia.kit.clock import now
from maehia.kit.crypto import blind_index
from maehia.kit.series import buddhist_year, next_number
from maehia.services import workflow
from maehia.services.actions.base import refused, set_due
from maehia.services.actions.telling import tell_carers, tell_party
from maehia.services.models import Case, CaseDetail, CaseSecret, Party
from maehia.services.queries.current import Current, current
from maehia.services.queries.places import Where, where
from maehia.services.rules.blur import public_point
from maehia.services.rules.clock import Promise
from maehia.services.rules.routing import Routed, route
from maehia.thai import normalize_phone

LONGEST_TEXT = 4000
LONGEST_ADDRESS = 400
SERIES = {"report": "services.case", "service": "services.case", "appointment": "services.appointment"}
DEFAULT_HELP = "ศูนย์ดำรงธรรม โทร 1567"


@dataclass(frozen=True, slots=True)
class Contact:
    """How somebody is reached; everything may be empty. wants: channels in order; role: of models.people.ROLES."""

    name: str = ""
    phone: str = ""
    email: str = ""
    line_user: str = ""
    person_key: UUID | None = None
    account_id: UUID | None = None
    wants: tuple[str, ...] = ()
    role: str = ""
    lang: str = "th"

    @property
    def is_empty(self) -> bool:
        return not (self.name or self.phone or self.email or self.line_user or self.person_key or self.account_id)


@dataclass(frozen=True, slots=True)
class NewCase:
    """What somebody tells or asks. point: (lon, lat) in degrees. origin, origin_id: another system and its name.

    photos: ids of attachments that stand under the case's id already. event_at: when it was told, if not now.
    suggested: what the citizen was offered, as [(code, probability)].
    """

    service: str
    channel: str
    description: str = ""
    point: tuple[float, float] | None = None
    address: str = ""
    asset_key: UUID | None = None
    place_key: UUID | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    contact: Contact = Contact()
    person_key: UUID | None = None
    photos: Sequence[UUID] = ()
    lang: str = "th"
    origin: str = ""
    origin_id: str = ""
    urgent: bool = False
    event_at: datetime | None = None
    suggested: Sequence[tuple[str, float]] = ()
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """secret: what opens the case by `/follow/<secret>/` without an account. again: it stood there already."""

    case: Case
    secret: str
    again: bool = False


def secret_of(case_id: UUID | str) -> str:
    """The secret of a case's link: 128 bits, the same each time, so that every message can carry it."""
    return base64.urlsafe_b64encode(blind_index("link", str(case_id))).decode().rstrip("=")


def hash_of(secret: str) -> bytes:
    """What is kept of a secret."""
    return blind_index("link", f"secret:{secret}")


def file_case(new: NewCase, *, by: str, case_id: UUID | None = None, mode: str = "live") -> Opened:
    """Open a case for somebody who sees nothing but that case: a visitor, a chat, a device."""
    case_id = case_id or uuid4()
    with acting(by, "services.report", mode=mode, scope=Scope.subject(case_id)):
        return open_case(new, by=by, case_id=case_id)


def open_case(new: NewCase, *, by: str, case_id: UUID | None = None) -> Opened:
    """Open a case in the context at hand. Safe to repeat for one origin and origin_id: the first one comes back.

    All checks come before the first write, and the caller's context is a transaction already.
    Raises ProblemError: unknown_service, text_too_long, bad_point, no_place, outside_town.
    """
    if found := _known(new):
        return found
    offer = current(new.service)
    _check(new, offer)
    place = where(*new.point) if new.point else Where(True, None, "")
    if not place.inside:
        raise _outside(place)
    case = new_row(new, offer, place, case_id or uuid4())
    routed = route(offer.routing, facts_of(new, offer, place))
    case.unit_id = routed.unit or offer.definition.unit or None
    case.number = f"{buddhist_year()}-{next_number(SERIES[case.kind]):06d}"
    opened_state = "draft" if new.draft else "submitted"
    append_opened(case, new, by, opened_state, routed)
    seal_photos(case, new.photos)
    return Opened(case, secret_of(case.pk))


def seal_photos(case: Case, photos: Sequence[UUID]) -> None:
    """Photos of a sealed case are as sealed as it is, by whichever way they came."""
    if case.is_confidential and photos:
        forms.seal(case.pk)


def append_opened(case: Case, new: NewCase, by: str, state: str, routed: Routed) -> None:
    """Store the case with all that hangs on it, in the order in which the policies can see it."""
    case.version = 0
    line = first_line(case, new, by, state)
    try:
        with transaction.atomic() if new.origin_id else nullcontext():
            case.save(force_insert=True)
    except IntegrityError as error:
        if "services_case_origin_once" not in str(error):
            raise
        raise refused("twice", "เรื่องนี้รับไว้แล้วจากระบบต้นทาง", where=f"{new.origin} {new.origin_id}") from error
    line.save(force_insert=True)
    CaseDetail(
        case_id=case.pk, description=new.description, point=Point(*new.point, srid=4326) if new.point else None,
        address=new.address, answers=dict(new.answers), trace=trace_of(routed),
        suggested=[list(offer) for offer in new.suggested],
    ).save(force_insert=True)  # fmt: skip
    CaseSecret(hash=hash_of(secret_of(case.pk)), case_id=case.pk, made_at=now()).save(force_insert=True)
    if not new.contact.is_empty:
        party = new_party(case, new.contact, default_role(case))
        party.save(force_insert=True)
        if state != "draft":
            tell_party(party, case, "case.opened")
    if state != "draft":
        tell_carers(case, "case.opened")


def first_line(case: Case, new: NewCase, by: str, state: str) -> Any:
    """The opening line, not stored yet; the case gets its version and head."""
    from maehia.services.models import CaseEvent
    from maehia.services.rules.chain import START, Line, line_hash

    value = {
        "service": new.service,
        "channel": new.channel,
        "unit": case.unit_id,
        "photos": [str(p) for p in new.photos],
    }
    line = Line(str(case.pk), 1, "opened", state, value, "", True, by, case.received_at, case.recorded_at)
    own = line_hash(line, START)
    case.version, case.head = 1, own
    return CaseEvent(case_id=case.pk, seq=1, kind="opened", state=state, value=value, actor=by, origin=new.origin,
                     event_at=case.received_at, recorded_at=case.recorded_at, prev_hash=START, hash=own)  # fmt: skip


def _known(new: NewCase) -> Opened | None:
    """A case of another system that we have already."""
    if not new.origin_id:
        return None
    found = Case.objects.filter(origin=new.origin, origin_id=new.origin_id).first()
    return Opened(found, secret_of(found.pk), again=True) if found else None


def _check(new: NewCase, offer: Current) -> None:
    if len(new.description.replace("\r\n", "\n")) > LONGEST_TEXT:
        raise refused("text_too_long", f"รายละเอียดยาวเกิน {LONGEST_TEXT:,} ตัวอักษร", fix="ย่อข้อความให้สั้นลง")
    if len(new.address) > LONGEST_ADDRESS:
        raise refused("text_too_long", f"ที่อยู่ยาวเกิน {LONGEST_ADDRESS} ตัวอักษร", fix="ย่อข้อความให้สั้นลง")
    if new.point and not _is_point(new.point):
        raise refused("bad_point", "พิกัดไม่ถูกต้อง", fix="ปักหมุดบนแผนที่ใหม่อีกครั้ง")
    placed = new.point or new.address.strip() or new.asset_key or new.place_key
    if offer.definition.place == "required" and offer.service.kind == "report" and not placed and not new.draft:
        raise refused("no_place", "ยังไม่ได้บอกว่าเกิดเหตุที่ใด", fix="ปักหมุดบนแผนที่ หรือเขียนที่อยู่หรือจุดสังเกต")


def _is_point(point: tuple[float, float]) -> bool:
    lon, lat = point
    return math.isfinite(lon) and math.isfinite(lat) and -180 <= lon <= 180 and -90 <= lat <= 90


def _outside(place: Where) -> Exception:
    who = f"แจ้ง {place.neighbour} ซึ่งดูแลพื้นที่นี้" if place.neighbour else f"แจ้งท้องถิ่นที่ดูแลพื้นที่นั้น หรือ {DEFAULT_HELP}"
    return refused("outside_town", "จุดที่ปักหมุดอยู่นอกเขตของเทศบาล", fix=who)


def new_row(new: NewCase, offer: Current, place: Where, case_id: UUID) -> Case:
    """The row of a new case, not stored yet: without its number, its unit and its first line."""
    d = offer.definition
    recorded = now()
    received = min(new.event_at or recorded, recorded)
    kind = offer.service.kind
    state = "draft" if new.draft else "submitted"
    case = Case(
        id=case_id, kind=kind, service=offer.service, definition_id=offer.version,
        workflow_version=workflow.VERSION, channel=new.channel, origin=new.origin, origin_id=new.origin_id,
        lang=new.lang, mode=required().mode, state=state, state_type=workflow.state(kind, state).type,
        is_public=d.visibility.is_public and not d.confidential, is_confidential=d.confidential,
        is_urgent=new.urgent or d.urgent, moo=place.moo, asset_key=new.asset_key, place_key=new.place_key,
        person_key=new.person_key, received_at=received, recorded_at=recorded, updated_at=recorded,
        public_text=new.description if "description" in d.visibility.released else "",
        public_point=Point(*public_point(*new.point, d.visibility.blur_m), srid=4326) if new.point else None,
        promise=promise_data(offer),
    )  # fmt: skip
    set_due(case, calendar=offer.calendar)
    return case


def promise_data(offer: Current) -> dict[str, Any]:
    """What is promised, copied to the case so that a later version does not change the past."""
    d = offer.definition
    return {"resolve": asdict(d.resolve), "first_answer": _plain(d.first_answer), "act": d.act}


def _plain(promise: Promise | None) -> dict[str, Any] | None:
    return asdict(promise) if promise else None


def facts_of(new: NewCase, offer: Current, place: Where) -> dict[str, Any]:
    """What routing rules may look at."""
    moment = (new.event_at or now()).astimezone(BANGKOK)
    answers = {f"answer.{key}": value for key, value in new.answers.items()}
    return {
        "service": offer.service.pk, "group": offer.definition.group, "kind": offer.service.kind, "moo": place.moo,
        "channel": new.channel, "urgent": new.urgent or offer.definition.urgent, "hour": moment.hour,
        "confidential": offer.definition.confidential, "has_asset": new.asset_key is not None,
        "text": new.description, **answers,
    }  # fmt: skip


FACTS = ("service", "group", "kind", "moo", "channel", "urgent", "hour", "confidential", "has_asset", "text")


def trace_of(routed: Routed) -> list[dict[str, Any]]:
    """The trace as it is kept: without the citizen's words, which stand in the description already."""
    return [
        {"rule": step.rule, "fitted": step.fitted,
         "values": {name: value for name, value in step.values if name != "text"},
         "failed": [step.failed.fact, step.failed.operator, _listed(step.failed.value)] if step.failed else None}
        for step in routed.trace
    ]  # fmt: skip


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def default_role(case: Case) -> str:
    return "reporter" if case.kind == "report" else "applicant"


def new_party(case: Case, contact: Contact, role: str) -> Party:
    """A party of a contact, with its blind indexes; not stored yet."""
    phone = normalize_phone(contact.phone) or contact.phone.strip()
    wants = list(contact.wants or _ways(replace(contact, phone=phone)))
    return Party(
        case_id=case.pk, role=contact.role or role, person_key=contact.person_key, account_id=contact.account_id,
        name=contact.name.strip() or None, phone=phone or None,
        phone_index=blind_index("phone", phone) if phone else None,
        email=contact.email.strip() or None, line_user=contact.line_user or None,
        line_index=blind_index("line", contact.line_user) if contact.line_user else None,
        lang=contact.lang, wants=wants, since=now(),
    )  # fmt: skip


def _ways(contact: Contact) -> tuple[str, ...]:
    """The channels that can reach her, the cheapest first."""
    known = (("line", contact.line_user), ("notice", contact.account_id), ("email", contact.email),
             ("sms", contact.phone))  # fmt: skip
    return tuple(name for name, given in known if given)
