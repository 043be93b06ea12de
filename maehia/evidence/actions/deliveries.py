"""Receiving a file: hashed, encrypted under its own key, refused politely when it was here before."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from maehia.base import Problem, ProblemError
from maehia.evidence.models import Delivery, Source
from maehia.kit.acting import required
from maehia.kit.clock import now
from maehia.kit.crypto import create_file_key, decrypt_file, encrypt_file, open_file_key
from maehia.kit.modes import current_mode

CHUNK = 2**20
LEFT_OVER = 24 * 3600  # seconds after which a plain file belongs to a process that was killed


@transaction.atomic
def receive_file(source: Source, path: Path, filename: str, as_of: date) -> Delivery:
    """Keep the file of a source, encrypted. Raises ProblemError: same_file, source_locked, disk_full."""
    sha256, size = _fingerprint(path)
    _refuse_same(source, sha256, filename)
    if source.is_locked:
        raise ProblemError(
            Problem(
                "source_locked",
                f"แหล่งข้อมูล {source.name_th} ยังไม่มีหนังสืออนุญาต",
                filename,
                "บันทึกหนังสืออนุญาตก่อนส่งไฟล์",
            )
        )
    key_id, key = create_file_key()
    stored = f"{uuid.uuid4().hex}.mhf"
    _store(path, stored_path(stored), key)
    return Delivery.objects.create(
        source=source, filename=Path(filename).name[:255], sha256=sha256, size=size, stored_as=stored, file_key=key_id,
        as_of=as_of, received_at=now(), received_by=required().actor, mode=current_mode(),
    )  # fmt: skip


def _refuse_same(source: Source, sha256: str, filename: str) -> None:
    before = Delivery.objects.filter(source=source, sha256=sha256, mode=current_mode())
    before = before.exclude(state__in=["refused", "withdrawn"])
    if found := before.first():
        raise ProblemError(
            Problem(
                "same_file",
                f"ไฟล์นี้เคยส่งแล้ว (รายการที่ {found.pk}) เนื้อหาเหมือนเดิมทุกตัวอักษร จึงไม่ต้องส่งซ้ำ",
                filename,
                "ถ้าต้องการแก้ไขข้อมูล ให้ส่งไฟล์ฉบับใหม่ หรือถอนรายการเดิมก่อน",
            )
        )


def _fingerprint(path: Path) -> tuple[str, int]:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest(), path.stat().st_size


def _store(path: Path, target: Path, key: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with path.open("rb") as plain, target.open("xb") as sealed:
            encrypt_file(plain, sealed, key)
    except OSError as error:
        target.unlink(missing_ok=True)
        raise ProblemError(
            Problem("disk_full", f"เก็บไฟล์ไม่ได้: {error.strerror}", path.name, "เพิ่มพื้นที่ว่างในเครื่องแล้วส่งใหม่อีกครั้ง")
        ) from error


def stored_path(stored_as: str) -> Path:
    return Path(settings.FILES_DIR) / "deliveries" / stored_as


@contextmanager
def open_file(delivery: Delivery) -> Iterator[Path]:
    """The plain file in a private folder, gone when the block ends; what a killed process leaves is swept away."""
    if not delivery.file_key or not delivery.stored_as:
        raise ProblemError(Problem("no_file", "รายการนี้ไม่มีไฟล์เก็บไว้", delivery.filename))
    private = Path(settings.FILES_DIR) / "tmp"
    private.mkdir(parents=True, exist_ok=True, mode=0o700)
    sweep(private)
    # The name says whose it is: `sweep_files` removes it as soon as that process is gone.
    with tempfile.TemporaryDirectory(dir=private, prefix=f"{os.getpid()}-") as folder:
        path = Path(folder) / (Path(delivery.filename).name or "file")
        with stored_path(delivery.stored_as).open("rb") as sealed, path.open("wb") as plain:
            decrypt_file(sealed, plain, open_file_key(delivery.file_key))
        yield path


def sweep(folder: Path) -> None:
    """Remove plain files and folders of more than a day: nobody works on them any more."""
    for path in folder.iterdir():
        with suppress(FileNotFoundError):  # gone meanwhile: its owner has ended well
            if time.time() - path.lstat().st_mtime > LEFT_OVER:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def note_state(delivery: Delivery, state: str, **values: Any) -> Delivery:
    """Move an open delivery on; `counts` are added to, other values replaced."""
    counts = values.pop("counts", {})
    delivery.state = state
    delivery.counts = {**delivery.counts, **counts}
    for name, value in values.items():
        setattr(delivery, name, value)
    delivery.save(update_fields=["state", "counts", *values])
    return delivery


def refuse_delivery(delivery: Delivery, problem: Problem) -> Delivery:
    """Close a delivery that cannot be used; the file and the reason stay."""
    if not delivery.is_open:
        raise ProblemError(Problem("already_closed", "รายการนี้ปิดไปแล้ว", delivery.filename))
    return note_state(delivery, "refused", counts={"refused": problem.as_dict()})


def open_internal(source_key: str, title: str, as_of: date) -> Delivery:
    """A delivery without a file, for what the town itself writes."""
    return Delivery.objects.create(
        source_id=source_key, filename=title[:255], sha256=uuid.uuid4().hex, size=0, as_of=as_of, received_at=now(),
        received_by=required().actor, state="previewed", mode=current_mode(),
    )  # fmt: skip
