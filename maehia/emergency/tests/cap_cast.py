"""The golden message of the CAP tests, and ways to bend it. Everything in it is invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import shapely
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from maehia.emergency.rules.cap import Alert, Area, Context, Info, Known, Pair, Resource, Triple
from maehia.emergency.rules.cap.sign import Key

EARLIER = Triple("eoc@maehia.go.th", "maehia.go.th-2026-11-21-0001", "2026-11-21T16:00:00+07:00")
RING = "18.740,98.950 18.740,98.970 18.725,98.970 18.725,98.950 18.740,98.950"
EXPIRES = "2026-11-21T23:30:00+07:00"
THAI = Info(
    language="th-TH", categories=("Met",), event="น้ำท่วมฉับพลัน", responses=("Evacuate",), urgency="Immediate",
    severity="Severe", certainty="Observed", event_codes=(Pair("OET:v1.2", "OET-079"),),
    effective="2026-11-21T17:30:00+07:00", onset="2026-11-21T17:00:00+07:00", expires=EXPIRES,
    sender_name="ศูนย์ปฏิบัติการฉุกเฉิน เทศบาลเมืองแม่เหียะ", headline="ฝึกซ้อม: น้ำป่าเข้าหมู่ 4 ให้อพยพทันที",
    description="น้ำป่าล้นลำห้วยเข้าบ้านเรือนหมู่ 4 ตั้งแต่ 17.00 น. ระดับน้ำยังสูงขึ้น",
    instruction="ไปศูนย์พักพิงที่เจ้าหน้าที่แจ้ง ปิดไฟฟ้าก่อนออกจากบ้าน ห้ามลุยน้ำไหล", web="https://www.maehia.go.th/alerts/",
    contact="053 000 199",
    areas=(Area("หมู่ 4 ตำบลแม่เหียะ", polygons=(RING,), geocodes=(Pair("TIS1099", "500109"),)),),
)  # fmt: skip
ENGLISH = replace(
    THAI, language="en", event="Flash flood", sender_name="Emergency Operations Centre, Mae Hia Town",
    headline="Exercise: flash flood in Moo 4, leave now", description="Water has entered homes in Moo 4 since 17:00.",
    instruction="Go to the shelter that officers name. Do not wade through moving water.",
    areas=(replace(THAI.areas[0], desc="Moo 4, Mae Hia"),),
)  # fmt: skip
GOLDEN = Alert(
    identifier="maehia.go.th-2026-11-21-0002", sender="eoc@maehia.go.th", sent="2026-11-21T17:30:00+07:00",
    status="Exercise", msg_type="Update", scope="Public", note="EX-2569-03", references=str(EARLIER),
    incidents="MH-2569-0007", infos=(THAI, ENGLISH),
)  # fmt: skip
# A square of about 11 km round the invented town.
TOWN = shapely.box(98.90, 18.68, 99.00, 18.78)
FILE = Resource("แผนที่", "image/png", size="68", uri="https://www.maehia.go.th/map.png")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def known(number: int = 1, msg_type: str = "Alert", *, sent: str = EARLIER.sent, expires: str | None = EXPIRES,
          references: tuple[Triple, ...] = (), status: str = "Exercise", sha256: str = "") -> Known:  # fmt: skip
    """A message that is out already: number 1 is the one that the golden message refers to."""
    triple = Triple("eoc@maehia.go.th", f"maehia.go.th-2026-11-21-{number:04d}", sent)
    return Known(triple, msg_type, at(sent), at(expires) if expires else None, references, status, sha256)


def ours(*more: Known, **options: Any) -> Context:
    """The context in which the golden message is about to be published."""
    values = {"publishing": True, "now": at("2026-11-21T17:30:30+07:00"), "known": (known(), *more), "place": TOWN,
              "sender": "eoc@maehia.go.th"}  # fmt: skip
    return Context(**{**values, **options})


def head(**changes: Any) -> Alert:
    return replace(GOLDEN, **changes)


def body(**changes: Any) -> Alert:
    """Every info changed."""
    return replace(GOLDEN, infos=tuple(replace(info, **changes) for info in GOLDEN.infos))


def first(**changes: Any) -> Alert:
    """The Thai info changed, the English one as it was."""
    return replace(GOLDEN, infos=(replace(THAI, **changes), ENGLISH))


def place(**changes: Any) -> Alert:
    """The area of every info changed."""
    return replace(GOLDEN, infos=tuple(replace(info, areas=(replace(info.areas[0], **changes),))
                                       for info in GOLDEN.infos))  # fmt: skip


def ring(text: str) -> Alert:
    return place(polygons=(text,))


def files(**changes: Any) -> Alert:
    return body(resources=(replace(FILE, **changes),))


def make_key() -> Key:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "เมืองตัวอย่าง")])
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(private.public_key())
    made = made.serial_number(1).not_valid_before(begin).not_valid_after(begin + timedelta(days=3650))
    pem = serialization.Encoding.PEM
    secret = private.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return Key(secret, made.sign(private, hashes.SHA256()).public_bytes(pem))
