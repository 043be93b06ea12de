"""CLIMADA's side of the slider: centroids stay assigned, one impact function changes."""

from typing import Any

import climada_impact
import side


def main() -> None:
    wanted = side.task()
    given = side.arrays(wanted["folder"])
    classes = climada_impact.engine()
    flood, assets = climada_impact.hazard(given, classes), climada_impact.exposures(given, classes)
    assets.assign_centroids(flood)
    calls: list[dict[str, Any]] = []
    damage = given["curve_damage"]
    for number in range(wanted["warm"]):
        changed = damage.copy()
        changed[0] *= 0.9 - 0.05 * number
        functions = climada_impact.curves({**given, "curve_damage": changed}, classes)
        found, took = side.timed(
            lambda functions=functions: classes[0](assets, functions, flood).impact(
                save_mat=False, assign_centroids=False
            )
        )
        calls.append({"impact": took})
    side.hand_back(wanted, {"calls": calls}, {"at_event": found.at_event, "per_asset": found.eai_exp})


if __name__ == "__main__":
    main()
