"""A LINE user and a person of the register: bound by LINE's own word, one at a time, ended by the citizen at will."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction

from maehia.access.models import Account
from maehia.access.permissions import acting_as, needs_factor
from maehia.base import Problem, ProblemError
from maehia.kit import clock
from maehia.kit.acting import acting
from maehia.message.actions.queue import ACTOR, PURPOSE, address_index
from maehia.message.channels import EVERY
from maehia.message.channels.line import api
from maehia.message.models import LineLink, Preference

MINE = "me.services"


def verified_user(id_token: str, nonce: str) -> str:
    """The LINE user of an ID token. Raises ProblemError line_not_signed_in whenever LINE does not confirm it."""
    user = api.verify_id_token(id_token, nonce)
    if not user:
        raise ProblemError(
            Problem("line_not_signed_in", "LINE ไม่ยืนยันการเข้าใช้งานนี้", fix="เปิดหน้านี้จากแชทของเทศบาลใน LINE อีกครั้ง")
        )
    return user


def link_line(account: Account, id_token: str, nonce: str) -> LineLink:
    """Bind the LINE user of an ID token to a citizen's account. Raises ProblemError: line_not_signed_in, line_taken."""
    user = verified_user(id_token, nonce)
    index = address_index(user)
    try:
        with transaction.atomic(), acting_as(account, MINE):
            person = account.person_key or account.pk  # acting_as has refused whoever is no person
            mine = LineLink.objects.filter(account_key=account.pk, unlinked_at=None)
            found = mine.filter(user_index=index).first()
            if found:
                return found
            mine.update(unlinked_at=clock.now())
            return LineLink.objects.create(
                person_key=person, account_key=account.pk, line_user=user, user_index=index,
                how="liff", linked_at=clock.now(),
            )  # fmt: skip
    except IntegrityError as error:
        raise ProblemError(Problem("line_taken", "LINE นี้ผูกกับบัญชีอื่นอยู่แล้ว", fix="ยกเลิกการผูกในบัญชีนั้นก่อน")) from error


def unlink_line(account: Account) -> int:
    """End the citizen's own link. Returns how many were open."""
    with acting_as(account, MINE):
        return LineLink.objects.filter(account_key=account.pk, unlinked_at=None).update(unlinked_at=clock.now())


def account_of(id_token: str, nonce: str) -> Account | None:
    """Whose account a LINE user is bound to, for signing in: citizens only, never one with a staff role.

    Raises ProblemError line_not_signed_in.
    """
    user = verified_user(id_token, nonce)
    with acting(ACTOR, PURPOSE):
        link = LineLink.objects.filter(user_index=address_index(user), unlinked_at=None).first()
        account = Account.objects.filter(pk=link.account_key, is_active=True).first() if link else None
    return None if account is None or needs_factor(account) else account


def prefer(account: Account, channels: Sequence[str]) -> None:
    """Keep the citizen's own order of channels. Raises ProblemError unknown_channel."""
    if not set(channels) <= set(EVERY) or len(set(channels)) != len(channels):
        raise ProblemError(Problem("unknown_channel", "ไม่รู้จักช่องทางนี้"))
    with acting_as(account, MINE):
        Preference.objects.update_or_create(
            account_key=account.pk,
            defaults={"channels": list(channels), "person_key": account.person_key or account.pk, "at": clock.now()},
        )


def open_link(account_key: UUID) -> LineLink | None:
    """The link that an account has now, under the context at hand."""
    return LineLink.objects.filter(account_key=account_key, unlinked_at=None).first()
