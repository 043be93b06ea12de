"""Acts are dated; a section number that nobody verified is never printed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from maehia.base import BANGKOK
from maehia.services.catalogue_files import shipped
from maehia.services.rules.acts import Act, Duty, cite, governing, late_notices, legal_deadline, shipped_acts
from maehia.services.rules.clock import Pause, Promise
from maehia.services.rules.definition import Text
from maehia.thai import WorkingCalendar

TODAY = date(2026, 11, 22)
GAPS = Duty("gaps", Text("แจ้งครั้งเดียว", "Once"), "8", "ทดสอบ", verified=False)
OLD = Act("old", Text("กฎหมายเดิม", "Old act"), "ทดสอบ", True, date(2015, 1, 1), date(2026, 6, 30), duties=(GAPS,),
          applies_to=("service",))  # fmt: skip
NEW = replace(OLD, key="new", name=Text("กฎหมายใหม่", "New act"), in_force_from=date(2026, 7, 1), in_force_to=None)
ACTS = {"old": OLD, "new": NEW}


def test_no_section_number_of_the_shipped_acts_is_printed_before_it_is_verified() -> None:
    for key, act in shipped_acts().items():
        for duty in act.duties:
            text = cite(key, TODAY, duty=duty.code)
            assert duty.verified or "มาตรา" not in text


def test_a_verified_section_is_printed() -> None:
    acts = {"old": replace(OLD, duties=(replace(GAPS, verified=True),))}
    assert cite("old", date(2026, 1, 1), duty="gaps", acts=acts) == "กฎหมายเดิม มาตรา 8"
    assert cite("old", date(2026, 1, 1), duty="gaps", lang="en", acts=acts) == "Old act section 8"


def test_the_successor_takes_over_on_its_day() -> None:
    assert cite("old", date(2026, 6, 30), acts=ACTS) == "กฎหมายเดิม"
    assert cite("old", date(2026, 7, 1), acts=ACTS) == ""
    assert [act.key for act in governing("", "service", date(2026, 6, 30), ACTS)] == ["old"]
    assert [act.key for act in governing("", "service", date(2026, 7, 1), ACTS)] == ["new"]


def test_an_announced_act_without_a_day_governs_nothing() -> None:
    assert cite("facilitation_next", TODAY) == ""
    assert "facilitation_next" not in [act.key for act in governing("", "service", TODAY)]


def test_a_duty_has_its_own_days() -> None:
    act = replace(OLD, duties=(replace(GAPS, in_force_from=date(2020, 1, 1)),))
    assert act.duty("gaps", date(2019, 12, 31)) is None
    assert act.duty("gaps", date(2020, 1, 1)) is not None


def test_the_named_act_comes_before_those_that_govern_every_application() -> None:
    keys = [act.key for act in governing("building_control_2522", "service", TODAY)]
    assert keys == ["building_control_2522", "facilitation_2558", "e_procedures_2565"]
    assert legal_deadline("building_control_2522", TODAY) == Promise(45, "calendar_days")
    assert legal_deadline("public_health_2535", TODAY) is None


def test_every_act_that_a_shipped_service_names_exists() -> None:
    assert {d.act for d in shipped().values() if d.act} <= set(shipped_acts())


def test_the_applicant_is_told_every_seven_days_while_the_decision_is_late() -> None:
    due = datetime(2026, 11, 2, 16, 30, tzinfo=BANGKOK)
    week, calendar = Promise(7, "calendar_days"), WorkingCalendar.load()
    assert late_notices(due, datetime(2026, 11, 2, 16, 0, tzinfo=BANGKOK), week, [], calendar) == []
    told = late_notices(due, datetime(2026, 11, 20, 9, 0, tzinfo=BANGKOK), week, [], calendar)
    assert [moment.date() for moment in told] == [date(2026, 11, 2), date(2026, 11, 10), date(2026, 11, 18)]
    waiting = [Pause(datetime(2026, 11, 3, tzinfo=BANGKOK), None, "รอผู้ยื่น")]
    assert len(late_notices(due, datetime(2026, 11, 20, tzinfo=BANGKOK), week, waiting, calendar)) == 1
