"""Grounds that the tests flood, and solutions known on paper."""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq

from maehia.hazards.flood import Terrain
from maehia.impact import Grid

G = 9.80665


def flat(nx=20, ny=10, dx=10.0, manning=0.03, height=0.0):
    grid = Grid(500_000, 2_000_000, dx, dx, nx, ny)
    return Terrain(grid, np.full(grid.shape, height), manning)


def rough(nx=30, ny=20, dx=10.0, seed=1, bumps=1.0, manning=0.03):
    """Bumps of random height, and a hill in the middle."""
    grid = Grid(500_000, 2_000_000, dx, dx, nx, ny)
    rng = np.random.default_rng(seed)
    rows, cols = np.meshgrid(np.linspace(-1, 1, ny), np.linspace(-1, 1, nx), indexing="ij")
    return Terrain(grid, bumps * rng.random(grid.shape) + 3 * np.exp(-8 * (rows**2 + cols**2)), manning)


def with_holes(terrain, share=0.15, seed=5):
    """The same ground with some cells outside the domain."""
    z = np.array(terrain.elevation)
    z[np.random.default_rng(seed).random(z.shape) < share] = np.nan
    return Terrain(terrain.grid, z, terrain.manning)


def channel(nx, dx, slope=0.0, manning=0.03, ny=1):
    """A flume along x, falling to the east, closed on its long sides."""
    grid = Grid(0, 0, dx, dx, nx, ny)
    fall = slope * dx * (nx - 1 - np.arange(nx) + 0.5)
    return Terrain(grid, np.broadcast_to(fall, grid.shape), manning)


def run_up(x, time, manning, speed):
    """Hunter et al. (2005): a wave that runs over a dry plane at constant speed, friction against pressure alone.

    h = (7/3 n^2 u^2 (u t - x))^(3/7); with u = 1 m/s this is the C - n^2 u^3 form of the paper.
    """
    return np.maximum(7 / 3 * manning**2 * speed**2 * (speed * time - x), 0.0) ** (3 / 7)


def inertial_run_up(x, time, manning, speed):
    """The same wave in the local-inertial equations: du/dt stays, u du/dx is gone.

    (g h - u^2) h' = -g n^2 u^2 h^(-1/3) along x - u t, from a front of h = 7 u^2 / (4 g) where it starts.
    """
    depth = np.linspace(1.75 * speed**2 / G, 8.0, 200_001)
    behind = (3 / 7 * depth ** (7 / 3) - 0.75 * speed**2 / G * depth ** (4 / 3)) / (manning * speed) ** 2
    return np.where(speed * time > x, np.interp(speed * time - x, behind, depth), 0.0)


def stoker(x, time, high, low):
    """Dam break onto still water, full shallow water equations: depth at x, and the Froude number behind the bore."""
    fast = np.sqrt(G * high)

    def bore(h):
        return np.sqrt(0.5 * G * h * (h + low) / low)

    between = brentq(lambda h: 2 * (fast - np.sqrt(G * h)) * h - bore(h) * (h - low), low * (1 + 1e-9), high)
    speed = 2 * (fast - np.sqrt(G * between))
    fan = (2 * fast - x / time) ** 2 / (9 * G)
    parts = [x < -fast * time, x < (speed - np.sqrt(G * between)) * time, x < bore(between) * time]
    return np.select(parts, [high, fan, between], low), speed / np.sqrt(G * between)


def ritter(x, time, high):
    """Dam break onto dry ground without friction, full shallow water equations."""
    fast = np.sqrt(G * high)
    fan = (2 * fast - x / time) ** 2 / (9 * G)
    return np.select([x < -fast * time, x < 2 * fast * time], [np.full_like(x, high), fan], 0.0)


def l1(found, known):
    """Sum of the absolute differences as a share of the known sum."""
    return float(np.abs(found - known).sum() / np.abs(known).sum())
