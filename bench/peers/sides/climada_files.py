"""CLIMADA reads the files that we wrote, computes, and writes all of it out again with its own writers."""

from pathlib import Path

import climada_impact
import side


def main() -> None:
    wanted = side.task()
    folder = Path(wanted["files"])
    classes = climada_impact.engine()
    calc, exposures_class, _, _, _, hazard_class = classes
    flood = hazard_class.from_hdf5(str(folder / "ours-hazard.h5"))
    flood.check()
    assets = exposures_class.from_hdf5(str(folder / "ours-exposures.h5"))
    assets.check()
    functions = climada_impact.curves(side.arrays(wanted["folder"]), classes)
    assets.assign_centroids(flood)
    found = calc(assets, functions, flood).impact(save_mat=False, assign_centroids=False)
    flood.write_hdf5(str(folder / "climada-hazard.h5"))
    assets.write_hdf5(str(folder / "climada-exposures.h5"))
    functions.write_excel(str(folder / "climada-functions.xlsx"))
    results = {"at_event": found.at_event, "per_asset": found.eai_exp}
    side.hand_back(wanted, {"assets": len(assets.gdf), "events": flood.size}, results)


if __name__ == "__main__":
    main()
