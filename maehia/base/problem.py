"""A problem is a value: it says what is wrong, where, and what to do about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    code: stable snake_case English name of the kind of problem, for tests and counts.
    what: a whole Thai sentence for the person who must act.
    where: file, sheet, row and column in words ("civil.xlsx แผ่น 1 แถว 12 คอลัมน์ เลขบัตร"), or "".
    fix: a whole Thai sentence that says what to do, or "" when nothing can be done.
    """

    code: str
    what: str
    where: str = ""
    fix: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (f"{self.where}:" if self.where else "", self.what, self.fix) if part)

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


class ProblemError(Exception):
    """Raised where work cannot go on; carries the `Problem` that is shown to the person."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem
