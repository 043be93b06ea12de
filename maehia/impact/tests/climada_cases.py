"""What the tests of climada share."""

import numpy as np
import pandas as pd

from maehia.impact import Exposure, Grid, Hazard, Metric
from maehia.impact.formats import climada

UTM = Grid(500_000, 2_070_000, 20, 10, 5, 4)


def hazard_on(grid, seed=1):
    draw = np.random.default_rng(seed)
    maps = np.where(draw.random((3, *grid.shape)) < 0.5, draw.random((3, *grid.shape)), 0)
    hazard = Hazard.from_maps(grid, maps, [0.1, 0.02, 0.005])
    depth = hazard.intensity.copy()
    depth[0] = 0.0  # a stored zero
    return hazard.with_intensity(depth)


def put_centroids(path, x, y, about=None):
    about = {"crs": "EPSG:32647", "xy_columns": ["geometry"]} if about is None else about
    climada._put_frame(path, "centroids", pd.DataFrame({"geometry.x": x, "geometry.y": y}), about, mode="a")


ASSETS = Exposure([500_010.0, 500_030.0], [2_070_005.0, 2_070_015.0], [0, 2], [1e6, 2e6], group=[3, 4],
                  metrics={"people": Metric(0, np.array([2.0, 5.0]))})  # fmt: skip


def table_with(**more):
    base = {"latitude": [18.7], "longitude": [98.9], "value": [1.0], "impf_FL": [1]}
    return pd.DataFrame({**base, **more})


def put_exposures(path, table, crs="EPSG:4326"):
    climada._put_frame(path, "exposures", table, {"crs": crs}, mode="w")
