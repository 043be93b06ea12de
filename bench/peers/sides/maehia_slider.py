"""Our side of the slider: assets are linked, a curve changes, what does it come to?"""

from typing import Any

import maehia_impact
import side


def main() -> None:
    from maehia.impact import Curves, prepare

    wanted = side.task()
    given = side.arrays(wanted["folder"])
    hazard, exposure, curves = maehia_impact.build(given)
    prepared = prepare(exposure, hazard.grid, curves)
    prepared.assess(hazard)
    calls: list[dict[str, Any]] = []
    for number in range(wanted["warm"]):
        damage = given["curve_damage"].copy()
        damage[0] *= 0.9 - 0.05 * number
        changed = Curves(given["curve_intensity"], damage)
        found, took = side.timed(lambda changed=changed: prepared.with_curves(changed).assess(hazard))
        at_event, per_asset = found.at_event, found.per_asset
        calls.append({"impact": took})
    side.hand_back(wanted, {"calls": calls, "path": found.path}, {"at_event": at_event, "per_asset": per_asset})


if __name__ == "__main__":
    main()
