"""For the browser tests of every room: a live server, Debian's Chromium, axe, and what a page must never do."""

from __future__ import annotations

# ruff: noqa: S101 - asserting is what this module is for
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.testing import StaticLiveServerTestCase

from maehia.kit.testing import ConcurrentTestCase
from maehia.web import live

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-unsafe-swiftshader",  # WebGL without a graphics card
]
WATCH = """
window.violations = [];
addEventListener("securitypolicyviolation", (e) => violations.push([e.violatedDirective, e.blockedURI, e.sourceFile]));
"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Elements that reach over the right edge, but for those that scroll inside themselves.
TOO_WIDE = """
[...document.querySelectorAll("body *")].filter((e) => {
  if (!e.checkVisibility() || e.closest(".table-scroll, .tabs, .map-frame, svg, .visually-hidden, .skip")) return false;
  const place = e.getBoundingClientRect();
  return place.width && place.right > document.documentElement.clientWidth + 1;
}).slice(0, 5).map((e) => `${e.tagName}.${e.className} ${Math.round(e.getBoundingClientRect().right)}`)
"""
PHONE, DESK = 360, 1280


class BrowserCase(ConcurrentTestCase, StaticLiveServerTestCase):
    """`with self.browser() as open_page: page = open_page("/", width=360)`.

    The browser lives inside the block, so that the test may use the database before and after it.
    """

    def tearDown(self) -> None:
        live.hub.stop()
        super().tearDown()

    @contextmanager
    def browser(self) -> Iterator[Any]:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as play:
            chromium = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            try:
                yield lambda path, **options: self._open(chromium, path, **options)
            finally:
                chromium.close()

    def _open(
        self,
        chromium: Any,
        path: str,
        *,
        width: int = DESK,
        dark: bool = False,
        javascript: bool = True,
        cookies: dict[str, str] | None = None,
        **options: Any,
    ) -> Any:
        options = {"viewport": {"width": width, "height": 900}, "java_script_enabled": javascript, **options}
        defaults = {"color_scheme": "dark" if dark else "light", "service_workers": "block"}
        context = chromium.new_context(**{**defaults, **options})
        for name, value in (cookies or {}).items():
            context.add_cookies([{"name": name, "value": value, "url": self.live_server_url}])
        if javascript:
            context.add_init_script(WATCH)
        page = context.new_page()
        page.failures = []
        page.on("pageerror", lambda error: page.failures.append(f"script: {error}"))
        page.on("requestfailed", lambda request: page.failures.append(f"request: {request.url} {request.failure}"))
        page.goto(f"{self.live_server_url}{path}")
        return page

    def cookies_of(self, client: Any) -> dict[str, str]:
        """The cookies of a Django test client that has logged in, for `open_page(cookies=...)`."""
        return {name: morsel.value for name, morsel in client.cookies.items()}

    def assert_obeys_policy(self, page: Any) -> None:
        """No violation of the content policy, no script error, no failed request."""
        page.wait_for_timeout(300)
        broken = page.evaluate("violations") + page.failures
        assert broken == [], broken

    def assert_no_sideways(self, page: Any) -> None:
        """The page is not wider than the window."""
        over = page.evaluate(TOO_WIDE)
        assert over == [], over
        wide, room = (page.evaluate(f"document.documentElement.{name}") for name in ("scrollWidth", "clientWidth"))
        assert wide <= room

    def assert_accessible(self, page: Any, *, skip: tuple[str, ...] = ()) -> None:
        """axe finds nothing against WCAG 2.2 A and AA. skip: CSS selectors left out."""
        page.evaluate(axe_source())
        ask = "([skip, rules]) => axe.run({exclude: skip.map((s) => [s])}, {runOnly: rules})"
        found = page.evaluate(ask, [list(skip), RULES])["violations"]
        told = [f"{v['id']}: {node['target']} {node['failureSummary']}" for v in found for node in v["nodes"]]
        assert told == [], "\n".join(told)


def axe_source() -> str:
    return Path(str(resources.files("axe_core_python") / "axe.min.js")).read_text("utf-8")
