"""The tables that people read."""

from __future__ import annotations

from typing import Any

from bench.peers import processes
from bench.peers.compare import Spread

GB = " GB"


def _span(found: dict[str, Any]) -> str:
    return Spread(**found).text()


def machine(found: dict[str, Any], idle: bool) -> str:
    lines = [f"  {key:<10} {value}" for key, value in found.items()]
    if not idle:
        lines.append(f"  LOADED: load above {processes.QUIET_LOAD:g} at the start; do not publish these figures")
    return "\n".join(lines)


def _flags(row: dict[str, Any]) -> list[str]:
    flags = [f"  MISSED: {what}" for what in row.get("missed", ())]
    if row.get("agrees") is False:
        flags.append("  DISAGREES")
    if row.get("others", 0) > processes.DISTURBED:
        flags.append(f"  DISTURBED: others used {row['others']:.2f} cores meanwhile")
    return flags


def impact(row: dict[str, Any]) -> str:
    """One row of the race of impact: seconds as median (least-most, n)."""
    lines = [f"{row['name']} (our path: {row['path']})"]
    for part in row["ours"]:
        lines.append(f"  {part + ' s':<14} CLIMADA {_span(row['theirs'][part]):<34} ours {_span(row['ours'][part])}")
    if "cold" in row:
        theirs, ours = row["cold"]["theirs"], row["cold"]["ours"]
        lines.append(f"  {'cold s':<14} CLIMADA {_span(theirs['with_import']):<34} ours {_span(ours['with_import'])}")
        lines.append(f"  {'':<14} CLIMADA {_span(theirs['without_import'])} without its imports")
    peak = row["peak_gb"]
    lines.append(f"  {'peak memory':<14} CLIMADA {peak['theirs']:.2f}{GB:<30} ours {peak['ours']:.2f}{GB}")
    if "input_gb" in row:
        beyond = {side: peak[side] - row["input_gb"] for side in peak}
        less = f"{beyond['theirs'] / beyond['ours']:.1f}x less; the input is {row['input_gb']:.2f} GB"
        lines.append(
            f"  {'beyond input':<14} CLIMADA {beyond['theirs']:.2f}{GB:<30} ours {beyond['ours']:.2f}{GB}, {less}"
        )
    ratios = f"  ratio warm {row['ratio_warm']:.1f}x, memory {row['ratio_memory']:.1f}x"
    if "ratio_cold" in row:
        both = row["ratio_cold"]
        ratios += (
            f", cold {both['with_import']:.1f}x, {both['without_import']:.1f}x when CLIMADA's imports are forgiven"
        )
    found = row["agreement"]
    lines.append(ratios)
    lines.append(
        f"  largest relative difference: at_event {found['at_event']:.1e}, per_asset {found['per_asset']:.1e}; assets "
        f"in another cell: {'not compared' if found['elsewhere'] is None else found['elsewhere']}"
    )
    return "\n".join([*lines, *_flags(row)])


def flood(row: dict[str, Any]) -> str:
    lines = [row["name"], f"  depths: {_apart(row)}", f"  steps: ours {row['steps'][0]}, landlab {row['steps'][1]}"]
    if "leaking" in row:
        lost = row["water_error"]
        lines.append(f"  against landlab as it is, whose closed edges leak: {_apart(row['leaking'])}")
        lines.append(f"  water made or lost: ours {lost[0]:.1e}, landlab mended {lost[1]:.1e}, as it is {lost[2]:.1e}")
        lines.append(f"  whole run: ours {row['seconds'][0]:.2f} s, landlab {row['seconds'][1]:.1f} s, "
                     f"{row['ratio']:.0f}x")  # fmt: skip
    else:
        step = {side: Spread(**found) for side, found in row["step_s"].items()}
        lines.append(f"  s a step: ours {step['ours'].text(5)}, landlab {step['theirs'].text(4)}")
        lines.append(f"  {row['cells_per_s'][0] / 1e6:.0f} against {row['cells_per_s'][1] / 1e6:.2f} M cells/s, "
                     f"{row['ratio']:.0f}x; peak {row['peak_gb']['ours']:.2f} and "
                     f"{row['peak_gb']['theirs']:.2f} GB")  # fmt: skip
    return "\n".join([*lines, *_flags(row)])


def _apart(found: dict[str, Any]) -> str:
    return (f"at most {found['max_m'] * 1000:.2e} mm apart (rms {found['rms_m'] * 1000:.1e} mm), where it is "
            f"{found['depth_there_m']:.4f} m deep; deepest {found['deepest_m'][0]:.6f} and "
            f"{found['deepest_m'][1]:.6f} m")  # fmt: skip


def files(row: dict[str, Any]) -> str:
    lines = [
        f"files of {row['assets']} assets, {row['events']} events",
        f"  CLIMADA on our HDF5 against us: at_event {row['out']['at_event']:.1e}, "
        f"per_asset {row['out']['per_asset']:.1e}",
        f"  we on CLIMADA's HDF5 and Excel against it: at_event {row['back']['at_event']:.1e}, "
        f"per_asset {row['back']['per_asset']:.1e}; arrays came back unchanged: {row['unchanged']}",
    ]
    return "\n".join([*lines, *_flags(row)])
