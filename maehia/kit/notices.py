"""In-app notices: a registered text, plain parameters, a link. No personal data in any of them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language

from maehia.kit import clock
from maehia.kit.models import Notice

_texts: dict[str, tuple[str, str]] = {}


def register_text(key: str, thai: str, english: str = "") -> None:
    """Register a sentence like "มีรายการรอตรวจ {count} คู่"; the same key with other words is refused."""
    if _texts.setdefault(key, (thai, english)) != (thai, english):
        raise ValueError(f"notice text {key} is registered twice")


def notify(account_key: str, text_key: str, link: str = "", **params: str | int) -> Notice:
    """Put a notice before one account. Raises KeyError for an unregistered text or a missing parameter."""
    for sentence in _texts[text_key]:
        sentence.format(**params)
    return Notice.objects.create(
        account_key=account_key, text_key=text_key, link=link, params=params, created_at=clock.now()
    )


def text_of(notice: Notice) -> str:
    """The sentence to show, in the language of the page; the key when its room is not installed any more."""
    thai, english = _texts.get(notice.text_key, (notice.text_key, ""))
    chosen = english if english and (get_language() or "").startswith("en") else thai
    return chosen.format(**notice.params) if notice.text_key in _texts else chosen


def of(account_key: str) -> QuerySet[Notice]:
    """All notices of an account, newest first."""
    return Notice.objects.filter(account_key=account_key)


def unread_count(account_key: str) -> int:
    return Notice.objects.filter(account_key=account_key, read_at__isnull=True).count()


def mark_read(account_key: str, notice_id: int | None = None) -> int:
    """Mark one notice of this account, or all of them, as read."""
    unread = Notice.objects.filter(account_key=account_key, read_at__isnull=True)
    chosen: dict[str, Any] = {} if notice_id is None else {"pk": notice_id}
    return unread.filter(**chosen).update(read_at=clock.now())
