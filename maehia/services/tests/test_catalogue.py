"""The catalogue: what is shipped, drafted, published, taken back; and what a case keeps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from maehia.base import ProblemError
from maehia.kit.testing import AppTestCase
from maehia.services.actions import NewCase, file_case
from maehia.services.actions.catalogue import (
    BadDefinition,
    discard_draft,
    go_back,
    load_shipped,
    offer_again,
    publish,
    retire,
    save_draft,
    save_drafts,
)
from maehia.services.catalogue_files import shipped, shipped_units
from maehia.services.models import Service, ServiceVersion, Unit
from maehia.services.queries import catalogue
from maehia.services.queries.current import definition_of
from maehia.services.rules.clock import Promise
from maehia.services.rules.definition import Text, to_yaml

MALEE = "user:malee"


class CatalogueCase(AppTestCase):
    def setUp(self) -> None:
        load_shipped()

    def change(self, **parts: Any) -> ServiceVersion:
        return save_draft(replace(catalogue.definition("light"), **parts), by=MALEE)


class ShippedTest(CatalogueCase):
    def test_every_shipped_service_is_published_once_however_often_it_is_loaded(self) -> None:
        again = load_shipped()
        assert (again.units, again.added, again.renewed) == (0, 0, 0)
        assert Service.objects.filter(state="published").count() == len(shipped())
        assert ServiceVersion.objects.count() == len(shipped())
        assert Unit.objects.count() == len(shipped_units())

    def test_every_shipped_service_is_of_a_shipped_unit(self) -> None:
        assert {d.unit for d in shipped().values()} <= {row["key"] for row in shipped_units()}

    def test_a_newer_program_renews_what_the_town_has_not_touched(self) -> None:
        old = ServiceVersion.objects.get(service_id="light")
        old.definition = old.definition | {"reopen_days": 3}
        old.save()
        assert load_shipped().renewed == 1
        assert catalogue.definition("light").reopen_days == 14

    def test_what_the_town_changed_stays_when_the_program_is_upgraded(self) -> None:
        self.change(reopen_days=7)
        publish("light", by=MALEE)
        assert load_shipped().renewed == 0
        assert catalogue.definition("light").reopen_days == 7

    def test_the_whole_catalogue_is_read_in_one_query_once_it_is_known(self) -> None:
        catalogue.published()
        with self.assertNumQueries(1):
            assert len(catalogue.published("report")) == 30

    def test_groups_stand_in_their_order_without_empty_ones(self) -> None:
        keys = [group.key for group in catalogue.published_groups("report")]
        assert keys == ["streets", "water", "clean", "green", "order", "people"]


class ChangeTest(CatalogueCase):
    def test_a_draft_changes_nothing_before_it_is_published(self) -> None:
        self.change(name=Text("โคมไฟ", "Lamp"))
        assert catalogue.definition("light").name.th == "ไฟถนนดับหรือชำรุด"
        publish("light", by=MALEE)
        assert catalogue.definition("light").name.th == "โคมไฟ"
        assert Service.objects.get(pk="light").name_th == "โคมไฟ"

    def test_a_service_has_one_draft_at_a_time(self) -> None:
        first = self.change(reopen_days=3)
        second = self.change(reopen_days=4)
        assert first.pk == second.pk
        assert publish("light", by=MALEE).definition["reopen_days"] == 4
        with pytest.raises(ProblemError):
            publish("light", by=MALEE)

    def test_an_earlier_version_comes_back_as_a_new_one(self) -> None:
        self.change(reopen_days=3)
        publish("light", by=MALEE)
        version = go_back("light", 1, by=MALEE)
        assert (version.number, version.state) == (3, "published")
        assert catalogue.definition("light").reopen_days == 14
        assert [v.state for v in catalogue.versions("light")] == ["published", "retired", "retired"]

    def test_a_retired_service_takes_no_cases_until_it_is_offered_again(self) -> None:
        retire("light", by=MALEE)
        with pytest.raises(ProblemError):
            catalogue.definition("light")
        offer_again("light", by=MALEE)
        assert catalogue.definition("light").code == "light"

    def test_a_case_keeps_the_promise_it_came_under(self) -> None:
        case = file_case(NewCase("light", "web", point=(98.951, 18.744)), by="device:a").case
        self.change(resolve=Promise(9, "working_days"))
        publish("light", by=MALEE)
        assert definition_of(case).resolve == Promise(3, "working_days")
        assert case.promise["resolve"]["amount"] == 3

    def test_a_discarded_draft_leaves_what_is_published_and_a_new_service_goes_with_its_draft(self) -> None:
        self.change(reopen_days=3)
        assert discard_draft("light", by=MALEE) == 1
        assert catalogue.definition("light").reopen_days == 14
        save_drafts(to_yaml(replace(catalogue.definition("light"), code="lamp2")), by=MALEE)
        discard_draft("lamp2", by=MALEE)
        assert not Service.objects.filter(pk="lamp2").exists()


class ImportTest(CatalogueCase):
    def test_what_is_exported_is_imported_again_unchanged(self) -> None:
        before = catalogue.published()
        for version in save_drafts(catalogue.export_yaml(), by=MALEE):
            publish(version.service_id, by=MALEE)
        assert catalogue.published() == before

    def test_one_bad_definition_keeps_all_out_and_names_its_line(self) -> None:
        good = to_yaml(catalogue.definition("light"))
        bad = to_yaml(catalogue.definition("road")).replace("unit: working_days", "unit: weeks")
        with pytest.raises(BadDefinition) as caught:
            save_drafts(f"{good}---\n{bad}", by=MALEE)
        assert all(problem.where.startswith("บรรทัด ") for problem in caught.value.problems)
        assert not ServiceVersion.objects.filter(state="draft").exists()

    def test_an_unknown_unit_act_and_fee_are_refused(self) -> None:
        for part, value, code in (
            ("unit", "moon", "unknown_unit"),
            ("act", "moon", "unknown_act"),
            ("fee", "moon", "unknown_tariff"),
        ):
            with pytest.raises(BadDefinition) as caught:
                self.change(**{part: value})
            assert caught.value.problem.code == code

    def test_a_text_about_another_service_is_refused_on_the_page_of_this_one(self) -> None:
        with pytest.raises(BadDefinition) as caught:
            save_drafts(to_yaml(catalogue.definition("road")), by=MALEE, code="light")
        assert caught.value.problem.code == "other_code"

    def test_a_report_cannot_become_an_application(self) -> None:
        with pytest.raises(BadDefinition) as caught:
            self.change(kind="service", closing={})
        assert caught.value.problem.code == "other_kind"
