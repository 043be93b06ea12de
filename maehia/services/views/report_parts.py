"""Pieces of the report form: photos that stay between tries, who sees what, what a sentence is likely about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext

from maehia.access.permissions import purposes_of
from maehia.forms import actions as forms
from maehia.services.actions import Contact
from maehia.services.forms_report import MOST_PHOTOS, ReportForm
from maehia.services.queries.photos import photos_of
from maehia.services.rules import visibility
from maehia.services.rules.definition import Definition
from maehia.services.rules.suggest import suggest
from maehia.services.views.offered import Offer, lang


def take_photos(case_id: UUID, files: Sequence[UploadedFile], *, sealed: bool = False) -> list[UUID]:
    """Keep photos under the key of a case. sealed: of a confidential one. Raises ProblemError for what is no photo."""
    return [
        forms.attach(case_id, "photo", file, file.name or "", is_confidential=sealed).pk for file in files[:MOST_PHOTOS]
    ]


def kept_photos(case_id: UUID) -> list[UUID]:
    """Photos that stand under a key already."""
    return [photo.pk for photo in photos_of(case_id)]


@dataclass(frozen=True, slots=True)
class Contacts:
    """What we know of the one who reports: nothing of a visitor, name and account of a citizen with a log-in."""

    name: str = ""
    account: UUID | None = None
    person: UUID | None = None
    initial: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, request: HttpRequest) -> Contacts:
        user: Any = getattr(request, "user", None)
        if user is None or not user.is_authenticated:
            return cls()
        person = user.person_key if "me.services" in purposes_of(user) else None
        return cls(user.display_name, user.pk, person, {"name": user.display_name, "email": user.email})


def contact_of(request: HttpRequest, asked: Mapping[str, Any]) -> Contact:
    """Who tells it, as far as she says so; a citizen with a log-in finds it again among her own cases."""
    known = Contacts.of(request)
    return Contact(
        name=asked.get("name", ""), phone=asked.get("phone", ""), email=asked.get("email", ""),
        person_key=known.person, account_id=known.account, lang=lang(),
    )  # fmt: skip


def suggestions(typed: str, offers: Sequence[Offer]) -> list[dict[str, Any]]:
    """At most three categories that a text is likely about, each with its share and that share in words."""
    by_code = {offer.code: offer for offer in offers}
    guesses = suggest(typed) if typed.strip() else []
    rows = [
        (by_code[guess.code], guess.probability)
        for guess in guesses
        if guess.code in by_code and guess.probability >= LEAST
    ]
    return [{"offer": offer, "share": round(share, 3), "words": share_words(share)} for offer, share in rows[:3]]


SURE, LIKELY, LEAST = 0.75, 0.40, 0.10


def share_words(share: float) -> str:
    """How likely, in words: nobody reads 0.62 as what it is."""
    if share >= SURE:
        return gettext("น่าจะเป็นเรื่องนี้มาก")
    return gettext("น่าจะเป็นเรื่องนี้") if share >= LIKELY else gettext("อาจเป็นเรื่องนี้")


@dataclass(frozen=True, slots=True)
class Seen:
    """Who sees what of a report, said before it is sent. public: everybody sees something."""

    public: bool
    sentence: str
    contact: str


def seen_by_whom(d: Definition) -> Seen:
    """The visibility table in words, for a category."""
    about = visibility.About(d.visibility.is_public, d.confidential, False, frozenset(d.visibility.released))
    fields = visibility.shipped().seen_by("public", about)
    contact = gettext("ชื่อ เบอร์โทรศัพท์ และอีเมลของคุณ เห็นเฉพาะหน่วยงานที่ดูแลเรื่องนี้")
    if d.confidential:
        sealed = gettext("เรื่องลับ: ไม่แสดงต่อสาธารณะ ไม่ผ่านหน่วยงานที่ถูกกล่าวถึง เห็นเฉพาะคุณและผู้รับเรื่องลับที่ปลัดมอบหมาย")
        return Seen(False, sealed, gettext("ไม่บอกชื่อก็แจ้งได้ หากบอก ผู้รับเรื่องลับเท่านั้นที่เห็น"))
    if not fields:
        return Seen(False, gettext("เรื่องนี้ไม่แสดงต่อสาธารณะ เห็นเฉพาะคุณและหน่วยงานที่ดูแล"), contact)
    place = gettext("ตำแหน่งที่เกิด")
    if d.visibility.blur_m:
        place = gettext("ตำแหน่งโดยประมาณ (ช่อง %(m)d เมตร)") % {"m": d.visibility.blur_m}
    sentence = gettext("ทุกคนเห็นประเภทเรื่อง สถานะ และ%(place)s ส่วนข้อความและรูป เจ้าหน้าที่ตรวจก่อนจึงเผยแพร่") % {"place": place}
    return Seen(True, sentence, contact)


def shown_errors(form: ReportForm, answers: Any) -> list[tuple[str, str]]:
    """(address of the field, sentence) for the summary, in the order of the page."""
    found = [(f"#{bound.auto_id}", f"{bound.label}: {text}") for bound in form for text in bound.errors]
    return found + [(f"#{bound.auto_id}", f"{bound.label}: {text}") for bound in answers for text in bound.errors]
