"""Files: taken in clean and encrypted, released by an officer, erased for good. Runs inside `acting()`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO
from uuid import UUID, uuid4

from django.db import transaction

from maehia.base import Problem, ProblemError
from maehia.forms import registry, storage
from maehia.forms.blurring import Box, blur_photo
from maehia.forms.files import read_file
from maehia.forms.models import PHOTO_ROLES, ROLES, Attachment
from maehia.forms.pdf import Pdf
from maehia.forms.photos import Photo
from maehia.kit.acting import required
from maehia.kit.clock import now
from maehia.kit.crypto import create_file_key, drop_file_key, open_file_key

Given = IO[bytes] | Photo | Pdf


@transaction.atomic
def attach(
    about: UUID,
    role: str,
    file: Given,
    name: str = "",
    *,
    id: UUID | None = None,
    person_key: UUID | None = None,
    is_confidential: bool = False,
) -> Attachment:
    """Keep a file about something: drawn anew (photo) or looked through (PDF), encrypted, not released.

    file: a stream, or what `read_file` made of it. role: of ROLES; photo, before and after take photos only. name: as
    its sender called it. Raises ProblemError of `read_file`, or disk_full.
    """
    if role not in dict(ROLES):
        raise ValueError(f"unknown role {role!r}")
    ready = file if isinstance(file, Photo | Pdf) else read_file(file, name, photo_only=role in PHOTO_ROLES)
    row = Attachment(
        id=id or uuid4(), about=about, role=role, name=name[-120:], person_key=person_key,
        is_confidential=is_confidential,
    )  # fmt: skip
    return _keep(row, ready)


def _keep(row: Attachment, ready: Photo | Pdf) -> Attachment:
    """Write the bytes, then the row; nothing stays on the disk when the row is refused."""
    row.file_key, key = create_file_key()
    full, small = (ready.data, b"") if isinstance(ready, Pdf) else (ready.jpeg, ready.small)
    row.kind, row.sha256, row.size = ("pdf" if isinstance(ready, Pdf) else "jpeg"), ready.sha256, len(full)
    row.received_sha256 = ready.sha256 if isinstance(ready, Pdf) else ready.received_sha256
    if isinstance(ready, Photo):
        row.width, row.height = ready.width, ready.height
    row.made_by, row.created_at = required().actor, now()
    try:
        row.stored_as = storage.put(full, key)
        row.small_as = storage.put(small, key) if small else ""
        with transaction.atomic():
            row.save(force_insert=True)
    except BaseException:
        storage.remove([row.stored_as, row.small_as])
        raise
    return row


@transaction.atomic
def release(attachment: Attachment | UUID, by: str = "") -> Attachment:
    """Let everybody see a photo. by: whose decision it was (default: who acts).

    Raises ProblemError: not_an_officer, sealed (about staff or corruption), erased, not_a_photo, blurred_stands (a
    copy with parts made unreadable exists: that one is for the public).
    """
    _refuse_subjects()
    row = _locked(attachment)
    if row.released_at:
        return row
    _check_releasable(row)
    row.released_at, row.released_by = now(), by or required().actor
    row.save(update_fields=["released_at", "released_by"])
    registry.tell_released(row)
    return row


def _check_releasable(row: Attachment) -> None:
    if row.is_confidential:
        raise ProblemError(Problem("sealed", "เรื่องลับไม่เผยแพร่ภาพ"))
    if row.kind != "jpeg" or row.role not in PHOTO_ROLES:  # a deed that was photographed is a document too
        raise ProblemError(Problem("not_a_photo", "เผยแพร่ได้เฉพาะภาพถ่าย เอกสารอาจมีข้อมูลส่วนบุคคล"))
    if row.blurred.filter(erased_at=None).exists():
        raise ProblemError(Problem("blurred_stands", "ภาพนี้มีฉบับที่ปิดบังแล้ว", fix="เผยแพร่ฉบับที่ปิดบัง หรือลบฉบับนั้นก่อน"))


@transaction.atomic
def unrelease(attachment: Attachment | UUID) -> Attachment:
    """Take a photo back from the public; at once, since nobody else keeps it for us."""
    _refuse_subjects()
    row = _locked(attachment)
    if row.released_at:
        row.released_at, row.released_by = None, ""
        row.save(update_fields=["released_at", "released_by"])
        registry.tell_released(row)
    return row


@transaction.atomic
def blur(attachment: Attachment | UUID, boxes: Iterable[Box]) -> Attachment:
    """A copy of a photo with boxes made unreadable, not released yet; the original is taken back from the public.

    Boxes of a copy are drawn over that copy, and belong to the same original. Raises ProblemError: not_an_officer,
    erased, not_a_photo, and those of `check_boxes`.
    """
    _refuse_subjects()
    row = _locked(attachment)
    if row.kind != "jpeg":
        raise ProblemError(Problem("not_a_photo", "ปิดบังได้เฉพาะภาพถ่าย"))
    ready = blur_photo(read_bytes(row), boxes, row.received_sha256)
    unrelease(row)
    copy = Attachment(
        about=row.about, role=row.role, name=row.name, person_key=row.person_key, is_confidential=row.is_confidential,
        original=row.original or row,
    )  # fmt: skip
    made = _keep(copy, ready)
    if row.original_id:  # a copy of the copy takes its place
        erase(row)
    return made


@transaction.atomic
def erase(attachment: Attachment | UUID) -> Attachment:
    """Forget the file's key and remove the file; the row stays as a mark with the hash alone. Safe to repeat."""
    row = _locked(attachment, erased=True)
    if row.erased_at:
        return row
    drop_file_key(str(row.file_key))
    names = [row.stored_as, row.small_as]
    row.erased_at, row.file_key, row.stored_as, row.small_as, row.name = now(), None, "", "", ""
    row.released_at, row.released_by = None, ""
    row.save()
    transaction.on_commit(lambda: storage.remove(names))
    return row


@transaction.atomic
def erase_about(about: UUID) -> int:
    """Erase every file about something; returns how many. For retention and redaction."""
    keys = list(Attachment.objects.filter(about=about, erased_at=None).values_list("pk", flat=True))
    for key in keys:
        erase(key)
    return len(keys)


@transaction.atomic
def seal(about: UUID, *, is_confidential: bool = True) -> int:
    """Files follow their case when it becomes confidential (or no longer is); released ones are taken back."""
    rows = Attachment.objects.filter(about=about)
    if is_confidential:
        rows.update(released_at=None, released_by="")
    return rows.update(is_confidential=is_confidential)


def read_bytes(row: Attachment, *, small: bool = False) -> bytes:
    """The plain file. Raises FileKeyDropped when it was erased."""
    return storage.get((small and row.small_as) or row.stored_as, open_file_key(str(row.file_key)))


def _locked(attachment: Attachment | UUID, *, erased: bool = False) -> Attachment:
    key = attachment.pk if isinstance(attachment, Attachment) else attachment
    row = Attachment.objects.select_for_update().filter(pk=key).first()
    if row is None or (row.erased_at and not erased):
        raise ProblemError(Problem("erased", "ไม่พบไฟล์นี้ หรือไฟล์ถูกลบแล้ว"))
    return row


def _refuse_subjects() -> None:
    """Who filed a case does not decide what the public sees of it."""
    scope = required().scope
    if scope is not None and scope.kind == "subject":
        raise ProblemError(Problem("not_an_officer", "การเผยแพร่ภาพเป็นหน้าที่ของเจ้าหน้าที่"))
