"""Keys for client applications: made once, shown once, revoked for good."""

from __future__ import annotations

import pytest

from maehia.base import ProblemError
from maehia.kit.idempotency import new_key
from maehia.services.actions import api_keys
from maehia.services.models import ApiKey, TokenService
from maehia.services.tests.desk_cast import HallCase

PAGE = "/staff/services/keys/"
FORM = {"name": "แอปชุมชน (สมมติ)", "contact": "app@example.org", "mode": "exercise", "per_minute": "30"}


class Keys(HallCase):
    def test_a_key_is_shown_once_and_only_its_hash_is_kept(self) -> None:
        self.enter(self.clerk)
        again = {"idempotency_key": new_key(), **FORM}
        page = self.client.post(PAGE, again).content.decode()
        text = page.partition(api_keys.PREFIX)[2][:43]
        row = ApiKey.objects.get()
        assert (row.mode, row.per_minute, row.key_hash) == ("exercise", 30, api_keys.hash_of(api_keys.PREFIX + text))
        assert text not in self.client.post(PAGE, again).content.decode()
        assert ApiKey.objects.count() == 1
        listed = self.page(PAGE)
        assert "แอปชุมชน" in listed
        assert text not in listed

    def test_a_revoked_key_opens_nothing(self) -> None:
        new = api_keys.make_api_key("แอป", "app@example.org", by="system:test")
        assert api_keys.api_key(new.text) is not None
        self.enter(self.clerk)
        self.send(f"{PAGE}{new.row.pk}/revoke/")
        assert api_keys.api_key(new.text) is None
        with pytest.raises(ProblemError):
            api_keys.revoke_api_key(new.row.pk, by="system:test")

    def test_the_last_use_is_noted(self) -> None:
        new = api_keys.make_api_key("แอป", "app@example.org", by="system:test")
        api_keys.api_key(new.text)
        assert ApiKey.objects.get().last_used_at is not None

    def test_what_cannot_be_a_key_is_refused(self) -> None:
        for wrong in ({"name": " "}, {"contact": ""}, {"mode": "both"}, {"per_minute": 0}, {"per_minute": 10**9}):
            with pytest.raises(ProblemError):
                api_keys.make_api_key(**({"name": "แอป", "contact": "a@example.org", "by": "x"} | wrong))
        assert api_keys.api_key("") is None

    def test_services_that_answer_by_token_are_chosen_on_the_page(self) -> None:
        self.enter(self.clerk)
        self.send(f"{PAGE}tokens/", codes=["smoke"])
        assert list(TokenService.objects.values_list("pk", flat=True)) == ["smoke"]
        self.send(f"{PAGE}tokens/")
        assert not TokenService.objects.exists()

    def test_only_who_manages_services_makes_keys(self) -> None:
        self.enter(self.counter)
        assert self.client.get(PAGE).status_code == 403
        assert self.send(PAGE, **FORM).status_code == 403
        assert not ApiKey.objects.exists()
