"""In a real browser, on a phone first."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from maehia.kit.testing import EXTRA_KEPT
from maehia.services import actions
from maehia.services.tests.citizen_cast import CitizenTown
from maehia.web.testing import DESK, PHONE, BrowserCase

EXTRA_KEPT |= {"access_role", "access_roleevent"}
pytestmark = pytest.mark.browser
SHOTS = os.environ.get("KEEP_PICTURES_IN", "")  # a folder: keep what the pages look like, to be looked at


class CitizenInBrowser(CitizenTown, BrowserCase):
    def keep(self, page, name):
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)

    def test_pages_are_readable_and_accessible_on_phone_and_desk_in_both_languages(self):
        case = self.file()
        done = self.file(contact=actions.Contact())
        self.fix(done)
        for n in range(4):
            self.file(service="road", asset_key=None, point=(98.951 + n / 900, 18.744 + n / 700), description="หลุม")
        secret, fixed = actions.secret_of(case.pk), actions.secret_of(done.pk)
        paths = {
            "start": "/report/", "found": "/report/?q=ไฟทางดับหน้าวัด", "fire": "/report/?q=ไฟไหม้บ้าน", "write": "/report/light/tell/",
            "sealed": "/report/corruption/tell/", "sent": f"/follow/{secret}/sent/", "follow": f"/follow/{secret}/",
            "fixed": f"/follow/{fixed}/", "fixed-yes": f"/follow/{fixed}/?fixed=yes", "fixed-no": f"/follow/{fixed}/?fixed=no",
            "find": "/follow/", "list": "/cases/", "map": "/cases/map/", "public": f"/cases/{case.number}/",
        }  # fmt: skip
        with self.browser() as open_page:
            for lang in ("", "/en"):
                for name, path in paths.items():
                    for width in (PHONE, DESK):
                        page = open_page(lang + path, width=width)
                        page.wait_for_timeout(1500 if name in ("map", "write") and width == DESK else 200)
                        self.keep(page, f"{name}{lang.replace('/', '-')}-{width}")
                        self.assert_accessible(page, skip=(".map-frame",))
                        self.assert_no_sideways(page)
                        page.context.close()
