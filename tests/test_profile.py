"""A town's profile: every fault with its line."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from maehia.cli import init, places, profile

PROFILES = places.REPO / "profiles"
SAMPLE = PROFILES / "sample-south.yaml"


def changed(tmp_path: Path, **values) -> Path:
    """The sample with other values; None takes a key out."""
    told = yaml.safe_load(SAMPLE.read_text(encoding="utf-8")) | values
    path = tmp_path / "town.yaml"
    path.write_text(yaml.safe_dump({k: v for k, v in told.items() if v is not None}, allow_unicode=True))
    (tmp_path / "sample-south.geojson").write_bytes((PROFILES / "sample-south.geojson").read_bytes())
    return path


def codes(path: Path) -> list[str]:
    with pytest.raises(profile.ProfileError) as refused:
        profile.read(path)
    return [problem.code for problem in refused.value.problems]


@pytest.mark.parametrize("path", sorted(PROFILES.glob("*.yaml")), ids=lambda path: path.name)
def test_every_sample_is_good(path):
    town = profile.read(path)
    assert town.name_th
    assert town.tambon_codes[0].startswith(town.province_code)


def test_the_sample_becomes_the_columns_of_a_town():
    values = init.columns(profile.read(SAMPLE))
    assert values["area_km2"] == Decimal("31.5")
    assert values["service_brand"] == "บริการใกล้บ้าน"
    assert json.loads(values["outline"])["type"] == "Polygon"
    assert "admin" not in values


def test_every_fault_is_told_at_once(tmp_path):
    path = changed(
        tmp_path, lao_type="city", phones=[{"label": "x"}], hours=None, colour="green", admin={"login": "A B"}
    )
    assert sorted(codes(path)) == ["missing_key", "unknown_key", "wrong_value", "wrong_value", "wrong_value"]


def test_a_fault_carries_its_line(tmp_path):
    path = tmp_path / "town.yaml"
    lines = SAMPLE.read_text(encoding="utf-8").replace('province_code: "90"', "province_code: 90").splitlines()
    path.write_text("\n".join(lines))
    with pytest.raises(profile.ProfileError) as refused:
        profile.read(path)
    line = next(n for n, text in enumerate(lines, start=1) if text.startswith("province_code"))
    assert f"บรรทัด {line}" in refused.value.problem.where


@pytest.mark.parametrize(("key", "value"), [("district_code", "5001"), ("tambon_codes", ["900101", "500109"])])
def test_codes_of_two_provinces_do_not_mix(tmp_path, key, value):
    assert codes(changed(tmp_path, **{key: value})) == ["codes_differ"]


def test_a_broken_file_names_the_line(tmp_path):
    path = tmp_path / "town.yaml"
    path.write_text("name_th: เมือง\n  name_en: x: y\n")
    assert codes(path) == ["yaml"]


def outline(tmp_path: Path, coordinates: list, kind: str = "Polygon") -> list[str]:
    path = changed(tmp_path)
    (tmp_path / "sample-south.geojson").write_text(json.dumps({"type": kind, "coordinates": coordinates}))
    return codes(path)


def square(x: float, y: float, side: float) -> list:
    return [[[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]]


def test_swapped_latitude_and_longitude_are_noticed(tmp_path):
    assert outline(tmp_path, square(7.1, 100.5, 0.05)) == ["outline_outside"]


def test_metres_are_not_degrees(tmp_path):
    assert outline(tmp_path, square(500_000, 780_000, 5_000)) == ["outline_outside"]


def test_an_outline_three_times_too_large_is_refused(tmp_path):
    assert outline(tmp_path, square(100.5, 7.1, 0.09)) == ["outline_size"]


def test_a_line_that_crosses_itself_is_refused(tmp_path):
    bow = [[[100.5, 7.1], [100.6, 7.2], [100.6, 7.1], [100.5, 7.2], [100.5, 7.1]]]
    assert outline(tmp_path, bow) == ["outline_crosses"]


def test_a_point_is_no_outline(tmp_path):
    assert outline(tmp_path, [100.5, 7.1], "Point") == ["outline_not_area"]


def test_a_missing_outline_file_is_told(tmp_path):
    assert codes(changed(tmp_path, outline="nowhere.geojson")) == ["outline_missing"]


def test_a_demo_profile_starts_no_real_town(capsys):
    from maehia.cli import main

    assert main.main(["init", str(PROFILES / "demo.yaml")]) == 1
    assert "make demo" in capsys.readouterr().err


def test_check_writes_nothing(capsys, tmp_path, monkeypatch):
    from maehia.cli import main

    monkeypatch.setenv("MAEHIA_DATA", str(tmp_path / "data"))
    assert main.main(["init", str(SAMPLE), "--check"]) == 0
    assert not (tmp_path / "data").exists()


def test_a_profile_with_faults_prints_each_and_refuses(capsys, tmp_path):
    from maehia.cli import main

    assert main.main(["init", str(changed(tmp_path, hours="", address=""))]) == 1
    assert capsys.readouterr().err.count("→") == 2
