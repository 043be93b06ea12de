"""Fees are dated and exact to the satang."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maehia.base import ProblemError
from maehia.services.catalogue_files import shipped
from maehia.services.rules.tariff import fee, read_tariffs, shipped_tariffs

TODAY = date(2026, 11, 22)


def _tariff(**row: Any) -> Any:
    rows = [{"from": date(2020, 1, 1), "amount": "20.00", "source": "ก", "verified": True}, row]
    line = {"code": "a", "name": {"th": "ก", "en": "A"}, "per": "permit", "rows": rows}
    return read_tariffs({"tariffs": {"one": {"name": {"th": "ก", "en": "A"}, "lines": [line]}}})


def test_the_permit_of_a_small_house_costs_its_lines() -> None:
    found = fee("building_permit_new", TODAY, {"permit": 1, "m2": Decimal("96.5")})
    assert [charge.amount for charge in found.charges] == [Decimal("20.00"), Decimal("48.25")]
    assert found.total == Decimal("68.25")
    assert not found.verified


def test_a_new_rate_holds_from_its_day() -> None:
    tariffs = _tariff(**{"from": date(2026, 10, 1), "amount": "25.00", "source": "ข", "verified": True})
    assert fee("one", date(2026, 9, 30), {"permit": 1}, tariffs).total == Decimal("20.00")
    assert fee("one", date(2026, 10, 1), {"permit": 2}, tariffs).total == Decimal("50.00")


def test_a_day_without_a_rate_is_a_problem_not_free() -> None:
    tariffs = _tariff(**{"from": date(2026, 10, 1), "amount": "25.00", "source": "ข", "verified": True})
    with pytest.raises(ProblemError) as caught:
        fee("one", date(2019, 1, 1), {"permit": 1}, tariffs)
    assert caught.value.problem.code == "no_rate"


@pytest.mark.parametrize("amount", [20.5, 20, "20.005", "-1", "๒๐", "", "NaN", "1e3"])
def test_an_amount_that_is_no_exact_text_of_baht_is_refused(amount: Any) -> None:
    with pytest.raises(ProblemError) as caught:
        _tariff(**{"from": TODAY, "amount": amount, "source": "ข", "verified": True})
    assert caught.value.problem.code == "bad_amount"


@pytest.mark.parametrize("quantity", [Decimal("-1"), Decimal("NaN"), 1.5, True])
def test_a_quantity_that_is_no_count_is_refused(quantity: Any) -> None:
    with pytest.raises(ProblemError):
        fee("building_permit_new", TODAY, {"m2": quantity})


@given(st.decimals(0, 500, places=2), st.decimals(0, 500, places=2))
def test_a_larger_area_never_costs_less(one: Decimal, other: Decimal) -> None:
    small, large = sorted((one, other))
    cost = [fee("building_permit_new", TODAY, {"permit": 1, "m2": area}).total for area in (small, large)]
    assert cost[0] <= cost[1]
    assert all(total == total.quantize(Decimal("0.01")) for total in cost)


def test_every_fee_that_a_shipped_service_names_exists_and_has_a_rate_today() -> None:
    for definition in shipped().values():
        if definition.fee:
            assert all(line.rate_on(TODAY) for line in shipped_tariffs()[definition.fee].lines)
