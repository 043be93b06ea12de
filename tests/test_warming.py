"""The engine is warm when the service is: compiled once, kept in the data folder, and no reason not to start."""

import logging

import pytest

from maehia.cli import warming


def test_kernels_are_kept_in_the_folder_of_the_data(tmp_path, monkeypatch):
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setattr(warming.places, "data_dir", lambda: tmp_path)
    assert warming.environment() == {"NUMBA_CACHE_DIR": str(tmp_path / "cache" / "kernels")}


def test_what_the_administrator_chose_stands(monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", "/srv/kernels")
    assert warming.environment() == {"NUMBA_CACHE_DIR": "/srv/kernels"}


@pytest.mark.slow
def test_a_process_of_its_own_leaves_compiled_kernels_on_the_disk_and_none_of_an_older_version(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "kernels"))
    (tmp_path / "kernels" / "kernels-impact-0000").mkdir(parents=True)
    warming.compile_apart()
    assert list((tmp_path / "kernels").rglob("*.nbi"))
    assert not (tmp_path / "kernels" / "kernels-impact-0000").exists()


def test_a_failure_is_told_and_stops_nothing(tmp_path, monkeypatch, caplog):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file" / "kernels"))
    with caplog.at_level(logging.ERROR):
        warming.start(pause=0).join(30)
    assert "could not be warmed" in caplog.text
