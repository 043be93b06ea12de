"""The catalogue changes: definitions are drafted, published, retired, brought back; published ones never change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from maehia.base import Problem, ProblemError
from maehia.kit.clock import now
from maehia.services.catalogue_files import shipped, shipped_units
from maehia.services.models import Service, ServiceVersion, State, Unit
from maehia.services.rules.acts import shipped_acts
from maehia.services.rules.definition import Definition, as_data, faults, read_definition, read_documents
from maehia.services.rules.tariff import shipped_tariffs

SYSTEM = "system:catalogue"
MOST_TEXT = 400_000  # characters of one import; the whole shipped catalogue is a tenth of it


class BadDefinition(ProblemError):
    """problems: every fault, each with its line."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems[0])
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Loaded:
    """units, added, renewed: how many are new, and how many shipped ones came in a newer version."""

    units: int
    added: int
    renewed: int


@transaction.atomic
def load_shipped() -> Loaded:
    """Add the units and services of this version of the program; safe to repeat.

    A service that the town has changed stays as the town made it; one that it has not gets the newer definition.
    """
    units = sum(_add_unit(order, row) for order, row in enumerate(shipped_units()))
    found = [_load(order, definition) for order, definition in enumerate(shipped().values())]
    return Loaded(units, found.count("added"), found.count("renewed"))


def _add_unit(order: int, row: Mapping[str, str]) -> bool:
    values = {"name_th": row["th"], "name_en": row["en"], "order": order * 10}
    return Unit.objects.get_or_create(key=row["key"], defaults=values)[1]


def _load(order: int, definition: Definition) -> str:
    service = Service.objects.select_related("current").filter(pk=definition.code).first()
    if service is None:
        _publish(_new_version(definition, order, SYSTEM), SYSTEM)
        return "added"
    held = service.current
    if held is None or held.made_by != SYSTEM or held.definition == as_data(definition):
        return "kept"
    version = _new_version(definition, service.order, SYSTEM)
    if service.state == State.PUBLISHED:
        _publish(version, SYSTEM)
    return "renewed"


def _new_version(definition: Definition, order: int, by: str, note: str = "") -> ServiceVersion:
    """A draft with the next number; the service is made when it is new."""
    service, _ = Service.objects.get_or_create(pk=definition.code, defaults={**_columns(definition), "order": order})
    service = Service.objects.select_for_update().get(pk=service.pk)
    last = service.versions.values_list("number", flat=True).order_by("-number").first() or 0
    return ServiceVersion.objects.create(
        service=service, number=last + 1, definition=as_data(definition), made_by=by, made_at=now(), note=note[:300]
    )


def _columns(definition: Definition) -> dict[str, Any]:
    """What the list of services shows without opening a definition."""
    return {
        "kind": definition.kind, "name_th": definition.name.th, "name_en": definition.name.en,
        "group": definition.group, "is_public": definition.visibility.is_public,
    }  # fmt: skip


def check(text: str, code: str = "") -> list[Problem]:
    """The faults of a YAML text with their lines; code: the service that it must be about."""
    if len(text) > MOST_TEXT:
        return [Problem("too_long", "ข้อความยาวเกินที่รับ", "", "แบ่งเป็นหลายไฟล์")]
    found = faults(text, acts=shipped_acts(), tariffs=shipped_tariffs())
    if found or not code:
        return found
    codes = [data["code"] for data in read_documents(text)]
    if codes != [code]:
        return [Problem("other_code", f"ข้อความนี้เป็นของ {', '.join(codes)}", "code", f"ต้องมีบริการเดียวคือ {code}")]
    return []


@transaction.atomic
def save_drafts(text: str, *, by: str, code: str = "", note: str = "") -> list[ServiceVersion]:
    """A draft of each definition of a YAML text. Nothing is kept when one is bad (BadDefinition with all faults)."""
    if found := check(text, code):
        raise BadDefinition(found)
    documents = [read_definition(data) for data in read_documents(text)]
    if wrong := _wrong_units(documents):
        raise BadDefinition(wrong)
    return [_draft(definition, by, note) for definition in documents]


def save_draft(definition: Definition, *, by: str, note: str = "") -> ServiceVersion:
    """A draft of one definition. Raises BadDefinition as `save_drafts`."""
    from maehia.services.rules.definition import to_yaml

    return save_drafts(to_yaml(definition), by=by, code=definition.code, note=note)[0]


