"""What an officer types on the page of a case: each form asks exactly what the guards of its move ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext, gettext_lazy

from maehia.access.models import Account
from maehia.kit import clock
from maehia.services.models import Service, Unit, UnitMember
from maehia.services.queries.cases import CasePage
from maehia.services.views.staff_parts import state_tag, state_words
from maehia.services.workflow import Move
from maehia.web import fields
from maehia.web import registry as web

LONGEST = 4000
# The step that usually follows; it is the button in colour.
NEXT = {
    "submitted": ("accepted",), "accepted": ("in_progress", "inspection"),
    "in_progress": ("closure_requested", "fixed"),
    "planned": ("in_progress",), "waiting_other": ("in_progress",), "closure_requested": ("fixed",),
    "waiting_citizen": ("in_progress",), "resubmitted": ("accepted",), "decision": ("issued",),
}  # fmt: skip
VERBS = {
    "accepted": gettext_lazy("รับเรื่อง"), "in_progress": gettext_lazy("เริ่มดำเนินการ"),
    "planned": gettext_lazy("วางแผนวันทำ"),
    "waiting_citizen": gettext_lazy("ถามผู้แจ้ง"), "waiting_other": gettext_lazy("รอหน่วยงานอื่น"),
    "closure_requested": gettext_lazy("ขอปิดเรื่อง"), "fixed": gettext_lazy("แก้ไขเสร็จแล้ว"),
    "cannot_fix": gettext_lazy("ดำเนินการไม่ได้"), "not_ours": gettext_lazy("ไม่ใช่หน้าที่เทศบาล"),
    "forwarded": gettext_lazy("ส่งต่อหน่วยงานอื่น"), "cancelled": gettext_lazy("ยกเลิกเรื่อง"),
    "moderated": gettext_lazy("ซ่อนเรื่อง"),
    "submitted": gettext_lazy("เปิดเรื่องอีกครั้ง"),
}  # fmt: skip
ENDS = ("cannot_fix", "not_ours", "forwarded", "cancelled", "moderated", "refused", "withdrawn", "revoked")
REASONED = ("public_reason", "reopen_ground", "appeal", "gaps_once")


@dataclass(frozen=True, slots=True)
class Step:
    """One move as the page offers it: words, form, and why it is not to be had now ("" = it is)."""

    to: str
    words: str
    tag: str
    form: forms.Form
    first: bool = False
    refused: str = ""

    @property
    def simple(self) -> bool:
        """One tap: nothing has to be typed."""
        return not any(field.required for field in self.form.fields.values())


class MoveForm(forms.Form):
    """Fields by the guards of the move; a note to the citizen is always possible."""

    note = forms.CharField(
        label=gettext_lazy("ข้อความถึงผู้แจ้ง"), required=False, max_length=LONGEST, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, move: Move, page: CasePage, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("prefix", move.to)
        super().__init__(*args, **kwargs)
        for name in move.guards:
            if name in ASKS:
                ASKS[name](self, page)
        if any(name in REASONED for name in move.guards):
            self.fields["note"].required = True
            self.fields["note"].min_length = 3
        words = page.definition.closing.get(move.to)
        if words is not None:
            self.fields["note"].initial = words.in_(page.case.lang)
            self.fields["note"].help_text = gettext("ข้อความตั้งต้นของประเภทนี้ แก้ได้ก่อนส่ง")


def _after_photo(form: MoveForm, page: CasePage) -> None:
    standing = sum(getattr(photo, "role", "") == "after" for photo in page.photos)
    form.fields["photos"] = PhotosField(
        label=gettext("ภาพหลังแก้ไข"), required=page.definition.needs_after_photo and not standing,
        help_text=gettext("ประชาชนเห็นเมื่อเผยแพร่แล้ว"),
    )  # fmt: skip


def _question(form: MoveForm, page: CasePage) -> None:
    form.fields["note"].label = gettext("คำถาม")
    form.fields["note"].required = True
    form.fields["note"].help_text = gettext("นาฬิกาหยุดจนกว่าผู้แจ้งตอบ ถ้าไม่ตอบใน %(n)s วัน ยกเลิกเรื่องได้") % {
        "n": page.definition.answer_days
    }


def _receiver(form: MoveForm, _page: CasePage) -> None:
    form.fields["receiver"] = forms.CharField(label=gettext("หน่วยงานที่รับต่อ"), max_length=200, min_length=3)


def _planned(form: MoveForm, _page: CasePage) -> None:
    form.fields["planned_on"] = fields.ThaiDateField(label=gettext("วันที่จะดำเนินการ"), earliest=clock.today())


def _internal(form: MoveForm, _page: CasePage) -> None:
    form.fields["internal"] = forms.CharField(
        label=gettext("เหตุผล (ภายใน)"), max_length=LONGEST, min_length=3, widget=forms.Textarea({"rows": 2})
    )
    del form.fields["note"]


class PhotosField(fields.PickFileField):
    """Photos of the camera or the gallery, several at once."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.FileInput({"accept": "image/*"})
        widget.allow_multiple_selected = True
        widget.attrs["multiple"] = True
        super().__init__(widget=widget, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The files, each looked at by the field; none is an empty list."""
        sent = data if isinstance(data, list) else [data] if data else []
        if not sent:
            super().clean(None, initial)
        return [super(PhotosField, self).clean(file, initial) for file in sent]


ASKS = {
    "after_photo": _after_photo, "question": _question, "named_receiver": _receiver, "planned_date": _planned,
    "internal_reason": _internal,
}  # fmt: skip


def steps(page: CasePage, me: str, *, data: Any = None, files: Any = None, to: str = "") -> list[Step]:
    """The moves of the table as the page offers them, the usual next one first. data: what was sent for move `to`."""
    offered = [move for move in page.moves if move.to != "duplicate" and not _never(move, page)]
    usual = next((code for code in NEXT.get(page.case.state, ()) if any(m.to == code for m in offered)), "")
    found = []
    for move in offered:
        bound = {"data": data, "files": files} if move.to == to and data is not None else {}
        words = str(VERBS.get(move.to, "") or state_words(page.case.kind, move.to))
        if page.case.state_type in ("fixed", "closed") and move.to == "in_progress":
            words = gettext("เปิดเรื่องอีกครั้ง")
        form = MoveForm(move, page, **bound)
        found.append(Step(move.to, words, _tag(page, move), form, move.to == usual, _refused(move, page, me)))
    return sorted(found, key=lambda step: (not step.first, step.to in ENDS))


def _tag(page: CasePage, move: Move) -> str:
    from maehia.services import workflow

    return state_tag(move.to, workflow.state(page.case.kind, move.to).type)


def _never(move: Move, page: CasePage) -> bool:
    """What a service without a second pair of eyes does not ask for, and what one with it does not allow yet."""
    second = page.definition.second_eyes
    if move.to == "closure_requested":
        return not second
    return move.to == "fixed" and second and page.case.state != "closure_requested"


def _refused(move: Move, page: CasePage, me: str) -> str:
    """Why not now, as far as it is known before anything is typed."""
    moves = [event for event in page.events if event.kind == "state"]
    if "other_person" in move.guards and page.definition.second_eyes and moves and moves[-1].actor == me:
        return gettext("ผู้ขอปิดเรื่องตรวจงานของตนเองไม่ได้ ให้เพื่อนร่วมงานตรวจ")
    if "told_before" in move.guards and not waited_enough(page):
        return gettext("ยกเลิกได้เมื่อครบ %(n)s วันที่รอคำตอบ") % {"n": page.definition.answer_days}
    return ""


def waited_enough(page: CasePage) -> bool:
    """Whether the citizen had the days to answer that the question told her."""
    standing = next((pause for pause in page.pauses if pause.end is None), None)
    return standing is not None and clock.now() - standing.start >= timedelta(days=page.definition.answer_days)


class NoteForm(forms.Form):
    """A line in the files, or one that the citizen is told."""

    text = forms.CharField(
        label=gettext_lazy("ข้อความ"), max_length=LONGEST, min_length=1, widget=forms.Textarea({"rows": 2})
    )
    who = fields.CardsField(
        label=gettext_lazy("ใครเห็น"), initial="inside",
        choices=[("inside", gettext_lazy("ภายในเทศบาล")), ("citizen", gettext_lazy("ผู้แจ้งและสาธารณะ"))],
    )  # fmt: skip


class UnitForm(forms.Form):
    """Another unit, and why."""

    unit = forms.ChoiceField(label=gettext_lazy("หน่วยงาน"))
    why = forms.CharField(label=gettext_lazy("เหตุผล"), required=False, max_length=300)

    def __init__(self, current: str | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.filter(active=True).exclude(pk=current or "")
        self.fields["unit"].choices = [(u.key, web.in_language(u.name_th, u.name_en)) for u in units]  # type: ignore[attr-defined]


class PersonForm(forms.Form):
    """Who takes care of it: members of the unit, or nobody."""

    person = forms.ChoiceField(label=gettext_lazy("ผู้รับผิดชอบ"), required=False)

    def __init__(self, people: Sequence[tuple[UUID, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [("", gettext("ยังไม่มอบหมาย")), *((str(k), name) for k, name in people)]  # type: ignore[attr-defined]


def people_of(unit: str | None) -> list[tuple[UUID, str]]:
    """Accounts that work in a unit."""
    members = UnitMember.objects.filter(unit_id=unit or "").values("account_id")
    return list(Account.objects.filter(pk__in=members, is_active=True).order_by("display_name")
                .values_list("pk", "display_name"))  # fmt: skip


class CategoryForm(forms.Form):
    """Another category of the same kind. Sealed ones are not reached from here."""

    code = forms.ChoiceField(label=gettext_lazy("ประเภทใหม่"))

    def __init__(self, page: CasePage, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Service.objects.filter(kind=page.case.kind, state="published").exclude(pk=page.case.service_id)
        columns = rows.values_list("code", "name_th", "name_en", "current__definition__confidential")
        self.fields["code"].choices = [  # type: ignore[attr-defined]
            (code, web.in_language(th, en)) for code, th, en, sealed in columns
            if bool(sealed) == page.case.is_confidential
        ]  # fmt: skip


class TextForm(forms.Form):
    """The words that everybody may read; empty takes them back."""

    text = forms.CharField(
        label=gettext_lazy("ข้อความที่เผยแพร่"), required=False, max_length=LONGEST, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("ลบชื่อคน เบอร์โทร และบ้านเลขที่ออกก่อนเผยแพร่"),
    )  # fmt: skip


def kept(form: forms.Form) -> Mapping[str, Any]:
    """What was typed into a refused form."""
    return {name: form[name].value() for name in form.fields}
