"""Files under a key of their own: dropping the key erases the file wherever a copy of it lies.

Format: 4 bytes "MHF1", 7 random bytes, then chunks of 1 MiB, each AES-256-GCM with the nonce
(7 bytes, counter, 1 when it is the last), so that chunks cannot be swapped, dropped or added.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from maehia.base import Problem, ProblemError
from maehia.kit import clock
from maehia.kit.crypto import cells
from maehia.kit.crypto.keyring import KEY_BYTES, keyring

MAGIC = b"MHF1"
PREFIX_BYTES = 7
CHUNK = 2**20
TAG_BYTES = 16
RING = "files"


class FileKeyDropped(ProblemError):
    """The file was redacted: its key does not exist any more."""

    def __init__(self, key_id: UUID | str) -> None:
        super().__init__(Problem("file_redacted", "ไฟล์นี้ถูกลบถาวรแล้ว เหลือเพียงลายนิ้วมือของไฟล์", str(key_id), ""))


def create_file_key() -> tuple[UUID, bytes]:
    """(id, key) of a new file key; its wrapped form is kept in table kit_file_key."""
    from maehia.kit.models import FileKey

    key = os.urandom(KEY_BYTES)
    row = FileKey()
    row.wrapped = wrap(key, row.id)
    row.save(force_insert=True)
    return row.id, key


def open_file_key(key_id: UUID | str) -> bytes:
    """The key of a file. Raises FileKeyDropped after redaction."""
    from maehia.kit.models import FileKey

    row = FileKey.objects.get(pk=key_id)
    if row.wrapped is None:
        raise FileKeyDropped(key_id)
    return unwrap(bytes(row.wrapped), row.id)


def drop_file_key(key_id: UUID | str) -> None:
    """Redact: forget the key for ever. Safe to repeat."""
    from maehia.kit.models import FileKey

    FileKey.objects.filter(pk=key_id, wrapped__isnull=False).update(wrapped=None, dropped_at=clock.now())


def wrap(key: bytes, key_id: UUID) -> bytes:
    """A file's key encrypted under the newest key of ring "files"."""
    version, wrapping = keyring().current(RING)
    nonce = os.urandom(cells.NONCE_BYTES)
    return version.to_bytes(2, "big") + nonce + AESGCM(wrapping).encrypt(nonce, key, _aad(key_id, version))


def unwrap(wrapped: bytes, key_id: UUID) -> bytes:
    version, nonce = cells.key_version(wrapped), wrapped[2 : 2 + cells.NONCE_BYTES]
    wrapping = keyring().key(RING, version)
    try:
        return AESGCM(wrapping).decrypt(nonce, wrapped[2 + cells.NONCE_BYTES :], _aad(key_id, version))
    except InvalidTag as error:
        raise cells.CannotDecrypt("kit_file_key.wrapped") from error


def encrypt_file(source: BinaryIO, target: BinaryIO, key: bytes) -> None:
    """Encrypt a stream, one chunk in memory at a time."""
    prefix = os.urandom(PREFIX_BYTES)
    cipher = AESGCM(key)
    target.write(MAGIC + prefix)
    number, chunk = 0, source.read(CHUNK)
    while True:
        following = source.read(CHUNK)
        target.write(cipher.encrypt(_nonce(prefix, number, last=not following), chunk, MAGIC))
        if not following:
            return
        number, chunk = number + 1, following


def decrypt_file(source: BinaryIO, target: BinaryIO, key: bytes) -> None:
    """Decrypt a stream. Raises CannotDecrypt when anything of it was changed, cut or added."""
    for chunk in decrypted_chunks(source, key):
        target.write(chunk)


def decrypted_chunks(source: BinaryIO, key: bytes) -> Iterator[bytes]:
    """The plain text of a stream, chunk by chunk."""
    header = source.read(len(MAGIC) + PREFIX_BYTES)
    if header[: len(MAGIC)] != MAGIC or len(header) != len(MAGIC) + PREFIX_BYTES:
        raise cells.CannotDecrypt("file")
    prefix, cipher = header[len(MAGIC) :], AESGCM(key)
    number, chunk = 0, source.read(CHUNK + TAG_BYTES)
    while True:
        following = source.read(CHUNK + TAG_BYTES)
        try:
            yield cipher.decrypt(_nonce(prefix, number, last=not following), chunk, MAGIC)
        except InvalidTag as error:
            raise cells.CannotDecrypt("file") from error
        if not following:
            return
        number, chunk = number + 1, following


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + (b"\x01" if last else b"\x00")


def _aad(key_id: UUID, version: int) -> bytes:
    return f"kit_file_key|{key_id}|{version}".encode()
