"""Receiving a file and looking at what it would change, before anything is applied."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from maehia.base import Problem, ProblemError
from maehia.evidence.actions import note_state, receive_file, refuse_delivery
from maehia.evidence.models import Delivery, Source
from maehia.evidence.queries import KindDifference, difference
from maehia.intake.findings import mask
from maehia.intake.mapping import Mapping, profile
from maehia.intake.models import ChangeSample, ProblemRow
from maehia.intake.pipeline import Prepared, Words, layout_dict, main_sheet, prepare, silent
from maehia.intake.words import kinds

SHOWN_CHANGES = 50


def receive(source: Source, path: Path, filename: str, as_of: date) -> Delivery:
    """Keep a file as a delivery of a source. Raises ProblemError: same_file, source_locked, built_in, disk_full."""
    if source.built_in:
        raise ProblemError(
            Problem("built_in", f"{source.name_th} เป็นรายการที่ระบบเขียนเอง จึงไม่รับไฟล์", filename, "เลือกแหล่งข้อมูลอื่น")
        )
    return receive_file(source, path, filename, as_of)


@transaction.atomic
def preview(delivery: Delivery, say: Words = silent, *, confirmed: Mapping | None = None) -> Prepared:
    """Read, map, check and compare; keep the problems and what would change. Nothing is applied.

    A file that cannot be read is refused with its reason kept. A mapping that needs a person leaves the delivery at
    "parsed". Returns what was prepared. Raises ProblemError when the file is refused.
    """
    try:
        found = prepare(delivery, say, confirmed=confirmed)
    except ProblemError as error:
        refuse_delivery(delivery, error.problem)
        return Prepared(book=_no_book(error.problem), mapping=Mapping("person", {}))
    book = {"encoding": found.book.encoding[:30], "file_format": found.book.format[:30]}
    if found.proposal is not None:
        note_state(
            delivery,
            "parsed",
            counts={"proposal": proposal_dict(found), "columns": columns_dict(delivery, found)},
            **book,
        )
        return found
    say("กำลังเปรียบเทียบกับข้อมูลเดิม")
    keep_problems(delivery, found.findings)
    counts = {"rows": found.rows, "good": found.good, "problems": problem_counts(found.findings)}
    counts["columns"] = columns_dict(delivery, found)
    differences = compare_all(delivery, found)
    counts["difference"] = [difference_dict(d) for d in differences]
    keep_samples(delivery, differences)
    counts["repairs"] = [{"name": r.name, "label": r.label, "rows": r.rows} for r in found.repairs]
    if found.readings is not None:
        counts["readings"] = found.readings.num_rows
    note_state(delivery, "previewed", counts=counts, mapping=found.mapping.to_dict(), **book)
    return found


def _no_book(problem: Problem) -> Any:
    from maehia.intake.reading import Book

    return Book(sheets=[], encoding="", format="", problems=[problem])


@transaction.atomic
def confirm_mapping(delivery: Delivery, mapping: Mapping, *, remember: bool = True) -> Delivery:
    """The officer says what the columns mean. Remembered with the source, it is used for its next files."""
    if not delivery.is_open:
        raise ProblemError(Problem("already_closed", "รายการนี้ปิดไปแล้ว จึงเปลี่ยนการจับคู่คอลัมน์ไม่ได้", delivery.filename))
    note_state(delivery, "mapped", mapping=mapping.to_dict())
    if remember:
        source = delivery.source
        source.mapping = mapping.to_dict()
        source.save(update_fields=["mapping"])
    return delivery


def keep_problems(delivery: Delivery, findings: Sequence[dict[str, Any]]) -> None:
    """Replace the list of problems of a delivery."""
    ProblemRow.objects.filter(delivery=delivery).delete()
    ProblemRow.objects.bulk_create(
        [
            ProblemRow(
                delivery=delivery, sheet=(f["sheet"] or "")[:80], row=f["row"], column=(f["column"] or "")[:120],
                code=f["code"][:40], what=f["what"][:500], fix=(f["fix"] or "")[:500], severity=f["severity"],
                value=(f["value"] or "")[:120],
            )
            for f in findings
        ],
        batch_size=2000,
    )  # fmt: skip


def problem_counts(findings: Sequence[dict[str, Any]]) -> dict[str, int]:
    """How many problems of each code, the most frequent first."""
    return dict(Counter(f["code"] for f in findings).most_common())


def compare_all(delivery: Delivery, found: Prepared) -> list[KindDifference]:
    return [difference(delivery.source, batch, delivery.mode) for batch in found.batches]


def keep_samples(delivery: Delivery, differences: Sequence[KindDifference]) -> None:
    """Keep the first changes of each kind, sealed, so that the page need not read the file again."""
    ChangeSample.objects.filter(delivery=delivery).delete()
    ChangeSample.objects.bulk_create(
        ChangeSample(delivery=delivery, kind=d.kind, body=json.dumps(sample_of(d), ensure_ascii=False))
        for d in differences
    )


def sample_of(found: KindDifference) -> dict[str, Any]:
    return {
        "changed": [{"ref": c.ref, "row": c.row_no, "fields": c.fields} for c in found.changed[:SHOWN_CHANGES]],
        "added": found.added[:SHOWN_CHANGES],
        "gone": found.gone[:SHOWN_CHANGES],
    }


def difference_dict(found: KindDifference) -> dict[str, Any]:
    """Counts and refs that may be kept: no values of people stand in a delivery's row."""
    return {
        "kind": found.kind, "new": len(found.added), "changed": found.changed_count, "gone": len(found.gone),
        "same": found.same,
        "fields": dict(Counter(name for change in found.changed for name in change.fields).most_common(12)),
    }  # fmt: skip


def columns_dict(delivery: Delivery, found: Prepared) -> list[dict[str, Any]]:
    """The file's columns with a few values of each, for the page that asks what they mean.

    A delivery's row is not a protected table: in lists about people only what is known to be impersonal stands whole.
    """
    sheet, mapping = main_sheet(found.book, found.mapping), found.mapping
    told = {
        c for name in mapping.fields if name not in kinds()[mapping.kind].personal for c in mapping.columns_of(name)
    }
    whole = set(sheet.header) if delivery.source.data_class == "open" else told
    return [
        {"name": c.name, "samples": [s if c.name in whole else masked(s) for s in c.samples[:3]]}
        for c in profile(sheet)
    ]


def masked(sample: str) -> str:
    """The first two characters: enough to know a column by."""
    return sample if sample.endswith("…") or "xx" in sample else mask(sample, personal=True)


def proposal_dict(found: Prepared) -> dict[str, Any]:
    """The proposal as the confirm page shows it."""
    proposal = found.proposal
    assert proposal is not None  # noqa: S101 (only called when there is one)
    return {
        "mapping": found.mapping.to_dict(), "confidence": proposal.confidence, "unmapped": proposal.unmapped,
        "questions": [{"code": q.code, "text": q.text, "options": list(q.options)} for q in proposal.questions],
        "field_confidence": proposal.field_confidence, "layout": layout_dict(found.book, found.mapping),
    }  # fmt: skip
