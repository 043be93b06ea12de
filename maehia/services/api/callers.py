"""Who calls: the key of an application, and how often it or an address may. Shared by Open311 and the JSON API."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest

from maehia.kit import rates
from maehia.services.actions.api_keys import api_key
from maehia.services.models import ApiKey

READS_PER_MINUTE = 1200  # of one address
WRONG_KEYS_PER_MINUTE = 60


def place_of(request: HttpRequest) -> str:
    """The address of the caller as a short hash: enough to count by, nothing to keep."""
    return hashlib.sha256(request.META.get("REMOTE_ADDR", "").encode()).hexdigest()[:16]


def count_read(request: HttpRequest) -> None:
    """Raises TooOften."""
    rates.limit(f"api-read:{place_of(request)}", READS_PER_MINUTE, 60)


def known(request: HttpRequest, text: str) -> ApiKey | None:
    """The key in force behind a text, counted; None for no or a wrong one. Raises TooOften."""
    key = api_key(text)
    if key is None:
        rates.limit(f"api-wrong-key:{place_of(request)}", WRONG_KEYS_PER_MINUTE, 60)
        return None
    rates.limit(f"api-key:{key.pk}", key.per_minute, 60)
    return key


def actor(key: ApiKey) -> str:
    """By what name an application acts; it stands in the history of its cases."""
    return f"key:{key.pk}"
