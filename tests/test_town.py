"""A real town's life on one machine: made from a profile, looked at, served, saved, brought back, upgraded."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psycopg
import pytest

from maehia.cli import cluster, places, steps
from tests.conftest import maehia, surroundings

PROFILE = places.REPO / "profiles" / "sample-south.yaml"
pytestmark = pytest.mark.xdist_group("town")


def python(data: Path, code: str, *arguments: str) -> str:
    """Run code on a town as the system itself does, in a process of its own; returns what it printed."""
    boot = "import sys; from maehia.cli import boot; boot.django()\n"
    done = subprocess.run(
        [sys.executable, "-c", boot + code, *arguments],
        env=surroundings(data), cwd=places.REPO, capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def database(data: Path, role: str = cluster.SUPERUSER) -> psycopg.Connection:
    before = os.environ["MAEHIA_DATA"]
    os.environ["MAEHIA_DATA"] = str(data)
    try:
        return psycopg.connect(**cluster.start().dsn(role), autocommit=True)
    finally:
        os.environ["MAEHIA_DATA"] = before


@pytest.fixture(scope="module")
def town(folders) -> Path:
    """An empty town in Songkhla."""
    data = folders()
    done = maehia(data, "init", PROFILE)
    assert done.returncode == 0, done.stderr + done.stdout
    (data / "init-said.txt").write_text(done.stdout)
    return data


@pytest.fixture(scope="module")
def sheets(town) -> list[Path]:
    """The recovery sheets, as typed from paper."""
    done = maehia(town, "recovery-sheet", "--out", town / "sheets.html")
    assert done.returncode == 0, done.stderr
    page = (town / "sheets.html").read_text()
    (town / "sheets.html").unlink()
    texts = [text.replace("<br>", "\n") for text in re.findall(r'<p class="text">(.*?)</p>', page)]
    for number, text in enumerate(texts):
        (town / f"sheet-{number}.txt").write_text(text)
    return [town / f"sheet-{number}.txt" for number in range(len(texts))]


@pytest.fixture(scope="module")
def saved(town, sheets) -> Path:
    path = town / "copy.maehia"
    done = maehia(town, "backup", "--out", path)
    assert done.returncode == 0, done.stderr
    return path


def test_a_new_town_tells_its_first_password_once(town):
    said = (town / "init-said.txt").read_text()
    password = re.search(r"รหัสผ่านครั้งแรก: (\S+)", said)[1]
    code = "from django.contrib.auth import authenticate; print(bool(authenticate(None, username='admin', password=sys.argv[1])))"
    assert python(town, code, password).strip() == "True"
    kept = [
        path for path in town.rglob("*") if path.is_file() and "pg" not in path.parts and path.name != "init-said.txt"
    ]
    assert [path for path in kept if password.encode() in path.read_bytes()] == []


def test_a_town_is_not_made_twice(town):
    done = maehia(town, "init", PROFILE)
    assert done.returncode == 1
    assert "--update" in done.stderr


@pytest.mark.slow
def test_a_changed_profile_is_written_over_the_old_one(town, tmp_path):
    path = tmp_path / "town.yaml"
    path.write_text(
        PROFILE.read_text().replace("outline: sample-south.geojson\n", "").replace("08.30-16.30", "08.00-16.00")
    )
    assert maehia(town, "init", path, "--update").returncode == 0
    told = python(town, "from maehia.city.models import Town; print(Town.objects.get().hours)")
    assert "08.00-16.00" in told


def test_every_main_page_opens_on_an_empty_town(town):
    """Follow every link of the public site and the console as the first administrator."""
    crawl = (Path(__file__).parent / "crawl.py").read_text(encoding="utf-8")
    seen = json.loads(python(town, crawl))
    assert {url: status for url, status in seen.items() if status >= 400} == {}
    assert len(seen) >= 8


def test_the_doctor_finds_a_new_town_well(town):
    found = {finding["name"]: finding for finding in json.loads(maehia(town, "doctor", "--json").stdout)}
    assert {name for name, finding in found.items() if finding["level"] == "bad"} - {"ports"} == set()
    assert {"disk", "memory", "database", "clock", "roles", "rls", "schema", "secrets"} <= found.keys()


def test_the_doctor_sees_a_key_that_others_can_read(town):
    path = town / "tls" / "ca.key"
    path.chmod(0o644)
    try:
        done = maehia(town, "doctor")
    finally:
        path.chmod(0o600)
    assert done.returncode == 1
    assert "chmod" in done.stdout


def test_the_doctor_sees_a_role_that_passes_by_the_rules(town):
    with database(town) as admin:
        admin.execute("ALTER ROLE maehia_app BYPASSRLS")
        try:
            done = maehia(town, "doctor")
        finally:
            admin.execute("ALTER ROLE maehia_app NOBYPASSRLS")
    assert done.returncode == 1
    assert "maehia_app" in done.stdout


def test_the_doctor_sees_a_table_whose_rows_are_not_guarded(town):
    with database(town) as admin:
        name = admin.execute("SELECT polrelid::regclass::text FROM pg_policy ORDER BY 1 LIMIT 1").fetchone()[0]
        admin.execute(f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY")
        try:
            done = maehia(town, "doctor")
        finally:
            admin.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
    assert name in done.stdout
    assert done.returncode == 1


def test_a_town_without_sheets_is_not_saved(data):
    done = maehia(data, "backup")
    assert done.returncode == 1
    assert "recovery-sheet" in done.stderr


def test_the_sheets_are_printed_once(town, sheets):
    done = maehia(town, "recovery-sheet", "--out", town / "again.html")
    assert done.returncode == 1
    assert not (town / "again.html").exists()


def test_the_recovery_key_is_in_no_file(town, sheets, saved):
    from maehia.cli import sheets as paper

    private = paper.join([paper.read(path.read_text()) for path in sheets[:2]])
    files = [path for path in town.rglob("*") if path.is_file() and "pg" not in path.parts]
    assert [path for path in files if private in path.read_bytes() or private.hex().encode() in path.read_bytes()] == []


def test_a_backup_shows_nothing_and_is_closed_to_others(saved):
    assert saved.stat().st_mode & 0o077 == 0
    raw = saved.read_bytes()
    assert b"PGDMP" not in raw
    assert "ผู้ดูแลระบบ".encode() not in raw


def test_a_town_comes_back_whole_in_a_second_cluster(town, sheets, saved, folders):
    """Database, files and keys: what was encrypted opens there, and every table has its rows."""
    other = folders()
    done = maehia(other, "restore", saved, "--sheet", sheets[2], "--sheet", sheets[0])
    assert done.returncode == 0, done.stderr
    counted = "SELECT count(*) FROM access_account"
    with database(town) as here, database(other) as there:
        assert there.execute(counted).fetchone() == here.execute(counted).fetchone()
        folder = there.execute("SHOW data_directory").fetchone()[0]
    assert folder == str(other / "pg")
    for key in (town / "keys").glob("*.key"):
        assert (other / "keys" / key.name).read_bytes() == key.read_bytes()
    assert (other / "secrets" / "pg-maehia_app").read_bytes() != (town / "secrets" / "pg-maehia_app").read_bytes()
    assert {f["name"]: f["level"] for f in json.loads(maehia(other, "doctor", "--json").stdout)}["rls"] == "good"


def test_a_restore_never_overwrites_a_town(town, sheets, saved):
    done = maehia(town, "restore", saved, "--sheet", sheets[0], "--sheet", sheets[1])
    assert done.returncode == 1
    assert "--into" in done.stderr


def test_a_damaged_backup_leaves_no_half_town(sheets, saved, folders):
    raw = bytearray(saved.read_bytes())
    raw[len(raw) // 2] ^= 1
    damaged = saved.with_name("damaged.maehia")
    damaged.write_bytes(raw)
    other = folders()
    done = maehia(other, "restore", damaged, "--sheet", sheets[0], "--sheet", sheets[1])
    assert done.returncode == 1
    assert not (other / "restoring").exists()
    with database(other) as there:
        assert there.execute("SELECT to_regclass('city_town')").fetchone() == (None,)


def test_one_sheet_opens_no_backup(sheets, saved, folders):
    done = maehia(folders(), "restore", saved, "--sheet", sheets[0])
    assert done.returncode == 1
    assert "2" in done.stderr


REDACT = """
from maehia.evidence.models import RedactionEntry
from maehia.kit.acting import acting
from maehia.kit.clock import now
with acting("cli:test", "system.redact"):
    RedactionEntry.objects.create(at=now(), actor="cli:test", ground="คำขอลบตามมาตรา 33",
                                  refs={"refs": ["civil:row-1"], "keys": []})
