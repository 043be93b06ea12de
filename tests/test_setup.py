"""The set-up of a fresh machine says what is missing, why a step failed and what to do."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from maehia.cli import places

TOOLS = [
    "bash",
    "dirname",
    "cat",
    "ls",
    "mktemp",
    "date",
    "grep",
    "df",
    "awk",
    "sha256sum",
    "cut",
    "head",
    "tail",
    "tr",
    "rm",
    "sed",
    "tee",
    "env",
    "sleep",
]


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A clone on a machine that has the basic tools and nothing else; its programs are stand-ins."""
    (tmp_path / "bin").mkdir()
    for name in TOOLS:
        (tmp_path / "bin" / name).symlink_to(shutil.which(name))
    clone = tmp_path / "clone"
    shutil.copytree(places.REPO / "scripts", clone / "scripts")
    shutil.copytree(places.REPO / "requirements", clone / "requirements")
    shutil.copy(places.REPO / "pyproject.toml", clone)
    stand_in(tmp_path, "dpkg-query", "exit 1")
    stand_in(tmp_path, "apt-get", "exit 0")
    stand_in(tmp_path, "apt-cache", "echo '  Candidate: 1.0'")
    stand_in(tmp_path, "id", "echo 0")
    return tmp_path


def stand_in(machine: Path, name: str, code: str) -> None:
    path = machine / "bin" / name
    path.unlink(missing_ok=True)
    path.write_text(f"#!{shutil.which('bash')}\n{code}\n")
    path.chmod(0o755)


def setup(machine: Path, kind: str = "serve") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [machine / "clone/scripts/setup.sh", kind],
        env={"PATH": str(machine / "bin"), "LC_ALL": "C.UTF-8", "TMPDIR": str(machine)},
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=60,
    )  # fmt: skip


def test_without_root_and_sudo_the_one_line_to_run_is_printed(machine):
    stand_in(machine, "id", "echo 1000")
    done = setup(machine)
    assert done.returncode == 1
    assert re.search(r"apt-get install --no-install-recommends .*libpango", done.stderr)


def test_a_user_with_sudo_installs_through_it(machine):
    stand_in(machine, "id", "echo 1000")
    stand_in(machine, "sudo", f'echo "$@" >> {machine}/asked; exit 0')
    python_of_its_own(machine, uv="exit 0", pip="exit 0")
    setup(machine)
    asked = (machine / "asked").read_text().splitlines()
    assert asked[0].startswith("apt-get update")
    assert any("install" in line and "libpango" in line for line in asked)


def test_a_machine_without_apt_is_told_what_it_needs(machine):
    (machine / "bin" / "apt-get").unlink()
    done = setup(machine)
    assert done.returncode == 1
    assert "libpango-1.0-0" in done.stderr


@pytest.mark.parametrize(
    "words",
    ["E: Could not resolve the package host", "E: You don't have enough free space in /var/cache/apt/archives/."],
)
def test_a_failing_apt_is_quoted(machine, words):
    stand_in(machine, "apt-get", f'echo "{words}"; exit 100')
    done = setup(machine)
    assert done.returncode == 1
    assert words in done.stderr
    assert "→" in done.stderr


def test_a_full_disk_is_told_before_apt_runs(machine):
    stand_in(machine, "df", "printf 'Filesystem 1M Used Available Use Mounted\\n/dev/x 100 90 10 90%% /\\n'")
    stand_in(machine, "apt-get", f"touch {machine}/ran; exit 0")
    done = setup(machine)
    assert done.returncode == 1
    assert "10 MB" in done.stderr
    assert not (machine / "ran").exists()


def python_of_its_own(machine: Path, uv: str, pip: str) -> None:
    """`python3 -m venv` makes an environment whose uv and pip do as told; the installer itself always installs."""
    shell = shutil.which("bash")
    cases = f"*requirements/boot.txt* | *-e\\ .*) exit 0 ;; *pip\\ install*) {pip} ;;"
    (machine / "inner-python").write_text(f'#!{shell}\ncase "$*" in {cases} esac\nexit 0\n')
    (machine / "inner-uv").write_text(f"#!{shell}\n{uv}\n")
    copy = f'cp {machine}/inner-python "$last/bin/python"; cp {machine}/inner-uv "$last/bin/uv"; chmod +x "$last"/bin/*'
    venv = f'for last; do :; done; mkdir -p "$last/bin"; {copy}'
    stand_in(machine, "python3", f'PATH=/usr/bin:/bin; case "$*" in *"-m venv "*) {venv} ;; esac; exit 0')


@pytest.fixture
def installed(machine: Path) -> Path:
    """A machine that has every system package."""
    stand_in(machine, "dpkg-query", "echo -n installed")
    return machine


def test_where_uv_fails_pip_does_the_work(installed):
    python_of_its_own(installed, uv="echo no index; exit 2", pip=f": > {installed}/pip-ran; exit 0")
    done = setup(installed)
    assert done.returncode == 0, done.stderr
    assert (installed / "pip-ran").exists()


def test_parts_whose_hash_differs_are_refused(installed):
    words = "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES"
    python_of_its_own(installed, uv="exit 2", pip=f"echo {words}; exit 1")
    done = setup(installed)
    assert done.returncode == 1
    assert words in done.stderr
    assert not list((installed / "clone" / ".venv").glob(".maehia-*"))


def test_what_is_set_up_is_not_set_up_again(installed):
    python_of_its_own(installed, uv=f"echo x >> {installed}/times", pip="exit 1")
    assert setup(installed).returncode == 0
    assert setup(installed).returncode == 0
    assert (installed / "times").read_text() == "x\n"


def test_a_changed_lock_is_installed_anew(installed):
    python_of_its_own(installed, uv=f"echo x >> {installed}/times", pip="exit 1")
    setup(installed)
    with (installed / "clone/requirements/base.txt").open("a") as lock:
        lock.write("# newer\n")
    setup(installed)
    assert (installed / "times").read_text() == "x\nx\n"


@pytest.mark.parametrize("name", ["base", "dev", "boot"])
def test_a_lock_pins_every_part_with_a_hash_and_names_no_place(name):
    text = (places.REPO / "requirements" / f"{name}.txt").read_text()
    parts = re.findall(r"^[A-Za-z0-9_.-]+(\[[^]]+\])?(.*)$", text, re.M)
    assert parts
    assert all(version.startswith("==") for _extras, version in parts)
    assert text.count("--hash=sha256:") >= len(parts)
    assert "://" not in text


def test_the_tests_use_the_parts_that_serve():
    pinned = re.compile(r"^([A-Za-z0-9_.-]+)==([^ ;\\]+)", re.M)
    base = dict(pinned.findall((places.REPO / "requirements/base.txt").read_text()))
    dev = dict(pinned.findall((places.REPO / "requirements/dev.txt").read_text()))
    assert {name: dev.get(name) for name in base} == base


def test_make_help_names_every_target():
    done = subprocess.run(["make", "-s", "help"], cwd=places.REPO, capture_output=True, text=True, check=True)
    listed = set(re.findall(r"make ([a-z-]+)", done.stdout))
    assert {"demo", "serve", "stop", "test", "test-all", "bench", "lint", "lock"} <= listed


@pytest.mark.parametrize("script", [*sorted((places.REPO / "scripts").glob("*.sh")), places.REPO / ".ci" / "run"])
def test_scripts_are_executable_and_stop_at_mistakes(script):
    text = script.read_text()
    assert os.access(script, os.X_OK)
    assert "set -euo pipefail" in text or "set -uo pipefail" in text
    subprocess.run(["bash", "-n", script], check=True)
