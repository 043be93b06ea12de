"""Two cases that are one: the child closes, its followers move to the parent, and all of it can be undone."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from maehia.kit.clock import now
from maehia.services.actions.base import append, locked, refused, save
from maehia.services.actions.moving import Said, apply, check
from maehia.services.actions.telling import tell
from maehia.services.models import Case, CaseLink, Party


@transaction.atomic
def merge(child_id: UUID, parent_id: UUID, *, by: str, why: str = "", version: int | None = None) -> CaseLink:
    """Close the child as a duplicate of the parent. One level only: a parent is no duplicate, a child has none.

    Raises ProblemError: merge_self, parent_is_duplicate, child_is_parent, merge_sealed, move_refused.
    """
    child, parent = _both(child_id, parent_id, version)
    _check(child, parent)
    said = Said(note=why.strip(), parent=parent.pk)
    check(child, "duplicate", by, said)
    moved = Party.objects.filter(case_id=child.pk)
    tell(child, "case.merged", {"parent": parent.number})
    moved.update(case_id=parent.pk, moved_from=child.pk)
    link = CaseLink.objects.create(kind="duplicate", parent=parent, child=child, why=why.strip(), by=by, at=now())
    child.parent_id = parent.pk
    apply(child, "duplicate", by=by, said=said, quiet=True)
    save(child, "parent")
    parent.me_too += 1 + child.me_too
    append(parent, "merge", by=by, value={"child": child.number, "count": parent.me_too})
    save(parent, "me_too", public=True)
    return link


def _both(child_id: UUID, parent_id: UUID, version: int | None) -> tuple[Case, Case]:
    """Both, locked in the order of their keys, so that two officers who merge crosswise do not wait for each other."""
    if str(child_id) == str(parent_id):
        raise refused("merge_self", "รวมเรื่องกับตัวเองไม่ได้", fix="เลือกเรื่องหลักอีกเรื่อง")
    first, second = sorted((str(child_id), str(parent_id)))
    held = {first: locked(first, version if first == str(child_id) else None)}
    held[second] = locked(second, version if second == str(child_id) else None)
    return held[str(child_id)], held[str(parent_id)]


def _check(child: Case, parent: Case) -> None:
    if parent.state == "duplicate" or parent.state_type == "hidden":
        raise refused("parent_is_duplicate", "เรื่องหลักที่เลือกเป็นเรื่องซ้ำหรือถูกซ่อนอยู่", parent.number, "เลือกเรื่องหลักของเรื่องนั้น")
    if CaseLink.objects.filter(parent_id=child.pk, kind="duplicate", undone_at=None).exists():
        raise refused("child_is_parent", "เรื่องนี้เป็นเรื่องหลักของเรื่องอื่นอยู่", child.number, "รวมอีกเรื่องเข้ากับเรื่องนี้แทน")
    if child.is_confidential != parent.is_confidential:
        raise refused("merge_sealed", "รวมเรื่องลับกับเรื่องทั่วไปไม่ได้", child.number)
    if child.kind != parent.kind:
        raise refused("other_kind", "รวมเรื่องแจ้งกับคำขอไม่ได้", child.number)


@transaction.atomic
def unmerge(link_id: int, *, by: str) -> Case:
    """Undo a merge: the child is open again, its own followers return. Raises ProblemError no_link."""
    link = CaseLink.objects.select_for_update().filter(pk=link_id, kind="duplicate", undone_at=None).first()
    if link is None:
        raise refused("no_link", "การรวมนี้ถูกยกเลิกไปแล้ว หรือไม่มีอยู่")
    child, parent = _both(link.child_id, link.parent_id, None)
    link.undone_at, link.undone_by = now(), by
    link.save(update_fields=["undone_at", "undone_by"])
    Party.objects.filter(case_id=parent.pk, moved_from=child.pk).update(case_id=child.pk, moved_from=None)
    parent.me_too = max(0, parent.me_too - 1 - child.me_too)
    append(parent, "unmerge", by=by, value={"child": child.number, "count": parent.me_too})
    save(parent, "me_too", public=True)
    child.parent_id = None
    check(child, "submitted", by, Said())
    apply(child, "submitted", by=by, said=Said(), quiet=True)
    save(child, "parent")
    tell(child, "case.unmerged")
    return child
