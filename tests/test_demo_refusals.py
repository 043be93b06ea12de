"""A demo lets this machine in without a password, so it is never put behind a proxy."""

import pytest

from maehia.base import ProblemError
from maehia.cli import demo, main, schema, serve, town


@pytest.fixture
def behind_proxy(monkeypatch):
    monkeypatch.setenv("MAEHIA_BEHIND_PROXY", "1")


def test_the_demo_is_refused_before_anything_is_built(behind_proxy, monkeypatch, capsys):
    monkeypatch.setattr(demo, "build", lambda _args: pytest.fail("built"))
    assert main.main(["demo", "--serve"]) == 1
    told = capsys.readouterr().err
    assert "reverse proxy" in told
    assert "maehia init" in told


@pytest.mark.django_db
@pytest.mark.parametrize("is_demo", [True, False])
def test_serve_refuses_a_demo_and_lets_a_town_pass(behind_proxy, monkeypatch, is_demo):
    monkeypatch.setattr(schema, "is_empty", lambda: False)
    monkeypatch.setattr(schema, "refuse_newer", lambda: None)
    monkeypatch.setattr(schema, "pending", lambda: [])
    monkeypatch.setattr(town, "is_demo", lambda: is_demo)
    if not is_demo:
        serve.refuse_unready("127.0.0.1")
        return
    with pytest.raises(ProblemError) as refused:
        serve.refuse_unready("127.0.0.1")
    assert refused.value.problem.code == "demo_behind_proxy"
