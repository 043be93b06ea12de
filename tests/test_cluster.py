"""The private cluster, for real: made, tuned, closed to others, back after a crash."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from maehia.base import ProblemError
from maehia.cli import cluster, places, programs
from tests.conftest import maehia, surroundings


@pytest.fixture(scope="module")
def running(folders):
    """A started cluster that the tests of this file only look at."""
    before = os.environ["MAEHIA_DATA"]
    os.environ["MAEHIA_DATA"] = str(folders())
    yield cluster.start()
    os.environ["MAEHIA_DATA"] = before


@pytest.fixture(autouse=True)
def in_the_running_one(request, monkeypatch):
    if "running" in request.fixturenames:
        monkeypatch.setenv("MAEHIA_DATA", str(request.getfixturevalue("running").folder.parent))


def ask(found: cluster.Cluster, role: str, query: str, database: str = cluster.NAME):
    with psycopg.connect(**found.dsn(role, database), autocommit=True) as connection:
        return connection.execute(query).fetchone()


def test_it_is_utf8_with_check_sums_and_without_a_locale_of_the_machine(running):
    assert ask(running, "maehia_app", "SHOW server_encoding") == ("UTF8",)
    assert ask(running, "maehia_app", "SHOW data_checksums") == ("on",)
    assert ask(running, "maehia_app", "SELECT datcollate FROM pg_database WHERE datname = 'maehia'") == ("C.UTF-8",)


def test_it_has_the_extensions_and_so_has_every_new_database(running):
    query = "SELECT array_agg(extname::text ORDER BY extname) FROM pg_extension WHERE extname <> 'plpgsql'"
    wanted = (sorted(cluster.EXTENSIONS),)
    assert (ask(running, "maehia_app", query), ask(running, cluster.SUPERUSER, query, "template1")) == (wanted, wanted)


def test_it_listens_on_no_network(running):
    assert ask(running, cluster.SUPERUSER, "SHOW listen_addresses") == ("",)


def test_nobody_enters_without_a_password(running):
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(**running.dsn("maehia_app") | {"password": "guess"})


@pytest.mark.parametrize("role", ["maehia_app", "maehia_worker"])
def test_serving_roles_have_no_power_over_the_rules(running, role):
    query = f"SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = '{role}'"
    assert ask(running, role, query) == (False, False, False, False)


def test_the_owner_passes_by_no_policy_and_makes_databases(running):
    query = "SELECT rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = current_user"
    assert ask(running, "maehia_owner", query) == (False, False, True)


def test_nobody_logs_in_as_the_search_role(running):
    assert ask(running, "maehia_app", "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'maehia_search'") == (False,)


def test_serving_roles_read_and_write_tables_and_never_empty_them(running):
    with psycopg.connect(**running.dsn("maehia_owner"), autocommit=True) as owner:
        owner.execute("CREATE TABLE list (id int PRIMARY KEY)")
    with psycopg.connect(**running.dsn("maehia_app"), autocommit=True) as app:
        app.execute("INSERT INTO list VALUES (1)")
        for forbidden in ("TRUNCATE list", "DROP TABLE list", "CREATE TABLE other (id int)"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(forbidden)


def test_a_failed_statement_leaves_no_person_in_the_log(running):
    with psycopg.connect(**running.dsn("maehia_app"), autocommit=True) as app:
        with pytest.raises(psycopg.errors.UndefinedTable):
            app.execute("SELECT 'สมชาย ใจดี' FROM nowhere")
        with pytest.raises(psycopg.DataError):
            app.execute("SELECT %s::int", ["1100700000016x"])
    log = (running.folder / "server.log").read_text()
    assert "ready to accept connections" in log
    assert "สมชาย" not in log
    assert "1100700000016" not in log


def test_secrets_are_closed_to_others(running):
    files = [*(running.folder.parent / "secrets").iterdir(), running.folder.parent / "cluster.json"]
    assert len(files) >= 5
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in files)


def test_starting_twice_starts_once(running):
    first = cluster._postmaster(running)
    assert cluster.start() == running
    assert cluster._postmaster(running) == first


def test_two_that_start_together_do_not_collide(data):
    command = [sys.executable, "-c", "from maehia.cli import cluster; print(cluster.start().folder)"]
    both = [subprocess.Popen(command, env=surroundings(data), stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert {process.communicate(timeout=90)[0].strip() for process in both} == {str(data / "pg")}
    assert cluster.stop()


def test_it_comes_back_after_a_crash_with_what_was_committed(data):
    found = cluster.start()
    with psycopg.connect(**found.dsn("maehia_owner"), autocommit=True) as owner:
        owner.execute("CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)")
    os.kill(cluster._postmaster(found), signal.SIGKILL)
    time.sleep(0.3)
    assert ask(cluster.start(), "maehia_app", "SELECT id FROM kept") == (7,)
    # The machine went down and its number was given to somebody else: ours is stale.
    pid_file = found.folder / "postmaster.pid"
    left = pid_file.read_text()
    assert cluster.stop()
    pid_file.write_text(left.replace(left.split("\n")[0], str(os.getpid()), 1))
    assert ask(cluster.start(), "maehia_app", "SELECT id FROM kept") == (7,)
    assert cluster.stop()
    assert not cluster.stop()


def test_a_start_that_was_interrupted_begins_again(data):
    places.make_data_dir()
    (data / "pg").mkdir()
    (data / "pg" / "PG_VERSION").write_text("15\n")
    assert ask(cluster.start(), "maehia_app", "SELECT 1") == (1,)


def test_two_towns_live_side_by_side(running, folders, monkeypatch):
    monkeypatch.setenv("MAEHIA_DATA", str(folders()))
    other = cluster.start()
    here = places.data_dir()
    assert ask(other, "maehia_app", "SELECT to_regclass('list')") == (None,)
    assert other.socket != running.socket
    assert cluster.stop()
    assert not cluster.is_running(other)
    monkeypatch.setenv("MAEHIA_DATA", str(running.folder.parent))
    assert cluster.is_running(running)
    assert here != places.data_dir()


@pytest.mark.parametrize(
    ("memory", "buffers"), [(1024, "128MB"), (4096, "512MB"), (24576, "3072MB"), (262144, "3072MB")]
)
def test_it_takes_an_eighth_of_the_memory(running, memory, buffers):
    assert f"shared_buffers = '{buffers}'" in cluster.configuration(running, memory=memory, cores=2)


def test_a_long_path_gets_a_short_socket():
    long = Path("/var/lib") / ("x" * 90)
    short = cluster.socket_folder(long)
    assert len(str(short / ".s.PGSQL.65535.lock").encode()) <= cluster.SOCKET_LIMIT
    assert short != cluster.socket_folder(long / "other")


def test_a_thai_path_counts_in_bytes():
    assert cluster.socket_folder(Path("/home/ผู้ดูแลระบบ/โครงการเมืองแม่เหียะ/var")).parts[:2] == ("/", "tmp")


def test_a_socket_folder_of_somebody_else_is_refused(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    taken = tmp_path / "taken"
    taken.mkdir()
    os.chown(taken, 12345, 12345)
    with pytest.raises(ProblemError) as refused:
        cluster._make_socket_folder(taken)
    assert refused.value.problem.code == "socket_folder_taken"


def test_a_missing_postgresql_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("MAEHIA_PG_BIN", str(tmp_path))
    with pytest.raises(ProblemError) as refused:
        programs.find_programs()
    assert refused.value.problem.code == "postgresql_missing"


def test_a_real_town_is_never_emptied_for_a_demo(data):
    found = cluster.start()
    with psycopg.connect(**found.dsn("maehia_owner"), autocommit=True) as owner:
        owner.execute("CREATE TABLE city_town (id int); INSERT INTO city_town VALUES (1)")
        done = maehia(data, "demo", "--people", "100")
        assert done.returncode == 1
        assert "เมืองจริง" in done.stderr
        owner.execute("CREATE TABLE kit_demo_mark (id int); INSERT INTO kit_demo_mark VALUES (1)")
    assert not cluster.real_town(found)


def test_a_new_clone_in_an_old_place_starts_empty(monkeypatch, tmp_path):
    """As root the data lies elsewhere: the clone may be deleted and made again under the same path."""
    monkeypatch.setattr(places, "SYSTEM_DATA", tmp_path / "system")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("MAEHIA_DATA", str(tmp_path / "clone" / "var"))
    first = places.make_data_dir()
    assert places.make_data_dir() == first
    assert places.left_over() == []
    (tmp_path / "clone" / "var" / places.POINTER).unlink()
    second = places.make_data_dir()
    assert second != first
    assert places.left_over() == [first]


def test_data_of_a_version_that_is_gone_names_that_version(data):
    """The machine went from Debian 12 to 13: PostgreSQL 15 is gone, its data is not lost."""
    places.make_data_dir()
    (data / "pg").mkdir()
    (data / "pg" / "PG_VERSION").write_text("12\n")
    told = {
        "folder": str(data / "pg"),
        "socket": str(data / "run"),
        "port": 5432,
        "programs": "/usr/lib/postgresql/12/bin",
    }
    (data / "cluster.json").write_text(json.dumps(told))
    with pytest.raises(ProblemError) as refused:
        cluster.start()
    assert "PostgreSQL 12" in refused.value.problem.what
