"""What the public pages share: how often a stranger may ask, who she is to the database, and pages that stay secret."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from maehia.base import Problem
from maehia.kit import rates
from maehia.kit.idempotency import actor_of
from maehia.web.errors import TooMany

VISITOR = "system:public"
MINUTE, HOUR = 60, 3600
# Telephone companies put many people behind one address, and in a flood all of them write: wide, but not endless.
POSTS_PER_ADDRESS, POSTS_PER_DEVICE = 300, 30
GUESSES_PER_ADDRESS, GUESSES_PER_NUMBER = 60, 8

View = Callable[..., HttpResponseBase]


def address_of(request: HttpRequest) -> str:
    """The visitor's network address, as a short hash: counted, never kept."""
    return hashlib.sha256(str(request.META.get("REMOTE_ADDR", "")).encode()).hexdigest()[:16]


def limit(bucket: str, most: int, seconds: int) -> None:
    """Count one more. Raises TooMany (429 with Retry-After) beyond `most` in the window."""
    try:
        rates.limit(bucket, most, seconds)
    except rates.TooOften as error:
        words = gettext("มีการส่งจากเครื่องหรือเครือข่ายนี้ถี่เกินไป ระบบจึงยังไม่รับ สิ่งที่คุณกรอกยังไม่ถูกบันทึก")
        fix = gettext("รอสักครู่แล้วส่งอีกครั้ง ถ้าเป็นเหตุด่วน โทรหาเทศบาลได้ทันที")
        raise TooMany(Problem(error.problem.code, words, fix=fix), seconds) from error


def limited(what: str) -> Callable[[View], View]:
    """A view whose POSTs are counted by address and by device. Stands outside `idempotent`, whose transaction would
    take the count back."""

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method == "POST":
                limit(f"{what}:{address_of(request)}", POSTS_PER_ADDRESS, 10 * MINUTE)
                if actor := actor_of(request):
                    limit(f"{what}:{actor}", POSTS_PER_DEVICE, 10 * MINUTE)
            return view(request, *args, **kwargs)

        return counted

    return decorate


def secret_page(view: View) -> View:
    """A page behind a secret address: kept by no cache and shown by no search engine. Other sites are not told the
    address by the policy of every page ("same-origin"); "no-referrer" would take the origin from its forms too."""

    @never_cache
    @wraps(view)
    def hidden(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return hidden
