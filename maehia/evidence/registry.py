"""What other rooms keep of a delivery beside its records, and must forget when rows of it are redacted."""

from __future__ import annotations

from collections.abc import Callable

Forget = Callable[[list[int]], None]
_forgetters: dict[str, Forget] = {}


def forgets(name: str, act: Forget) -> None:
    """Register an act that erases what a room keeps of deliveries (their ids). It must be safe to repeat."""
    _forgetters[name] = act


def forget(deliveries: list[int]) -> None:
    """Let every room erase what it keeps of these deliveries."""
    for act in _forgetters.values():
        act(deliveries)
