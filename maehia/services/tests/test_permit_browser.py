"""The house permit on a phone: from the form to the signed PDF, in Debian's Chromium."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from maehia.city.models import Area
from maehia.kit.acting import acting
from maehia.kit.testing import EXTRA_KEPT, in_threads
from maehia.services.actions.fees import pay
from maehia.services.models import Case, Invoice
from maehia.services.tests.permit_cast import FLOOD, LAT, PermitDesk, plan_file, polygon
from maehia.web.testing import PHONE, BrowserCase

EXTRA_KEPT |= {"access_role", "access_roleevent"}
pytestmark = pytest.mark.browser
SHOTS = os.environ.get("KEEP_PICTURES_IN", "")  # a folder: keep what the pages look like, to be looked at


class PermitOnThePhoneTest(PermitDesk, BrowserCase):
    def shot(self, page: Any, name: str) -> None:
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)

    def cookies(self, account: Any) -> dict[str, str]:
        """A session of her own: logging out would end the one before."""
        self.client = self.client_class()
        self.enter(account)
        return self.cookies_of(self.client)

    def aside(self, work: Any) -> Any:
        """The database while the browser runs: in a thread, since the browser's loop lives in this one."""
        [found] = in_threads(1, lambda _: work())
        if isinstance(found, Exception):
            raise found
        return found

    def only_case(self) -> Case:
        with self.acting():
            return Case.objects.get()

    def take_money(self, case: Case) -> None:
        with acting(self.counter.actor, "services.fees"):
            pay(Invoice.objects.get(case_id=case.pk).pk, way="cash", by=self.counter.actor)

    def fill(self, page: Any) -> None:
        for name, value in (
            ("width_m", "9"),
            ("depth_m", "8"),
            ("storeys", "1"),
            ("floor_area_m2", "72"),
            ("height_m", "4.5"),
        ):
            page.fill(f"#id_{name}", value)

    def verdict(self, page: Any, code: str) -> str:
        return str(page.get_attribute(f"[data-finding={code}]", "data-verdict"))

    @pytest.mark.slow
    def test_a_permit_from_the_application_to_the_signed_paper(self) -> None:
        citizen, counter, engineer, mayor = (
            self.cookies(a) for a in (self.citizen, self.counter, self.engineer, self.mayor)
        )
        plan = plan_file().read()
        with self.browser() as open_page:
            page = open_page("/services/house_permit/", width=PHONE, cookies=citizen)
            self.assert_no_sideways(page)
            self.assert_accessible(page)
            self.shot(page, "service")
            page.click("text=ยื่นคำขอ")
            self.fill(page)
            page.click("button[value=check]")
            page.wait_for_selector("[data-finding=flood]", state="attached")
            assert self.verdict(page, "flood") == "done"
            self.shot(page, "checked")
            self.assert_no_sideways(page)
            self.assert_accessible(page, skip=(".map-frame",))
            page.set_input_files("#doc_plans", {"name": "plan.jpg", "mimeType": "image/jpeg", "buffer": plan})
            page.click("button[value=send]")
            page.wait_for_url("**/follow/**")
            self.shot(page, "sent")
            case = self.aside(self.only_case)
            path = f"/staff/applications/{case.pk}/"
            for cookies, step, name in (
                (counter, "recommend", "desk"),
                (engineer, "review", "review"),
                (mayor, "sign", "sign"),
            ):
                desk = open_page(path, width=PHONE, cookies=cookies)
                self.shot(desk, name)
                self.assert_no_sideways(desk)
                self.assert_accessible(desk)
                desk.check(f"#{step}_yes")
                desk.click(f"form[action$='/{step}/'] button.primary")
                desk.wait_for_selector(".flash-done, .flash")
            self.aside(lambda: self.take_money(case))
            desk = open_page(path, width=PHONE, cookies=mayor)
            self.shot(desk, "issued")
            with desk.expect_download() as download:
                desk.click("text=ใบอนุญาตก่อสร้างอาคาร >> nth=0")
            pdf = Path(download.value.path()).read_bytes()
            assert pdf.startswith(b"%PDF-")
            if SHOTS:
                (Path(SHOTS) / "permit.pdf").write_bytes(pdf)
            again = open_page(f"/follow/{secret(case)}/", width=PHONE)
            self.shot(again, "follow")

    def test_the_answer_on_the_screen_changes_with_one_row_of_the_register(self) -> None:
        citizen = self.cookies(self.citizen)
        with self.browser() as open_page:
            page = open_page("/services/house_permit/apply/", width=PHONE, cookies=citizen, javascript=False)
            self.fill(page)
            page.click("button[value=check]")
            assert self.verdict(page, "flood") == "done"
            assert page.inner_text("[data-count=doubt]") == "0"
            self.aside(lambda: Area.objects.filter(pk=FLOOD).update(geom=polygon(8, -50, 350, 80)))
            page.click("button[value=check]")
            assert self.verdict(page, "flood") == "work"
            assert page.inner_text("[data-count=doubt]") == "1"
            assert str(LAT)[:6] in page.content()


def secret(case: Case) -> str:
    from maehia.services.actions import secret_of

    return secret_of(case.pk)
