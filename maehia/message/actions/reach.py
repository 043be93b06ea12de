"""How the recipients of some messages can be reached: what they gave, what they linked, what they prefer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from maehia.access.models import Account
from maehia.message import rules, terms
from maehia.message.actions.queue import Recipient, address_index
from maehia.message.channels import EVERY
from maehia.message.models import LineFollower, LineLink, Message, Preference


@dataclass(frozen=True, slots=True)
class Reach:
    """A message, its recipient as known now, and the LINE follower he is (None: not a follower any more)."""

    message: Message
    to: Recipient
    follower: LineFollower | None


def reach(rows: Sequence[Message]) -> list[Reach]:
    """Look up links, preferences and followers of all rows at once. Purpose message.send."""
    people = [Recipient.from_json(row.recipient) for row in rows]
    keys = {to.account_key for to in people if to.account_key}
    known = {
        str(link.account_key): link.line_user
        for link in LineLink.objects.filter(account_key__in=keys, unlinked_at=None)
    }
    wishes = {str(row.account_key): row.channels for row in Preference.objects.filter(account_key__in=keys)}
    mails = {str(a.pk): a.email for a in Account.objects.filter(pk__in=keys).exclude(email="")}
    whole = [
        replace(
            to,
            line_user=to.line_user or known.get(to.account_key, ""),
            email=to.email or mails.get(to.account_key, ""),
            wants=tuple(wishes.get(to.account_key, to.wants)),
        )
        for to in people
    ]
    followers = _followers([to.line_user for to in whole])
    return [Reach(row, to, followers.get(to.line_user)) for row, to in zip(rows, whole, strict=True)]


def _followers(users: Sequence[str]) -> dict[str, LineFollower]:
    by_index = {address_index(user): user for user in users if user}
    rows = LineFollower.objects.filter(user_index__in=[i for i in by_index if i], unfollowed_at=None)
    return {by_index[bytes(row.user_index)]: row for row in rows}


def plan_of(one: Reach, on: Collection[str]) -> list[str]:
    """The channels to try for a message, of those that are on. LINE only while the recipient follows the account."""
    reachable = [key for key in on if EVERY[key].address(one.to) and (key != "line" or one.follower is not None)]
    return rules.plan(reachable, one.to.wants, terms.value("order"), mode=one.message.mode)
