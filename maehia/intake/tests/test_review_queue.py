"""What the queue of pairs may say of a person: that somebody waits, never for what."""

from datetime import date

import pytest

from maehia.evidence.tests.cast import BOONMA, MALEE, deliver, make_source, row
from maehia.intake.models import ReviewItem
from maehia.intake.review import Pair, lay_out
from maehia.kit.testing import AppTestCase

BENEFIT = "เบี้ยความพิการ"


class QueueTests(AppTestCase):
    @pytest.fixture(autouse=True)
    def own_files(self, settings, tmp_path):
        settings.FILES_DIR = tmp_path

    def setUp(self):
        with self.acting():
            rows = [row("w:1", {**MALEE, "benefit": BENEFIT}), row("w:2", BOONMA)]
            deliver(make_source("welfare", data_class="s26"), date(2026, 5, 1), rows)
            deliver(make_source("vhv"), date(2026, 5, 1), [row("v:1", MALEE), row("v:2", BOONMA)])

    def test_which_benefit_it_is_stands_nowhere_in_the_open_table(self):
        with self.acting():
            lay_out("person", [Pair("w:1", "v:1", 0.7, "band"), Pair("w:2", "v:2", 0.8, "band")])
        waits = dict(ReviewItem.objects.values_list("ref_b", "waits_on"))
        assert waits == {"w:1": "เบี้ยหรือสวัสดิการ", "w:2": ""}
        assert not any("พิการ" in str(item) for item in ReviewItem.objects.values_list())

    def test_a_pair_with_a_benefit_still_comes_before_a_likelier_one(self):
        with self.acting():
            lay_out("person", [Pair("w:1", "v:1", 0.7, "band"), Pair("w:2", "v:2", 0.8, "band")])
        assert [item.ref_b for item in ReviewItem.objects.order_by("-weight", "-p")] == ["w:1", "w:2"]
