"""A home is surveyed on a phone without a signal, certified, claimed and paid once: in the browser, by five people."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.test import Client

from maehia.access.middleware import MFA_SESSION
from maehia.city.tests.cast import build_street
from maehia.emergency.models import Incident, Payment, Survey
from maehia.emergency.tests.cast import Desk
from maehia.emergency.tests.damage_cast import Damaged, photo
from maehia.kit.testing import EXTRA_KEPT, in_threads
from maehia.web.testing import DESK, PHONE, BrowserCase

EXTRA_KEPT |= {"access_role", "access_roleevent"}
pytestmark = pytest.mark.browser
SHOTS = os.environ.get("KEEP_PICTURES_IN", "")
PANEL = "[data-outbox-panel]"


def aside(work):
    """Something in the database while the browser is open: its loop has this thread."""
    done = in_threads(1, lambda _: work())[0]
    if isinstance(done, Exception):
        raise done
    return done


class DamageInBrowser(Desk, Damaged, BrowserCase):
    def setUp(self):
        super().setUp()
        with self.acting():
            build_street()
        self.flooded()
        with self.command():
            Incident.objects.filter(pk=self.incident.pk).update(state="active")
        self.at = f"/staff/emergency/{self.incident.number}/"
        self.cookies = {who: self.cookies_for(getattr(self, who)) for who in
                        ("officer", "engineer", "mayor", "clerk", "finance")}  # fmt: skip

    def cookies_for(self, account):
        client = Client()
        with self.acting("system.demo"):
            client.force_login(account)
        session = client.session
        session[MFA_SESSION] = str(account.pk)
        session.save()
        return self.cookies_of(client)

    def keep(self, page, name):
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)

    def counted(self):
        with self.relief():
            return Survey.objects.count()

    def the_survey(self):
        with self.relief():
            return Survey.objects.get()

    def fill(self, page):
        page.fill("[name=holder]", "มาลี สุขใจดี")
        page.fill("[name=phone]", "081-234-5678")
        page.fill("[name=house_no]", "12/3")
        page.select_option("[name=moo]", "5")
        page.fill("[name=people]", "3")
        for part, qty, share in (("roof", "80", "50"), ("walls", "60", "40")):
            page.click(f"details:has(#qty-{part}) summary")
            page.fill(f"#qty-{part}", qty)
            page.fill(f"#share-{part}", share)
        picture = photo()
        page.set_input_files("#photos", {"name": "wall.jpg", "mimeType": "image/jpeg", "buffer": picture.read()})
        page.wait_for_selector(".file-list img")

    def surveyed(self, open_page):
        """The officer at the house: no signal, then one."""
        page = open_page(f"{self.at}damage/survey/", width=PHONE, cookies=self.cookies["officer"],
                         service_workers="allow")  # fmt: skip
        page.evaluate("navigator.serviceWorker.ready")
        self.assert_no_sideways(page)
        self.assert_accessible(page)
        self.keep(page, "damage-survey-phone")
        page.context.set_offline(True)
        self.fill(page)
        self.keep(page, "damage-survey-filled")
        page.click(".send button")
        page.wait_for_selector(f"{PANEL}:has-text('รอส่ง 1 เรื่อง')")
        self.assert_no_sideways(page)
        self.keep(page, "damage-survey-waiting")
        assert aside(self.counted) == 0
        page.context.set_offline(False)
        page.wait_for_selector(f"{PANEL} li[data-state=sent]")
        assert aside(self.counted) == 1
        page.click(f"{PANEL} li[data-state=sent] a.button")
        page.wait_for_selector(".photos img")
        assert "80,800.00" in page.inner_text("#main")
        self.keep(page, "damage-one-phone")

    def step(self, open_page, who, path, width=DESK):
        return open_page(f"{self.at}{path}", width=width, cookies=self.cookies[who])

    @pytest.mark.slow
    def test_from_an_offline_survey_to_one_payment(self):
        with self.browser() as open_page:
            self.surveyed(open_page)
            home = f"damage/{aside(self.the_survey).pk}/"
            self.step(open_page, "engineer", home).click("button[value=reviewed]")
            page = self.step(open_page, "mayor", home, PHONE)
            page.click("button[value=certified]")
            page.wait_for_selector("text=หนังสือรับรอง")
            assert aside(self.the_survey).state == "certified"
            self.keep(page, "damage-certified-phone")
            claim = self.claimed(open_page, home)
            self.paid_once(open_page, claim)

    def claimed(self, open_page, home):
        """The officer writes down the committee, drafts the claim, sees the papers and submits; the clerk decides."""
        page = self.step(open_page, "officer", "claims/committee/")
        page.select_option("#source", "advance")
        page.fill("#order_no", "คำสั่ง 40/2569")
        page.fill("#appointed_on", "18/11/2569")
        page.fill("#members", "ประธานกรรมการ\nกรรมการ\nกรรมการและเลขานุการ")
        page.click("form.relief-form button.primary")
        page.goto(f"{self.live_server_url}{self.at}{home}claim/")
        self.assert_accessible(page)
        self.keep(page, "claim-new-desk")
        page.check("input[value='advance:house-repair']")
        page.click("form.relief-form button.primary")
        page.click("table a")
        path = page.url.split(self.at)[1]
        for box in page.query_selector_all("input[name=papers]"):
            box.check()
        self.keep(page, "claim-desk")
        page.click("button[value=submitted]")
        page = self.step(open_page, "clerk", path)
        page.fill("#decision", "ครั้งที่ 3/2569 วันที่ 18 พ.ย. 2569")
        page.click("button[value=approved]")
        page.wait_for_selector("text=อนุมัติแล้ว")
        return path

    def paid_once(self, open_page, claim):
        """Two screens of the treasury show the same claim; the second one is refused."""
        first, second = (self.step(open_page, "finance", claim) for _ in range(2))
        first.fill("#paper", "ฎ 120/2570")
        first.click("button[value=paid]")
        first.wait_for_selector(".kept")
        assert "49,500.00" in first.inner_text("#main")
        assert "สี่หมื่นเก้าพันห้าร้อยบาทถ้วน" in first.inner_text("#main")
        self.keep(first, "claim-paid-desk")
        second.click("button[value=paid]")
        second.wait_for_selector("text=ไม่จ่ายซ้ำ")
        self.keep(second, "claim-paid-twice")
        second.goto(f"{self.live_server_url}{self.at}claims/")
        self.assert_accessible(second)
        self.keep(second, "claims-desk")
        assert aside(self.payments) == ["49500.00"]

    def payments(self):
        with self.relief():
            return [str(amount) for amount in Payment.objects.values_list("amount", flat=True)]
