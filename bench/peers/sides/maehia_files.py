"""Our side of the exchange: `step: write` writes CLIMADA's files, `step: read` computes from those CLIMADA wrote."""

from pathlib import Path
from typing import Any

import maehia_impact
import numpy as np
import side


def write(given: dict[str, Any], files: Path) -> dict[str, Any]:
    from maehia.impact import assess
    from maehia.impact.formats import climada

    hazard, exposure, curves = maehia_impact.build(given)
    files.mkdir(parents=True, exist_ok=True)
    climada.write_hazard(files / "ours-hazard.h5", hazard, haz_type="FL")
    climada.write_exposures(files / "ours-exposures.h5", exposure, crs=hazard.grid.crs, haz_type="FL")
    found = assess(hazard, exposure, curves)
    return {"at_event": found.at_event, "per_asset": found.per_asset}


def same(hazard: Any, exposure: Any, given: dict[str, Any]) -> bool:
    """Whether what came back is what went out, to the last bit (float32 depths as float64)."""
    pairs = [(hazard.indptr, given["indptr"]), (hazard.cell, given["cell"]), (hazard.frequency, given["frequency"]),
             (exposure.x, given["x"]), (exposure.y, given["y"]), (exposure.value, given["value"]),
             (hazard.intensity, given["intensity"].astype(np.float64)), (exposure.curve, given["curve"])]  # fmt: skip
    return all(np.array_equal(back, sent) for back, sent in pairs)


def read(given: dict[str, Any], files: Path) -> tuple[dict[str, Any], bool]:
    from maehia.impact import assess
    from maehia.impact.formats import climada

    hazard = climada.read_hazard(files / "climada-hazard.h5", haz_type="FL")
    curves, ids = climada.read_curves(files / "climada-functions.xlsx", haz_type="FL")
    exposure = climada.read_exposures(files / "climada-exposures.h5", haz_type="FL", ids=ids, crs=hazard.grid.crs)
    found = assess(hazard, exposure, curves)
    return {"at_event": found.at_event, "per_asset": found.per_asset}, same(hazard, exposure, given)


def main() -> None:
    wanted = side.task()
    given, files = side.arrays(wanted["folder"]), Path(wanted["files"])
    if wanted["step"] == "write":
        side.hand_back(wanted, {}, write(given, files))
        return
    results, unchanged = read(given, files)
    side.hand_back(wanted, {"unchanged": unchanged}, results)


if __name__ == "__main__":
    main()
