"""A run on disk, what two of them differ in, and files known by what they are."""

import json

import numpy as np
import pytest
import rasterio

from maehia.impact import ArgumentError, Exposure, Grid, Hazard, Metric, assess, runs
from maehia.impact.formats import climada, files, interior, raster, tables, vector
from maehia.impact.formats.faults import FileError

GRID = Grid(500_000, 2_070_000, 10, 10, 4, 3)
CURVES = tables.NamedCurves([0, 2], [[0, 1], [0, 0.5]], ("wood", "brick"))
HAZARD = Hazard.from_events(GRID, [([1, 2], [1.0, 2.0]), ([2], [0.5]), ([], [])], [0.01, 0.1, 0.2])
X, Y = GRID.centre_of([1, 2, 0])
ASSETS = Exposure(np.append(X, 1.0), np.append(Y, 1.0), [0, 1, 0, 0], [100.0, 200, 50, 7], group=[0, 1, 1, 1],
                  metrics={"people": Metric(1, np.array([2.0, 4, 6, 8]))})  # fmt: skip
WORDS = runs.Named(("ปี 54", "b", "dry"), ("north", "south"), {"hazard": "h.csv"})


def a_run(folder, hazard=HAZARD, **options):
    return runs.read(runs.write(folder, assess(hazard, ASSETS, CURVES), hazard, named=WORDS, **options))


def test_a_run_says_what_assess_says(tmp_path):
    impact, run = assess(HAZARD, ASSETS, CURVES), a_run(tmp_path / "r")
    assert run.metrics == ("value", "people")
    assert run.about["aal"]["value"] == impact.aal
    assert run.events["event"].tolist() == ["ปี 54", "b", "dry"]
    assert run.groups["group"].tolist() == ["north", "south"]
    assert run.groups["value"].sum() == pytest.approx(impact.aal)
    assert run.about["off_grid"] == {"assets": 1, "value": {"value": 7, "people": 8}}
    for name in run.metrics:
        np.testing.assert_array_equal(run.amounts(name), impact.of(name).at_event)
        np.testing.assert_array_equal(run.exceedance(name, [10, 50, 500]), impact.of(name).exceedance([10, 50, 500]))
        np.testing.assert_array_equal(run.assets()[run.expected_column(name)], impact.of(name).per_asset)
        np.testing.assert_array_equal(run.curve(name)[1], impact.of(name).exceedance_curve()[1])
    assert run.grid == GRID
    np.testing.assert_array_equal(run.hazard()[0], [0, 1, 2, 0])


def test_the_same_run_is_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        a_run(tmp_path / name, formats=["csv", "parquet", "cog"])
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes(), path.name


def test_points_and_maps_come_on_request(tmp_path):
    a_run(tmp_path, formats=["csv", "gpkg", "parquet", "cog"], return_periods=[10, 100])
    for kind in ("gpkg", "parquet"):
        layer = vector.read_layer(tmp_path / f"assets.{kind}")
        np.testing.assert_array_equal(layer.columns["per_asset"], assess(HAZARD, ASSETS, CURVES).per_asset)
    with rasterio.open(tmp_path / "hazard_years.tif") as source:
        assert source.descriptions == ("10 years, m", "100 years, m")
    assert raster.read_map(tmp_path / "impact_years.tif", 2)[0, 1] == 50


def test_tables_leave_out_what_was_not_simulated(tmp_path):
    a_run(tmp_path, return_periods=[10, 1000])
    lines = (tmp_path / "return_periods.csv").read_text().splitlines()
    assert lines[0] == "return_period,value,people"
    assert lines[2] == "1000,,"


def test_a_hazard_that_was_never_whole_has_no_map(tmp_path):
    impact = assess(HAZARD, ASSETS, CURVES)
    runs.write(tmp_path, impact)
    assert not (tmp_path / "hazard.tif").exists()
    assert runs.read(tmp_path).events["event"].tolist() == ["0", "1", "2"]
    with pytest.raises(ArgumentError, match="whole hazard"):
        runs.write(tmp_path, impact, formats=["cog"])
    with pytest.raises(ArgumentError, match="'xlsx', expected some of csv"):
        runs.write(tmp_path, impact, formats=["xlsx"])


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    run = a_run(tmp_path / "r")
    with pytest.raises(ArgumentError, match="'loss', expected one of value, people"):
        run.exceedance("loss", [10])
    (tmp_path / "r" / "events.csv").unlink()
    with pytest.raises(FileError, match=r"events\.csv: is not what a run writes"):
        runs.read(tmp_path / "r")
    about = tmp_path / "r" / "run.json"
    about.write_text(json.dumps({"version": 7}))
    with pytest.raises(FileError, match="version 7"):
        runs.read(tmp_path / "r")
    about.unlink()
    with pytest.raises(FileError, match=r"no run\.json"):
        runs.read(tmp_path / "r")


