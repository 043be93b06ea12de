"""Files that are broken, locked or made to hurt: each is refused with a sentence, and nothing is left on the disk."""

from __future__ import annotations

import errno
import struct
import subprocess
import sys
import textwrap
import zipfile

import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from maehia.base import ProblemError
from maehia.intake.disk import room_on_disk, whole_file
from maehia.intake.reading import Limits, read_file, save_sheet
from maehia.intake.tests.makers import PEOPLE, PEOPLE_HEAD, text_file, workbook


def codes(book):
    return [problem.code for problem in book.problems]


@pytest.fixture
def civil(tmp_path):
    return workbook(tmp_path / "civil.xlsx", [PEOPLE_HEAD, *PEOPLE])


@pytest.mark.parametrize("share", [0.1, 0.5, 0.97])
def test_a_truncated_workbook_is_refused(civil, share):
    data = civil.read_bytes()
    civil.write_bytes(data[: int(len(data) * share)])
    book = read_file(civil)
    assert (book.refused, codes(book)) == (True, ["truncated_file"])
    assert book.problems[0].fix


def test_a_workbook_with_a_damaged_sheet_is_refused(civil):
    data = bytearray(civil.read_bytes())
    with zipfile.ZipFile(civil) as archive:
        entry = archive.getinfo("xl/worksheets/sheet1.xml")
    start = entry.header_offset + 60
    data[start : start + 40] = b"\x00" * 40
    civil.write_bytes(bytes(data))
    assert codes(read_file(civil)) == ["truncated_file"]


def test_a_password_protected_workbook_is_told_apart_from_a_broken_one(civil, tmp_path):
    locked = tmp_path / "locked.xlsx"
    with civil.open("rb") as plain, locked.open("wb") as target:
        OOXMLFile(plain).encrypt("ความลับ", target)
    book = read_file(locked)
    assert codes(book) == ["password_protected"]
    assert "รหัสผ่าน" in book.problems[0].what


def test_a_zip_with_a_password_is_told(tmp_path):
    path = tmp_path / "shape.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.shp", b"x")
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    path.write_bytes(bytes(data))
    assert codes(read_file(path)) == ["password_protected"]


def test_a_workbook_that_unpacks_without_end_is_a_bomb(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 80_000_000)
    assert path.stat().st_size < 200_000
    book = read_file(path)
    assert codes(book) == ["zip_bomb"]
    assert "เท่า" in book.problems[0].what


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path):
    path = tmp_path / "liar.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.shp", b"0" * 5_000_000)
    data = bytearray(path.read_bytes())
    where = data.index(b"PK\x01\x02")
    data[where + 24 : where + 28] = struct.pack("<I", 100)
    path.write_bytes(bytes(data))
    assert codes(read_file(path)) == ["truncated_file"]


def test_too_many_entries_are_a_bomb(tmp_path):
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(30):
            archive.writestr(f"{number}.shp", b"")
    assert codes(read_file(path, limits=Limits(max_entries=20))) == ["zip_bomb"]


@pytest.mark.parametrize("name", ["../../etc/cron.d/x.shp", "/etc/x.shp", "C:\\x.shp", "a/../../x.shp"])
def test_a_zip_that_names_paths_outside_itself_is_refused(tmp_path, name):
    path = tmp_path / "climb.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), b"x")
    assert codes(read_file(path)) == ["unsafe_path_in_zip"]
    assert not (tmp_path.parent / "x.shp").exists()


BOMB = '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY c "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&c;</x>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_entities_in_a_workbook_are_refused(civil, encoding):
    with zipfile.ZipFile(civil, "a") as archive:
        archive.writestr("xl/sharedStrings2.xml", BOMB.encode(encoding))
    assert codes(read_file(civil)) == ["xml_entities"]


def test_xml_entities_in_a_kml_are_refused(tmp_path):
    path = tmp_path / "map.kml"
    path.write_text(BOMB.replace("<x>", "<kml>").replace("</x>", "</kml>"))
    assert codes(read_file(path)) == ["xml_entities"]


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "empty_file"), (b"%PDF-1.7 x", "unknown_format"), (b"\x00\x01\x02" * 50, "unknown_format"), (b"{broken", "unreadable_json"),
     (b'{"a": 1}', "no_table"), (b"PK\x03\x04rubbish", "truncated_file"), (b"SQLite format 3\x00rubbish", "unreadable_layer")],
)  # fmt: skip
def test_what_is_no_table_is_refused_with_a_sentence(tmp_path, content, code):
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    book = read_file(path)
    assert (book.refused, codes(book)) == (True, [code])
    assert book.problems[0].fix


@pytest.mark.parametrize(
    "maker", [lambda path: workbook(path, [PEOPLE_HEAD]), lambda path: text_file(path, [PEOPLE_HEAD])]
)
def test_a_file_with_headings_only_is_refused(tmp_path, maker):
    book = read_file(maker(tmp_path / "only.xlsx"))
    assert book.refused
    assert codes(book)[-1] == "no_rows"
    assert "มีแต่หัวตาราง" in book.problems[-1].what


