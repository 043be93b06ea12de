"""Sealing a stream to the recovery key: X25519 for the key, AES-256-GCM in chunks for the bytes.

Form of a sealed file: MAGIC, one line of JSON (recovery key's id, ephemeral public key, when, what), then
chunks of CHUNK + 16 bytes. Chunk n is bound to the header, to n and to whether it is the last one, so a
file that was cut, joined or reordered does not open. The private key is on the printed sheets only.
"""

from __future__ import annotations

import hashlib
import io
import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from maehia.base import Problem, ProblemError

MAGIC = b"maehia-sealed-1\n"
CHUNK = 2**20
TAG = 16
RAW = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def key_id(public: bytes) -> str:
    """The short name of a recovery key, printed on its sheets: 8 letters of its hash."""
    return hashlib.sha256(public).hexdigest()[:8]


def public_of(private: bytes) -> bytes:
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes(*RAW)


def _stream_key(shared: bytes, ephemeral: bytes, public: bytes) -> AESGCM:
    derived = HKDF(hashes.SHA256(), 32, salt=ephemeral + public, info=b"maehia backup v1").derive(shared)
    return AESGCM(derived)


class SealedWriter(io.RawIOBase):
    """A writable stream that seals what is written to `target`; `close` writes the last chunk."""

    def __init__(self, target: BinaryIO, public: bytes, about: dict[str, Any]) -> None:
        ephemeral = X25519PrivateKey.generate()
        seen = ephemeral.public_key().public_bytes(*RAW)
        header = {"key": key_id(public), "ephemeral": b64encode(seen).decode(), **about}
        self._header = json.dumps(header, ensure_ascii=False).encode() + b"\n"
        self._cipher = _stream_key(ephemeral.exchange(X25519PublicKey.from_public_bytes(public)), seen, public)
        self._target, self._rest, self._count = target, bytearray(), 0
        target.write(MAGIC + self._header)

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._rest += data
        while len(self._rest) > CHUNK:
            self._put(bytes(self._rest[:CHUNK]), last=False)
            del self._rest[:CHUNK]
        return len(data)

    def _put(self, chunk: bytes, *, last: bool) -> None:
        bound = self._header + bytes([last])
        self._target.write(self._cipher.encrypt(self._count.to_bytes(12, "big"), chunk, bound))
        self._count += 1

    def close(self) -> None:
        if not self.closed:
            self._put(bytes(self._rest), last=True)
            self._target.flush()
        super().close()


def header_of(source: BinaryIO) -> tuple[bytes, dict[str, Any]]:
    """The header line as it stands and as values; raises ProblemError when it is not a sealed file."""
    if source.read(len(MAGIC)) != MAGIC:
        raise ProblemError(Problem("not_a_backup", "ไฟล์นี้ไม่ใช่ข้อมูลสำรองของระบบ", fix="เลือกไฟล์ที่ลงท้ายด้วย .maehia"))
    line = source.readline(65536)
    try:
        return line, json.loads(line)
    except ValueError as error:
        raise ProblemError(_damaged()) from error


def _damaged() -> Problem:
    return Problem("backup_damaged", "ไฟล์ข้อมูลสำรองเสียหายหรือไม่ครบ", fix="คัดลอกไฟล์จากต้นทางอีกครั้ง หรือใช้ข้อมูลสำรองวันก่อน")


def open_sealed(source: BinaryIO, private: bytes) -> Iterator[bytes]:
    """The plain chunks of a sealed file, each checked before it is given out.

    Raises ProblemError for another key and for a damaged or cut file.
    """
    line, header = header_of(source)
    public = public_of(private)
    if header["key"] != key_id(public):
        raise ProblemError(
            Problem(
                "wrong_recovery_key",
                f"ไฟล์นี้ปิดผนึกด้วยกุญแจ {header['key']} แต่ใบที่ให้มาเป็นของกุญแจ {key_id(public)}",
                fix="ใช้ใบกู้คืนที่มีรหัสกุญแจตรงกัน",
            )
        )
    ephemeral = b64decode(header["ephemeral"])
    shared = X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(ephemeral))
    cipher, count = _stream_key(shared, ephemeral, public), 0
    chunk = source.read(CHUNK + TAG)
    while True:
        following = source.read(CHUNK + TAG)
        try:
            yield cipher.decrypt(count.to_bytes(12, "big"), chunk, line + bytes([not following]))
        except InvalidTag as error:
            raise ProblemError(_damaged()) from error
        if not following:
            return
        chunk, count = following, count + 1


class Opened(io.RawIOBase):
    """The plain bytes of a sealed file as a readable stream (for tarfile's stream mode)."""

    def __init__(self, source: BinaryIO, private: bytes) -> None:
        self._chunks, self._rest = open_sealed(source, private), b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            try:
                self._rest = next(self._chunks)
            except StopIteration:
                return 0
            if not self._rest:
                return 0
        taken = min(len(buffer), len(self._rest))
        buffer[:taken], self._rest = self._rest[:taken], self._rest[taken:]
        return taken
