"""A person of the invented town, and what was true of her on a day."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

NEVER = 10_000_000  # a day after every list


class Change(NamedTuple):
    """From `day` on, `what` ('first', 'last', 'title', 'house', 'phone') is `value`."""

    day: int
    what: str
    value: str | int


class Then(NamedTuple):
    """What was true of a person on one day; house is an index of the house register, -1 = out of town."""

    title: str
    first: str
    last: str
    house: int
    phone: str


@dataclass(slots=True)
class Person:
    """Days are proleptic ordinals (`date.fromordinal`). The values are those of the beginning; `changes`
    holds what came later, in order of time. `key` is the truth that linkage has to find again."""

    key: int
    sex: str
    birth: int
    first: str
    last: str
    house: int
    nid: str = ""
    phone: str = ""
    nation: str = "ไทย"
    title: str = ""  # empty = by age and marriage
    birth_form: str = "day"  # 'day', 'jan1' (true day unknown, written 1 January), 'year'
    registered: bool = True
    role: str = "ผู้อาศัย"
    household: int = -1
    mother: int = -1
    married: bool = False
    came: int = 0
    died: int = NEVER
    left: int = NEVER
    changes: list[Change] = field(default_factory=list)

    def here(self, day: int) -> bool:
        """Alive and in the town on that day."""
        return max(self.birth, self.came) <= day < min(self.died, self.left)

    def age(self, day: int) -> float:
        """Years, to a quarter of a day."""
        return (day - self.birth) / 365.25

    def then(self, day: int) -> Then:
        first, last, house, phone, title = self.first, self.last, self.house, self.phone, self.title
        married = self.married
        for change in self.changes:
            if change.day > day:
                break
            if change.what == "first":
                first = str(change.value)
            elif change.what == "last":
                last = str(change.value)
            elif change.what == "house":
                house = int(change.value)
            elif change.what == "phone":
                phone = str(change.value)
            else:
                married = change.value == "นาง"
        return Then(title or plain_title(self.sex, self.age(day), married), first, last, house, phone)


def plain_title(sex: str, age: float, married: bool) -> str:
    """Title in law: a girl becomes นางสาว and a boy นาย at fifteen."""
    if sex == "M":
        return "นาย" if age >= 15 else "ด.ช."
    if age < 15:
        return "ด.ญ."
    return "นาง" if married else "นางสาว"
