"""CLIMADA's side: link and impact in its best documented way (`save_mat=False`, centroids assigned once, apart).

Runs under var/peers/climada, never imported by ours. Cells of the hazard become centroids in the same order, so a
centroid's position is our cell. `fraction` stays empty, which CLIMADA reads as 1: the cheapest form it has.
"""

import logging
import time
from typing import Any

import side

HAZARD = "FL"


def engine() -> Any:
    """CLIMADA's classes; importing is part of what a cold run takes."""
    from climada.engine import ImpactCalc
    from climada.entity import Exposures, ImpactFunc, ImpactFuncSet
    from climada.hazard import Centroids, Hazard

    logging.disable(logging.WARNING)
    return ImpactCalc, Exposures, ImpactFunc, ImpactFuncSet, Centroids, Hazard


def curves(given: dict[str, Any], classes: Any) -> Any:
    import numpy as np

    _, _, impact_func, func_set, _, _ = classes
    axis = given["curve_intensity"].astype(float)
    functions = [
        impact_func(haz_type=HAZARD, id=number + 1, intensity=axis, mdd=row, paa=np.ones_like(axis), name=str(number))
        for number, row in enumerate(given["curve_damage"])
    ]
    return func_set(functions)


def hazard(given: dict[str, Any], classes: Any) -> Any:
    import numpy as np
    from scipy import sparse

    *_, centroids, hazard_class = classes
    x0, y0, dx, dy, nx, ny = given["grid"]
    nx, ny = int(nx), int(ny)
    events = given["frequency"].size
    lon, lat = np.tile(x0 + (np.arange(nx) + 0.5) * dx, ny), np.repeat(y0 + (np.arange(ny) + 0.5) * dy, nx)
    shape = (events, nx * ny)
    return hazard_class(
        haz_type=HAZARD,
        units="m",
        centroids=centroids(lat=lat, lon=lon, crs="EPSG:32647"),
        event_id=np.arange(1, events + 1),
        event_name=[str(number) for number in range(events)],
        date=np.full(events, 730000),
        orig=np.zeros(events, bool),
        frequency=given["frequency"],
        frequency_unit="1/year",
        intensity=sparse.csr_matrix((given["intensity"], given["cell"], given["indptr"]), shape=shape),
        fraction=sparse.csr_matrix(shape),
    )


def exposures(given: dict[str, Any], classes: Any) -> Any:
    columns = {f"impf_{HAZARD}": given["curve"].astype("int64") + 1, "value": given["value"]}
    return classes[1](data=columns, lat=given["y"], lon=given["x"], crs="EPSG:32647")


def main() -> None:
    wanted = side.task()
    given = side.arrays(wanted["folder"])
    if wanted["wide"]:
        given["intensity"] = given["intensity"].astype("float64")
    begin = time.perf_counter()
    classes = engine()
    imported = time.perf_counter()
    flood, assets, functions = hazard(given, classes), exposures(given, classes), curves(given, classes)
    built = time.perf_counter()
    calls = []
    for _ in range(1 + wanted["warm"]):
        _, link = side.timed(lambda: assets.assign_centroids(flood))
        found, impact = side.timed(
            lambda: classes[0](assets, functions, flood).impact(save_mat=False, assign_centroids=False)
        )
        calls.append({"link": link, "impact": impact, "total": {k: link[k] + impact[k] for k in link}})
        if len(calls) == 1:
            first = time.perf_counter()
    cold = {"with_import": first - begin, "without_import": first - imported, "build": built - imported}
    results = {"at_event": found.at_event, "per_asset": found.eai_exp, "cell": assets.gdf[f"centr_{HAZARD}"].to_numpy()}
    side.hand_back(wanted, {"cold": cold, "calls": calls}, results)


if __name__ == "__main__":
    main()
