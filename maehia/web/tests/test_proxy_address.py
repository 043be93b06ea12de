"""Behind a proxy each visitor is counted by the address that the proxy saw, never by one that she made up."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from maehia.web.middleware import ProxyAddressMiddleware


@pytest.mark.parametrize(
    ("told", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("6.6.6.6, 203.0.113.7", "203.0.113.7"),
        ("2001:db8::1", "2001:db8::1"),
        ("6.6.6.6, nonsense", "127.0.0.1"),
        ("", "127.0.0.1"),
    ],
)
def test_the_last_address_counts_and_nonsense_does_not(told: str, counted: str) -> None:
    request = RequestFactory().get("/", headers={"X-Forwarded-For": told} if told else {})
    seen = []

    def answer(asked):
        seen.append(asked.META["REMOTE_ADDR"])
        return HttpResponse()

    ProxyAddressMiddleware(answer)(request)
    assert seen == [counted]
