"""What is wrong with an argument, and where: the one exception of the engine's doors."""

from __future__ import annotations

from maehia.base import Problem


class ArgumentError(ValueError):
    """An argument that cannot be computed with.

    argument: its name as the caller wrote it. index: position of the first bad element (flat), None for the whole.
    problem: the same as a `Problem`, for callers that show it to a person.
    """

    def __init__(self, argument: str, what: str, *, index: int | None = None, fix: str = "", code: str = "") -> None:
        where = argument if index is None else f"{argument}[{index}]"
        super().__init__(f"{where}: {what}{f' {fix}' if fix else ''}")
        self.argument = argument
        self.index = index
        self.problem = Problem(code or f"bad_{argument}", what, where, fix)

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (self.argument, self.problem.what, self.index, self.problem.fix, self.problem.code)


def _again(argument: str, what: str, index: int | None, fix: str, code: str) -> ArgumentError:
    return ArgumentError(argument, what, index=index, fix=fix, code=code)