def _wrong_units(definitions: list[Definition]) -> list[Problem]:
    known = set(Unit.objects.filter(active=True).values_list("key", flat=True))
    return [
        Problem("unknown_unit", f"ไม่มีหน่วยงาน “{d.unit}”", f"{d.code}.unit", f"ใช้หนึ่งใน {', '.join(sorted(known))}")
        for d in definitions if d.unit not in known
    ]  # fmt: skip


def _draft(definition: Definition, by: str, note: str) -> ServiceVersion:
    """The open draft of the service written anew, or a new one: a service has one draft at a time."""
    held = (
        ServiceVersion.objects.select_for_update()
        .filter(service_id=definition.code, state=State.DRAFT)
        .order_by("-number")
        .first()
    )
    kind = Service.objects.filter(pk=definition.code).values_list("kind", flat=True).first()
    if kind and kind != definition.kind:
        raise BadDefinition([Problem("other_kind", "ประเภทของบริการเปลี่ยนไม่ได้", "kind", "สร้างบริการใหม่ด้วยรหัสอื่น")])
    if held is None:
        return _new_version(definition, 100, by, note)
    held.definition, held.made_by, held.made_at, held.note = as_data(definition), by, now(), note[:300]
    held.save(update_fields=["definition", "made_by", "made_at", "note"])
    return held


@transaction.atomic
def publish(code: str, *, by: str) -> ServiceVersion:
    """Make the draft what holds from now on; the version before retires. Raises ProblemError no_draft."""
    draft = ServiceVersion.objects.select_for_update().filter(service_id=code, state=State.DRAFT).first()
    if draft is None:
        raise ProblemError(Problem("no_draft", "ไม่มีฉบับร่างให้เผยแพร่", code, "บันทึกฉบับร่างก่อน"))
    return _publish(draft, by)


def _publish(version: ServiceVersion, by: str) -> ServiceVersion:
    moment = now()
    ServiceVersion.objects.filter(service_id=version.service_id, state=State.PUBLISHED).update(
        state=State.RETIRED, retired_at=moment
    )
    version.state, version.published_at = State.PUBLISHED, moment
    version.save(update_fields=["state", "published_at"])
    columns = _columns(read_definition(version.definition))
    Service.objects.filter(pk=version.service_id).update(**columns, state=State.PUBLISHED, current=version)
    return version


@transaction.atomic
def retire(code: str, *, by: str) -> Service:
    """No new cases of this service; those that are open go on under their version. Raises ProblemError no_service."""
    return _set_state(code, State.PUBLISHED, State.RETIRED)


@transaction.atomic
def offer_again(code: str, *, by: str) -> Service:
    """Take `retire` back: the version that held last holds again."""
    return _set_state(code, State.RETIRED, State.PUBLISHED)


def _set_state(code: str, was: str, will: str) -> Service:
    service = Service.objects.select_for_update().filter(pk=code, state=was, current__isnull=False).first()
    if service is None:
        raise ProblemError(Problem("no_service", "ไม่พบบริการนี้ในสถานะที่ทำรายการได้", code, "เปิดหน้ารายการบริการใหม่อีกครั้ง"))
    service.state = will
    service.save(update_fields=["state"])
    return service


@transaction.atomic
def go_back(code: str, number: int, *, by: str) -> ServiceVersion:
    """Publish an earlier version again, as a new one: history is kept. Raises ProblemError no_version."""
    old = ServiceVersion.objects.filter(service_id=code, number=number).exclude(state=State.DRAFT).first()
    if old is None:
        raise ProblemError(Problem("no_version", f"ไม่มีฉบับที่ {number}", code, "เลือกจากรายการฉบับ"))
    definition = read_definition(old.definition)
    return _publish(_new_version(definition, 100, by, f"ย้อนกลับไปใช้ฉบับที่ {number}"), by)


@transaction.atomic
def discard_draft(code: str, *, by: str) -> int:
    """Forget the open draft. A service that was never published goes with it. How many drafts were forgotten."""
    drafts = ServiceVersion.objects.filter(service_id=code, state=State.DRAFT)
    gone = drafts._raw_delete(drafts.db)  # a plain DELETE: Django's own would read the cases, which no draft has
    never = Service.objects.filter(pk=code, current=None).exclude(pk__in=ServiceVersion.objects.values("service_id"))
    never._raw_delete(never.db)
    return int(gone)
