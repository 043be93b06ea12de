"""Our side: the same arrays through `maehia.impact`, called as its documentation says.

Every call gets new `Hazard` and `Exposure` objects, so that nothing is remembered from the call before.
"""

import time
from typing import Any

import side


def build(given: dict[str, Any]) -> tuple[Any, Any, Any]:
    from maehia.impact import Curves, Exposure, Grid, Hazard

    x0, y0, dx, dy, nx, ny = given["grid"]
    grid = Grid(x0, y0, dx, dy, int(nx), int(ny))
    return (
        Hazard(grid, given["indptr"], given["cell"], given["intensity"], given["frequency"]),
        Exposure(given["x"], given["y"], given["curve"], given["value"]),
        Curves(given["curve_intensity"], given["curve_damage"]),
    )


def whole(hazard: Any, exposure: Any, curves: Any) -> Any:
    """assess, with every result that the race compares read once (a result may be worked out when it is asked for)."""
    from maehia.impact import assess

    found = assess(hazard, exposure, curves)
    return found, found.at_event, found.per_asset, found.aal


def call(given: dict[str, Any]) -> dict[str, Any]:
    """One warm call: assess as a whole, and the same in its two parts."""
    from maehia.impact import prepare

    (hazard, exposure, curves), made = side.timed(lambda: build(given))
    _, total = side.timed(lambda: whole(hazard, exposure, curves))
    prepared, link = side.timed(lambda: prepare(exposure, hazard.grid, curves))
    _, impact = side.timed(lambda: prepared.assess(hazard).per_asset)
    return {"build": made, "link": link, "impact": impact, "total": total}


def main() -> None:
    wanted = side.task()
    given = side.arrays(wanted["folder"])
    begin = time.perf_counter()
    import maehia.impact  # noqa: F401

    imported = time.perf_counter()
    objects = build(given)
    built = time.perf_counter()
    found, at_event, per_asset, aal = whole(*objects)
    first = time.perf_counter()
    cold = {"with_import": first - begin, "without_import": first - imported, "build": built - imported}
    figures = {"cold": cold, "path": found.path, "aal": aal, "peak_cold_gb": side.peak_gb()}
    # What the first call made goes, save the results: the peer keeps no more than that from call to call.
    del objects, found
    figures["calls"] = [call(given) for _ in range(wanted["warm"])]
    cell = build(given)[0].grid.cell_of(given["x"], given["y"]) if wanted.get("results") else None
    side.hand_back(wanted, figures, {"at_event": at_event, "per_asset": per_asset, "cell": cell})


if __name__ == "__main__":
    main()
