"""The same equations in plain NumPy, one array operation after the other: what the compiled pass must equal."""

from __future__ import annotations

import numpy as np

G = 9.80665


def _discharge(h, z, n, q, dt, dx, scheme, axis, crest):
    """New discharge of the inner faces along an axis; q has a face on both ends of each line."""
    h, z, n, q, crest = (np.moveaxis(values, axis, -1) for values in (h, z, n, q, crest))
    low, high = h[..., :-1] + z[..., :-1], h[..., 1:] + z[..., 1:]
    bed = np.maximum(np.maximum(z[..., :-1], z[..., 1:]), crest[..., 1:-1])
    deep = np.maximum(low, high) - bed
    flows = deep > scheme.dry_m
    safe = np.where(flows, deep, 1.0)
    rough = 0.5 * (n[..., :-1] + n[..., 1:])
    inner, before, behind = q[..., 1:-1], q[..., :-2], q[..., 2:]
    top = scheme.theta * inner + 0.5 * (1 - scheme.theta) * (before + behind) - G * safe * dt * (high - low) / dx
    new = np.zeros_like(q)
    new[..., 1:-1] = np.where(flows, top / (1 + G * dt * rough**2 * np.abs(inner) / safe ** (7 / 3)), 0.0)
    if scheme.froude:
        most = scheme.froude * np.maximum(deep, 0) * np.sqrt(G * np.maximum(deep, 0))
        new[..., 1:-1] = np.clip(new[..., 1:-1], -most, most)
    return np.moveaxis(new, -1, axis)


def step(state, terrain, dt, scheme, gain=0.0, crests=None):
    """state: (h, qx, qy) -> the next one, for closed sides. Ground NaN is outside."""
    h, qx, qy = state
    dx, dy = terrain.grid.dx, terrain.grid.dy
    z = np.where(np.isnan(terrain.elevation), 1e30, terrain.elevation)
    n = np.broadcast_to(terrain.manning, h.shape)
    over_x, over_y = crests or (np.full(qx.shape, -np.inf), np.full(qy.shape, -np.inf))
    qx = _discharge(h, z, n, qx, dt, dx, scheme, 1, over_x)
    qy = _discharge(h, z, n, qy, dt, dy, scheme, 0, over_y)
    out = dt / dx * (np.maximum(qx[:, 1:], 0) + np.maximum(-qx[:, :-1], 0))
    out += dt / dy * (np.maximum(qy[1:], 0) + np.maximum(-qy[:-1], 0))
    share = np.where(out > h, h / np.where(out > 0, out, 1.0), 1.0)
    qx[:, 1:-1] *= np.where(qx[:, 1:-1] > 0, share[:, :-1], share[:, 1:])
    qy[1:-1] *= np.where(qy[1:-1] > 0, share[:-1], share[1:])
    h = h + dt / dx * (qx[:, :-1] - qx[:, 1:]) + dt / dy * (qy[:-1] - qy[1:])
    return np.maximum(h, 0.0) + np.where(np.isnan(terrain.elevation), 0.0, gain), qx, qy


def run(terrain, depth, duration, scheme, rate=0.0, crests=None):
    """Depth after `duration` with rain of `rate` m/s, and the greatest depths, with the solver's choice of steps."""
    grid = terrain.grid
    state = (np.array(depth), np.zeros((grid.ny, grid.nx + 1)), np.zeros((grid.ny + 1, grid.nx)))
    time, most, steps = 0.0, np.array(depth), 0
    while time < duration:
        deepest = state[0].max()
        stable = scheme.alpha * min(grid.dx, grid.dy) / np.sqrt(G * deepest) if deepest > 0 else np.inf
        dt, left = min(stable, scheme.dt_max_s), duration - time
        count = np.ceil(left / dt * (1 - 1e-12))
        dt = left / count if count <= 2 else dt
        state = step(state, terrain, dt, scheme, rate * dt, crests)
        time = duration if count <= 1 else time + dt
        most, steps = np.maximum(most, state[0]), steps + 1
    return state[0], most, steps
