"""One name for every command: help, exit codes, sentences instead of tracebacks."""

import json
import subprocess
import sys
import time

import pytest

from maehia.base import Problem, ProblemError
from maehia.cli import demo as demo_command
from maehia.cli import env, main, state

NEEDS_NO_DATABASE = ("link", "impact")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "maehia.cli.main", *arguments], capture_output=True, text=True, check=False
    )


COMMANDS = [name for name in main.COMMANDS if main.available(name)]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name, capsys):
    with pytest.raises(SystemExit) as ended:
        main.main([name, "--help"])
    assert ended.value.code == 0
    assert f"maehia {name}" in capsys.readouterr().out


def test_the_help_lists_every_command(capsys):
    with pytest.raises(SystemExit):
        main.main(["--help"])
    told = capsys.readouterr().out
    assert [name for name in COMMANDS if f"    {name}" not in told] == []


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["demo", "--people", "many"], ["restore"], ["stop", "now"]])
def test_wrong_usage_is_two(arguments):
    with pytest.raises(SystemExit) as ended:
        main.main(arguments)
    assert ended.value.code == 2


@pytest.mark.parametrize("name", [name for name in NEEDS_NO_DATABASE if main.available(name)])
def test_pure_commands_start_without_django(name):
    code = (
        "import sys, contextlib\nfrom maehia.cli import main\n"
        f"with contextlib.suppress(SystemExit): main.main([{name!r}, '--help'])\n"
        "print(sorted({'django', 'psycopg'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_first_help_comes_at_once():
    begin = time.monotonic()
    assert run("--help").returncode == 0
    assert time.monotonic() - begin < 3  # 0.05 s when the machine has nothing else to do


def refused_with(monkeypatch, error: Exception) -> int:
    class Module:
        @staticmethod
        def add_parser(commands):
            commands.add_parser("stop")

        @staticmethod
        def run(_args):
            raise error

    monkeypatch.setattr(main.importlib, "import_module", lambda _name: Module)
    return main.main(["stop"])


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ProblemError(Problem("x", "ขาดไฟล์", "list.xlsx", "ส่งใหม่")), "list.xlsx: ขาดไฟล์"),
        (OSError(28, "No space left on device"), "พื้นที่ดิสก์เต็ม"),
        (PermissionError(13, "Permission denied", "/var/x"), "/var/x"),
        (FileNotFoundError(2, "No such file", "list.xlsx"), "list.xlsx"),
        (env.SettingError("MAEHIA_PORT=x must be a number"), "MAEHIA_PORT=x"),
    ],
)
def test_what_goes_wrong_is_a_sentence_and_one(monkeypatch, capsys, error, words):
    assert refused_with(monkeypatch, error) == 1
    told = capsys.readouterr().err
    assert words in told
    assert "→" in told


def test_a_full_disk_is_seen_behind_another_error(monkeypatch, capsys):
    wrapped = RuntimeError("could not write")
    wrapped.__cause__ = OSError(28, "No space left on device")
    assert refused_with(monkeypatch, wrapped) == 1
    assert "พื้นที่ดิสก์เต็ม" in capsys.readouterr().err


def test_a_fault_of_ours_keeps_its_traceback(monkeypatch):
    with pytest.raises(ZeroDivisionError):
        refused_with(monkeypatch, ZeroDivisionError())


def test_ctrl_c_is_no_fault(monkeypatch):
    assert refused_with(monkeypatch, KeyboardInterrupt()) == 130


def test_a_reader_that_left_is_no_fault():
    done = subprocess.run(
        f"{sys.executable} -m maehia.cli.main doctor --json | head -c 1",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "BrokenPipe" not in done.stderr


@pytest.fixture
def data(monkeypatch, tmp_path):
    monkeypatch.setenv("MAEHIA_DATA", str(tmp_path))
    return tmp_path


def test_show_without_a_demo_says_how_to_make_one(data, capsys):
    assert main.main(["demo", "--show"]) == 1
    assert "make demo" in capsys.readouterr().err


def test_show_is_the_contracts_json(data, capsys, monkeypatch):
    monkeypatch.setenv("MAEHIA_PORT", "8321")
    stored = {
        "accounts": {"data": {"login": "data", "password": "p"}},
        "open311_api_key": "k",
        "line_channel_secret": "s",
    }
    (data / demo_command.SECRETS).write_text(json.dumps(stored))
    assert main.main(["demo", "--show"]) == 0
    assert json.loads(capsys.readouterr().out) == {"base_url": "http://127.0.0.1:8321", **stored}


@pytest.mark.parametrize("people", ["0", "99", "2000001", "-5"])
def test_a_town_has_a_size_that_can_be(data, people, capsys):
    assert main.main(["demo", "--people", people]) == 1
    assert "100" in capsys.readouterr().err


def test_a_second_demo_says_where_the_first_serves(data, capsys):
    state.remember("http://127.0.0.1:8322")
    assert main.main(["demo", "--serve"]) == 0
    assert "http://127.0.0.1:8322" in capsys.readouterr().out


def test_a_served_demo_is_not_built_again_underneath(data, capsys):
    state.remember("http://127.0.0.1:8322")
    assert main.main(["demo", "--reset"]) == 1
    assert "make stop" in capsys.readouterr().err


def test_a_taken_port_is_told_before_minutes_of_building(data, capsys, monkeypatch):
    from maehia.cli import steps

    with steps.listen("127.0.0.1", 0) as taken:
        monkeypatch.setenv("MAEHIA_PORT", str(taken.getsockname()[1]))
        assert main.main(["demo", "--serve"]) == 1
    assert not (data / "pg").exists()
    assert "MAEHIA_PORT" in capsys.readouterr().err
