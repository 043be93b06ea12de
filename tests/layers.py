"""Doors: what of a room other rooms may import. A contract for import-linter (see pyproject.toml)."""

from __future__ import annotations

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class DoorsContract(Contract):
    """A room is entered by `models`, `queries`, `actions` and `registry`, or by the modules that `public` names.

    rooms: the apps. public: "room.module" that stand open besides; a room named alone is open as a package.
    """

    rooms: list[str] = fields.ListField(subfield=fields.StringField())  # type: ignore[assignment]
    public: list[str] = fields.ListField(subfield=fields.StringField())  # type: ignore[assignment]

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        wrong = [(m, target) for m in sorted(graph.modules) for target in self.wrong_targets(graph, m)]
        return ContractCheck(kept=not wrong, metadata={"wrong": wrong})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, target in check.metadata["wrong"]:
            output.print_error(f"{importer} imports {target}, which is no door")

    def wrong_targets(self, graph: ImportGraph, importer: str) -> list[str]:
        parts = importer.split(".")
        if len(parts) < 2 or parts[1] not in self.rooms or "tests" in parts:
            return []
        targets = graph.find_modules_directly_imported_by(importer)
        return sorted(target for target in targets if not self.may_enter(parts[1], target))

    def may_enter(self, room: str, target: str) -> bool:
        """Whether code of `room` may import `target`."""
        parts = target.split(".")
        if parts[0] != "maehia" or len(parts) < 2 or parts[1] not in self.rooms or parts[1] == room:
            return True
        if len(parts) == 2:
            return True  # `from maehia.city import queries` is recorded as the module that it names
        return parts[2] in {"models", "queries", "actions", "registry"} or f"{parts[1]}.{parts[2]}" in self.public
