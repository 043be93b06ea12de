"""The form of a report: what a citizen may say, in one page. Bad text becomes a sentence beside its field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, gettext_lazy

from maehia.services.actions.opening import LONGEST_TEXT
from maehia.services.rules.definition import Definition
from maehia.thai import clean_text
from maehia.web.fields import AddressForm, PhoneField

MOST_PHOTOS = 5
LONGEST_LINE = 300
STARS = range(1, 6)
NO_ASSET = "none"


class ManyFilesInput(forms.ClearableFileInput):
    """A picker that gives a list of files."""

    template_name = "django/forms/widgets/input.html"
    input_type = "file"
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile]:
        return list(files.getlist(name)) if hasattr(files, "getlist") else [f for f in [files.get(name)] if f]


class PhotosField(forms.Field):
    """Some photos, as they came: what they are is looked at where they are kept. most: how many at once."""

    part = "services/parts/photos.html"

    def __init__(self, *, most: int = MOST_PHOTOS, **options: Any) -> None:
        self.most = most
        attrs = {"accept": "image/jpeg,image/png,image/webp", "multiple": True}
        super().__init__(widget=ManyFilesInput(attrs), **options)

    def clean(self, value: Sequence[UploadedFile] | None) -> list[UploadedFile]:
        found = list(value or [])
        if self.required and not found:
            raise forms.ValidationError(gettext("กรุณาแนบรูปอย่างน้อย 1 รูป"), code="required")
        if len(found) > self.most:
            words = gettext("แนบได้ไม่เกิน %(n)d รูป กรุณาเลือกใหม่") % {"n": self.most}
            raise forms.ValidationError(words, code="too_many")
        return found


class LineField(forms.CharField):
    """One line of text: invisible characters and line breaks of a paste do not count."""

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value))


class ContactForm(forms.Form):
    """Who tells it, if she wants to be told. Nothing here is required."""

    name = LineField(
        label=gettext_lazy("ชื่อ"), required=False, max_length=120, widget=forms.TextInput({"autocomplete": "name"})
    )
    phone = PhoneField(required=False, help_text=gettext_lazy("ใช้ส่งข้อความแจ้งความคืบหน้า และใช้ค้นหาเรื่องเมื่อลิงก์หาย"))
    email = forms.EmailField(
        label=gettext_lazy("อีเมล"),
        required=False,
        widget=forms.EmailInput({"autocomplete": "email", "inputmode": "email"}),
    )


class ReportForm(AddressForm, ContactForm):
    """A report of one category. kept: how many photos an earlier try has left with us already."""

    description = forms.CharField(
        label=gettext_lazy("เกิดอะไรขึ้น"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("เล่าสั้น ๆ ไม่ต้องใส่ชื่อหรือเลขบัตรของใคร"),
    )
    asset = LineField(required=False, max_length=40, widget=forms.HiddenInput)
    asset_code = LineField(label=gettext_lazy("หมายเลขที่ติดอยู่"), required=False, max_length=60)
    looked = forms.BooleanField(required=False, widget=forms.HiddenInput)
    draft = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    typed = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)

    def __init__(
        self, definition: Definition, *args: Any, moos: Sequence[tuple[str, str]] = (), kept: int = 0, **kwargs: Any
    ) -> None:
        super().__init__(*args, moos=moos, **kwargs)
        self.definition, self.kept = definition, kept
        self.fields["note"].max_length = LONGEST_LINE
        if definition.photo != "none":
            required = definition.photo == "required" and not kept
            self.fields["photos"] = PhotosField(
                label=gettext("รูปถ่าย"),
                required=required,
                help_text=gettext("ถ่ายให้เห็นจุดสังเกตรอบข้าง ระบบลบข้อมูลแฝงในรูปให้"),
            )
        if not definition.asset_kinds:
            del self.fields["asset_code"]

    def clean(self) -> dict[str, Any]:
        """Where: a pin, an address, a landmark or a number on a pole; what: words, a photo or answers."""
        found = forms.Form.clean(self) or {}
        if self.definition.place == "required" and not self._placed(found):
            words = gettext("ยังไม่ได้บอกว่าเกิดเหตุที่ใด กรุณาปักหมุด เลือกหมู่ หรือเขียนจุดสังเกต อย่างใดอย่างหนึ่ง")
            self.add_error("note", forms.ValidationError(words, code="nowhere"))
        if not (found.get("description", "").strip() or found.get("photos") or self.kept):
            words = gettext("กรุณาเล่าสั้น ๆ หรือแนบรูปอย่างน้อย 1 รูป เพื่อให้เจ้าหน้าที่เข้าใจ")
            self.add_error("description", forms.ValidationError(words, code="nothing"))
        return found

    def _placed(self, found: dict[str, Any]) -> bool:
        return bool(self.point or any(found.get(name) for name in ("moo", "house_no", "note", "asset", "asset_code")))

    def clean_lat(self) -> float | None:
        """Both or none: a latitude without its longitude is no place."""
        lat, lon = self.cleaned_data.get("lat"), self.cleaned_data.get("lon")
        if (lat is None) != (lon is None) and not self.errors.get("lon"):
            raise forms.ValidationError(gettext("พิกัดไม่ครบคู่ กรุณาปักหมุดใหม่"), code="half_point")
        return float(lat) if lat is not None else None

    @property
    def point(self) -> tuple[float, float] | None:
        """(lon, lat) of the pin."""
        lon, lat = self.cleaned_data.get("lon"), self.cleaned_data.get("lat")
        return (lon, lat) if lon is not None and lat is not None else None

    @property
    def asset_key(self) -> UUID | None:
        """The registered thing that was named, None for none or for a text that is no key."""
        try:
            return UUID(self.cleaned_data.get("asset", ""))
        except ValueError:
            return None

    @property
    def no_asset(self) -> bool:
        """ "No, not this one": the pin stands alone."""
        return bool(self.cleaned_data.get("asset") == NO_ASSET)

    def address(self) -> str:
        """House, moo and landmark as one line."""
        asked = self.cleaned_data
        moo = dict(self.fields["moo"].choices).get(asked.get("moo"), "")  # type: ignore[attr-defined]
        house = gettext("บ้านเลขที่ %(no)s") % {"no": asked["house_no"]} if asked.get("house_no") else ""
        return " ".join(part for part in (house, str(moo) if asked.get("moo") else "", asked.get("note", "")) if part)


class FindForm(forms.Form):
    """A number and the last four digits of the phone that was left with it."""

    number = LineField(
        label=gettext_lazy("เลขที่เรื่อง"),
        max_length=30,
        widget=forms.TextInput({"inputmode": "numeric", "class": "medium", "autocomplete": "off"}),
        help_text=gettext_lazy("เช่น 2569-000123"),
    )
    last4 = LineField(
        label=gettext_lazy("เลข 4 ตัวท้ายของโทรศัพท์ที่ให้ไว้"),
        max_length=12,
        widget=forms.TextInput({"inputmode": "numeric", "class": "short", "autocomplete": "off"}),
    )

    def clean_last4(self) -> str:
        digits = "".join(c for c in self.cleaned_data["last4"] if c.isdigit())
        if len(digits) != 4:
            raise forms.ValidationError(gettext("กรุณากรอกตัวเลข 4 ตัว"), code="four")
        return digits


class ReplyForm(forms.Form):
    """What a citizen adds to her case: words, photos, or both."""

    text = forms.CharField(
        label=gettext_lazy("ข้อความ"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 3})
    )
    photos = PhotosField(label=gettext_lazy("รูปถ่าย"), required=False)

    def __init__(self, *args: Any, needs_words: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needs_words = needs_words

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not found.get("text", "").strip() and not found.get("photos"):
            self.add_error(
                "text", forms.ValidationError(self.needs_words or gettext("กรุณาเขียนข้อความหรือแนบรูป"), code="empty")
            )
        return found


class RateForm(forms.Form):
    """One to five stars, and a word if wanted."""

    stars = forms.TypedChoiceField(label=gettext_lazy("ให้คะแนน"), choices=[(n, n) for n in STARS], coerce=int,
                                   widget=forms.RadioSelect)  # fmt: skip
    comment = forms.CharField(
        label=gettext_lazy("อยากบอกอะไรเพิ่ม"), required=False, max_length=1000, widget=forms.Textarea({"rows": 2})
    )
