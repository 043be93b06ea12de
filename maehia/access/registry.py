"""What higher rooms bring to access: how keys of people are found and what a minimal view shows.

Each slot holds one function. The functions run inside the context that access has opened for them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from uuid import UUID

F = TypeVar("F", bound=Callable[..., Any])


class Slot(Generic[F]):
    """One function of a higher room; a second provider is refused."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.function: F | None = None

    def provide(self, function: F) -> F:
        if self.function not in {None, function}:
            raise ValueError(f"{self.name} is provided twice")
        self.function = function
        return function


@dataclass(frozen=True, slots=True)
class MinimalPerson:
    """A line of the break-glass page: what a rescuer needs, nothing else."""

    key: UUID
    name: str
    phone: str = ""
    place: str = ""
    needs: Sequence[str] = field(default=())
    carer: str = ""


# area_keys(geometry in EPSG:4326) -> keys of the people who live there. Purpose: break_glass.resolve.
area_keys: Slot[Callable[[Any], Sequence[UUID]]] = Slot("area_keys")
# kin(own person key, keys read) -> those of the keys with the same surname or house. Purpose: the reader's.
kin: Slot[Callable[[UUID, Sequence[UUID]], Sequence[UUID]]] = Slot("kin")
# minimal(fields that the purpose shows) -> the people of the grant at hand. Purpose: break_glass*.
minimal: Slot[Callable[[frozenset[str]], Sequence[MinimalPerson]]] = Slot("minimal")
# own_data(own person key, fields of me.data) -> rows of a definition list (web.values.Term). Purpose: me.data.
own_data: Slot[Callable[[UUID, frozenset[str]], Sequence[Any]]] = Slot("own_data")
# label(entity, key) -> words for a line of the log ("บุคคล 1a2b3c4d"); what the purpose at hand lets be said.
label: Slot[Callable[[str, UUID], str]] = Slot("label")
