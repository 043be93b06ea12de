"""The transition table is closed: no dead end, no door beside it, every state has its words and its outside names."""

import dataclasses

import pytest

from maehia.services.workflow import BEFORE, KINDS, REPORT, START, Move, faults, find_move, state

EVERY = [(kind, state) for kind, table in KINDS.items() for state in table.values()]


@pytest.mark.parametrize("kind", KINDS)
def test_each_table_is_closed_and_reached(kind):
    assert faults(KINDS[kind].values(), START[kind]) == []


@pytest.mark.parametrize(("kind", "found"), EVERY, ids=lambda value: getattr(value, "code", value))
def test_hidden_states_are_told_to_nobody_outside(kind, found):
    outside = bool(found.open311) or bool(found.traffy)
    assert outside == (found.type != "hidden" and kind != "appointment")


@pytest.mark.parametrize(("kind", "found"), EVERY, ids=lambda value: getattr(value, "code", value))
def test_clocks_run_only_in_open_states(kind, found):
    assert found.clock in {"run", "pause"} or found.type != "open" or kind == "appointment"
    assert found.clock == "stop" or found.type not in {"closed", "fixed"} or kind == "appointment"


def test_open311_says_open_exactly_while_the_case_is_open():
    assert {s.code for s in REPORT if s.open311 == "open"} == {s.code for s in REPORT if s.type == "open"}


def test_only_the_end_of_keeping_erases():
    for kind, found in EVERY:
        for move in found.moves:
            assert move.by_system == (move.to == "erased"), (kind, found.code)
            if move.to == "erased":
                assert found.type != "open"


def test_a_case_at_work_cannot_be_erased():
    assert find_move("report", "in_progress", "erased") is None


def test_done_needs_the_photo_and_no_needs_the_reason():
    assert find_move("report", "in_progress", "fixed").guards == ("after_photo",)
    assert find_move("report", "submitted", "not_ours").guards == ("public_reason",)


def test_a_jump_that_is_not_in_the_table_is_no_move():
    assert find_move("report", "submitted", "fixed") is None
    assert find_move("service", "submitted", "issued") is None


def test_a_hidden_case_returns_to_where_it_was_and_nowhere_else():
    assert find_move("report", "moderated", "in_progress", before="in_progress").guards == ("internal_reason",)
    assert find_move("report", "moderated", "fixed", before="in_progress") is None
    assert find_move("report", "fixed", "in_progress", before="in_progress").guards == (
        "reopen_ground",
        "reopen_window",
    )


def test_a_paper_is_asked_for_once_only():
    assert find_move("service", "submitted", "returned") is not None
    assert find_move("service", "resubmitted", "returned") is None


def test_unknown_states_have_no_place():
    with pytest.raises(KeyError):
        state("report", "lost")


def changed(code, **values):
    return [dataclasses.replace(s, **values) if s.code == code else s for s in REPORT]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (changed("fixed", moves=()), "fixed: no way out"),
        (changed("fixed", moves=(Move("mended"),)), "fixed: no state mended"),
        (changed("closure_requested", th=""), "closure_requested: a word is missing"),
        (
            [dataclasses.replace(s, moves=tuple(m for m in s.moves if m.to != "planned")) for s in REPORT],
            "planned: nothing leads to it",
        ),
    ],
)
def test_a_hole_in_the_table_is_named(table, said):
    assert said in faults(table, "draft")


def test_the_way_back_is_no_state():
    assert all(BEFORE not in table for table in KINDS.values())
