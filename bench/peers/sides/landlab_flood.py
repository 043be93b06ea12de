"""landlab's side: OverlandFlow (de Almeida et al. 2012) on our cells, inside a ring of closed nodes.

landlab's values sit on nodes and its outermost nodes are boundary: ny x nx cells with closed edges are its core nodes
on a grid of (ny + 2) x (nx + 2). Runs under var/peers/landlab.
"""

from typing import Any

import numpy as np
import side


def component(given: dict[str, Any], wanted: dict[str, Any]) -> tuple[Any, Any]:
    from landlab import RasterModelGrid
    from landlab.components import OverlandFlow

    grid = RasterModelGrid(tuple(size + 2 for size in given["elevation"].shape), xy_spacing=wanted["cell_m"])
    grid.set_closed_boundaries_at_grid_edges(True, True, True, True)
    grid.add_field("topographic__elevation", np.pad(given["elevation"], 1, mode="edge").ravel(), at="node")
    # The component adds its film to every depth: take it off first, so that both sides start from the same water.
    start = np.pad(given["depth"] - wanted["film_m"], 1)
    grid.add_field("surface_water__depth", start.ravel(), at="node")
    flow = OverlandFlow(
        grid,
        h_init=wanted["film_m"],
        alpha=wanted["alpha"],
        mannings_n=wanted["manning"],
        theta=wanted["theta"],
        rainfall_intensity=wanted["rain_mm_h"] / 3.6e6,
        steep_slopes=wanted["steep"],
    )
    return grid, flow


def counted(flow: Any) -> list[float]:
    """Every time step that the component chooses is written down."""
    steps: list[float] = []
    choose = flow.calc_time_step

    def choose_and_note() -> float:
        steps.append(float(choose()))
        return steps[-1]

    flow.calc_time_step = choose_and_note
    return steps


def mend_edges(flow: Any) -> None:
    """Keep closed edges closed.

    The component smooths discharge over neighbouring links with weight 1 - theta, links of a closed edge included,
    and moves water over these too: water leaves and enters through the wall. Without neighbours such a link stays 0.
    """
    for active, first, second in (
        (flow._horizontal_active_link_ids, flow._west_neighbors, flow._east_neighbors),
        (flow._vertical_active_link_ids, flow._north_neighbors, flow._south_neighbors),
    ):
        closed = np.ravel(active) == -1
        np.ravel(first)[closed] = np.ravel(second)[closed] = -1


def main() -> None:
    wanted = side.task()
    given = side.arrays(wanted["folder"])
    (grid, flow), setup = side.timed(lambda: component(given, wanted))
    steps = counted(flow)
    # The component finds its neighbours in its first step; that is set-up, not stepping.
    _, neighbours = side.timed(flow.set_up_neighbor_arrays)
    if wanted["mended"]:
        mend_edges(flow)
    calls = []
    for _ in range(wanted["calls"]):
        _, took = side.timed(lambda: flow.run_one_step(dt=wanted["duration_s"] / wanted["calls"]), tidy=False)
        calls.append(took)
    depth = grid.at_node["surface_water__depth"].reshape(grid.shape)[1:-1, 1:-1]
    figures = {"setup": setup, "neighbours": neighbours, "calls": calls, "steps": len(steps), "dt": min(steps)}
    side.hand_back(wanted, figures, {"depth": depth})


if __name__ == "__main__":
    main()
