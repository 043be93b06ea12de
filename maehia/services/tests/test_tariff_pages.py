"""A town sets its own rates, by day; what was billed stays; a slip is taken back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from maehia.services.models import TariffRate
from maehia.services.queries.tariffs import tariffs
from maehia.services.rules.tariff import fee
from maehia.services.tests.permit_cast import PermitCase

RATES = "/staff/services/tariffs/"


class TariffTest(PermitCase):
    def setUp(self) -> None:
        super().setUp()
        self.enter(self.clerk)

    def set(self, **changes: Any) -> Any:
        given = {
            "what": "waste_household.small",
            "amount": "35.50",
            "start": "2026-11-18",
            "source": "เทศบัญญัติ 2569",
            **changes,
        }
        return self.send(RATES, **given)

    def month(self, day: date) -> Decimal:
        return fee("waste_household", day, {"month": 1}, tariffs()).total

    def test_a_new_rate_holds_from_its_day_and_is_shown_to_everybody(self) -> None:
        assert self.set(verified="on").status_code == 302
        assert (self.month(date(2026, 11, 17)), self.month(date(2026, 11, 18))) == (Decimal("30.00"), Decimal("35.50"))
        assert "35.50 บาท" in self.client.get("/services/waste_account/").content.decode()
        assert "ยังไม่ได้ตรวจสอบกับเทศบัญญัติ" not in self.client.get("/services/waste_account/").content.decode()

    def test_a_withdrawn_rate_gives_way_to_the_one_before(self) -> None:
        self.set()
        self.send(f"{RATES}{TariffRate.objects.get().pk}/withdraw/")
        assert self.month(date(2026, 11, 18)) == Decimal("30.00")
        assert self.set(amount="36").status_code == 302
        assert "ยกเลิกแล้ว" in self.client.get(RATES).content.decode()

    def test_bad_rates_are_refused_with_a_sentence(self) -> None:
        self.set()
        for changes in ({}, {"amount": "-1", "start": "2027-01-01"}, {"amount": "1.005", "start": "2027-01-01"}, {"source": " ", "start": "2027-01-01"},
                        {"what": "nothing.small"}, {"start": "วันนี้"}, {"amount": "NaN", "start": "2027-01-01"}):  # fmt: skip
            assert self.set(**changes).status_code == 422, changes
        assert TariffRate.objects.count() == 1

    def test_a_later_rate_is_shown_beforehand(self) -> None:
        self.set(start="2027-01-01")
        assert "1 ม.ค. 2570" in self.client.get(RATES).content.decode()
        assert self.month(date(2026, 11, 18)) == Decimal("30.00")

    def test_only_who_manages_services_sets_rates(self) -> None:
        self.enter(self.counter)
        assert self.set().status_code == 403
