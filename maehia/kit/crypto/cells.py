"""One cell: 2 bytes key version, 12 bytes nonce, AES-256-GCM of the text, 16 bytes tag (30 bytes more).

The additional data is "table.column|version", so that a cell copied into another column does not open.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterable, Sequence
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from maehia.base import Problem, ProblemError
from maehia.kit.crypto.keyring import keyring

VERSION_BYTES = 2
NONCE_BYTES = 12
INDEX_BYTES = 16
INDEX_KINDS = frozenset({"id", "id4", "phone", "phone4", "subject", "line", "link"})


class CannotDecrypt(ProblemError):
    """A cell was changed, or belongs to another column, or its key is another one."""

    def __init__(self, aad: str) -> None:
        super().__init__(
            Problem(
                "cannot_decrypt",
                "ถอดรหัสข้อมูลไม่ได้ ข้อมูลอาจถูกแก้ไขหรือใช้กุญแจผิดชุด",
                aad,
                "ตรวจชุดกุญแจ แล้วคืนข้อมูลจากชุดสำรองถ้าจำเป็น",
            )
        )


def encrypt(text: str, aad: str, ring: str = "main") -> bytes:
    """Encrypt one text with the newest key of `ring`. aad: "table.column"."""
    return encrypt_many([text], aad, ring)[0]  # type: ignore[return-value]


def decrypt(cell: bytes, aad: str, ring: str = "main") -> str:
    """The text of a cell. Raises CannotDecrypt, or ProblemError when its key is gone."""
    return _open(bytes(cell), aad, ring)


def encrypt_many(texts: Iterable[str | None], aad: str, ring: str = "main") -> list[bytes | None]:
    """Encrypt a column; None stays None. About 3 microseconds a cell."""
    version, key = keyring().current(ring)
    cipher, prefix, data = _cipher(key), version.to_bytes(VERSION_BYTES, "big"), _aad(aad, version)
    cells: list[bytes | None] = []
    for text in texts:
        if text is None:
            cells.append(None)
        else:
            nonce = os.urandom(NONCE_BYTES)
            cells.append(prefix + nonce + cipher.encrypt(nonce, text.encode(), data))
    return cells


def decrypt_many(cells: Sequence[bytes | None], aad: str, ring: str = "main") -> list[str | None]:
    """The texts of a column; None stays None."""
    return [None if cell is None else _open(bytes(cell), aad, ring) for cell in cells]


def key_version(cell: bytes) -> int:
    """Which version of its ring a cell is encrypted with."""
    return int.from_bytes(bytes(cell[:VERSION_BYTES]), "big")


def blind_index(kind: str, value: str) -> bytes:
    """16 bytes that are equal for equal values and tell nothing without the key. For exact search.

    kind: id, id4 (last four of it), phone, phone4, subject (of an identity provider), line (a user there), link (of
    what a secret address opens). For id4 and phone4 give the whole value or the last four characters: only these
    count. Raises ValueError for an empty value.
    """
    if kind not in INDEX_KINDS:
        raise ValueError(f"unknown kind of blind index {kind!r}")
    if kind.endswith("4"):
        value = value[-4:]
    if not value:
        raise ValueError("a blind index needs a value")
    _, key = keyring().current("index")
    return hmac.digest(key, f"{kind}:{value}".encode(), hashlib.sha256)[:INDEX_BYTES]


def _aad(aad: str, version: int) -> bytes:
    return f"{aad}|{version}".encode()


def _open(cell: bytes, aad: str, ring: str) -> str:
    if len(cell) <= VERSION_BYTES + NONCE_BYTES:
        raise CannotDecrypt(aad)
    version = key_version(cell)
    nonce = cell[VERSION_BYTES : VERSION_BYTES + NONCE_BYTES]
    try:
        plain = _cipher(keyring().key(ring, version)).decrypt(
            nonce, cell[VERSION_BYTES + NONCE_BYTES :], _aad(aad, version)
        )
    except InvalidTag as error:
        raise CannotDecrypt(aad) from error
    return plain.decode()


@lru_cache(maxsize=64)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)