def test_a_file_larger_than_the_limit_is_refused_before_it_is_opened(civil):
    assert codes(read_file(civil, limits=Limits(max_file_bytes=100))) == ["file_too_large"]


def test_a_workbook_named_csv_is_read_by_its_content(civil, tmp_path):
    wrong = tmp_path / "civil.csv"
    wrong.write_bytes(civil.read_bytes())
    book = read_file(wrong)
    assert (book.format, codes(book)) == ("xlsx", ["wrong_extension"])
    assert len(book.sheets[0]) == 3


def test_a_csv_named_xlsx_is_read_by_its_content(tmp_path):
    book = read_file(text_file(tmp_path / "civil.xlsx", [PEOPLE_HEAD, *PEOPLE]))
    assert (book.format, codes(book)) == ("csv", ["wrong_extension"])


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_a_problem_and_other_errors_are_not(number):
    with pytest.raises(ProblemError) as caught, room_on_disk("civil.xlsx"):
        raise OSError(number, "x")
    assert caught.value.problem.code == "disk_full"
    with pytest.raises(PermissionError), room_on_disk():
        raise PermissionError(errno.EACCES, "x")


def test_a_disk_that_fills_while_writing_leaves_no_file(tmp_path):
    target = tmp_path / "rows.parquet"

    def fill():
        with whole_file(target) as part:
            part.write_bytes(b"half")
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(ProblemError):
        fill()
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fills_while_unpacking_or_saving_is_told(tmp_path):
    """A real limit of the operating system: no file of this process may grow beyond 20 kB."""
    script = textwrap.dedent(f"""
        import resource, zipfile, os
        from pathlib import Path
        from maehia.base import ProblemError
        from maehia.intake.reading import Limits, read_file, save_sheet
        folder = Path({str(tmp_path)!r})
        (folder / "work").mkdir()
        with zipfile.ZipFile(folder / "big.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("big.shp", os.urandom(200_000))
        (folder / "list.csv").write_text("name,phone\\n" + "".join(f"{{os.urandom(8).hex()}},{{n}}\\n" for n in range(9000)))
        sheet = read_file(folder / "list.csv").sheets[0]
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        print(read_file(folder / "big.zip", limits=Limits(work_dir=folder / "work")).problems[0].code)
        try:
            save_sheet(sheet, folder / "work" / "rows.parquet")
        except ProblemError as error:
            print(error.problem.code)
        print(sorted(path.name for path in (folder / "work").iterdir()))
    """)
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True)
    assert run.stdout.split("\n")[:3] == ["disk_full", "disk_full", "[]"], run.stderr


def test_unpacked_files_are_gone_after_reading(tmp_path):
    work = tmp_path / "work"
    work.mkdir()
    path = tmp_path / "shape.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.shp", b"rubbish")
    assert read_file(path, limits=Limits(work_dir=work)).refused
    assert list(work.iterdir()) == []


MILLION = textwrap.dedent("""
    import resource, sys, time
    from maehia.intake.reading import read_file
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    book = read_file(sys.argv[1])
    used = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(len(book.sheets[0]), len(book.sheets[0].findings), round(time.perf_counter() - start, 2), round(used))
""")


def test_a_million_row_file_is_read_in_seconds_and_bounded_memory(tmp_path):
    path = tmp_path / "million.csv"
    with path.open("w", encoding="cp874") as file:
        file.write("ลำดับ,ชื่อ,นามสกุล,เลขประจำตัวประชาชน,วันเกิด,หมู่ที่\n")
        file.writelines(
            f"{n},สมชาย,ใจดี{n % 5000},{3_100_600_000_000 + n},13/04/25{n % 60:02d},{n % 10 + 1}\n"
            for n in range(1_000_000)
        )
    run = subprocess.run(
        [sys.executable, "-c", MILLION, str(path)], capture_output=True, text=True, timeout=250, check=True
    )
    rows, findings, seconds, megabytes = run.stdout.split()
    assert (int(rows), int(findings)) == (1_000_000, 0)
    assert float(seconds) < 60
    assert int(megabytes) < 700


def test_more_rows_than_the_limit_are_told_not_swallowed(tmp_path):
    path = text_file(tmp_path / "list.csv", [["ชื่อ", "หมู่ที่"], *[["สมชาย", n] for n in range(50)]])
    sheet = read_file(path, limits=Limits(max_rows=20)).sheets[0]
    assert len(sheet) == 20
    assert any("20 แถวแรก" in note for note in sheet.notes)


def test_a_saved_sheet_comes_back_the_same(tmp_path, civil):
    from maehia.intake.reading import load_sheet

    sheet = read_file(civil).sheets[0]
    save_sheet(sheet, tmp_path / "sheet.parquet")
    again = load_sheet(tmp_path / "sheet.parquet")
    assert again.rows.equals(sheet.rows)
    assert (again.header, again.name, again.titles) == (sheet.header, sheet.name, sheet.titles)