def test_differences_of_two_runs(tmp_path):
    halved = HAZARD.with_intensity(HAZARD.intensity / 2)
    found = runs.compare(a_run(tmp_path / "a"), a_run(tmp_path / "b", halved), [10, 100, 1000])
    said = {(one.metric, one.what): one for one in found}
    first = said["value", "expected a year"]
    assert (first.before, first.after) == (assess(HAZARD, ASSETS, CURVES).aal, assess(halved, ASSETS, CURVES).aal)
    assert first.share == pytest.approx(-0.5)
    assert ("value", "once in 1000 years") not in said
    assert said["people", "group south"].change == said["people", "group south"].before / -2
    runs.write_differences(tmp_path / "d.csv", found)
    assert (tmp_path / "d.csv").read_text().count("\n") == len(found) + 1


def test_a_share_of_nothing_is_not_a_number():
    assert np.isnan(runs.Difference("value", "x", 0, 5).share)


def test_runs_that_share_nothing_are_refused(tmp_path):
    run = a_run(tmp_path)
    other = runs.Run(run.folder, {**run.about, "aal": {"houses": 1}}, run.events, run.groups)
    with pytest.raises(ArgumentError, match="share no metric: value, people and houses"):
        runs.compare(run, other)


def test_maps_of_return_periods_become_events_whose_curve_passes_through_them():
    years = [100.0, 10.0, 50.0]
    frequency = files.frequency_of_maps(years)
    np.testing.assert_allclose(frequency, [0.01, 0.08, 0.01])
    maps = [np.full(GRID.shape, depth) for depth in (2.0, 0.5, 1.0)]
    impact = assess(Hazard.from_maps(GRID, maps, frequency), ASSETS, CURVES)
    np.testing.assert_allclose(impact.exceedance(years), impact.at_event)
    for bad, told in (([10, 10], "comes twice"), ([10, 0], "not above 0")):
        with pytest.raises(ArgumentError, match=told):
            files.frequency_of_maps(np.array(bad, float))


def all_hazards(folder):
    interior.write_parquet(folder / "h.parquet", HAZARD)
    interior.write_folder(folder / "folder", HAZARD)
    climada.write_hazard(folder / "h.h5", HAZARD)
    (folder / "tiffs").mkdir()
    for event in range(3):
        raster.write_cog(folder / "tiffs" / f"event{event}.tif", GRID, HAZARD.map_of(event))
    lines = ["# grid x0=500000 y0=2070000 dx=10 dy=10 nx=4 ny=3 crs=EPSG:32647", "event,frequency,cell,depth"]
    (folder / "h.csv").write_text("\n".join([*lines, "0,.01,1,1", "0,.01,2,2", "1,.1,2,.5", "2,.2,,"]))
    return {"h.parquet": None, "folder": None, "h.h5": None, "tiffs": HAZARD.frequency, "h.csv": None}


def test_every_kind_of_hazard_is_the_same_hazard(tmp_path):
    for name, frequency in all_hazards(tmp_path).items():
        hazard, events = files.open_hazard(tmp_path / name, frequency=frequency)
        assert hazard.grid == GRID, name
        np.testing.assert_array_equal(hazard.indptr, HAZARD.indptr)
        np.testing.assert_array_equal(hazard.intensity, HAZARD.intensity)
        assert len(events) == 3
    assert files.open_hazard(tmp_path / "tiffs", frequency=HAZARD.frequency)[1] == ("event0", "event1", "event2")
    assert files.open_hazard(tmp_path / "h.h5")[1] == ("1", "2", "3")


