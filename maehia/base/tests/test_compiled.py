"""Kernels: compiled wherever the source lies, with NumPy's arithmetic."""

import numba
import numpy as np

from maehia.base.compiled import compiled, kept_in, stamp


@compiled()
def total(values):
    result = 0.0
    for value in values:
        result += value
    return result


def test_a_kernel_computes_what_its_source_says():
    assert total(np.arange(5.0)) == 10.0


def test_a_kernel_that_cannot_be_kept_on_disk_still_runs():
    room = {"compiled": compiled}
    exec("@compiled()\ndef half(value):\n    return value / 2\n", room)
    assert room["half"](3.0) == 1.5


def test_division_by_zero_is_infinite_as_in_numpy():
    room = {"compiled": compiled}
    exec("@compiled(contract=True)\ndef ratio(a, b):\n    return a / b\n", room)
    assert room["ratio"](1.0, 0.0) == np.inf


def make_room(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    return folder


KERNEL = "from maehia.base.compiled import compiled\n"


def test_a_change_of_any_kernel_file_of_the_room_leaves_the_old_kernels_behind(tmp_path):
    room = make_room(tmp_path, one=KERNEL, two=KERNEL + "# calls one\n", plain="x = 1\n")
    before = stamp(room)
    make_room(room, plain="x = 2\n")
    assert stamp(room) == before
    make_room(room, one=KERNEL + "# faster\n")
    changed = stamp(room)
    assert changed != before
    (room / "one.py").rename(room / "first.py")
    assert stamp(room) not in {before, changed}


def test_kernels_are_kept_where_the_administrator_says(tmp_path, monkeypatch):
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path / "kernels"))
    kept_in.cache_clear()
    try:
        assert kept_in(make_room(tmp_path, one=KERNEL)).startswith(
            str(tmp_path / "kernels" / f"kernels-{tmp_path.name}-")
        )
    finally:
        kept_in.cache_clear()


def test_without_a_folder_of_its_own_the_user_s_is_taken(tmp_path, monkeypatch):
    room = tmp_path / "room"
    room.mkdir()
    (room / "__pycache__").write_text("in the way")
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path / "file" / "kernels"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    kept_in.cache_clear()
    try:
        assert kept_in(room).startswith(str(tmp_path / "home" / ".cache" / "kernels-room-"))
    finally:
        kept_in.cache_clear()


def test_a_user_without_a_home_computes_all_the_same(tmp_path, monkeypatch):
    def homeless():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr("pathlib.Path.home", homeless)
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    room = tmp_path / "room"
    room.mkdir()
    kept_in.cache_clear()
    try:
        assert kept_in(room).startswith(str(room / "__pycache__"))
        monkeypatch.setattr("maehia.base.compiled._may_write", lambda _folder: False)
        kept_in.cache_clear()
        assert kept_in(room) == ""
    finally:
        kept_in.cache_clear()


def test_a_kernel_of_a_room_is_kept_in_the_folder_of_that_room():
    from maehia.impact.kernels_link import __name__ as name

    found = compiled()(room_kernel(name))
    assert "kernels-impact-" in found._cache._cache_path


def room_kernel(module):
    from maehia.impact import kernels_link

    function = next(f.py_func for f in vars(kernels_link).values() if hasattr(f, "py_func"))
    assert function.__module__ == module
    return function
