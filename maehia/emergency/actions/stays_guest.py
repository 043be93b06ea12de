"""Who comes to a shelter, as it was told, and how that becomes columns."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings

from maehia.access.actions import log_read
from maehia.city.models import Person
from maehia.emergency.actions.incidents import refused
from maehia.emergency.models import Shelter, Stay, StayNeed
from maehia.emergency.queries.shelters_words import need_words
from maehia.emergency.rules.shelters_bands import read_band
from maehia.evidence.queries import index_of
from maehia.kit import clock
from maehia.thai import is_national_id, normalize_phone, to_arabic

GROUND = "PDPA s.26(1)"  # what is needed to keep somebody safe who was carried in; confirmed or removed afterwards
SEXES = ("", "m", "f", "x")


@dataclass(frozen=True, slots=True)
class Guest:
    """One person as told. national_id, phone, band: as typed. needs: codes of the data file. id: of the new stay."""

    name: str = ""
    person_key: UUID | None = None
    national_id: str = ""
    phone: str = ""
    sex: str = ""
    age: int | None = None
    moo: int | None = None
    needs: tuple[str, ...] = ()
    band: str = ""
    overnight: bool = True
    pets: int = 0
    household_key: UUID | None = None
    id: UUID | None = None

    def as_json(self) -> str:
        """What desks keep and send: everything but the id of the stay."""
        plain = {name: str(value) if isinstance(value, UUID) else value for name, value in asdict(self).items()}
        return json.dumps({**plain, "id": None}, ensure_ascii=False, sort_keys=True)


def guest_of(told: Mapping[str, Any]) -> Guest:
    """A guest from JSON that a desk sent. Raises ProblemError bad_guest for what has another shape."""
    try:
        keys = {name: UUID(str(told[name])) if told.get(name) else None for name in ("person_key", "household_key")}
        texts = {name: str(told.get(name) or "")[:200] for name in ("name", "national_id", "phone", "sex", "band")}
        counts = {name: int(told[name]) if told.get(name) not in (None, "") else None for name in ("age", "moo")}
        rest: dict[str, Any] = {
            "needs": tuple(sorted(str(code) for code in told.get("needs") or ())), "pets": int(told.get("pets") or 0),
            "overnight": bool(told.get("overnight", True)), **keys, **texts, **counts,
        }  # fmt: skip
        return Guest(**rest)
    except (AttributeError, TypeError, ValueError) as error:
        raise refused("bad_guest", "ข้อมูลผู้พักพิงจากโต๊ะออฟไลน์อ่านไม่ได้", "", "ตรวจรายการแล้วบันทึกใหม่ด้วยมือ") from error


def fingerprint(*parts: str) -> bytes:
    """A keyed hash of content: equal for equal content, and nobody finds a name in it by trying."""
    return hmac.digest(settings.SECRET_KEY.encode(), "\0".join(parts).encode(), hashlib.sha256)


def columns_of(guest: Guest, shelter: Shelter) -> dict[str, Any]:
    """The columns of a stay. A known national ID or key is looked up in the register, which fills what was not told.

    Raises ProblemError: bad_id, bad_phone, bad_age, bad_sex, bad_needs, bad_band, band_of_other_mode, no_person,
    nameless (neither a name nor a wristband).
    """
    guest = from_register(_cleaned(guest))
    band = read_band(guest.band, shelter.mode)
    if not (guest.name or band):
        raise refused("nameless", "ต้องมีชื่อ หรือหมายเลขสายรัดข้อมือ อย่างใดอย่างหนึ่ง", "name",
                      "ถ้าไม่มีบัตรหรือบอกชื่อไม่ได้ ให้สวมสายรัดข้อมือ")  # fmt: skip
    return {
        "person_key": guest.person_key, "id_index": index_of("id", guest.national_id or None),
        "name": guest.name or None, "phone": guest.phone or None, "phone_index": index_of("phone", guest.phone or None),
        "sex": guest.sex, "age": guest.age, "moo": guest.moo, "band": band, "overnight": guest.overnight,
        "pets": guest.pets, "household_key": guest.household_key,
    }  # fmt: skip


def _cleaned(guest: Guest) -> Guest:
    digits = "".join(c for c in to_arabic(guest.national_id) if c.isdigit())
    if guest.national_id.strip() and not is_national_id(digits):
        raise refused("bad_id", "เลขประจำตัวประชาชนไม่ถูกต้อง", "national_id", "ตรวจเลข 13 หลัก หรือเว้นว่างไว้")
    phone = normalize_phone(guest.phone) or ""
    if guest.phone.strip() and not phone:
        raise refused("bad_phone", "หมายเลขโทรศัพท์ไม่ถูกต้อง", "phone", "ตรวจหมายเลข หรือเว้นว่างไว้")
    if (guest.age is not None and not 0 <= guest.age <= 130) or not 0 <= guest.pets <= 50:
        raise refused("bad_age", "อายุหรือจำนวนสัตว์เลี้ยงไม่ถูกต้อง", "age", "กรอกตัวเลขใหม่ หรือเว้นว่างไว้")
    if guest.sex not in SEXES:
        raise refused("bad_sex", "เพศไม่ถูกต้อง", "sex", "เลือกจากรายการ หรือเว้นว่างไว้")
    if set(guest.needs) - set(need_words()):
        raise refused("bad_needs", "ความต้องการพิเศษไม่ถูกต้อง", "needs", "เลือกจากรายการ")
    return replace(guest, national_id=digits, phone=phone, name=" ".join(guest.name.split())[:200])


def from_register(guest: Guest) -> Guest:
    """The same guest with what the register knows of her; each found person is a read in the log."""
    person = _person(guest)
    if person is None:
        return guest
    log_read("person", [person.key], via="shelter")
    return replace(
        guest, person_key=person.key, name=guest.name or person.full_name, sex=guest.sex or sex_of(person.sex),
        age=guest.age if guest.age is not None else age_on(person.birth, clock.today()), moo=guest.moo or person.moo,
        phone=guest.phone or person.phone or "", national_id=guest.national_id or person.national_id or "",
    )  # fmt: skip


def _person(guest: Guest) -> Person | None:
    if guest.person_key is not None:
        found = Person.objects.filter(key=guest.person_key).first()
        if found is None:
            raise refused("no_person", "ไม่พบบุคคลนี้ในทะเบียน", "person", "ค้นหาอีกครั้ง หรือบันทึกโดยไม่อ้างทะเบียน")
        return found
    if not guest.national_id:
        return None
    same = list(Person.objects.filter(id_index=index_of("id", guest.national_id))[:2])
    return same[0] if len(same) == 1 else None


def sex_of(told: str) -> str:
    """m, f or "" from the register's letters (M, F, ช, ญ, 1, 2)."""
    return {"m": "m", "1": "m", "ช": "m", "f": "f", "2": "f", "ญ": "f"}.get(told.lower(), "")


def age_on(birth: date | None, day: date) -> int | None:
    """Whole years on a day; None when the birth is unknown or lies ahead."""
    if birth is None or birth > day:
        return None
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def keep_needs(stay: Stay, needs: Iterable[str]) -> None:
    """Replace what a stay needs."""
    stay.needs.all().delete()
    StayNeed.objects.bulk_create(
        StayNeed(stay=stay, mode=stay.mode, need=code, ground=GROUND) for code in sorted(set(needs))
    )


def new_key() -> UUID:
    return uuid4()