"""


@pytest.mark.slow
def test_what_was_erased_after_the_backup_is_erased_again(town, sheets, saved, folders):
    python(town, REDACT)
    journal = town / "redactions.jsonl"
    assert json.loads(journal.read_text())["refs"]["refs"] == ["civil:row-1"]
    other = folders()
    done = maehia(other, "restore", saved, "--sheet", sheets[0], "--sheet", sheets[1], "--journal", journal)
    assert done.returncode == 0, done.stderr
    assert "ลบซ้ำ 1 รายการ" in done.stdout
    with database(other) as there:
        assert there.execute("SELECT count(*) FROM evidence_redactionentry").fetchone() == (1,)
    assert (other / "redactions.jsonl").exists()


def test_a_database_of_a_later_version_is_refused(town):
    with database(town) as admin:
        admin.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('kit', '9999_later', now())")
        try:
            upgrade, serve = maehia(town, "upgrade"), maehia(town, "serve")
        finally:
            admin.execute("DELETE FROM django_migrations WHERE name = '9999_later'")
    assert (upgrade.returncode, serve.returncode) == (1, 1)
    assert "kit.9999_later" in upgrade.stderr


def test_a_folder_without_a_town_is_not_served(data):
    done = maehia(data, "serve")
    assert done.returncode == 1
    assert "make demo" in done.stderr


def free_port() -> int:
    with steps.listen("127.0.0.1", 0) as found:
        return found.getsockname()[1]


def get(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def wait_for(condition, seconds: float = 60) -> bool:
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.2)
    return True


@pytest.fixture
def served(town):
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "maehia.cli.main", "serve", "--port", str(port)],
        env=surroundings(town), cwd=places.REPO, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "พร้อมใช้ที่" in line:
            break
    assert process.poll() is None, "".join(lines)
    yield f"http://127.0.0.1:{port}", process
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=40)


def children(process: subprocess.Popen) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def test_a_served_town_answers_survives_a_crash_and_stops_cleanly(town, served):
    url, process = served
    assert get(f"{url}/health/live") == 200
    assert get(f"{url}/") == 200
    assert maehia(town, "who-serves").stdout.strip() == url
    second = maehia(town, "serve")
    assert (second.returncode, url in second.stdout) == (0, True)

    before = children(process)
    assert len(before) == 3  # two web processes and the worker
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    assert wait_for(lambda: len(set(children(process)) - set(before)) == 3)

    def alive() -> bool:
        try:
            return get(f"{url}/health/live") == 200
        except OSError:
            return False

    assert wait_for(alive)
    running = children(process)
    assert maehia(town, "stop").returncode == 0
    assert process.wait(timeout=40) == 0
    assert not (town / "pg" / "postmaster.pid").exists()
    assert all(not Path(f"/proc/{pid}").exists() for pid in running)
    assert maehia(town, "who-serves").returncode == 1


def test_a_taken_port_is_told_with_another_one(town):
    with steps.listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        done = maehia(town, "serve", "--port", port)
    assert done.returncode == 1
    assert f"MAEHIA_PORT={port + 1}" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_an_upgrade_needs_the_town_to_stand_still_and_saves_it_first(town, sheets):
    done = maehia(town, "upgrade")
    assert done.returncode == 0, done.stderr
    assert (town / "static" / "staticfiles.json").exists()
