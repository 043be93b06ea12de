"""What a POST says: a report, read from its form fields with every fault named. No database."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from maehia.services.api.open311.asked import finite, value
from maehia.services.api.open311.faults import Fault, about, bad
from maehia.services.api.open311.questions import sent_answers
from maehia.thai import normalize_phone

T = TypeVar("T")
MOST_DESCRIPTION = 4000  # code points, after CRLF became LF
MOST_URL = 2000
PLAIN = {
    "first_name": 120,
    "last_name": 120,
    "device_id": 200,
    "account_id": 200,
    "address_string": 500,
    "address_id": 200,
}
_FOREIGN_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")


@dataclass(frozen=True, slots=True)
class Sent:
    """A report as it was sent. point: (lon, lat) or None. answers: by code, not yet held against the questions."""

    service_code: str
    point: tuple[float, float] | None
    address: str
    address_id: str
    description: str
    name: str
    phone: str
    email: str
    device_id: str
    account_id: str
    media_url: str
    answers: dict[str, list[str]] = field(default_factory=dict)


def read_report(fields: Mapping[str, Sequence[str]]) -> Sent:
    """The report of a form. Raises Fault 400 with all that is wrong with it; a missing service_code alone."""
    given = {name: values[-1] for name, values in fields.items() if values}
    code = value(given, "service_code")
    if not code:
        raise bad("service_code", "ต้องระบุประเภทเรื่อง", "is required")
    wrong: list[str] = []
    plain = {name: _short(given, name, most, wrong) for name, most in PLAIN.items()}
    found = Sent(
        code, _take(wrong, read_point, given), plain["address_string"], plain["address_id"],
        _take(wrong, read_description, given) or "", " ".join(filter(None, (plain["first_name"], plain["last_name"]))),
        _take(wrong, read_phone, given) or "", _take(wrong, read_email, given) or "", plain["device_id"],
        plain["account_id"], _take(wrong, read_media_url, given) or "", sent_answers(fields),
    )  # fmt: skip
    if not wrong and not (found.point or found.address or found.address_id):
        wrong.append(
            about("lat, long, address_string, address_id", "ต้องระบุสถานที่แบบใดแบบหนึ่ง", "one location is required")
        )
    if wrong:
        raise Fault(400, *wrong)
    return found


def _take(wrong: list[str], read: Callable[[Mapping[str, str]], T], given: Mapping[str, str]) -> T | None:
    try:
        return read(given)
    except Fault as fault:
        wrong.extend(fault.descriptions)
        return None


def _short(given: Mapping[str, str], name: str, most: int, wrong: list[str]) -> str:
    text = value(given, name)
    if len(text) > most:
        wrong.append(about(name, f"ยาวเกิน {most} ตัวอักษร", f"longer than {most} characters"))
    return text


def read_point(given: Mapping[str, str]) -> tuple[float, float] | None:
    """(lon, lat); both or neither. A swapped pair is out of range here, never turned round in silence."""
    texts = {"lat": value(given, "lat"), "long": value(given, "long")}
    if not any(texts.values()):
        return None
    for name, text in texts.items():
        if not text:
            raise bad(name, "ต้องส่ง lat และ long คู่กัน", "lat and long go together")
    return _degrees("long", texts["long"], 180), _degrees("lat", texts["lat"], 90)


def _degrees(name: str, text: str, most: int) -> float:
    number = finite(text)
    if number is None or abs(number) > most:
        raise bad(name, f"ต้องเป็นตัวเลขระหว่าง -{most} ถึง {most}", f"must be a number from -{most} to {most}")
    return number


def read_description(given: Mapping[str, str]) -> str:
    """Plain text; tags in it stay text and are escaped wherever it is shown."""
    text = (given.get("description") or "").replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if len(text) > MOST_DESCRIPTION:
        raise bad("description", "ยาวเกิน 4000 ตัวอักษร", "longer than 4000 characters")
    return text if text.strip() else ""


def read_phone(given: Mapping[str, str]) -> str:
    text = value(given, "phone")
    if not text:
        return ""
    bare = re.sub(r"[\s().-]", "", text)
    if _FOREIGN_PHONE.fullmatch(bare) and not bare.startswith("+66"):
        return bare
    found = normalize_phone(text)
    if not found:
        raise bad("phone", "ไม่ใช่หมายเลขโทรศัพท์", "is no phone number")
    return found


def read_email(given: Mapping[str, str]) -> str:
    text = value(given, "email")
    if text:
        try:
            validate_email(text)
        except ValidationError as error:
            raise bad("email", "ไม่ใช่ที่อยู่อีเมล", "is no e-mail address") from error
    return text


def read_media_url(given: Mapping[str, str]) -> str:
    text = value(given, "media_url")
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        fine = parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fine = False
    if not fine or len(text) > MOST_URL or re.search(r"[\s<>\"\\]", text):
        raise bad("media_url", "ต้องเป็นที่อยู่เต็มแบบ http หรือ https", "must be an absolute http(s) URL")
    return text
