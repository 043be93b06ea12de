import pytest

from maehia.kit.tests import tables


@pytest.fixture(scope="module")
def protected(django_db_setup, django_db_blocker):
    """Tables kit_test_person (personal), kit_test_need (s26) and kit_test_log, for the module."""
    with django_db_blocker.unblock():
        tables.make()
    yield
    with django_db_blocker.unblock():
        tables.drop()
