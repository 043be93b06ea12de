"""Settings under which log-in would be unsafe are errors at start."""

import pytest
from django.conf import settings as own

from maehia.access.checks import ALLAUTH, MIDDLEWARE, log_in_is_wired


def found():
    return [problem.id for problem in log_in_is_wired() if problem.id != "access.W001"]


@pytest.mark.parametrize(
    "name", ["ACCOUNT_ADAPTER", "SOCIALACCOUNT_ADAPTER", "MFA_ADAPTER", "ACCOUNT_USER_MODEL_USERNAME_FIELD"]
)
def test_a_foreign_adapter_is_an_error(settings, name):
    before = found()
    setattr(settings, name, "elsewhere.Adapter")
    assert sorted(found()) == sorted([*before, "access.E001"])


def test_another_backend_beside_ours_is_an_error(settings):
    settings.AUTHENTICATION_BACKENDS = [*own.AUTHENTICATION_BACKENDS, "django.contrib.auth.backends.ModelBackend"]
    assert "access.E002" in found()


@pytest.mark.parametrize("order", [[], [MIDDLEWARE], [MIDDLEWARE, ALLAUTH], [ALLAUTH, ALLAUTH, MIDDLEWARE]])
def test_a_middleware_out_of_order_is_an_error(settings, order):
    settings.MIDDLEWARE = order
    assert "access.E003" in found()


def test_the_right_order_is_fine(settings):
    settings.MIDDLEWARE = [ALLAUTH, "something.Between", MIDDLEWARE]
    assert found() == []


def test_pages_without_the_shell_are_a_warning(settings, tmp_path):
    base = tmp_path / "allauth" / "layouts"
    base.mkdir(parents=True)
    (base / "base.html").write_text("plain", "utf-8")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    assert "access.W001" in [problem.id for problem in log_in_is_wired()]
