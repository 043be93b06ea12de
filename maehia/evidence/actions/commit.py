"""Applying a delivery: new rows are added, changed and vanished ones end, all in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from maehia.base import Problem, ProblemError
from maehia.evidence import rules
from maehia.evidence.models import RECORDS, Delivery, Record, Source
from maehia.evidence.queries import digests, index_of
from maehia.evidence.rules import Batch
from maehia.kit.acting import required
from maehia.kit.clock import now

BATCH_ROWS = 2000


@dataclass(slots=True)
class CommitCounts:
    """What a commit did, per kind."""

    new: int = 0
    changed: int = 0
    gone: int = 0
    same: int = 0
    by_kind: dict[str, dict[str, int]] = field(default_factory=dict)

    def add(self, kind: str, new: int, changed: int, gone: int, same: int) -> None:
        self.new += new
        self.changed += changed
        self.gone += gone
        self.same += same
        self.by_kind[kind] = {"new": new, "changed": changed, "gone": gone, "same": same}

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@transaction.atomic
def commit_delivery(delivery: Delivery, batches: Iterable[Batch]) -> CommitCounts:
    """Apply the checked rows of a delivery. All or nothing; a second call for the same delivery is refused.

    Raises ProblemError: already_committed, source_locked, older_than_latest, repeated_ref.
    """
    held = Delivery.objects.select_for_update().select_related("source").get(pk=delivery.pk)
    _refuse_unfit(held)
    counts = CommitCounts()
    at = now()
    for batch in batches:
        _commit_kind(held, batch, at, counts)
    held.state, held.committed_at, held.committed_by = "committed", at, required().actor
    held.counts = {**held.counts, "applied": counts.as_dict()}
    held.save(update_fields=["state", "committed_at", "committed_by", "counts"])
    return counts


def _refuse_unfit(delivery: Delivery) -> None:
    if not delivery.is_open:
        raise ProblemError(
            Problem(
                "already_committed",
                "ไฟล์นี้ปิดรายการไปแล้ว จึงนำเข้าซ้ำไม่ได้",
                delivery.filename,
                "ถอนรายการเดิมก่อน หรือส่งไฟล์ใหม่",
            )
        )
    if delivery.source.is_locked:
        raise ProblemError(
            Problem(
                "source_locked",
                f"แหล่งข้อมูล {delivery.source.name_th} ยังไม่มีหนังสืออนุญาต จึงยังนำเข้าไม่ได้",
                delivery.filename,
                "บันทึกเลขที่และวันที่ของหนังสืออนุญาตที่หน้าแหล่งข้อมูลก่อน",
            )
        )
    newest = (
        Delivery.objects.filter(source=delivery.source, state="committed", mode=delivery.mode)
        .order_by("-as_of")
        .values_list("as_of", flat=True)
        .first()
    )
    if newest and delivery.as_of < newest:
        raise ProblemError(
            Problem(
                "older_than_latest",
                f"ข้อมูล ณ วันที่ของไฟล์นี้ ({delivery.as_of}) เก่ากว่าไฟล์ที่นำเข้าแล้ว ({newest})",
                delivery.filename,
                "ตรวจวันที่ของบัญชี หรือถอนไฟล์ที่ใหม่กว่าก่อน",
            )
        )


def _commit_kind(delivery: Delivery, batch: Batch, at: datetime, counts: CommitCounts) -> None:
    model = RECORDS[batch.kind]
    twice = rules.repeated(row["ref"] for row in batch.rows)
    if twice:
        raise ProblemError(
            Problem("repeated_ref", f"มีรหัสรายการซ้ำกันในไฟล์ {len(twice)} รหัส เช่น {min(twice)}", delivery.filename)
        )
    old = current_digests(model, delivery.source, delivery.mode)
    new = digests(model, batch.rows)
    added, changed, gone, same = rules.compare(
        {ref: value for ref, (_, value) in old.items()}, new, snapshot=delivery.source.coverage == "snapshot"
    )
    end_records(model, [old[ref][0] for ref in changed + gone], delivery, at)
    wanted = set(added) | set(changed)
    rows = (row for row in batch.rows if row["ref"] in wanted)
    insert_records(model, delivery, rows, new, at)
    counts.add(batch.kind, len(added), len(changed), len(gone), same)


def current_digests(model: type[Record], source: Source, mode: str) -> dict[str, tuple[int, bytes]]:
    """ref -> (id, digest) of what the source says now."""
    rows = model.objects.current().filter(source=source, mode=mode).values_list("ref", "pk", "digest")
    return {ref: (pk, bytes(value)) for ref, pk, value in rows}


def end_records(model: type[Record], ids: Sequence[int], delivery: Delivery, at: datetime) -> None:
    for start in range(0, len(ids), BATCH_ROWS):
        model.objects.filter(pk__in=ids[start : start + BATCH_ROWS]).update(
            valid_to=delivery.as_of, ended_at=at, ended_by=delivery
        )


def insert_records(
    model: type[Record],
    delivery: Delivery,
    rows: Iterable[Mapping[str, Any]],
    digests: Mapping[str, bytes],
    at: datetime,
) -> None:
    made: list[Record] = []
    for row in rows:
        made.append(make_record(model, delivery, row, digests[row["ref"]], at))
        if len(made) >= BATCH_ROWS:
            model.objects.bulk_create(made)
            made = []
    model.objects.bulk_create(made)


def make_record(model: type[Record], delivery: Delivery, row: Mapping[str, Any], digest: bytes, at: datetime) -> Record:
    """One record from canonical values; blind indexes are computed here, so no caller can forget them."""
    values = {name: _value(model, name, row.get(name)) for name in model.VALUES}
    if model.KIND == "person":
        values["id_index"] = index_of("id", row.get("national_id"))
        values["phone_index"] = index_of("phone", row.get("phone"))
    return model(
        delivery=delivery, source_id=delivery.source_id, ref=row["ref"], sheet=row.get("sheet") or "",
        row_no=row.get("row_no") or 0, digest=digest, valid_from=row.get("valid_from") or delivery.as_of,
        known_from=at, mode=delivery.mode, **values,
    )  # fmt: skip


def _value(model: type[Record], name: str, value: Any) -> Any:
    """A missing text is "", a missing anything else is NULL; a text is cut to its column, never refused late."""
    column: Any = model._meta.get_field(name)
    if value is None or value == "":
        return None if column.null else column.get_default() or ""
    limit = getattr(column, "max_length", None)
    return value[:limit] if isinstance(value, str) and limit else value


@transaction.atomic
def withdraw_delivery(delivery: Delivery, why: str) -> CommitCounts:
    """Take a committed delivery back: its records are no longer known, those that it ended are open again.

    Only the newest delivery of a source can be withdrawn. Raises ProblemError: not_committed, not_newest, why_missing.
    """
    held = Delivery.objects.select_for_update().get(pk=delivery.pk)
    _refuse_withdrawal(held, why)
    at, counts = now(), CommitCounts()
    for kind, model in RECORDS.items():
        taken = model.objects.filter(delivery=held, known_to=None).update(known_to=at)
        opened = model.objects.filter(ended_by=held, known_to=None).update(valid_to=None, ended_at=None, ended_by=None)
        if taken or opened:
            counts.add(kind, 0, opened, taken, 0)
    held.state, held.withdrawn_at, held.withdrawn_by, held.withdrawn_why = (
        "withdrawn",
        at,
        required().actor,
        why,
    )
    held.save(update_fields=["state", "withdrawn_at", "withdrawn_by", "withdrawn_why"])
    return counts


def _refuse_withdrawal(delivery: Delivery, why: str) -> None:
    if delivery.state != "committed":
        raise ProblemError(Problem("not_committed", "ไฟล์นี้ยังไม่ได้นำเข้า จึงไม่มีอะไรให้ถอน", delivery.filename))
    if not why.strip():
        raise ProblemError(Problem("why_missing", "กรุณาระบุเหตุผลที่ถอนข้อมูล", delivery.filename))
    newer = Delivery.objects.filter(
        source_id=delivery.source_id,
        mode=delivery.mode,
        state="committed",
        committed_at__gt=delivery.committed_at,
    ).first()
    if newer:
        raise ProblemError(
            Problem(
                "not_newest",
                "มีไฟล์ที่นำเข้าหลังจากไฟล์นี้ จึงต้องถอนไฟล์ที่ใหม่กว่าก่อน",
                delivery.filename,
                f"ถอน {newer.filename} ก่อน แล้วจึงถอนไฟล์นี้",
            )
        )


@transaction.atomic
def publish(source_key: str, batches: Sequence[Batch], *, as_of: date, title: str) -> Delivery:
    """Bring rows that the town itself made (counter edits, scenario zones) in as a delivery of a built-in source."""
    from maehia.evidence.actions.deliveries import open_internal

    delivery = open_internal(source_key, title, as_of)
    commit_delivery(delivery, batches)
    delivery.refresh_from_db()
    return delivery
