"""Every variable is declared, documented and refused when it is wrong."""

import ast
import os
import re
import subprocess
import sys

import pytest

from maehia.cli import env, places


def listed() -> list[str]:
    return re.findall(r"^#([A-Z_]+)=", (places.REPO / ".env.example").read_text(encoding="utf-8"), re.M)


def test_the_sample_lists_every_variable_once():
    assert sorted(listed()) == sorted(env.KNOWN)


def test_the_sample_says_what_each_variable_is_for():
    text = (places.REPO / ".env.example").read_text(encoding="utf-8")
    assert all(f"# {words}\n#{name}=" in text for name, words in env.KNOWN.items())


def test_the_administrators_guide_names_every_variable():
    guide = (places.REPO / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [name for name in env.KNOWN if f"`{name}`" not in guide] == []


def test_every_declared_variable_is_read_somewhere():
    sources = [path for path in (places.REPO / "maehia").rglob("*.py") if "tests" not in path.parts]
    read = "\n".join(path.read_text(encoding="utf-8") for path in sources if path.name != "env.py")
    assert [name for name in env.KNOWN if f'"{name}"' not in read] == []


def test_no_room_reads_the_environment_past_the_readers():
    """Only env.py knows os.environ's values; the others may hand the whole of it to a child or set a name."""
    wrong = []
    for path in (places.REPO / "maehia").rglob("*.py"):
        if {"cli", "tests"} & set(path.relative_to(places.REPO).parts) or path.name in {"pytest_plugin.py", "asgi.py"}:
            continue
        lines = path.read_text(encoding="utf-8").splitlines()
        for node in ast.walk(ast.parse("\n".join(lines))):
            named = isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
            if named and '"DJANGO_' not in lines[node.lineno - 1]:  # Django's own switches are Django's
                wrong.append(f"{path.relative_to(places.REPO)}:{node.lineno}")
    assert wrong == []


def test_a_secret_may_come_from_a_file(monkeypatch, tmp_path):
    (tmp_path / "key").write_text("from-a-file\n")
    monkeypatch.setenv("MAEHIA_SECRET_KEY_FILE", str(tmp_path / "key"))
    assert env.text("MAEHIA_SECRET_KEY") == "from-a-file"


def test_a_value_given_twice_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("MAEHIA_SECRET_KEY", "one")
    monkeypatch.setenv("MAEHIA_SECRET_KEY_FILE", str(tmp_path / "key"))
    with pytest.raises(env.SettingError, match="both set"):
        env.text("MAEHIA_SECRET_KEY")


def test_a_missing_secret_file_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("MAEHIA_SECRET_KEY_FILE", str(tmp_path / "nowhere"))
    with pytest.raises(env.SettingError, match="cannot be read"):
        env.text("MAEHIA_SECRET_KEY")


@pytest.mark.parametrize("value", ["perhaps", "2", "ใช่"])
def test_a_flag_is_yes_or_no(monkeypatch, value):
    monkeypatch.setenv("MAEHIA_DEBUG", value)
    with pytest.raises(env.SettingError, match="write 1 or 0"):
        env.flag("MAEHIA_DEBUG")


@pytest.mark.parametrize("value", ["http", "0", "70000", "-1", "80.5"])
def test_a_port_is_a_port(monkeypatch, value):
    monkeypatch.setenv("MAEHIA_PORT", value)
    with pytest.raises(env.SettingError, match="whole number from 1 to 65535"):
        env.number("MAEHIA_PORT", 8000, 1, 65535)


def test_an_undeclared_variable_cannot_be_read():
    with pytest.raises(env.SettingError, match="not declared"):
        env.text("MAEHIA_NOWHERE", "")


def test_a_misspelt_variable_is_refused_with_the_nearest_name(monkeypatch):
    monkeypatch.setenv("MAEHIA_PROT", "8001")
    with pytest.raises(env.SettingError, match="did you mean MAEHIA_PORT"):
        env.refuse_unknown()


def test_the_env_file_fills_in_and_never_overrides(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text('# ports\nMAEHIA_PORT=8100\nMAEHIA_LOG_LEVEL="DEBUG"\n\n')
    monkeypatch.setenv("MAEHIA_PORT", "8200")
    monkeypatch.delenv("MAEHIA_LOG_LEVEL", raising=False)
    env.read_file(tmp_path / ".env")
    assert (os.environ.pop("MAEHIA_LOG_LEVEL"), os.environ["MAEHIA_PORT"]) == ("DEBUG", "8200")


def test_a_broken_env_file_names_its_line(tmp_path):
    (tmp_path / ".env").write_text("MAEHIA_PORT=8100\nMAEHIA_HOST 127.0.0.1\n")
    with pytest.raises(env.SettingError, match="line 2"):
        env.read_file(tmp_path / ".env")


def settings_say(expression: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """What a fresh interpreter finds in the settings under these variables."""
    code = f"import maehia.settings as s; print(({expression}))"
    surroundings = {k: v for k, v in os.environ.items() if not k.startswith(("MAEHIA_", "DATABASE_"))} | variables
    return subprocess.run([sys.executable, "-c", code], env=surroundings, capture_output=True, text=True, check=False)


def test_a_loopback_site_needs_no_https_cookies():
    assert settings_say("s.SESSION_COOKIE_SECURE").stdout.strip() == "False"


@pytest.mark.parametrize("variables", [{"MAEHIA_HOST": "0.0.0.0"}, {"MAEHIA_BEHIND_PROXY": "1"}])
def test_cookies_are_secure_beyond_loopback(variables):
    done = settings_say("s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0", **variables)
    assert done.stdout.strip() == "(True, True, True)"


def test_debug_is_refused_beyond_loopback():
    done = settings_say("s.DEBUG", MAEHIA_DEBUG="1", MAEHIA_HOST="0.0.0.0")
    assert done.returncode == 1
    assert "tracebacks show personal data" in done.stderr


def test_another_server_is_used_when_its_address_is_given():
    done = settings_say(
        "s.DATABASES['default']['HOST'], s.DATABASES['owner']['USER'], s.DATABASES['default']['OPTIONS']['sslmode']",
        DATABASE_URL="postgres://maehia_app:p%40ss@db.example/town?sslmode=verify-full",
        DATABASE_URL_OWNER="postgres://maehia_owner:x@db.example/town",
    )
    assert done.stdout.strip() == "('db.example', 'maehia_owner', 'verify-full')"


def test_another_server_without_an_owner_is_refused():
    done = settings_say("s.DATABASES", DATABASE_URL="postgres://maehia_app:x@db.example/town")
    assert "DATABASE_URL_OWNER is not set" in done.stderr


def test_thai_comes_first_and_passwords_are_hashed_slowly():
    done = settings_say("s.LANGUAGE_CODE, [c for c, _ in s.LANGUAGES], 'Scrypt' in s.PASSWORD_HASHERS[0]")
    assert done.stdout.strip() == "('th', ['th', 'en'], True)"