def test_every_kind_of_exposure_is_the_same_exposure(tmp_path):
    climada.write_exposures(tmp_path / "e.h5", ASSETS, crs=GRID.crs)
    columns = {"curve": ASSETS.curve, "value": ASSETS.value, "group": ASSETS.group}
    vector.write_points(tmp_path / "e.gpkg", ASSETS.x, ASSETS.y, columns, GRID.crs)
    rows = [f"{x},{y},{c},{v},{g}" for x, y, c, v, g in zip(ASSETS.x, ASSETS.y, *columns.values(), strict=True)]
    (tmp_path / "e.csv").write_text("\n".join(["x,y,curve,value,group", *rows]))
    for name in ("e.h5", "e.gpkg", "e.csv"):
        found = files.open_exposure(tmp_path / name, CURVES, to=GRID.crs)
        for part in ("x", "y", "curve", "value", "group"):
            np.testing.assert_array_equal(getattr(found, part), getattr(ASSETS, part))
    with pytest.raises(FileError, match="no further metrics"):
        files.open_exposure(tmp_path / "e.h5", CURVES, metrics={"people": None})


def test_files_that_nobody_knows_are_refused(tmp_path):
    (tmp_path / "h.xyz").write_text("")
    (tmp_path / "empty").mkdir()
    raster.write_cog(tmp_path / "h.tif", GRID, HAZARD.map_of(0))
    interior.write_parquet(tmp_path / "h.parquet", HAZARD)
    for name, options, told in (
        ("h.xyz", {}, "not a hazard by its name"), ("empty", {}, "holds no GeoTIFF"), ("h.tif", {}, "how often"),
        ("h.parquet", {"frequency": [1]}, "says its own"),
    ):  # fmt: skip
        with pytest.raises(ArgumentError, match=told):
            files.open_hazard(tmp_path / name, **options)


def test_only_unverified_curves_in_use_are_told(recwarn, tmp_path):
    path = tmp_path / "e.csv"
    path.write_text("x,y,curve,value\n1,1,residential,1\n")
    curves = files.open_curves("jrc-asia").with_steps([0.1])
    tables.read_exposure(path, curves, to="EPSG:32647")
    assert not recwarn
    path.write_text("x,y,curve,value\n1,1,roads,1\n")
    with pytest.warns(UserWarning, match="curve roads is used"):
        tables.read_exposure(path, curves, to="EPSG:32647")


def test_terms_are_read_from_every_kind_of_exposure(tmp_path):
    columns = {"curve": np.array([0, 0]), "value": np.array([10.0, 20]), "deductible": np.array([1.0, np.nan]),
               "cover": np.array([np.nan, 5])}  # fmt: skip
    table = climada.pd.DataFrame({"latitude": [1.0, 2], "longitude": [1.0, 2], "impf_FL": [1, 1], **columns})
    climada._put_frame(tmp_path / "e.h5", "exposures", table, {"crs": GRID.crs}, mode="w")
    vector.write_points(tmp_path / "e.gpkg", np.array([1.0, 2]), np.array([1.0, 2]), columns, GRID.crs)
    (tmp_path / "e.csv").write_text("x,y,curve,value,deductible,cover\n1,1,0,10,1,\n2,2,0,20,,5\n")
    for name in ("e.h5", "e.gpkg", "e.csv"):
        terms = files.open_terms(tmp_path / name)
        assert terms.deductible.tolist() == [1, 0]
        assert terms.cover.tolist() == [np.finfo(float).max, 5]
        assert terms.floor is None
    (tmp_path / "e.csv").write_text("x,y,curve,value\n1,1,0,10\n")
    assert files.open_terms(tmp_path / "e.csv") is None
    (tmp_path / "e.csv").write_text("x,y,curve,value,floor\n1,1,0,10,\n1,1,0,10,low\n")
    with pytest.raises(FileError, match="line 3, column floor: 'low' is not a number"):
        files.open_terms(tmp_path / "e.csv")


def test_a_deductible_lowers_the_loss(tmp_path):
    (tmp_path / "e.csv").write_text("x,y,curve,value,deductible\n500015,2070005,wood,100,20\n")
    assets = files.open_exposure(tmp_path / "e.csv", CURVES, to=GRID.crs)
    impact = assess(HAZARD, assets, CURVES, terms=files.open_terms(tmp_path / "e.csv"))
    assert impact.at_event.tolist() == [30, 0, 0]
