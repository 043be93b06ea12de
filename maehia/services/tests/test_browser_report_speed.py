"""What a page costs a phone: bytes as they are served to a town, and seconds on slow 3G with a slow processor."""

from __future__ import annotations

import tempfile

import pytest
from django.core.management import call_command
from django.test import override_settings

from maehia.kit.testing import EXTRA_KEPT
from maehia.services import actions
from maehia.services.tests.citizen_cast import CitizenTown
from maehia.web.testing import PHONE, BrowserCase

EXTRA_KEPT |= {"access_role", "access_roleevent"}
pytestmark = [pytest.mark.browser, pytest.mark.slow]
MOST_BYTES, MOST_SECONDS = 200_000, 3.0
# As browsers call it: 400 ms of delay, 400 kbit/s down and up, and a processor four times slower than this one.
SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
USABLE = {"/report/": "#q", "/report/light/tell/": ".send button", "/follow/": "[name=number]", "/cases/": ".case-row"}


class PhoneCase(CitizenTown, BrowserCase):
    """Served as a town serves it: files collected, named by their content and compressed."""

    static_handler = staticmethod(lambda app: app)  # the application's own, not that of Django's tests

    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        storage = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
        kept = {"default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}, "staticfiles": storage}
        cls.enterClassContext(override_settings(STATIC_ROOT=folder, STORAGES=kept, WHITENOISE_USE_FINDERS=False))
        call_command("collectstatic", verbosity=0, interactive=False)
        super().setUpClass()

    def test_no_page_of_a_citizen_brings_more_than_two_hundred_kilobytes(self):
        case = self.file()
        secret = actions.secret_of(case.pk)
        paths = ("/report/", "/report/light/tell/", f"/follow/{secret}/sent/", f"/follow/{secret}/", "/follow/", "/cases/",
                 "/cases/map/", f"/cases/{case.number}/")  # fmt: skip
        weights = {}
        with self.browser() as open_page:
            for path in paths:
                page = open_page("/health/live", width=PHONE)
                done = []
                page.on("requestfinished", lambda request, kept=done: kept.append(request))
                page.goto(f"{self.live_server_url}{path}", wait_until="networkidle")
                sizes = [request.sizes() for request in done]
                weights[path.replace(secret, "…")] = sum(
                    s["responseBodySize"] + s["responseHeadersSize"] for s in sizes
                )
                page.context.close()
        print({path: f"{n / 1000:.0f} kB" for path, n in weights.items()})  # noqa: T201 (a figure for who asks)
        assert max(weights.values()) <= MOST_BYTES, weights

    def test_a_page_can_be_used_within_three_seconds_on_slow_3g(self):
        self.file()
        seconds = {}
        with self.browser() as open_page:
            for path, wanted in USABLE.items():
                page = open_page("/health/live", width=PHONE)
                slow = page.context.new_cdp_session(page)
                slow.send("Network.enable")
                slow.send("Network.emulateNetworkConditions", SLOW_3G)
                slow.send("Emulation.setCPUThrottlingRate", {"rate": 4})
                page.goto(f"{self.live_server_url}{path}", wait_until="commit")
                page.wait_for_selector(wanted)
                page.locator(wanted).first.scroll_into_view_if_needed()
                seconds[path] = page.evaluate("performance.now()") / 1000
                page.context.close()
        print({path: f"{n:.1f} s" for path, n in seconds.items()})  # noqa: T201 (a figure for who asks)
        assert max(seconds.values()) <= MOST_SECONDS, seconds
