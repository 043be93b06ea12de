"""The code on a document by which anybody checks it: 80 random bits, in letters that are not mixed up."""

from __future__ import annotations

import hashlib
import re
import secrets
from uuid import UUID

from maehia import thai

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U
LENGTH, GROUP = 16, 4
ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
_CODE = re.compile(f"[{LETTERS}]{{{LENGTH}}}")


def new_code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def show_code(code: str) -> str:
    """K7QF-3M2P-9TXD-41AB."""
    return "-".join(code[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def read_code(typed: str) -> str | None:
    """The code of what somebody typed: small letters, spaces, dashes and O for 0 are taken. None when it is none."""
    code = re.sub(r"[\s\-]", "", thai.to_arabic(typed[:80])).upper().translate(ALIKE)
    return code if _CODE.fullmatch(code) else None


def verify_key(code: str) -> UUID:
    """The key by which the database finds the document; the code itself lies encrypted."""
    return UUID(bytes=hashlib.sha256(f"maehia.document|{code}".encode()).digest()[:16])
