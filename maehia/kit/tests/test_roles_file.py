"""The rights that a town's own server needs are written down, and are those that the migration asks for."""

import re
from pathlib import Path

from maehia.kit import policies
from maehia.kit.migrations import __file__ as migrations_file

ROLES_SQL = (Path(policies.__file__).parent / "sql" / "maehia_roles.sql").read_text(encoding="utf-8")
RIGHTS = (Path(migrations_file).parent / "0002_rights.py").read_text(encoding="utf-8")


def made() -> dict[str, str]:
    return dict(re.findall(r"CREATE ROLE (\w+) ([A-Z ]+)", ROLES_SQL))


def test_the_file_makes_every_role_that_the_migration_wants():
    wanted = set(re.findall(r"'(maehia_\w+)'", RIGHTS.split("END $$")[0]))
    assert wanted == set(made()) == {"maehia_owner", "maehia_app", "maehia_worker", "maehia_search"}


def test_no_role_is_above_the_policies():
    for role, rights in made().items():
        assert "NOBYPASSRLS" in rights, role
        assert "SUPERUSER" not in rights.replace("NOSUPERUSER", "")


def test_the_search_role_cannot_log_in():
    assert made()["maehia_search"].startswith("NOLOGIN")


def test_truncate_is_granted_nowhere():
    assert "TRUNCATE" not in RIGHTS.replace("# TRUNCATE", "")
    for text in (ROLES_SQL, policies.protect("kit_job", "open").sql[0]):
        assert "TRUNCATE" not in text
