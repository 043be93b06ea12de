"""pytest's part of the tests' database: made, migrated and dropped by the owner, used by maehia_app.

Loaded by conftest.py (`pytest_plugins = ["maehia.kit.pytest_plugin"]`). Each xdist worker has its own
database and its own keys, so tests run in parallel and beside a demo.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def maehia_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A keyring of this run."""
    from django.conf import settings

    folder = tmp_path_factory.mktemp("keys")
    folder.chmod(0o700)
    settings.KEYS_DIR = folder
    return folder


@pytest.fixture(scope="session")
def maehia_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache of this run: two workers must not count each other's failed log-ins."""
    from django.conf import settings
    from django.core.cache import DEFAULT_CACHE_ALIAS, caches

    folder = tmp_path_factory.mktemp("cache")
    settings.CACHES[DEFAULT_CACHE_ALIAS]["LOCATION"] = folder
    if hasattr(caches._connections, DEFAULT_CACHE_ALIAS):  # a module asked for it while it was imported
        del caches[DEFAULT_CACHE_ALIAS]
    return folder


@pytest.fixture(scope="session")
def django_db_setup(  # noqa: PLR0917 (pytest hands fixtures over by name)
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: Any,
    django_db_keepdb: bool,
    django_db_createdb: bool,
    maehia_keys: Path,
    maehia_cache: Path,
) -> Iterator[None]:
    """Create and migrate the test database through the owner; point every alias at it."""
    from django.db import connections

    from maehia.kit import guard, purposes, testing

    if purposes.find(testing.EVERYTHING.key) is None:
        purposes.register(testing.EVERYTHING)
    owner = connections["owner"]
    name = _test_name(owner, getattr(request.config, "workerinput", {}).get("workerid", ""))
    keep = django_db_keepdb and not django_db_createdb
    before = {alias: connections[alias].settings_dict["NAME"] for alias in connections}
    owner.settings_dict["TEST"]["NAME"] = name
    with django_db_blocker.unblock():
        owner.creation.create_test_db(verbosity=0, autoclobber=True, keepdb=keep, serialize=False)
        for alias in connections:
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = name
            connections[alias].settings_dict["TEST"]["MIRROR"] = None
        guard.forget()
        _keep_statistics_still(owner)
    yield
    with django_db_blocker.unblock():
        for alias in connections:
            connections[alias].close()
        if not django_db_keepdb:
            owner.creation.destroy_test_db(before["owner"], verbosity=0)
        for alias, old in before.items():
            connections[alias].settings_dict["NAME"] = old


def _keep_statistics_still(owner: Any) -> None:
    """No autovacuum on the tests' tables: statistics of what another test had committed would choose the plans here."""
    with owner.cursor() as cursor:
        cursor.execute(
            "SELECT format('ALTER TABLE %I SET (autovacuum_enabled = false)', relname) FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND pg_has_role(current_user, relowner, 'USAGE')"
        )
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)


def _test_name(owner: Any, worker: str) -> str:
    base = owner.settings_dict["TEST"].get("NAME") or f"test_{owner.settings_dict['NAME']}"
    if not os.environ.get("MAEHIA_TEST_DB"):
        base = f"{base}_{os.getppid() if worker else os.getpid()}"
    return f"{base}_{worker}" if worker else base
