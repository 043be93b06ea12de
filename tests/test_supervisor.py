"""The supervisor: restarts, pauses, a clean end; and the file that names who serves."""

import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from maehia.base import ProblemError
from maehia.cli import state, steps, supervisor

WAIT = "import time; time.sleep(60)"


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


@pytest.fixture
def data(monkeypatch, tmp_path):
    monkeypatch.setenv("MAEHIA_DATA", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(("crashes", "seconds"), [(1, 1), (2, 2), (3, 4), (5, 16), (6, 30), (1000, 30)])
def test_the_pause_grows_to_half_a_minute(crashes, seconds):
    assert supervisor.pause(crashes) == seconds


def test_a_crashed_child_starts_again(tmp_path):
    marks = tmp_path / "marks"
    code = f"open({str(marks)!r}, 'a').write('x'); raise SystemExit(3)"
    guard = supervisor.Supervisor([supervisor.Spec("crasher", python(code))])
    guard.run(lambda children: guard.ask() if children[0].crashes == 2 else None, tick=0.05)
    assert marks.read_text() == "xx"


def test_a_child_that_ran_long_starts_again_at_once():
    child = supervisor.Child(supervisor.Spec("steady", python("raise SystemExit(1)")), crashes=7)
    child.start(0.0)
    child.process.wait()
    child.look(supervisor.STEADY + 1)
    assert (child.crashes, child.again_at) == (1, supervisor.STEADY + 2)


def test_a_signal_ends_every_child_and_gives_the_handlers_back():
    before = signal.getsignal(signal.SIGTERM)
    guard = supervisor.Supervisor([supervisor.Spec(name, python(WAIT)) for name in ("one", "two")])
    threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGTERM)).start()
    guard.run(lambda _children: None, tick=0.05)
    assert all(child.process.poll() is not None for child in guard.children)
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_child_that_ignores_the_signal_is_ended_all_the_same(monkeypatch):
    monkeypatch.setattr(supervisor, "GRACE", 0.5)
    stubborn = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    )
    guard = supervisor.Supervisor([supervisor.Spec("stubborn", python(stubborn))])
    guard.children[0].start(time.monotonic())
    time.sleep(0.3)
    guard.stop()
    assert guard.children[0].process.returncode == -signal.SIGKILL


def test_a_watcher_that_gives_up_ends_the_children():
    guard = supervisor.Supervisor([supervisor.Spec("one", python(WAIT))])

    def give_up(_children):
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError):
        guard.run(give_up, tick=0.05)
    assert guard.children[0].process.poll() is not None


def test_children_end_when_the_supervisor_is_killed(tmp_path):
    """`kill -9` of the parent: the kernel tells the child."""
    child = "import os, time; from maehia.cli import child; child.follow_parent(); print(os.getpid(), flush=True); time.sleep(60)"
    parent = (
        "import os, subprocess, sys, time;"
        f"subprocess.Popen([sys.executable, '-c', {child!r}], env=os.environ | {{'MAEHIA_SUPERVISOR': str(os.getpid())}});"
        "time.sleep(60)"
    )
    running = subprocess.Popen(python(parent), stdout=subprocess.PIPE, text=True)
    pid = int(running.stdout.readline())
    running.kill()
    running.wait()
    until = time.monotonic() + 10
    while state.start_ticks(pid) is not None and time.monotonic() < until:
        time.sleep(0.05)
    assert state.start_ticks(pid) is None


def test_who_serves_is_remembered_and_forgotten(data):
    state.remember("http://127.0.0.1:8123")
    assert state.running().url == "http://127.0.0.1:8123"
    assert (data / "server.json").stat().st_mode & 0o077 == 0
    state.forget()
    assert state.running() is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": 1}', '{"pid": 999999999, "ticks": 1, "url": "x"}'])
def test_a_file_that_a_crash_left_does_not_count(data, content):
    (data / "server.json").write_text(content)
    assert state.running() is None


def test_a_number_that_was_given_to_another_process_does_not_count(data):
    """After a reboot our old pid may be somebody else's: stop must not touch it."""
    stranger = subprocess.Popen(python(WAIT))
    try:
        (data / "server.json").write_text(json.dumps({"pid": stranger.pid, "ticks": 1, "url": "x"}))
        assert state.running() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_port_in_use_is_told_with_a_way_out():
    with steps.listen("127.0.0.1", 0) as taken, pytest.raises(ProblemError) as refused:
        steps.listen("127.0.0.1", taken.getsockname()[1])
    assert refused.value.problem.code == "port_in_use"
    assert "MAEHIA_PORT=" in refused.value.problem.fix


def test_a_step_is_one_line_with_its_seconds(capsys):
    with steps.step("สร้างตาราง"):
        pass
    line = capsys.readouterr().out
    assert line.count("\n") == 1
    assert "0.0 s ✓ สร้างตาราง" in line


def test_a_failed_step_is_marked(capsys):
    with pytest.raises(ZeroDivisionError), steps.step("สร้างตาราง"):
        1 / 0  # noqa: B018
    assert "✗ สร้างตาราง" in capsys.readouterr().out


def test_a_full_disk_is_told_before_the_step(tmp_path):
    with pytest.raises(ProblemError) as refused:
        steps.need_disk(tmp_path / "not" / "there" / "yet", 10**9)
    assert refused.value.problem.code == "disk_low"


def test_too_little_memory_is_told_before_the_step():
    with pytest.raises(ProblemError) as refused:
        steps.need_memory(10**9)
    assert refused.value.problem.code == "memory_low"
