"""A town changes in the browser how its alerts go out; what nobody changed stays safe."""

from __future__ import annotations

from maehia.emergency.models import AlertSetting
from maehia.emergency.queries.alerts_settings import setting
from maehia.emergency.tests.cast import Desk
from maehia.kit.testing import AppTestCase

PATH = "/staff/alerts/settings/"


class TestSettings(Desk, AppTestCase):
    def test_one_alone_is_off_until_the_clerk_switches_it_on_and_can_be_undone(self):
        assert setting("solo_release") is False
        self.enter(self.clerk)
        assert "คนเดียวปล่อยประกาศ" in self.page(PATH)
        assert self.send(f"{PATH}solo_release/", value="on", reason="มติที่ประชุม 3/2569").status_code == 302
        assert setting("solo_release") is True
        row = AlertSetting.objects.get()
        assert (row.by, row.reason) == (self.clerk.actor, "มติที่ประชุม 3/2569")
        assert "มติที่ประชุม 3/2569" in self.page(f"{PATH}solo_release/")
        assert self.send(f"{PATH}undo/{row.pk}/").status_code == 302
        assert setting("solo_release") is False
        assert AlertSetting.objects.count() == 2

    def test_a_value_out_of_bounds_and_a_change_without_a_reason_are_refused(self):
        self.enter(self.clerk)
        for fields in (
            {"value": "900", "reason": "x"},
            {"value": "48", "reason": ""},
            {"value": "many", "reason": "x"},
        ):
            assert self.send(f"{PATH}life_hours/", **fields).status_code == 200
        assert setting("life_hours") == 24
        self.page(f"{PATH}colour/", status=404)

    def test_who_commands_does_not_change_the_rules_he_is_under(self):
        self.enter(self.commander)
        self.page(PATH, status=403)
        assert self.send(f"{PATH}solo_release/", value="on", reason="x").status_code == 403
