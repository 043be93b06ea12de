"""มาลี's home in moo 5 after the flood, and the crew that surveys, reviews, certifies and pays."""

from __future__ import annotations

import hashlib
import io
import uuid
from decimal import Decimal as D
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from maehia.base import ProblemError
from maehia.emergency.actions import claims, damage
from maehia.emergency.actions.claims import Asked
from maehia.emergency.actions.damage import Form, Found, Picture
from maehia.emergency.actions.damage_certificate import certify
from maehia.emergency.models import Claim, Incident, Survey
from maehia.emergency.queries.damage import Home, key_of
from maehia.emergency.rules.damage import broken
from maehia.kit.acting import acting
from maehia.kit.clock import today

HOUSE, HOME = uuid.UUID(int=501), uuid.UUID(int=502)
ROOF, WALLS = broken("roof", "40", "50"), broken("walls", "60", "40")
UPSTAIRS = broken("floor", "30", "100", 2)
ALL_PAPERS = ("certificate", "id_card", "registration", "photos", "estimate", "zone", "bank", "donation_register")


class Code:
    """A block that must raise a problem of this code."""

    def __init__(self, code: str) -> None:
        self.code = code

    def __enter__(self) -> Code:
        return self

    def __exit__(self, kind: Any, error: Any, _trace: Any) -> bool:
        assert kind is not None, f"nothing was refused, expected {self.code}"
        if kind is not ProblemError:
            return False
        assert error.problem.code == self.code, error.problem
        return True


def photo(colour: str = "brown", name: str = "บ้าน.jpg") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


class Damaged:
    """Mixed in after `Watch`. Every verb acts as the one whose work it is."""

    officer: Any
    engineer: Any
    mayor: Any
    clerk: Any
    finance: Any
    incident: Incident

    def relief(self, who: Any = None, mode: str = "live") -> Any:
        return acting((who or self.officer).actor, "emergency.relief", mode=mode)

    def flooded(self, mode: str = "live") -> Incident:
        with self.command(mode):  # type: ignore[attr-defined]
            self.incident = self.flood(mode)  # type: ignore[attr-defined]
        with self.relief(mode=mode):
            claims.load_rates()
        return self.incident

    def found(self, **more: Any) -> Found:
        return Found(**{"holder": "มาลี สุขใจดี", "phone": "081-234-5678", "address": "12/3", "moo": 5,
                        "home": Home(HOUSE, HOME), "people": 3, "lines": [ROOF, WALLS], **more})  # fmt: skip

    def form(self, instance: str = "phone-1", pictures: Any = (), **more: Any) -> Form:
        found = self.found(**more)
        digest = hashlib.sha256(repr((found, len(pictures))).encode()).digest()
        return Form(instance, digest, found, [Picture(p) for p in pictures])

    def tell(self, **more: Any) -> Survey:
        """The citizen herself."""
        form = self.form(more.pop("instance", "citizen-1"), lines=(), **more)
        with damage.papers("system:public", key_of(form.instance, "live"), "live"):
            return damage.report(self.incident, form)

    def survey(self, instance: str = "phone-1", bound: uuid.UUID | None = None, **more: Any) -> tuple[Survey, str]:
        form = self.form(instance, **more)
        key = bound or key_of(instance, self.incident.mode)
        with damage.papers(self.officer.actor, key, self.incident.mode):
            return damage.record(self.incident, form, bound=bound)

    def review(self, row: Survey) -> Survey:
        with self.relief(self.engineer, self.incident.mode):
            return damage.move(row.pk, "reviewed")

    def certify(self, row: Survey, who: Any = None) -> Survey:
        signer = who or self.mayor
        with damage.papers(signer.actor, row.pk, self.incident.mode):
            return certify(row.pk, signer)

    def certified(self, instance: str = "phone-1", **more: Any) -> Survey:
        row, _ = self.survey(instance, **more)
        if not row.is_registered:
            with self.relief():
                damage.state(row.pk, "ผู้ใหญ่บ้านหมู่ 5 รับรองว่าอยู่จริงตั้งแต่ปี 2560")
        return self.certify(self.review(row))

    def draft(self, row: Survey, *items: str, source: str = "advance", rule_set: str = "advance") -> Claim:
        with self.relief():
            return claims.draft(row.pk, source, rule_set, [Asked(i) for i in items or ("house-repair",)])

    def approve(self, claim: Claim, papers: Any = ALL_PAPERS) -> Claim:
        with self.relief():
            committee = claims.appoint(
                self.incident, claim.source, "คำสั่ง 40/2569", ["ประธาน", "กรรมการ", "เลขานุการ"], today()
            )
            claims.submit(claim.pk, committee, papers)
        with self.relief(self.clerk):
            return claims.decide(claim.pk, approve=True, decision="ครั้งที่ 3/2569 วันที่ 18 พ.ย. 2569")

    def pay(self, claim: Claim) -> Any:
        with self.relief(self.finance):
            return claims.pay(claim.pk, way="transfer", paper="ฎ 120/2570")


COST = D("40") * D("650.00") + D("60") * D("480.00")  # roof and walls of `found`: 54,800 baht
