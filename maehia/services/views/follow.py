"""Following a case without an account: by its secret link, or by its number and the phone that was left with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maehia.base import Problem, ProblemError
from maehia.kit.acting import Scope, acting
from maehia.kit.idempotency import Created, idempotent
from maehia.services import actions
from maehia.services.forms_report import FindForm, RateForm, ReplyForm
from maehia.services.queries import following
from maehia.services.views import follow_page as shown
from maehia.services.views.fast_lane_words import papers
from maehia.services.views.report_parts import take_photos
from maehia.services.views.visitors import (
    GUESSES_PER_ADDRESS,
    GUESSES_PER_NUMBER,
    HOUR,
    address_of,
    limit,
    limited,
    secret_page,
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """By number and the last four digits of the phone. A wrong pair and an unknown number get the same answer."""
    form = FindForm(request.POST or None)
    if request.method == "POST":
        limit(f"follow:{address_of(request)}", GUESSES_PER_ADDRESS, HOUR)
        if form.is_valid():
            return _found(request, form)
    return render(request, "services/follow/find.html", {"form": form}, status=422 if form.errors else 200)


def _found(request: HttpRequest, form: FindForm) -> HttpResponse:
    number = following.read_number(form.cleaned_data["number"])
    limit(f"follow-number:{number or 'none'}", GUESSES_PER_NUMBER if number else GUESSES_PER_ADDRESS, HOUR)
    case_id = following.by_phone(number, form.cleaned_data["last4"]) if number else None
    if case_id is not None:
        return redirect("services:follow_case", secret=actions.secret_of(case_id))
    words = gettext("ไม่พบเรื่องที่ตรงกับเลขที่และโทรศัพท์นี้ ตรวจตัวเลขอีกครั้ง หรือเปิดลิงก์ที่ได้รับตอนแจ้ง")
    form.add_error(None, words)
    return render(request, "services/follow/find.html", {"form": form}, status=422)


@require_safe
@secret_page
def case(request: HttpRequest, secret: str) -> HttpResponse:
    """The case behind a secret link."""
    case_id = shown.opened_by(secret)
    with acting(f"device:{case_id}", "services.link", scope=Scope.subject(case_id)):
        context = context_of(request, case_id, secret)
    return render(request, "services/follow/case.html", context)


def context_of(request: HttpRequest, case_id: UUID, secret: str) -> dict[str, Any]:
    """All that the page shows, read in the context of whoever holds the link."""
    page = shown.read_page(case_id)
    link = shown.link_to(request, secret)
    until = shown.may_reopen_until(page)
    return {
        "page": page, "case": page.case, "secret": secret, "service": shown.service_name(page), "link": link,
        "tag": shown.tag_of(page.state.code), "now_words": shown.state_words(page.case.kind, page.state.code),
        "promise": shown.promise_of(page), "timeline": shown.timeline(page), "pauses": shown.pauses(page),
        "question": shown.question_of(page), "pictures": shown.pictures(page), "rows": shown.answers_of(page),
        "reopen_until": until, "reply": ReplyForm(), "again": ReplyForm(auto_id="again_%s"), "stars": RateForm(),
        "told": shown.followers(case_id), "ask_fixed": request.GET.get("fixed", ""),
        "line": shown.line_share(link, page.case.number), "lines": page.case.version,
        "qr": shown.qr_of(link, gettext("คิวอาร์โค้ดของลิงก์ติดตามเรื่อง")),
        "papers": papers(case_id) if page.case.kind == "service" else [],
    }  # fmt: skip


Act = Callable[[HttpRequest, UUID, str], str]


def acts(name: str) -> Callable[[Act], Callable[..., HttpResponseBase]]:
    """A POST behind a secret link: counted, done once, done by whoever holds the link; then back to the page.

    The act returns what is said on the page after it. What the rules refuse is said there too.
    """

    def decorate(act: Act) -> Callable[..., HttpResponseBase]:
        def once(request: HttpRequest, secret: str) -> Created | HttpResponse:
            case_id = shown.opened_by(secret)
            by = f"device:{case_id}"
            try:
                with acting(by, "services.link", scope=Scope.subject(case_id)):
                    said = act(request, case_id, by)
            except ProblemError as error:
                messages.error(request, f"{error.problem.what} {error.problem.fix}".strip())
                return redirect("services:follow_case", secret=secret)
            messages.success(request, said)
            return Created(case_id)

        def back(request: HttpRequest, pk: str) -> HttpResponse:
            return redirect("services:follow_case", secret=actions.secret_of(pk))

        return require_POST(limited("follow-act")(secret_page(idempotent(f"services.follow.{name}", show=back)(once))))

    return decorate


def _checked(form: Any) -> dict[str, Any]:
    """The cleaned data. Raises ProblemError with the first fault of the form."""
    if not form.is_valid():
        words = next(iter(form.errors.values()))[0]
        raise ProblemError(Problem("form", str(words)))
    return dict(form.cleaned_data)


@acts("answer")
def answer(request: HttpRequest, case_id: UUID, by: str) -> str:
    """The answer to the officer's question, or something to add."""
    asked = _checked(ReplyForm(request.POST, request.FILES))
    photos = take_photos(case_id, asked["photos"])
    actions.answer(case_id, asked["text"] or gettext("ส่งรูปเพิ่ม"), by=by, photos=photos)
    return gettext("ส่งคำตอบให้เจ้าหน้าที่แล้ว")


@acts("again")
def again(request: HttpRequest, case_id: UUID, by: str) -> str:
    """ "ขอให้แก้ไขอีกครั้ง": not fixed after all, with a reason or a photo."""
    words = gettext("บอกเหตุผลสั้น ๆ หรือแนบรูป เพื่อให้เจ้าหน้าที่รู้ว่าต้องแก้อะไร")
    asked = _checked(ReplyForm(request.POST, request.FILES, needs_words=words))
    photos = take_photos(case_id, asked["photos"])
    actions.reopen(case_id, by=by, reason=asked["text"], photos=photos)
    return gettext("เปิดเรื่องอีกครั้งแล้ว เจ้าหน้าที่จะกลับไปดูและแจ้งผลที่หน้านี้")


@acts("rate")
def rate(request: HttpRequest, case_id: UUID, by: str) -> str:
    """One to five stars."""
    asked = _checked(RateForm(request.POST))
    actions.rate(case_id, asked["stars"], by=by, comment=asked["comment"])
    return gettext("บันทึกคะแนน %(n)d จาก 5 แล้ว ขอบคุณที่ช่วยให้เมืองดีขึ้น") % {"n": asked["stars"]}


@acts("stop")
def stop(request: HttpRequest, case_id: UUID, by: str) -> str:
    """No more news, for the one whose phone or e-mail is named: others who follow keep theirs."""
    limit(f"follow-stop:{case_id}", GUESSES_PER_NUMBER, HOUR)
    party = following.party_by_contact(case_id, request.POST.get("contact", ""))
    if party is None:
        raise ProblemError(Problem("no_party", gettext("ไม่พบเบอร์หรืออีเมลนี้ในเรื่องนี้")))
    actions.unfollow(party, by=by)
    return gettext("หยุดส่งข่าวของเรื่องนี้ให้คุณแล้ว ลิงก์นี้ยังเปิดดูได้เสมอ")
