"""`maehia link` from file to file."""

import csv
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path

import pytest

from maehia.linkage import training
from maehia.linkage.clean import INPUT_COLUMNS
from maehia.linkage.cli import add_parser, main
from maehia.linkage.tests.cast import MALI, SOMCHAI, row, town_rows
from maehia.linkage.tests.town import COLUMNS, make_records

ROWS = [
    *town_rows(40),
    row("a", SOMCHAI),
    row("b", SOMCHAI | {"source": "vhv", "phone": "081-234-5678"}),
    row("c", MALI),
]


def written(
    path: Path, rows: list[dict[str, str]], columns: tuple[str, ...] = INPUT_COLUMNS, encoding: str = "utf-8"
) -> Path:
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.DictWriter(stream, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def clusters(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        assert reader.fieldnames == ["rec_id", "cluster"]
        return {line["rec_id"]: line["cluster"] for line in reader}


def run(source: Path, *more: str) -> tuple[int, Path]:
    out = source.with_name("out.csv")
    return main([str(source), "--out", str(out), *more]), out


def test_every_record_gets_a_cluster(tmp_path: Path) -> None:
    code, out = run(written(tmp_path / "in.csv", ROWS), "--as-of", "civil=2024-06-30", "--as-of", "vhv=15 ส.ค. 2568")
    found = clusters(out)
    assert code == 0
    assert set(found) == {r["rec_id"] for r in ROWS}
    assert found["b"] == found["a"] == "a"
    assert found["c"] == "c"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp874", "utf-16"])
def test_the_encoding_is_found(tmp_path: Path, encoding: str) -> None:
    plain = clusters(run(written(tmp_path / "in.csv", ROWS))[1])
    assert clusters(run(written(tmp_path / "other.csv", ROWS, encoding=encoding))[1]) == plain


def test_row_order_gives_the_same_clusters(tmp_path: Path) -> None:
    one = clusters(run(written(tmp_path / "in.csv", ROWS))[1])
    assert clusters(run(written(tmp_path / "in.csv", ROWS[::-1]))[1]) == one


def test_missing_columns_are_told_and_count_as_empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run(
        written(tmp_path / "in.csv", ROWS, ("rec_id", "source", "first_name", "last_name", "birth", "title"))
    )
    assert code == 0
    assert clusters(out)["b"] == "a"
    assert "ไม่มีคอลัมน์" in capsys.readouterr().err


def test_ragged_rows_are_told_and_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = written(tmp_path / "in.csv", ROWS)
    source.write_text(source.read_text("utf-8") + "short,civil\nlong,civil" + ",x" * 20 + "\n", "utf-8")
    code, out = run(source)
    assert code == 0
    assert {"short", "long"} <= set(clusters(out))
    assert "2 แถว" in capsys.readouterr().err


def test_line_breaks_and_quotes_inside_a_cell_are_read(tmp_path: Path) -> None:
    code, out = run(written(tmp_path / "in.csv", [*ROWS, row("q", first_name='สม"ชาย', address="1\nม.2")]))
    assert code == 0
    assert "q" in clusters(out)


def test_other_separators_are_found(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("rec_id;source;full_name\na;civil;นายสมชาย แสนคำใส\n", "utf-8")
    assert run(source)[0] == 0


REFUSED = {
    "empty_file": ("", "ว่างเปล่า"),
    "blank": ("   \n\n", "ว่างเปล่า"),
    "no_rec_id": ("id,full_name\n1,สมชาย\n", "rec_id"),
    "duplicate": ("rec_id,full_name\n1,สมชาย\n1,มาลี\n", "ซ้ำ"),
    "blank_rec_id": ("rec_id,full_name\n1,สมชาย\n,มาลี\n", "rec_id"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_linked_is_refused_with_a_sentence(
    tmp_path: Path, case: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text, words = REFUSED[case]
    source = tmp_path / "in.csv"
    source.write_text(text, "utf-8")
    code, out = run(source)
    assert code == 1
    assert not out.exists()
    told = capsys.readouterr().err
    assert words in told
    assert any("a" <= ch <= "z" for ch in told)


def test_a_missing_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path / "nothing.csv")[0] == 1
    assert "ไม่พบไฟล์" in capsys.readouterr().err


def test_an_out_folder_that_is_not_there_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    source = written(tmp_path / "in.csv", ROWS)
    assert main([str(source), "--out", str(tmp_path / "no" / "out.csv")]) == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.csv"]


def test_a_broken_model_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "model.json"
    broken.write_text("{}", "utf-8")
    assert run(written(tmp_path / "in.csv", ROWS), "--model", str(broken))[0] == 1
    assert "แบบจำลอง" in capsys.readouterr().err


def test_a_header_alone_gives_a_header(tmp_path: Path) -> None:
    code, out = run(written(tmp_path / "in.csv", []))
    assert code == 0
    assert clusters(out) == {}


@pytest.mark.parametrize("day", ["civil", "civil=ไม่รู้", "=2024-01-01", "civil=2567"])
def test_a_day_that_is_none_is_wrong_usage(tmp_path: Path, day: str) -> None:
    with pytest.raises(SystemExit) as stop:
        run(written(tmp_path / "in.csv", ROWS), "--as-of", day)
    assert stop.value.code == 2


def test_review_pairs_are_written_with_their_reason(tmp_path: Path) -> None:
    slipped = SOMCHAI | {"source": "vhv", "national_id": "3190600445635"}
    pairs = tmp_path / "review.csv"
    code, _ = run(
        written(tmp_path / "in.csv", [*town_rows(), row("a", SOMCHAI), row("b", slipped)]), "--review", str(pairs)
    )
    assert code == 0
    assert pairs.read_text("utf-8").splitlines()[0] == "rec_l,rec_r,p,reason"
    assert "a,b," in pairs.read_text("utf-8")


def test_training_judges_the_new_model_before_using_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "_SAMPLE", 1e5)
    source = tmp_path / "in.csv"
    register = make_records(900, 12)
    with source.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([COLUMNS, *register.rows])
    saved = tmp_path / "model.json"
    assert run(source, "--train", "--save-model", str(saved))[0] == 0
    assert "แบบจำลอง" in capsys.readouterr().err
    assert saved.exists()
    assert run(source, "--model", str(saved))[0] == 0


def test_the_command_registers_itself() -> None:
    parser = ArgumentParser()
    add_parser(parser.add_subparsers())
    args = parser.parse_args(["link", "in.csv", "--out", "out.csv"])
    assert args.records == "in.csv"


def test_it_runs_as_a_module_without_django_and_splink(tmp_path: Path) -> None:
    source = written(tmp_path / "in.csv", ROWS)
    program = (
        "import sys; from maehia.linkage.cli import main; "
        f"code = main([{str(source)!r}, '--out', {str(tmp_path / 'out.csv')!r}]); "
        "assert not {'django', 'splink'} & set(sys.modules), 'too much is imported'; sys.exit(code)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
    assert clusters(tmp_path / "out.csv")["b"] == "a"
