"""Reads of the messages."""

from maehia.message.queries.demo import demo_line_secret, demo_line_user, villages
from maehia.message.queries.outbox import attempts_about, messages_of, troubled_count
from maehia.message.queries.quota import Quota, quota_of, used_this_month

__all__ = [
    "Quota", "attempts_about", "demo_line_secret", "demo_line_user", "messages_of", "quota_of", "troubled_count",
    "used_this_month", "villages",
]  # fmt: skip
