"""Form fields for Thai public life: they accept Thai digits, spaces and dashes and never reject for formatting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import override as language

from maehia import thai
from maehia.kit import clock
from maehia.web.formats import english

MONTHS_TH = (
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
)
MONTHS_EN = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
BE_OFFSET = 543


def month_choices() -> list[tuple[str, str]]:
    names = MONTHS_EN if english() else MONTHS_TH
    return [("", gettext("เดือน")), *((str(i), name) for i, name in enumerate(names, start=1))]


class ThaiDateWidget(forms.MultiWidget):
    """Day, month by name, year พ.ศ."""

    template_name = "web/widgets/thai_date.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None, autocomplete: str = "") -> None:
        day = forms.TextInput({"inputmode": "numeric", "maxlength": "30", **_auto(autocomplete, "day")})
        month = forms.Select({**_auto(autocomplete, "month")})
        year = forms.TextInput({"inputmode": "numeric", "maxlength": "10"})
        super().__init__({"day": day, "month": month, "year": year}, attrs)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        self.widgets[1].choices = month_choices()  # type: ignore[attr-defined]
        return super().get_context(name, value, attrs)

    def decompress(self, value: date | None) -> list[str]:
        return [str(value.day), str(value.month), str(value.year + BE_OFFSET)] if value else ["", "", ""]


def _auto(autocomplete: str, part: str) -> dict[str, str]:
    return {"autocomplete": f"{autocomplete}-{part}"} if autocomplete else {}


class ThaiDateField(forms.MultiValueField):
    """A whole day. Years may be พ.ศ. or ค.ศ.; a full date typed into the day box is read too.

    autocomplete: "bday" fills a birth date. earliest, latest: bounds as dates.
    """

    part = "web/parts/field.html"
    default_error_messages = {
        "required": gettext_lazy("กรุณากรอกวันที่ให้ครบ วัน เดือน และปี พ.ศ."),
        "unreadable": gettext_lazy("วันที่นี้ไม่มีในปฏิทิน กรุณาตรวจวัน เดือน และปี พ.ศ. อีกครั้ง"),
        "early": gettext_lazy("วันที่เก่าเกินไป กรุณาตรวจปี พ.ศ. อีกครั้ง"),
        "late": gettext_lazy("วันที่อยู่ในอนาคตเกินไป กรุณาตรวจปี พ.ศ. อีกครั้ง"),
    }

    def __init__(
        self, *, earliest: date | None = None, latest: date | None = None, autocomplete: str = "", **kwargs: Any
    ) -> None:
        self.earliest, self.latest = earliest, latest
        kwargs.setdefault("widget", ThaiDateWidget(autocomplete=autocomplete))
        parts = [forms.CharField(required=False) for _ in range(3)]
        super().__init__(parts, require_all_fields=False, **kwargs)

    def compress(self, data_list: Sequence[str]) -> date | None:
        day, month, year = ([*data_list, "", "", ""])[:3]
        if not (day or month or year):
            return None
        found = self._read(day, month, year)
        if found is None:
            raise ValidationError(self.error_messages["unreadable"], code="unreadable")
        if self.earliest and found < self.earliest:
            raise ValidationError(self.error_messages["early"], code="early")
        if self.latest and found > self.latest:
            raise ValidationError(self.error_messages["late"], code="late")
        return found

    def _read(self, day: str, month: str, year: str) -> date | None:
        typed = day if not (month or year) else f"{day}/{month}/{year}"
        with language("th"):
            read = thai.parse_date(typed, clock.today())
        return read.value if read and read.precision == "day" else None

    def clean(self, value: Any) -> date | None:
        """An optional date that is half filled in is an error, not nothing."""
        if self.required and not any(value or []):
            raise ValidationError(self.error_messages["required"], code="required")
        found: date | None = super().clean(value)
        return found


class NationalIdField(forms.CharField):
    """Thirteen digits, however grouped; gives the digits. Says which rule is broken."""

    part = "web/parts/field.html"

    def __init__(self, *, autocomplete: str = "off", **kwargs: Any) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": autocomplete, "class": "medium", "data-group": "1-4-5-2-1"}
        kwargs.setdefault("widget", forms.TextInput(attrs))
        kwargs.setdefault("label", gettext_lazy("เลขประจำตัวประชาชน"))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if not typed:
            return ""
        found = thai.normalize_id(typed)
        if found is None:
            raise ValidationError(gettext("เลขประจำตัวประชาชนต้องมี 13 หลัก กรุณาตรวจสอบอีกครั้ง"), code="length")
        if not thai.is_national_id(found):
            raise ValidationError(
                gettext("เลขบัตรประชาชนไม่ถูกต้อง: ตัวเลขหลักที่ 13 ไม่ตรง กรุณาตรวจสอบอีกครั้ง"), code="check_digit"
            )
        return found


class PhoneField(forms.CharField):
    """A Thai phone number, however written; gives the national form."""

    part = "web/parts/field.html"

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "tel", "autocomplete": "tel", "type": "tel", "class": "medium"}
        kwargs.setdefault("widget", forms.TextInput(attrs))
        kwargs.setdefault("label", gettext_lazy("เบอร์โทรศัพท์"))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if not typed:
            return ""
        found = thai.normalize_phone(typed)
        if found is None:
            raise ValidationError(
                gettext("อ่านเบอร์โทรศัพท์นี้ไม่ออก กรุณากรอกตัวเลข 9 หรือ 10 หลัก เช่น 081-234-5678"), code="phone"
            )
        return found


class CardsField(forms.ChoiceField):
    """One of a few, as cards. hints: {value: sentence}."""

    part = "web/parts/choice_cards.html"

    def __init__(self, *, hints: dict[str, str] | None = None, **kwargs: Any) -> None:
        self.hints = hints or {}
        kwargs.setdefault("widget", forms.RadioSelect)
        super().__init__(**kwargs)


class ManyCardsField(forms.MultipleChoiceField):
    """Some of a few, as cards."""

    part = "web/parts/choice_cards.html"

    def __init__(self, *, hints: dict[str, str] | None = None, **kwargs: Any) -> None:
        self.hints = hints or {}
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(**kwargs)


class PickFileField(forms.FileField):
    """A file with preview and drop. accept: as of the HTML attribute; capture: True offers the camera."""

    part = "web/parts/file_picker.html"

    def __init__(self, *, accept: str = "", capture: bool = False, **kwargs: Any) -> None:
        attrs = {
            name: value for name, value in (("accept", accept), ("capture", "environment" if capture else "")) if value
        }
        kwargs.setdefault("widget", forms.FileInput(attrs))
        super().__init__(**kwargs)


class AddressForm(forms.Form):
    """House number, moo, a note and a pin; at least one way to find the place. `moos`: (code, words) of the town."""

    house_no = forms.CharField(
        label=gettext_lazy("บ้านเลขที่"),
        required=False,
        max_length=40,
        widget=forms.TextInput({"autocomplete": "address-line1"}),
    )
    moo = forms.ChoiceField(label=gettext_lazy("หมู่ที่"), required=False)
    note = forms.CharField(
        label=gettext_lazy("จุดสังเกต"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("เช่น ปากซอยข้างวัด ใกล้ป้ายรถ"),
    )
    lon = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=97, max_value=106)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=5, max_value=21)

    def __init__(self, *args: Any, moos: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["moo"].choices = [("", gettext("เลือกหมู่")), *moos]  # type: ignore[attr-defined]

    @property
    def pin_prefix(self) -> str:
        """What stands before lon and lat in the ids of the two hidden fields."""
        return str(self["lon"].auto_id).removesuffix("lon")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        pinned = found.get("lon") is not None and found.get("lat") is not None
        if not (pinned or found.get("house_no") or found.get("note")):
            raise ValidationError(gettext("กรุณากรอกบ้านเลขที่ จุดสังเกต หรือปักหมุดบนแผนที่ อย่างใดอย่างหนึ่ง"), code="nowhere")
        return found
