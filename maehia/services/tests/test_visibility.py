"""Who sees what: each field for each viewer, as it is meant, and confidential cases past the unit concerned."""

import copy

import pytest

from maehia.services.rules.visibility import About, read_matrix, shipped

OPEN = About(is_public=True)
SHOWN = About(is_public=True, released=frozenset({"photos", "description"}))
PRIVATE = About(is_public=False, released=frozenset({"photos", "description"}))
SECRET = About(is_public=True, is_confidential=True, released=frozenset({"photos", "description"}))
HIDDEN = About(is_public=True, is_hidden=True, released=frozenset({"photos", "description"}))

ALL = frozenset(shipped().fields)
STATUS = {"number", "state", "category", "due", "blurred_point", "public_notes"}
MEANT = [
    ("public", OPEN, STATUS),
    ("public", SHOWN, STATUS | {"photos", "description"}),
    ("public", PRIVATE, set()),
    ("public", SECRET, set()),
    ("public", HIDDEN, set()),
    ("link_holder", PRIVATE, STATUS | {"photos", "description"}),
    ("link_holder", SECRET, STATUS | {"photos", "description"}),
    ("reporter", PRIVATE, ALL - {"internal_notes"}),
    ("reporter", SECRET, ALL - {"internal_notes"}),
    ("own_unit", PRIVATE, ALL),
    ("own_unit", SECRET, set()),
    ("other_unit", PRIVATE, ALL - {"internal_notes", "reporter_contact"}),
    ("other_unit", SECRET, set()),
    ("supervisor", PRIVATE, ALL),
    ("supervisor", SECRET, set()),
    ("auditor", PRIVATE, ALL - {"reporter_contact"}),
    ("auditor", SECRET, set()),
    ("confidential_desk", SECRET, ALL),
    ("confidential_desk", PRIVATE, set()),
]


@pytest.mark.parametrize(("viewer", "about", "fields"), MEANT)
def test_each_viewer_sees_what_is_meant(viewer, about, fields):
    assert shipped().seen_by(viewer, about) == fields


def test_nobody_outside_learns_who_reported():
    for viewer in ("public", "link_holder", "other_unit", "auditor"):
        for about in (OPEN, SHOWN, PRIVATE, SECRET, HIDDEN):
            assert "reporter_contact" not in shipped().seen_by(viewer, about)


def test_a_viewer_that_the_table_does_not_know_is_an_error_and_sees_nothing():
    with pytest.raises(KeyError):
        shipped().seen_by("neighbour", OPEN)


def data():
    table = shipped()
    return {
        "fields": copy.deepcopy({f: dict(row) for f, row in table.fields.items()}),
        "viewers": list(table.viewers),
        "confidential_viewers": list(table.confidential_viewers),
    }


def test_a_hole_in_the_table_is_refused():
    holed = data()
    del holed["fields"]["photos"]["auditor"]
    with pytest.raises(ValueError, match=r"photos.*auditor"):
        read_matrix(holed)


def test_a_rule_that_does_not_exist_is_refused():
    bad = data()
    bad["fields"]["photos"]["public"] = True  # what YAML makes of an unquoted yes
    with pytest.raises(ValueError, match=r"photos.*True"):
        read_matrix(bad)
