"""Reads of the messages."""

from maehia.message.queries.outbox import attempts_about, messages_of, troubled_count
from maehia.message.queries.quota import Quota, quota_of, used_this_month

__all__ = ["Quota", "attempts_about", "messages_of", "quota_of", "troubled_count", "used_this_month"]
